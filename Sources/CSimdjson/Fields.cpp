// The hot path: one pass over an object, on demand, that hands out only the wanted fields.
#include "CSimdjson.h"
#include "Errors.hpp"

#include <cstdlib>
#include <cstring>
#include <deque>
#include <new>
#include <string>
#include <string_view>
#include <vector>

namespace ondemand = simdjson::ondemand;

namespace {

/// A key on the way to a wanted path.
struct Step {
  std::string key;
  int32_t path = -1;
  uint64_t lastVisit = 0;
  std::vector<Step *> children;
  /// Children by a cheap hash of their keys; a power of two at least twice as many.
  std::vector<Step *> table;

  static size_t hash(std::string_view key) {
    if (key.empty()) return 0;
    return key.size() * 31 + uint8_t(key.front()) * 7 + uint8_t(key.back()) * 131
        + uint8_t(key[key.size() / 2]) * 17;
  }

  Step *child(std::string_view name) const {
    if (table.empty()) return nullptr;
    size_t mask = table.size() - 1;
    for (size_t slot = hash(name) & mask; table[slot] != nullptr; slot = (slot + 1) & mask) {
      if (table[slot]->key == name) return table[slot];
    }
    return nullptr;
  }

  void rebuildTable() {
    size_t size = 4;
    while (size < children.size() * 3) size *= 2;
    table.assign(size, nullptr);
    for (Step *child : children) {
      size_t slot = hash(child->key) & (size - 1);
      while (table[slot] != nullptr) slot = (slot + 1) & (size - 1);
      table[slot] = child;
    }
  }
};

constexpr size_t pathsMax = 16384;
constexpr int depthMax = 128;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && uint8_t(text.back()) <= 0x20) text.remove_suffix(1);
  return text;
}

}  // namespace

struct SequiturFieldReader {
  ondemand::parser parser;
  std::deque<Step> steps;
  std::vector<Step *> paths;
  std::vector<SequiturField> fields;
  uint64_t visits = 0;
  bool repeated = false;

  SequiturFieldReader() { steps.emplace_back(); }

  Step *root() { return &steps.front(); }

  int32_t add(std::string_view path) {
    Step *step = root();
    while (true) {
      size_t dot = path.find('.');
      std::string_view key = path.substr(0, dot);
      Step *next = step->child(key);
      if (next == nullptr) {
        if (steps.size() >= pathsMax) return -1;
        steps.emplace_back();
        next = &steps.back();
        next->key = std::string(key);
        step->children.push_back(next);
        step->rebuildTable();
      }
      step = next;
      if (dot == std::string_view::npos) break;
      path.remove_prefix(dot + 1);
    }
    if (step->path < 0) {
      if (paths.size() >= 0xFFFF) return -1;
      step->path = int32_t(paths.size());
      paths.push_back(step);
    }
    return step->path;
  }

  void emit(
      const Step *step, uint8_t type, std::string_view text, double number, bool isElement) {
    SequiturField field;
    field.text = text.data();
    field.length = uint32_t(text.size());
    field.path = uint16_t(step->path);
    field.type = type;
    field.isElement = isElement ? 1 : 0;
    field.number = number;
    fields.push_back(field);
  }

  simdjson::error_code readNumber(ondemand::value value, const Step *step, bool isElement) {
    std::string_view raw = trimmed(value.raw_json_token());
    double number = 0;
    auto error = value.get_double().get(number);
    if (error == simdjson::NUMBER_ERROR || error == simdjson::NUMBER_OUT_OF_RANGE) {
      // A number of any size is JSON; strtod gives the nearest double, or infinity.
      std::string copy(raw);
      char *end = nullptr;
      number = std::strtod(copy.c_str(), &end);
      bool isWhole = end == copy.c_str() + copy.size() && !copy.empty();
      if (!isWhole || copy.find_first_not_of("0123456789+-.eE") != std::string::npos) return error;
      error = simdjson::SUCCESS;
    }
    if (error) return error;
    emit(step, SEQUITUR_JSON_NUMBER_VALUE, raw, number, isElement);
    return simdjson::SUCCESS;
  }

  simdjson::error_code readValue(ondemand::value value, Step *step, bool isElement, int depth) {
    if (depth > depthMax) return simdjson::SUCCESS;
    ondemand::json_type type;
    if (auto error = value.type().get(type)) return error;
    switch (type) {
      case ondemand::json_type::object: {
        ondemand::object object;
        if (auto error = value.get_object().get(object)) return error;
        if (step->path >= 0) {
          std::string_view raw;
          if (auto error = object.raw_json().get(raw)) return error;
          emit(step, SEQUITUR_JSON_OBJECT, trimmed(raw), 0, isElement);
          bool isEmpty;
          if (auto error = object.reset().get(isEmpty)) return error;
        }
        return readObject(object, step, depth + 1);
      }
      case ondemand::json_type::array: {
        ondemand::array array;
        if (auto error = value.get_array().get(array)) return error;
        for (auto element : array) {
          ondemand::value inner;
          if (auto error = element.get(inner)) return error;
          if (auto error = readValue(inner, step, true, depth + 1)) return error;
        }
        return simdjson::SUCCESS;
      }
      case ondemand::json_type::string: {
        if (step->path < 0) return simdjson::SUCCESS;
        std::string_view text;
        if (auto error = value.get_string().get(text)) return error;
        emit(step, SEQUITUR_JSON_STRING_VALUE, text, 0, isElement);
        return simdjson::SUCCESS;
      }
      case ondemand::json_type::number:
        return step->path < 0 ? simdjson::SUCCESS : readNumber(value, step, isElement);
      case ondemand::json_type::boolean: {
        if (step->path < 0) return simdjson::SUCCESS;
        bool truth;
        if (auto error = value.get_bool().get(truth)) return error;
        emit(step, truth ? SEQUITUR_JSON_TRUE : SEQUITUR_JSON_FALSE, {}, 0, isElement);
        return simdjson::SUCCESS;
      }
      case ondemand::json_type::null: {
        if (step->path < 0) return simdjson::SUCCESS;
        bool isNull;
        if (auto error = value.is_null().get(isNull)) return error;
        if (!isNull) return simdjson::N_ATOM_ERROR;
        emit(step, SEQUITUR_JSON_NULL, {}, 0, isElement);
        return simdjson::SUCCESS;
      }
    }
    return simdjson::TAPE_ERROR;
  }

  simdjson::error_code readObject(ondemand::object object, Step *step, int depth) {
    uint64_t visit = ++visits;
    for (auto result : object) {
      ondemand::field field;
      if (auto error = std::move(result).get(field)) return error;
      bool isEscaped = false;
      std::string_view key = rawKey(field, isEscaped);
      if (isEscaped) {
        if (auto error = field.unescaped_key().get(key)) return error;
      }
      Step *child = step->child(key);
      if (child == nullptr) continue;
      if (child->lastVisit == visit) {
        repeated = true;
        continue;
      }
      child->lastVisit = visit;
      if (auto error = readValue(field.value(), child, false, depth)) return error;
    }
    return simdjson::SUCCESS;
  }

  /// The key between its quotes, and whether it holds escapes; eight bytes at a time. Stage one has
  /// seen the closing quote, and the padding may be read.
  static std::string_view rawKey(ondemand::field &field, bool &isEscaped) {
    constexpr uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
    const char *start = field.key().raw();
    const char *end = start;
    while (true) {
      uint64_t word;
      std::memcpy(&word, end, 8);
      uint64_t quotes = word ^ (ones * uint8_t('"'));
      uint64_t escapes = word ^ (ones * uint8_t('\\'));
      uint64_t found = (((quotes - ones) & ~quotes) | ((escapes - ones) & ~escapes)) & highs;
      if (found == 0) {
        end += 8;
        continue;
      }
      // Only the lowest of these bits is sure to be a hit, and only the lowest is used.
      end += __builtin_ctzll(found) / 8;
      if (*end == '"') return std::string_view(start, size_t(end - start));
      isEscaped = true;
      end += 2;
    }
  }

  simdjson::error_code read(const char *text, size_t length, Step *step) {
    ondemand::document document;
    auto view = simdjson::padded_string_view(text, length, length + SEQUITUR_JSON_PADDING);
    if (auto error = parser.iterate(view).get(document)) return error;
    ondemand::json_type type;
    if (auto error = document.type().get(type)) return error;
    if (type != ondemand::json_type::object) return simdjson::INCORRECT_TYPE;
    ondemand::object object;
    if (auto error = document.get_object().get(object)) return error;
    if (auto error = readObject(object, step, 0)) return error;
    bool isAtEnd = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
    return isAtEnd ? simdjson::SUCCESS : simdjson::TRAILING_CONTENT;
  }
};

SequiturFieldReader *sequitur_field_reader_new(void) {
  return new (std::nothrow) SequiturFieldReader();
}

void sequitur_field_reader_free(SequiturFieldReader *reader) { delete reader; }

int32_t sequitur_field_reader_add(SequiturFieldReader *reader, const char *path, size_t length) {
  return reader->add(std::string_view(path, length));
}

int32_t sequitur_field_reader_read(
    SequiturFieldReader *reader, const char *text, size_t length, int32_t under,
    const SequiturField **fields, size_t *count, bool *repeated) {
  reader->fields.clear();
  reader->repeated = false;
  *count = 0;
  *repeated = false;
  if (under >= int32_t(reader->paths.size())) return SEQUITUR_JSON_SYNTAX;
  Step *step = under < 0 ? reader->root() : reader->paths[size_t(under)];
  auto error = reader->read(text, length, step);
  if (error) return sequitur::code(error);
  *fields = reader->fields.data();
  *count = reader->fields.size();
  *repeated = reader->repeated;
  return SEQUITUR_JSON_OK;
}
