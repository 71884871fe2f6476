// Spans of OTLP documents: simdjson's first stage finds the structure, and one walk over it takes
// what is wanted. Attributes are most of such a document, and of most only the key is looked at.
#include "CSimdjson.h"
#include "Errors.hpp"
#include "SpanKeys.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

using sequitur::SpanKeys;
using std::string_view;

namespace {

/// A place among the structural characters; null says that the text is no JSON.
using Place = const uint32_t *;

/// How many places behind the last structural character may be looked at.
constexpr size_t sentinels = 32;

SequiturText textOf(string_view view) { return {view.data(), view.size()}; }

/// The digits of a number, or of a number written as text, as the protocol writes 64 bits; else 0.
uint64_t digits(const char *text) {
  if (*text == '"') text += 1;
  uint64_t value = 0;
  while (*text >= '0' && *text <= '9') {
    if (value > (UINT64_MAX - 9) / 10) return 0;
    value = value * 10 + uint64_t(*text - '0');
    text += 1;
  }
  bool isWhole = *text == '"' || *text == ',' || *text == '}' || uint8_t(*text) <= 0x20;
  return isWhole ? value : 0;
}

/// Whether a list, a text, a number or a word of JSON begins here.
bool beginsValue(const char *text) {
  if (*text == '[' || *text == '"' || *text == '-' || (*text >= '0' && *text <= '9')) return true;
  return std::memcmp(text, "true", 4) == 0 || std::memcmp(text, "false", 5) == 0
      || std::memcmp(text, "null", 4) == 0;
}

constexpr string_view kinds[] = {
    "SPAN_KIND_UNSPECIFIED", "SPAN_KIND_INTERNAL", "SPAN_KIND_SERVER", "SPAN_KIND_CLIENT",
    "SPAN_KIND_PRODUCER", "SPAN_KIND_CONSUMER"};
constexpr string_view codes[] = {"STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"};

}  // namespace

struct SequiturSpanReader {
  SpanKeys keys;
  std::vector<SequiturSpan> spans;
  std::vector<SequiturAttribute> attributes;
  std::vector<SequiturSpanEvent> events;
  std::vector<SequiturSpanLink> links;
  std::vector<SequiturRange> resources;
  uint32_t misfits = 0;
  int bodySlot = -1;

  simdjson::error_code read(const char *newText, size_t newLength) {
    spans.clear();
    attributes.clear();
    events.clear();
    links.clear();
    resources.clear();
    misfits = 0;
    unescapedLength = 0;
    error = simdjson::TAPE_ERROR;
    text = newText;
    length = newLength;
    if (auto failed = findStructure()) return failed;
    Place first = parser->structural_indexes.get();
    if (text[*first] != '{') {
      Place behind = skip(first);
      bool isValue = behind != nullptr && *behind >= length && beginsValue(text + *first);
      return isValue ? simdjson::INCORRECT_TYPE : simdjson::TAPE_ERROR;
    }
    resources.push_back({0, 0});
    Place behind = walkObject(first + 1, [this](string_view name, Place value) {
      if (name == "resourceSpans" || name == "resourceLogs") {
        return walkObjects(value, [this](Place at) { return walkResource(at); });
      }
      return walkResourceMember(name, value, 0);
    });
    if (behind == nullptr) return error;
    return *behind >= length ? simdjson::SUCCESS : simdjson::TRAILING_CONTENT;
  }

 private:
  std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
  size_t capacity = 0;
  const char *text = nullptr;
  size_t length = 0;
  simdjson::error_code error = simdjson::SUCCESS;
  /// Unescaped texts of one document.
  std::string unescaped;
  size_t unescapedLength = 0;

  simdjson::error_code findStructure() {
    if (!parser || capacity < length + sentinels) {
      capacity = std::max(length * 2, size_t(1) << 16) + sentinels;
      const auto &implementation = simdjson::get_active_implementation();
      if (auto failed = implementation->create_dom_parser_implementation(capacity, 1, parser)) {
        capacity = 0;
        return failed;
      }
    }
    auto bytes = reinterpret_cast<const uint8_t *>(text);
    if (auto failed = parser->stage1(bytes, length, simdjson::stage1_mode::regular)) return failed;
    // INVARIANT: a walk looks at most so many places behind one that lies inside the text.
    std::fill_n(
        parser->structural_indexes.get() + parser->n_structural_indexes, sentinels,
        uint32_t(length));
    return simdjson::SUCCESS;
  }

  /// What stands between the quotes of a text, as it is written: the next structural character lies
  /// at `next`.
  string_view raw(uint32_t quote, uint32_t next) const {
    const char *start = text + quote + 1;
    const char *end = text + next - 1;
    while (*end != '"') end -= 1;
    return string_view(start, size_t(end - start));
  }

  /// Passes over a value; gives the place behind it.
  Place skip(Place at) const {
    if (*at >= length) return nullptr;
    char first = text[*at];
    at += 1;
    if (first != '{' && first != '[') {
      return first == ',' || first == ':' || first == '}' || first == ']' ? nullptr : at;
    }
    int depth = 1;
    while (depth > 0) {
      if (*at >= length) return nullptr;
      char c = text[*at];
      depth += int(c == '{') + int(c == '[') - int(c == '}') - int(c == ']');
      at += 1;
    }
    return at;
  }

  /// Passes over a value that is not of the type that it should be; null counts as absent.
  Place misfit(Place at) {
    if (text[*at] != 'n') misfits += 1;
    return skip(at);
  }

  /// From behind an opening brace to behind the closing one; `take` is given the name of each member
  /// and the place of its value, and gives the place behind the value.
  template <typename Take>
  Place walkObject(Place at, Take take) {
    if (text[*at] == '}') return at + 1;
    while (true) {
      if (at[2] >= length || text[at[0]] != '"' || text[at[1]] != ':') return nullptr;
      at = take(raw(at[0], at[1]), at + 2);
      if (at == nullptr || *at >= length) return nullptr;
      char next = text[*at];
      at += 1;
      if (next == ',') continue;
      return next == '}' ? at : nullptr;
    }
  }

  /// Goes over a list; `take` is given the place of each element that is an object.
  template <typename Take>
  Place walkObjects(Place at, Take take) {
    if (text[*at] != '[') return misfit(at);
    at += 1;
    if (text[*at] == ']') return at + 1;
    while (true) {
      if (*at >= length) return nullptr;
      at = text[*at] == '{' ? take(at) : misfit(at);
      if (at == nullptr || *at >= length) return nullptr;
      char next = text[*at];
      at += 1;
      if (next == ',') continue;
      return next == ']' ? at : nullptr;
    }
  }

  /// Takes a text, unescaped where it has escapes.
  Place takeText(Place at, SequiturText &value) {
    if (text[*at] != '"') return misfit(at);
    string_view view = raw(at[0], at[1]);
    if (std::memchr(view.data(), '\\', view.size()) == nullptr) {
      value = textOf(view);
      return at + 1;
    }
    // Unescaping never makes a text longer, and may write 64 bytes more than it gives. The room for
    // a whole document is taken at once: what was handed out must not move.
    if (unescapedLength == 0 && unescaped.size() < length + 2 * SEQUITUR_JSON_PADDING) {
      unescaped.resize(length * 2 + 2 * SEQUITUR_JSON_PADDING);
    }
    auto source = reinterpret_cast<const uint8_t *>(view.data());
    auto target = reinterpret_cast<uint8_t *>(&unescaped[unescapedLength]);
    const uint8_t *stop = parser->parse_string(source, target);
    if (stop == nullptr) {
      error = simdjson::STRING_ERROR;
      return nullptr;
    }
    value = {reinterpret_cast<const char *>(target), size_t(stop - target)};
    unescapedLength += value.length;
    return at + 1;
  }

  Place takeDigits(Place at, uint64_t &number) {
    char first = text[*at];
    bool isNumber = first == '"' || (first >= '0' && first <= '9');
    if (!isNumber) return misfit(at);
    number = digits(text + *at);
    return skip(at);
  }

  /// Takes an enumeration: its number or its name.
  template <size_t count>
  Place takeEnum(Place at, const string_view (&names)[count], int32_t &number) {
    char first = text[*at];
    if (first == '"') {
      string_view name = raw(at[0], at[1]);
      for (size_t index = 0; index < count; index += 1) {
        if (names[index] == name) number = int32_t(index);
      }
    } else if (first >= '0' && first <= '9') {
      uint64_t found = digits(text + *at);
      if (found < count) number = int32_t(found);
    }
    return skip(at);
  }

  /// Takes the one value of an `AnyValue`.
  Place takeAny(Place at, SequiturAttribute &attribute, bool &isKnown) {
    if (text[*at] != '{') return misfit(at);
    return walkObject(at + 1, [&](string_view kind, Place value) -> Place {
      char first = text[*value];
      if (kind == "stringValue" || kind == "bytesValue") {
        if (first != '"') return misfit(value);
        attribute.type = SEQUITUR_JSON_STRING_VALUE;
        isKnown = true;
        return takeText(value, attribute.value);
      }
      if (kind == "intValue" || kind == "doubleValue") {
        bool isNumber = first == '-' || (first >= '0' && first <= '9');
        if (!isNumber && first != '"') return misfit(value);
        attribute.type = SEQUITUR_JSON_NUMBER_VALUE;
        isKnown = true;
        string_view written = first == '"' ? raw(value[0], value[1])
                                           : string_view(text + value[0], value[1] - value[0]);
        while (!written.empty() && uint8_t(written.back()) <= 0x20) written.remove_suffix(1);
        attribute.value = textOf(written);
        return value + 1;
      }
      if (kind == "boolValue") {
        if (first != 't' && first != 'f') return misfit(value);
        attribute.type = first == 't' ? SEQUITUR_JSON_TRUE : SEQUITUR_JSON_FALSE;
        isKnown = true;
        return skip(value);
      }
      if (kind == "arrayValue" || kind == "kvlistValue") {
        if (first != '{') return misfit(value);
        Place behind = skip(value);
        if (behind == nullptr) return nullptr;
        attribute.type = kind == "arrayValue" ? SEQUITUR_JSON_ARRAY : SEQUITUR_JSON_OBJECT;
        isKnown = true;
        attribute.value = {text + *value, size_t(behind[-1] + 1 - *value)};
        return behind;
      }
      return skip(value);
    });
  }

  /// Takes a `KeyValue` where it is wanted.
  Place takeAttribute(Place at) {
    if (Place behind = takeCommonAttribute(at)) return behind;
    int slot = -1;
    bool isPrefix = false, isKnown = false;
    SequiturAttribute attribute = {};
    Place late = nullptr;
    Place behind = walkObject(at + 1, [&](string_view name, Place value) -> Place {
      if (name == "key" && text[*value] == '"') {
        SequiturText key = {};
        Place next = takeText(value, key);
        if (next == nullptr) return nullptr;
        slot = keys.find(string_view(key.text, key.length), isPrefix);
        if (isPrefix) attribute.key = key;
        return next;
      }
      if (name != "value") return skip(value);
      // The value may stand before its key, and is then looked at again.
      if (slot >= 0) return takeAny(value, attribute, isKnown);
      late = value;
      return skip(value);
    });
    if (behind == nullptr) return nullptr;
    if (slot >= 0 && !isKnown && late != nullptr && takeAny(late, attribute, isKnown) == nullptr) {
      return nullptr;
    }
    if (slot >= 0 && isKnown) {
      attribute.slot = uint16_t(slot);
      attributes.push_back(attribute);
    }
    return behind;
  }

  /// Takes `{"key":"K","value":{"stringValue":"V"}}`, as every exporter writes it; null where it is
  /// written otherwise.
  Place takeCommonAttribute(Place at) {
    const char *start = text + at[0];
    if (at[12] >= length || at[3] != at[0] + 7 || std::memcmp(start, "{\"key\":\"", 8) != 0) {
      return nullptr;
    }
    const char *middle = text + at[4] - 1;
    if (at[7] != at[4] + 9 || std::memcmp(middle, "\",\"value\":{", 11) != 0) return nullptr;
    string_view key(start + 8, size_t(middle - start) - 8);
    bool isPrefix = false;
    int slot = keys.find(key, isPrefix);
    if (slot < 0) {
      // Of what nobody wants only the end is looked for: one value, or a list or an object.
      bool isPlain = text[at[11]] == '}' && text[at[12]] == '}';
      return isPlain && text[at[9]] == ':' && text[at[10]] != '{' && text[at[10]] != '['
          ? at + 13 : nullptr;
    }
    if (std::memcmp(text + at[7], "{\"stringValue\":\"", 16) != 0) return nullptr;
    if (text[at[11]] != '}' || text[at[12]] != '}') return nullptr;
    SequiturAttribute attribute = {};
    if (isPrefix) attribute.key = textOf(key);
    attribute.slot = uint16_t(slot);
    attribute.type = SEQUITUR_JSON_STRING_VALUE;
    if (takeText(at + 10, attribute.value) == nullptr) return nullptr;
    attributes.push_back(attribute);
    return at + 13;
  }

  Place takeAttributes(Place at, SequiturRange &range) {
    range.start = uint32_t(attributes.size());
    at = walkObjects(at, [this](Place pair) { return takeAttribute(pair); });
    range.count = uint32_t(attributes.size()) - range.start;
    return at;
  }

  Place walkEvent(Place at) {
    SequiturSpanEvent event = {};
    at = walkObject(at + 1, [&](string_view name, Place value) -> Place {
      if (name == "name") return takeText(value, event.name);
      if (name == "attributes") return takeAttributes(value, event.attributes);
      return skip(value);
    });
    events.push_back(event);
    return at;
  }

  Place walkLink(Place at) {
    SequiturSpanLink link = {};
    at = walkObject(at + 1, [&](string_view name, Place value) -> Place {
      if (name == "traceId") return takeText(value, link.trace);
      if (name == "spanId") return takeText(value, link.span);
      return skip(value);
    });
    links.push_back(link);
    return at;
  }

  Place walkStatus(Place at, SequiturSpan &span) {
    if (text[*at] != '{') return misfit(at);
    return walkObject(at + 1, [&](string_view name, Place value) -> Place {
      if (name == "code") return takeEnum(value, codes, span.status);
      if (name == "message") return takeText(value, span.message);
      return skip(value);
    });
  }

  Place walkSpan(Place at, uint32_t resource) {
    SequiturSpan span = {};
    span.resource = resource;
    at = walkObject(at + 1, [&](string_view name, Place value) -> Place {
      switch (name.size()) {
        case 4:
          if (name == "name") return takeText(value, span.name);
          if (name == "kind") return takeEnum(value, kinds, span.kind);
          break;
        case 5:
          if (name != "links") break;
          span.links.start = uint32_t(links.size());
          value = walkObjects(value, [this](Place link) { return walkLink(link); });
          span.links.count = uint32_t(links.size()) - span.links.start;
          return value;
        case 6:
          if (name == "spanId") return takeText(value, span.span);
          if (name == "status") return walkStatus(value, span);
          if (name != "events") break;
          span.events.start = uint32_t(events.size());
          value = walkObjects(value, [this](Place event) { return walkEvent(event); });
          span.events.count = uint32_t(events.size()) - span.events.start;
          return value;
        case 7:
          if (name == "traceId") return takeText(value, span.trace);
          break;
        case 10:
          if (name == "attributes") return takeAttributes(value, span.attributes);
          break;
        case 12:
          if (name == "parentSpanId") return takeText(value, span.parent);
          break;
        case 15:
          if (name == "endTimeUnixNano") return takeDigits(value, span.end);
          break;
        case 17:
          if (name == "startTimeUnixNano") return takeDigits(value, span.start);
          break;
        default: break;
      }
      return skip(value);
    });
    spans.push_back(span);
    return at;
  }

  Place walkLog(Place at, uint32_t resource) {
    SequiturSpan span = {};
    span.resource = resource;
    span.isLog = true;
    uint64_t observed = 0;
    SequiturAttribute body = {};
    bool hasBody = false;
    at = walkObject(at + 1, [&](string_view name, Place value) -> Place {
      if (name == "traceId") return takeText(value, span.trace);
      if (name == "spanId") return takeText(value, span.parent);
      if (name == "eventName") return takeText(value, span.name);
      if (name == "timeUnixNano") return takeDigits(value, span.start);
      if (name == "observedTimeUnixNano") return takeDigits(value, observed);
      if (name == "attributes") return takeAttributes(value, span.attributes);
      if (name == "body" && bodySlot >= 0) return takeAny(value, body, hasBody);
      return skip(value);
    });
    if (span.start == 0) span.start = observed;
    if (hasBody) {
      // The attributes of one record lie side by side: the body is one more, wherever it stood.
      if (span.attributes.count == 0) span.attributes.start = uint32_t(attributes.size());
      body.slot = uint16_t(bodySlot);
      attributes.push_back(body);
      span.attributes.count += 1;
    }
    spans.push_back(span);
    return at;
  }

  /// A member of an entry of `resourceSpans` or `resourceLogs`.
  Place walkResourceMember(string_view name, Place at, uint32_t resource) {
    if (name == "resource") {
      if (text[*at] != '{') return misfit(at);
      return walkObject(at + 1, [&](string_view inner, Place value) -> Place {
        return inner == "attributes" ? takeAttributes(value, resources[resource]) : skip(value);
      });
    }
    bool isSpans = name == "scopeSpans" || name == "instrumentationLibrarySpans";
    if (!isSpans && name != "scopeLogs") return skip(at);
    return walkObjects(at, [&](Place scope) {
      return walkObject(scope + 1, [&](string_view inner, Place value) -> Place {
        if (inner == "spans") {
          return walkObjects(value, [&](Place span) { return walkSpan(span, resource); });
        }
        if (inner == "logRecords") {
          return walkObjects(value, [&](Place log) { return walkLog(log, resource); });
        }
        return skip(value);
      });
    });
  }

  Place walkResource(Place at) {
    uint32_t resource = uint32_t(resources.size());
    resources.push_back({0, 0});
    return walkObject(at + 1, [&](string_view name, Place value) {
      return walkResourceMember(name, value, resource);
    });
  }
};

SequiturSpanReader *sequitur_span_reader_new(void) {
  return new (std::nothrow) SequiturSpanReader();
}

void sequitur_span_reader_free(SequiturSpanReader *reader) { delete reader; }

int32_t sequitur_span_reader_add(SequiturSpanReader *reader, const char *key, size_t length) {
  int slot = reader->keys.add(string_view(key, length));
  if (string_view(key, length) == "#body") reader->bodySlot = slot;
  return slot;
}

int32_t sequitur_span_reader_read(
    SequiturSpanReader *reader, const char *text, size_t length, SequiturSpans *spans) {
  *spans = {};
  auto error = reader->read(text, length);
  if (error == simdjson::TAPE_ERROR) {
    // Brackets left open are the usual reason.
    SequiturWalk walk = {};
    sequitur_walk(&walk, text, length);
    if (!walk.isDone && walk.depth > 0) return SEQUITUR_JSON_INCOMPLETE;
  }
  if (error) return sequitur::code(error);
  *spans = {
      reader->spans.data(), reader->spans.size(), reader->attributes.data(),
      reader->events.data(), reader->links.data(), reader->resources.data(), reader->misfits};
  return SEQUITUR_JSON_OK;
}
