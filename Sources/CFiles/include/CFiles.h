// A small C door to calls of the system that Swift's C library module does not show.
#pragma once

/// Exchanges two names of one file system in one step. Returns 0, or -1 with errno.
int sequitur_exchange(const char *left, const char *right);

/// Opens a file in a folder that has no name there, so that the system takes it away when the
/// process ends, however that comes. Returns its descriptor, or -1 with errno.
int sequitur_unnamed_file(const char *folder);
