// Work on JSON as text: where a value ends, and making a damaged text readable.
#include "CSimdjson.h"

#include <cstring>

namespace {

/// How many bytes of a string's inside hold neither a quote nor a backslash, eight at a time.
size_t plainBytes(const char *text, size_t length) {
  constexpr uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
  size_t offset = 0;
  while (offset + 8 <= length) {
    uint64_t word;
    std::memcpy(&word, text + offset, 8);
    uint64_t quotes = word ^ (ones * uint8_t('"'));
    uint64_t escapes = word ^ (ones * uint8_t('\\'));
    uint64_t found = ((quotes - ones) & ~quotes) | ((escapes - ones) & ~escapes);
    if ((found & highs) != 0) break;
    offset += 8;
  }
  while (offset < length && text[offset] != '"' && text[offset] != '\\') offset += 1;
  return offset;
}

/// The length of the well-formed UTF-8 sequence that begins here (Unicode, table 3-7), else 0.
size_t sequenceLength(const uint8_t *text, size_t length) {
  uint8_t first = text[0];
  if (first < 0x80) return 1;
  size_t count = first >= 0xC2 && first <= 0xDF ? 2 : (first & 0xF0) == 0xE0 ? 3
      : first >= 0xF0 && first <= 0xF4 ? 4 : 0;
  if (count == 0 || count > length) return 0;
  uint8_t low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  uint8_t high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (text[1] < low || text[1] > high) return 0;
  for (size_t index = 2; index < count; index += 1) {
    if ((text[index] & 0xC0) != 0x80) return 0;
  }
  return count;
}

/// The code unit of a `\uXXXX` that begins here, else -1.
int32_t codeUnit(const char *text, size_t length) {
  if (length < 6 || text[0] != '\\' || text[1] != 'u') return -1;
  int32_t unit = 0;
  for (size_t index = 2; index < 6; index += 1) {
    char c = text[index];
    int32_t digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
        : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }

struct Repairer {
  const char *text;
  size_t length;
  char *out;
  size_t at = 0;
  size_t written = 0;
  int32_t repairs = 0;

  void copy(size_t count) {
    std::memcpy(out + written, text + at, count);
    at += count;
    written += count;
  }

  void put(const char *bytes, size_t count) {
    std::memcpy(out + written, bytes, count);
    written += count;
  }

  void escape() {
    int32_t unit = codeUnit(text + at, length - at);
    bool isHigh = unit >= 0xD800 && unit <= 0xDBFF, isLow = unit >= 0xDC00 && unit <= 0xDFFF;
    int32_t next = isHigh ? codeUnit(text + at + 6, length - at - 6) : -1;
    if (isHigh && next >= 0xDC00 && next <= 0xDFFF) {
      copy(12);
    } else if (isHigh || isLow) {
      put("\\uFFFD", 6);
      at += 6;
      repairs |= SEQUITUR_REPAIRED_SURROGATE;
    } else {
      // What follows may itself need repair, unless it is a plain character.
      uint8_t next = length - at >= 2 ? uint8_t(text[at + 1]) : 0;
      bool isPlain = next >= 0x20 && next < 0x80;
      copy(isPlain ? 2 : 1);
    }
  }

  void number() {
    size_t start = at, digits = 0;
    if (text[at] == '-') copy(1);
    while (at < length && isDigit(text[at])) {
      copy(1);
      digits += 1;
    }
    bool isDecimal = at < length && (text[at] == '.' || text[at] == 'e' || text[at] == 'E');
    if (digits > 18 && !isDecimal) {
      put("e0", 2);
      repairs |= SEQUITUR_REPAIRED_NUMBER;
    }
    while (at < length && (isDigit(text[at]) || std::strchr(".eE+-", text[at]) != nullptr)) {
      if (text[at] == 0) break;
      copy(1);
    }
    if (at == start) copy(1);
  }

  void run() {
    bool isInString = false;
    while (at < length) {
      uint8_t c = uint8_t(text[at]);
      if (c >= 0x80) {
        size_t count = sequenceLength(reinterpret_cast<const uint8_t *>(text) + at, length - at);
        if (count > 0) {
          copy(count);
        } else {
          put("\xEF\xBF\xBD", 3);
          at += 1;
          repairs |= SEQUITUR_REPAIRED_UTF8;
        }
      } else if (!isInString) {
        if (c == '"') isInString = true;
        if (c == '-' || isDigit(char(c))) {
          number();
        } else {
          copy(1);
        }
      } else if (c == '\\') {
        escape();
      } else if (c < 0x20) {
        constexpr char hex[] = "0123456789abcdef";
        char escaped[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
        put(escaped, 6);
        at += 1;
        repairs |= SEQUITUR_REPAIRED_CONTROL;
      } else {
        if (c == '"') isInString = false;
        copy(1);
      }
    }
  }
};

}  // namespace

size_t sequitur_json_repair(const char *text, size_t length, char *out, int32_t *repairs) {
  Repairer repairer{text, length, out};
  repairer.run();
  *repairs = repairer.repairs;
  return repairer.written;
}

size_t sequitur_walk(SequiturWalk *walk, const char *text, size_t length) {
  size_t at = 0;
  while (at < length && !walk->isDone) {
    if (walk->isEscaped) {
      walk->isEscaped = false;
      at += 1;
      continue;
    }
    if (walk->isInString) {
      at += plainBytes(text + at, length - at);
      if (at == length) break;
      if (text[at] == '\\') {
        walk->isEscaped = true;
      } else {
        walk->isInString = false;
        walk->isDone = walk->depth == 0;
      }
      at += 1;
      continue;
    }
    char c = text[at];
    if (walk->isScalar) {
      if (c == ',' || c == ']' || c == '}' || c == ' ' || c == '\n' || c == '\r' || c == '\t') {
        walk->isDone = true;
        break;
      }
      at += 1;
      continue;
    }
    switch (c) {
      case '"': walk->isInString = true; break;
      case '{':
      case '[': walk->depth += 1; break;
      case '}':
      case ']':
        if (walk->depth > 0) walk->depth -= 1;
        walk->isDone = walk->depth == 0;
        break;
      default:
        if (walk->depth == 0) walk->isScalar = true;
    }
    at += 1;
  }
  return at;
}
