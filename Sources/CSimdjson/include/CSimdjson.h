// A small C door to simdjson: documents are parsed in C++, values cross as plain C structs.
#pragma once
#ifdef __cplusplus
extern "C" {
#endif

/// The version of simdjson that this binary was built with, for example "3.0.1".
const char *sequitur_simdjson_version(void);

#ifdef __cplusplus
}
#endif
