#include "CSimdjson.h"

#include <simdjson.h>

const char *sequitur_simdjson_version(void) { return SIMDJSON_STRINGIFY(SIMDJSON_VERSION); }
