// How simdjson's errors read at the door.
#pragma once
#include <simdjson.h>

namespace sequitur {
/// The `SequiturJSONError` of an error.
int32_t code(simdjson::error_code error);
}  // namespace sequitur
