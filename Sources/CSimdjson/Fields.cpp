// The hot path of single records: one pass over an object, on demand, for the wanted fields only.
#include "Blocks.hpp"
#include "Reader.hpp"

#include <cstdlib>
#include <cstring>
#include <new>

namespace ondemand = simdjson::ondemand;
using sequitur::depthMax;
using sequitur::Step;
using sequitur::trimmed;

namespace {

constexpr size_t pathsMax = 16384;

/// The key between its quotes, and whether it holds escapes; eight bytes at a time. Stage one has
/// seen the closing quote, and the padding may be read.
std::string_view rawKey(ondemand::field &field, bool &isEscaped) {
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

}  // namespace

SequiturFieldReader::SequiturFieldReader() {
  steps.emplace_back();
  scanner = std::make_unique<sequitur::BlockScanner>(*this);
}

SequiturFieldReader::~SequiturFieldReader() = default;

int32_t SequiturFieldReader::add(std::string_view path) {
  Step *step = root();
  while (true) {
    // A dot behind a backslash belongs to the key.
    size_t dot = path.find('.');
    while (dot != std::string_view::npos && dot > 0 && path[dot - 1] == '\\') {
      dot = path.find('.', dot + 1);
    }
    std::string key(path.substr(0, dot));
    for (size_t at = key.find("\\."); at != std::string::npos; at = key.find("\\.", at)) {
      key.erase(at, 1);
    }
    Step *next = step->childOfCopy(key);
    if (next == nullptr) {
      if (steps.size() >= pathsMax) return -1;
      steps.emplace_back();
      next = &steps.back();
      next->key = key;
      step->add(next);
    }
    step = next;
    if (dot == std::string_view::npos) break;
    path.remove_prefix(dot + 1);
  }
  if (step->path < 0) {
    if (paths.size() >= 0xFFFF) return -1;
    step->path = int32_t(paths.size());
    paths.push_back(step);
    firsts.push_back(0);
  }
  return step->path;
}

simdjson::error_code SequiturFieldReader::readNumber(
    ondemand::value value, const Step *step, bool isElement) {
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
  emit(step, SEQUITUR_JSON_NUMBER_VALUE, raw.data(), raw.size(), number, isElement);
  return simdjson::SUCCESS;
}

simdjson::error_code SequiturFieldReader::readValue(
    ondemand::value value, Step *step, bool isElement, int depth) {
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
        raw = trimmed(raw);
        emit(step, SEQUITUR_JSON_OBJECT, raw.data(), raw.size(), 0, isElement);
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
      emit(step, SEQUITUR_JSON_STRING_VALUE, text.data(), text.size(), 0, isElement);
      return simdjson::SUCCESS;
    }
    case ondemand::json_type::number:
      return step->path < 0 ? simdjson::SUCCESS : readNumber(value, step, isElement);
    case ondemand::json_type::boolean: {
      if (step->path < 0) return simdjson::SUCCESS;
      bool truth;
      if (auto error = value.get_bool().get(truth)) return error;
      emit(step, truth ? SEQUITUR_JSON_TRUE : SEQUITUR_JSON_FALSE, nullptr, 0, 0, isElement);
      return simdjson::SUCCESS;
    }
    case ondemand::json_type::null: {
      if (step->path < 0) return simdjson::SUCCESS;
      bool isNull;
      if (auto error = value.is_null().get(isNull)) return error;
      if (!isNull) return simdjson::N_ATOM_ERROR;
      emit(step, SEQUITUR_JSON_NULL, nullptr, 0, 0, isElement);
      return simdjson::SUCCESS;
    }
  }
  return simdjson::TAPE_ERROR;
}

simdjson::error_code SequiturFieldReader::readObject(
    ondemand::object object, Step *step, int depth) {
  uint64_t visit = ++visits;
  for (auto result : object) {
    ondemand::field field;
    if (auto error = std::move(result).get(field)) return error;
    bool isEscaped = false;
    std::string_view key = rawKey(field, isEscaped);
    if (isEscaped) {
      if (auto error = field.unescaped_key().get(key)) return error;
    }
    // Both the text and simdjson's buffer of unescaped keys have padding.
    Step *child = step->child(key.data(), key.size());
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

simdjson::error_code SequiturFieldReader::read(
    const char *text, size_t length, Step *step) {
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

SequiturFieldReader *sequitur_field_reader_new(void) {
  return new (std::nothrow) SequiturFieldReader();
}

void sequitur_field_reader_free(SequiturFieldReader *reader) { delete reader; }

int32_t sequitur_field_reader_add(SequiturFieldReader *reader, const char *path, size_t length) {
  return reader->add(std::string_view(path, length));
}

const uint32_t *sequitur_field_reader_firsts(const SequiturFieldReader *reader) {
  return reader->firsts.data();
}

int32_t sequitur_field_reader_read(
    SequiturFieldReader *reader, const char *text, size_t length, int32_t under,
    const SequiturField **fields, size_t *count, bool *repeated) {
  reader->begin();
  *count = 0;
  *repeated = false;
  if (under >= int32_t(reader->paths.size())) return SEQUITUR_JSON_SYNTAX;
  Step *step = under < 0 ? reader->root() : reader->paths[size_t(under)];
  auto error = reader->read(text, length, step);
  if (error) return sequitur::code(error);
  *fields = reader->fields.data();
  *count = reader->count;
  *repeated = reader->repeated;
  return SEQUITUR_JSON_OK;
}
