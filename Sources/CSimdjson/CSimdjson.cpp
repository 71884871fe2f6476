#include "CSimdjson.h"
#include "Errors.hpp"

const char *sequitur_simdjson_version(void) { return SIMDJSON_STRINGIFY(SIMDJSON_VERSION); }

bool sequitur_is_utf8(const char *text, size_t length) {
  return simdjson::validate_utf8(text, length);
}

int32_t sequitur::code(simdjson::error_code error) {
  switch (error) {
    case simdjson::SUCCESS: return SEQUITUR_JSON_OK;
    case simdjson::CAPACITY:
    case simdjson::MEMALLOC: return SEQUITUR_JSON_CAPACITY;
    case simdjson::DEPTH_ERROR: return SEQUITUR_JSON_DEPTH;
    case simdjson::STRING_ERROR: return SEQUITUR_JSON_STRING;
    case simdjson::NUMBER_ERROR:
    case simdjson::NUMBER_OUT_OF_RANGE: return SEQUITUR_JSON_NUMBER;
    case simdjson::UTF8_ERROR: return SEQUITUR_JSON_UTF8;
    case simdjson::EMPTY: return SEQUITUR_JSON_EMPTY;
    case simdjson::UNESCAPED_CHARS: return SEQUITUR_JSON_CONTROL;
    case simdjson::UNCLOSED_STRING:
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT: return SEQUITUR_JSON_INCOMPLETE;
    case simdjson::INCORRECT_TYPE:
    case simdjson::SCALAR_DOCUMENT_AS_VALUE: return SEQUITUR_JSON_NOT_OBJECT;
    case simdjson::TRAILING_CONTENT: return SEQUITUR_JSON_TRAILING;
    default: return SEQUITUR_JSON_SYNTAX;
  }
}
