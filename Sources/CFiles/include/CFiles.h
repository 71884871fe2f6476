// A small C door to calls of the system that Swift's C library module does not show.
#pragma once

/// Exchanges two names of one file system in one step. Returns 0, or -1 with errno.
int sequitur_exchange(const char *left, const char *right);

/// Opens a file in a folder that has no name there, so that the system takes it away when the
/// process ends, however that comes. Returns its descriptor, or -1 with errno.
int sequitur_unnamed_file(const char *folder);

/// Lets the allocator keep up to 256 MiB of what was freed, and hand blocks of a log out of it again:
/// each would else be given back to the system and be filled with zeros before its next use. Larger
/// pieces than 8 MiB are given back at once.
void sequitur_keep_freed_memory(void);
