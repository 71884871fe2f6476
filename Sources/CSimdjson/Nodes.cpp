// Whole documents: simdjson's tape, walked by opaque nodes.
#include "CSimdjson.h"
#include "Errors.hpp"

#include <cstring>
#include <new>
#include <string>
#include <string_view>

namespace dom = simdjson::dom;

static_assert(sizeof(SequiturNode) == sizeof(dom::element), "a node is an element");
static_assert(sizeof(dom::object::iterator) == sizeof(dom::element), "an iterator is a place");
static_assert(sizeof(dom::array::iterator) == sizeof(dom::element), "an iterator is a place");

struct SequiturDocument {
  dom::parser parser;
  std::string minified;
};

namespace {

dom::element elementOf(SequiturNode node) {
  dom::element element;
  std::memcpy(static_cast<void *>(&element), &node, sizeof(node));
  return element;
}

template <typename Value>
SequiturNode nodeOf(const Value &value) {
  SequiturNode node;
  std::memcpy(&node, static_cast<const void *>(&value), sizeof(node));
  return node;
}

template <typename Iterator>
Iterator iteratorOf(SequiturNode node, Iterator any) {
  std::memcpy(static_cast<void *>(&any), &node, sizeof(node));
  return any;
}

}  // namespace

SequiturDocument *sequitur_document_new(void) { return new (std::nothrow) SequiturDocument(); }

void sequitur_document_free(SequiturDocument *document) { delete document; }

int32_t sequitur_document_parse(
    SequiturDocument *document, const char *text, size_t length, SequiturNode *root) {
  dom::element element;
  auto error = document->parser.parse(text, length, true).get(element);
  if (error == simdjson::TAPE_ERROR && length > 0) {
    // The tape says no more than "bad": brackets left open are the usual reason.
    SequiturWalk walk = {};
    sequitur_walk(&walk, text, length);
    if (!walk.isDone && walk.depth > 0) return SEQUITUR_JSON_INCOMPLETE;
  }
  if (error) return sequitur::code(error);
  *root = nodeOf(element);
  return SEQUITUR_JSON_OK;
}

int32_t sequitur_node_type(SequiturNode node) {
  dom::element element = elementOf(node);
  switch (element.type()) {
    case dom::element_type::ARRAY: return SEQUITUR_JSON_ARRAY;
    case dom::element_type::OBJECT: return SEQUITUR_JSON_OBJECT;
    case dom::element_type::INT64:
    case dom::element_type::UINT64:
    case dom::element_type::DOUBLE: return SEQUITUR_JSON_NUMBER_VALUE;
    case dom::element_type::STRING: return SEQUITUR_JSON_STRING_VALUE;
    case dom::element_type::BOOL: {
      bool truth = false;
      if (element.get_bool().get(truth)) return SEQUITUR_JSON_NULL;
      return truth ? SEQUITUR_JSON_TRUE : SEQUITUR_JSON_FALSE;
    }
    case dom::element_type::NULL_VALUE: return SEQUITUR_JSON_NULL;
  }
  return SEQUITUR_JSON_NULL;
}

bool sequitur_node_text(SequiturNode node, const char **text, size_t *length) {
  std::string_view view;
  if (elementOf(node).get_string().get(view)) return false;
  *text = view.data();
  *length = view.size();
  return true;
}

bool sequitur_node_number(
    SequiturNode node, double *number, int64_t *integer, bool *isInteger) {
  dom::element element = elementOf(node);
  if (element.get_double().get(*number)) return false;
  *isInteger = !element.get_int64().get(*integer);
  if (element.type() == dom::element_type::DOUBLE) *isInteger = false;
  return true;
}

bool sequitur_node_iterate(SequiturNode node, SequiturCursor *cursor) {
  dom::element element = elementOf(node);
  dom::object object;
  if (!element.get_object().get(object)) {
    *cursor = {nodeOf(object.begin()), nodeOf(object.end()), true};
    return true;
  }
  dom::array array;
  if (!element.get_array().get(array)) {
    *cursor = {nodeOf(array.begin()), nodeOf(array.end()), false};
    return true;
  }
  return false;
}

bool sequitur_cursor_next(
    SequiturCursor *cursor, const char **key, size_t *keyLength, SequiturNode *value) {
  if (cursor->at.index == cursor->end.index) return false;
  if (cursor->isObject) {
    dom::object none;
    auto place = iteratorOf(cursor->at, none.begin());
    std::string_view name = place.key();
    *key = name.data();
    *keyLength = name.size();
    *value = nodeOf(place.value());
    cursor->at = nodeOf(++place);
  } else {
    dom::array none;
    auto place = iteratorOf(cursor->at, none.begin());
    *key = nullptr;
    *keyLength = 0;
    *value = nodeOf(*place);
    cursor->at = nodeOf(++place);
  }
  return true;
}

void sequitur_node_minify(
    SequiturDocument *document, SequiturNode node, const char **text, size_t *length) {
  document->minified = simdjson::minify(elementOf(node));
  *text = document->minified.data();
  *length = document->minified.size();
}
