// A small C door to a call of the system that Swift's C library module does not show.
#pragma once

/// Exchanges two names of one file system in one step. Returns 0, or -1 with errno.
int sequitur_exchange(const char *left, const char *right);
