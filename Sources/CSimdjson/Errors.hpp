// How simdjson's errors read at the door.
#pragma once
// Without exceptions no result can be taken without a look at its error: it does not compile.
#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

namespace sequitur {
/// The `SequiturJSONError` of an error.
int32_t code(simdjson::error_code error);
}  // namespace sequitur
