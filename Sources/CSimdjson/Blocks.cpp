#include "Blocks.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

namespace numbers = simdjson::SIMDJSON_BUILTIN_IMPLEMENTATION::numberparsing;

namespace sequitur {
namespace {

/// How much is looked at together: what fits in the second-level cache with its structure, or less,
/// or one line.
constexpr size_t stretchBytes[] = {256 << 10, 16 << 10, 0};
/// The longest line of the fast lane.
constexpr size_t lineBytesMax = 1 << 20;
/// The longest key that is remembered.
constexpr size_t keyBytesMax = 64;
/// Digits of an integer that a double holds exactly, whatever they are.
constexpr size_t exactDigitsMax = 15;
/// How many places behind the last structural character may be looked at.
constexpr size_t sentinels = depthMax + 8;

/// How a structural character changes the depth; 2 is punctuation, which begins no value.
struct Depths {
  int8_t of[256] = {};

  constexpr Depths() {
    of[uint8_t('{')] = of[uint8_t('[')] = 1;
    of[uint8_t('}')] = of[uint8_t(']')] = -1;
  }
};
constexpr Depths depths;

/// Whether a byte ends a number or a word for certain.
bool isEnd(char c) { return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\t' || c == '\r'; }

bool isBlank(const char *text, size_t length) {
  return std::all_of(text, text + length, [](char c) { return uint8_t(c) <= 0x20; });
}

/// The last quote before a structural character that follows a string.
const char *closingQuote(const char *text, uint32_t next) {
  const char *quote = text + next - 1;
  while (*quote != '"') quote -= 1;
  return quote;
}

}  // namespace

void BlockScanner::begin(const char *newText, size_t length) {
  block = newText;
  blockLength = length;
  stretchStart = stretchEnd = linesBefore = 0;
  untils = {};
  lineStart = 0;
  text = newText;
}

/// The length of a stretch of whole lines; a line that is longer than `lengthMax` is one.
size_t BlockScanner::stretchLength(size_t lengthMax) const {
  const char *start = block + stretchEnd;
  size_t rest = blockLength - stretchEnd;
  if (rest <= lengthMax) return rest;
  size_t newline = std::string_view(start, lengthMax).rfind('\n');
  if (newline == std::string_view::npos) {
    newline = std::string_view(start, rest).find('\n', lengthMax);
  }
  return newline == std::string_view::npos ? rest : newline + 1;
}

/// Finds the structure of the next lines: of many where it can, and around an error, which spoils
/// everything that is looked at together, of few, at last of each line alone.
bool BlockScanner::nextStretch() {
  if (stretchEnd == blockLength) return false;
  text = block + stretchEnd;
  size_t length = 0;
  for (size_t &until : untils) {
    bool isLast = &until == &untils.back();
    if (stretchEnd < until && !isLast) continue;
    length = stretchLength(stretchBytes[size_t(&until - untils.data())]);
    hasStructure = length <= lineBytesMax && findStructure(length);
    if (hasStructure) break;
    until = stretchEnd + length;
  }
  stretchStart = stretchEnd;
  stretchEnd += length;
  lineStart = 0;
  nextBackslash = 0;
  return true;
}

bool BlockScanner::findStructure(size_t length) {
  if (!parser) {
    const auto &implementation = simdjson::get_active_implementation();
    size_t capacity = lineBytesMax + sentinels;
    if (implementation->create_dom_parser_implementation(capacity, 1, parser)) return false;
  }
  auto bytes = reinterpret_cast<const uint8_t *>(text);
  auto error = parser->stage1(bytes, length, simdjson::stage1_mode::regular);
  if (error == simdjson::EMPTY) parser->n_structural_indexes = 0;
  if (error && error != simdjson::EMPTY) return false;
  uint32_t *structure = parser->structural_indexes.get();
  // INVARIANT: every look ahead of the walk is backed by a value inside its line, and every return
  // from a value looks at one place more: so no walk passes these places.
  std::fill_n(structure + parser->n_structural_indexes, sentinels, uint32_t(length));
  at = structure;
  return true;
}

int32_t BlockScanner::next(SequiturLine &line) {
  while (true) {
    size_t stretchLength = stretchEnd - stretchStart;
    if (lineStart == stretchLength) {
      if (nextStretch()) continue;
      line.linesBefore = linesBefore;
      return SEQUITUR_LINE_END;
    }
    const char *start = text + lineStart;
    auto newline = static_cast<const char *>(
        std::memchr(start, '\n', stretchLength - lineStart));
    const char *lineEnd = newline == nullptr ? text + stretchLength : newline;
    line.offset = stretchStart + lineStart;
    line.length = size_t(lineEnd - start);
    if (line.length > 0 && lineEnd[-1] == '\r') line.length -= 1;
    line.linesBefore = linesBefore;
    linesBefore += 1;
    bool isRecord = hasStructure && walkLine(uint32_t(lineEnd - text));
    lineStart = size_t(lineEnd - text) + (newline == nullptr ? 0 : 1);
    if (!isRecord) {
      if (isBlank(start, line.length)) continue;
      reader.begin();
      return SEQUITUR_LINE_IRREGULAR;
    }
    line.fields = reader.fields.data();
    line.count = reader.count;
    line.repeated = reader.repeated;
    return SEQUITUR_LINE_RECORD;
  }
}

/// Walks the structure of one line and leaves it at the next.
bool BlockScanner::walkLine(uint32_t lineEnd) {
  end = lineEnd;
  Place first = at;
  if (*first >= end) return false;
  reader.begin();
  unescapedLength = 0;
  if (nextBackslash <= lineStart) {
    size_t length = stretchEnd - stretchStart;
    auto found = static_cast<const char *>(
        std::memchr(text + lineStart, '\\', length - lineStart));
    nextBackslash = found == nullptr ? uint32_t(length) : uint32_t(found - text);
  }
  Place behind = nullptr;
  if (text[*first] == '{') {
    if (nextBackslash >= end) {
      behind = walkObject<false>(first + 1, reader.root(), 0);
    } else {
      behind = walkObject<true>(first + 1, reader.root(), 0);
      nextBackslash = 0;
    }
  }
  bool isRecord = behind != nullptr && behind[-1] < end && *behind >= end;
  if (!isRecord) {
    behind = first;
    while (*behind < end) behind += 1;
  }
  at = behind;
  return isRecord;
}

/// From behind an object's opening brace to behind its closing one.
template <bool hasEscapes>
BlockScanner::Place BlockScanner::walkObject(Place at, Step *step, int depth) {
  uint64_t visit = ++reader.visits;
  if (text[at[0]] == '}') return at + 1;
  SeenKey *seen = &step->memo.start;
  while (true) {
    uint32_t key = at[0], colon = at[1], value = at[2];
    if (value >= end) return nullptr;
    SeenKey *expected = seen->next;
    Step *child = expected->step;
    if (__builtin_expect(expected->matches(text + key, colon - key + 1), 1)) {
      seen = expected;
    } else if (seen->other->matches(text + key, colon - key + 1)) {
      std::swap(seen->next, seen->other);
      seen = seen->next;
      child = seen->step;
    } else {
      child = nullptr;
      seen = recall<hasEscapes>(key, colon, step, seen, child);
      if (seen == nullptr) return nullptr;
    }
    at += 3;
    if (child == nullptr) {
      at = skip(at, value);
    } else if (child->lastVisit == visit) {
      reader.repeated = true;
      at = skip(at, value);
    } else {
      child->lastVisit = visit;
      if (text[value] == '"' && child->path >= 0) {
        at = takeString<hasEscapes>(at, value, child, false);
      } else {
        at = walkValue<hasEscapes>(at, value, child, false, depth);
      }
    }
    if (at == nullptr) return nullptr;
    char next = text[*at];
    at += 1;
    if (next == ',') continue;
    return next == '}' ? at : nullptr;
  }
}

/// Looks a key up that is not the expected one, gives its step, and remembers its place. Null says
/// "irregular".
template <bool hasEscapes>
SeenKey *BlockScanner::recall(
    uint32_t key, uint32_t colon, Step *step, SeenKey *before, Step *&child) {
  if (text[key] != '"' || text[colon] != ':') return nullptr;
  const char *start = text + key + 1;
  const char *quote = closingQuote(text, colon);
  size_t length = size_t(quote - start);
  if (hasEscapes && std::memchr(start, '\\', length) != nullptr) return nullptr;
  KeyMemo &memo = step->memo;
  bool isTight = quote + 1 == text + colon && length < keyBytesMax;
  size_t hash = KeyWords(start, length).hash();
  SeenKey **slot = isTight ? memo.find(hash, text + key, uint32_t(length) + 3) : nullptr;
  if (slot == nullptr || *slot == nullptr) child = step->child(start, length);
  if (slot == nullptr) return &memo.stray;
  if (*slot == nullptr) *slot = memo.add(text + key, uint32_t(length) + 3, child);
  child = (*slot)->step;
  before->other = before->next;
  before->next = *slot;
  return *slot;
}

template <bool hasEscapes>
BlockScanner::Place BlockScanner::walkArray(Place at, Step *step, int depth) {
  if (text[at[0]] == ']') return at + 1;
  while (true) {
    uint32_t value = *at;
    if (value >= end) return nullptr;
    at = walkValue<hasEscapes>(at + 1, value, step, true, depth);
    if (at == nullptr) return nullptr;
    char next = text[*at];
    at += 1;
    if (next == ',') continue;
    return next == ']' ? at : nullptr;
  }
}

/// `at` is the place behind that of the value.
template <bool hasEscapes>
BlockScanner::Place BlockScanner::walkValue(
    Place at, uint32_t value, Step *step, bool isElement, int depth) {
  if (depth > depthMax) return nullptr;
  switch (text[value]) {
    case '{': {
      if (step->path < 0) return walkObject<hasEscapes>(at, step, depth + 1);
      size_t place = reader.count;
      reader.emit(step, SEQUITUR_JSON_OBJECT, text + value, 0, 0, isElement);
      Place behind = walkObject<hasEscapes>(at, step, depth + 1);
      if (behind != nullptr) reader.fields[place].length = behind[-1] + 1 - value;
      return behind;
    }
    case '[': return walkArray<hasEscapes>(at, step, depth + 1);
    case '"':
      return step->path < 0 ? at : takeString<hasEscapes>(at, value, step, isElement);
    case 't':
    case 'f':
    case 'n': return step->path < 0 ? at : takeAtom(at, value, step, isElement);
    case '-':
    case '0': case '1': case '2': case '3': case '4':
    case '5': case '6': case '7': case '8': case '9':
      return step->path < 0 ? at : takeNumber(at, value, step, isElement);
    default: return nullptr;
  }
}

template <bool hasEscapes>
BlockScanner::Place BlockScanner::takeString(
    Place at, uint32_t value, const Step *step, bool isElement) {
  const char *start = text + value + 1;
  size_t length = size_t(closingQuote(text, *at) - start);
  if (hasEscapes && std::memchr(start, '\\', length) != nullptr) {
    // Unescaping never makes a text longer, and may write 64 bytes more than it gives. The room for
    // a whole line is taken at once: what was handed out must not move.
    if (unescapedLength == 0) {
      size_t needed = end - lineStart + 2 * SEQUITUR_JSON_PADDING;
      if (unescaped.size() < needed) unescaped.resize(needed * 2);
    }
    auto source = reinterpret_cast<const uint8_t *>(start);
    auto target = reinterpret_cast<uint8_t *>(&unescaped[unescapedLength]);
    const uint8_t *stop = parser->parse_string(source, target);
    if (stop == nullptr) return nullptr;
    start = reinterpret_cast<const char *>(target);
    length = size_t(stop - target);
    unescapedLength += length;
  }
  reader.emit(step, SEQUITUR_JSON_STRING_VALUE, start, length, 0, isElement);
  return at;
}

BlockScanner::Place BlockScanner::takeNumber(
    Place at, uint32_t value, const Step *step, bool isElement) {
  // Nearly all numbers of logs are whole and short: a double has them exactly.
  const char *digits = text + value;
  uint64_t whole = 0;
  size_t length = 0;
  for (; length < exactDigitsMax && uint8_t(digits[length] - '0') < 10; length += 1) {
    whole = whole * 10 + uint8_t(digits[length] - '0');
  }
  if (length > 0 && isEnd(digits[length]) && (length == 1 || *digits != '0')) {
    reader.emit(step, SEQUITUR_JSON_NUMBER_VALUE, digits, length, double(whole), isElement);
    return at;
  }
  double number = 0;
  auto source = reinterpret_cast<const uint8_t *>(text + value);
  if (numbers::parse_double(source).get(number)) return nullptr;
  std::string_view raw = trimmed({text + value, std::min(*at, end) - value});
  reader.emit(step, SEQUITUR_JSON_NUMBER_VALUE, raw.data(), raw.size(), number, isElement);
  return at;
}

BlockScanner::Place BlockScanner::takeAtom(
    Place at, uint32_t value, const Step *step, bool isElement) {
  const char *word = text + value;
  uint8_t type = SEQUITUR_JSON_NULL;
  size_t length = 4;
  if (std::memcmp(word, "true", 4) == 0) {
    type = SEQUITUR_JSON_TRUE;
  } else if (std::memcmp(word, "false", 5) == 0) {
    type = SEQUITUR_JSON_FALSE;
    length = 5;
  } else if (std::memcmp(word, "null", 4) != 0) {
    return nullptr;
  }
  if (!isEnd(word[length])) return nullptr;
  reader.emit(step, type, nullptr, 0, 0, isElement);
  return at;
}

/// Passes over a value by its brackets alone, as the reader of single records does.
BlockScanner::Place BlockScanner::skip(Place at, uint32_t value) const {
  char first = text[value];
  if (first != '{' && first != '[') {
    bool isValue = first != ',' && first != ':' && first != '}' && first != ']';
    return isValue ? at : nullptr;
  }
  int depth = 1;
  while (depth > 0) {
    uint32_t place = *at;
    if (place >= end) return nullptr;
    depth += depths.of[uint8_t(text[place])];
    at += 1;
  }
  return at;
}

}  // namespace sequitur

void sequitur_field_reader_begin_block(
    SequiturFieldReader *reader, const char *text, size_t length) {
  reader->scanner->begin(text, length);
}

int32_t sequitur_field_reader_next(SequiturFieldReader *reader, SequiturLine *line) {
  *line = {};
  return reader->scanner->next(*line);
}
