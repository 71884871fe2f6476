// A small C door to simdjson: documents are parsed in C++, values cross as plain C structs.
//
// Every function takes bytes and lengths and returns codes: nothing is thrown, printed or trapped.
// Pointers that a call hands out live until the next call on the same object.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The version of simdjson that this binary was built with, for example "3.0.1".
const char *sequitur_simdjson_version(void);

/// Bytes that must lie, readable, behind every text that is parsed in place.
#define SEQUITUR_JSON_PADDING 64

/// Why a text could not be read; 0 is success.
enum SequiturJSONError {
  SEQUITUR_JSON_OK = 0,
  SEQUITUR_JSON_SYNTAX = 1,        // not JSON
  SEQUITUR_JSON_INCOMPLETE = 2,    // ends in the middle
  SEQUITUR_JSON_UTF8 = 3,          // not valid UTF-8
  SEQUITUR_JSON_STRING = 4,        // a bad escape or a lone surrogate
  SEQUITUR_JSON_CONTROL = 5,       // an unescaped control character in a string
  SEQUITUR_JSON_NUMBER = 6,        // not a number, or one beyond 64 bits
  SEQUITUR_JSON_DEPTH = 7,         // nested too deeply
  SEQUITUR_JSON_TRAILING = 8,      // more after the end
  SEQUITUR_JSON_NOT_OBJECT = 9,    // JSON, but no object
  SEQUITUR_JSON_CAPACITY = 10,     // too large, or out of memory
  SEQUITUR_JSON_EMPTY = 11         // nothing there
};

/// What a value is.
enum SequiturJSONType {
  SEQUITUR_JSON_NULL = 0,
  SEQUITUR_JSON_FALSE = 1,
  SEQUITUR_JSON_TRUE = 2,
  SEQUITUR_JSON_NUMBER_VALUE = 3,
  SEQUITUR_JSON_STRING_VALUE = 4,
  SEQUITUR_JSON_OBJECT = 5,
  SEQUITUR_JSON_ARRAY = 6
};

// MARK: wanted fields of many objects (the hot path)

/// One wanted value of an object. An array gives one field for each of its elements.
typedef struct SequiturField {
  /// The unescaped text of a string; the raw JSON of a number, an object.
  const char *text;
  uint32_t length;
  /// The index of its path, as it was added.
  uint16_t path;
  /// A `SequiturJSONType`, never an array.
  uint8_t type;
  /// Whether it is an element of an array.
  uint8_t isElement;
  /// The number; an integer of more than 53 bits loses digits here and keeps them in `text`.
  double number;
} SequiturField;

/// Reads wanted fields; not for use by two threads at once.
typedef struct SequiturFieldReader SequiturFieldReader;

SequiturFieldReader *sequitur_field_reader_new(void);
void sequitur_field_reader_free(SequiturFieldReader *reader);

/// Adds a path of keys joined by dots; a dot of a key itself stands behind a backslash. Arrays on
/// the way are walked through. Returns its index, the same one for the same path, or -1 when there
/// are too many.
int32_t sequitur_field_reader_add(
    SequiturFieldReader *reader, const char *path, size_t length);

/// Reads one object. `text` needs `SEQUITUR_JSON_PADDING` readable bytes behind it. `under` is the
/// index of a path at which the object is taken to stand, or -1 for the root. Gives the wanted
/// fields in the object's order; of a key that is given twice the first counts, and `repeated` says
/// so. Returns a `SequiturJSONError`; after an error no field is given.
int32_t sequitur_field_reader_read(
    SequiturFieldReader *reader, const char *text, size_t length, int32_t under,
    const SequiturField **fields, size_t *count, bool *repeated);

/// For each path the place of its first field among those read last: path `p` has one if
/// `firsts[p]` is below their count and that field's path is `p`. Lives until a path is added.
const uint32_t *sequitur_field_reader_firsts(const SequiturFieldReader *reader);

// MARK: wanted fields of many lines (the fast lane)

/// What a line of a block is.
enum SequiturLineKind {
  SEQUITUR_LINE_END = 0,       // there is no further line
  SEQUITUR_LINE_RECORD = 1,    // an object; its fields are those that `..._read` would give
  SEQUITUR_LINE_IRREGULAR = 2  // anything else that is not blank: for `..._read` to say what it is
};

/// A line of a block. Its fields live until the next call for the reader.
typedef struct SequiturLine {
  const SequiturField *fields;
  size_t count;
  /// Where it begins in the block, and its length without its end (`\n` or `\r\n`).
  size_t offset;
  size_t length;
  /// How many lines of the block lie before it; at the end of the block, how many it has.
  size_t linesBefore;
  bool repeated;
} SequiturLine;

/// Begins to read lines of one object each: the same fields as `sequitur_field_reader_read` of each
/// line, several times as fast. The block begins where a line does and needs
/// `SEQUITUR_JSON_PADDING` readable bytes behind it; where it ends without a newline, so does its
/// last line. It stays the caller's, unchanged until its last line is read. Blocks of a few hundred
/// KiB and more cost the least.
void sequitur_field_reader_begin_block(
    SequiturFieldReader *reader, const char *text, size_t length);

/// The next line that is not blank (all bytes 0x20 or less). Returns a `SequiturLineKind`; an
/// irregular line may be read with `sequitur_field_reader_read` before the next call.
int32_t sequitur_field_reader_next(SequiturFieldReader *reader, SequiturLine *line);

// MARK: whole documents

/// A value of a parsed document.
typedef struct SequiturNode {
  const void *document;
  size_t index;
} SequiturNode;

/// A place in an object or an array.
typedef struct SequiturCursor {
  SequiturNode at;
  SequiturNode end;
  bool isObject;
} SequiturCursor;

/// A parser and the one document that it holds.
typedef struct SequiturDocument SequiturDocument;

SequiturDocument *sequitur_document_new(void);
void sequitur_document_free(SequiturDocument *document);

/// Parses a text, which is copied. Returns a `SequiturJSONError`.
int32_t sequitur_document_parse(
    SequiturDocument *document, const char *text, size_t length, SequiturNode *root);

/// A `SequiturJSONType`.
int32_t sequitur_node_type(SequiturNode node);
/// The text of a string; false for anything else.
bool sequitur_node_text(SequiturNode node, const char **text, size_t *length);
/// The value of a number, and whether it is an integer that fits in 64 bits.
bool sequitur_node_number(
    SequiturNode node, double *number, int64_t *integer, bool *isInteger);
/// Begins to walk an object or an array; false for anything else.
bool sequitur_node_iterate(SequiturNode node, SequiturCursor *cursor);
/// The next element, with its key in an object; false at the end.
bool sequitur_cursor_next(
    SequiturCursor *cursor, const char **key, size_t *keyLength, SequiturNode *value);
/// The value as JSON without white space; lives until the next call for the document.
void sequitur_node_minify(
    SequiturDocument *document, SequiturNode node, const char **text, size_t *length);

// MARK: texts

/// What `sequitur_json_repair` changed.
enum SequiturRepair {
  SEQUITUR_REPAIRED_UTF8 = 1,
  SEQUITUR_REPAIRED_SURROGATE = 2,
  SEQUITUR_REPAIRED_CONTROL = 4,
  SEQUITUR_REPAIRED_NUMBER = 8
};

/// Copies a JSON text and makes it readable: bytes that are no UTF-8 and lone surrogates become
/// U+FFFD, control characters in strings become escapes, and integers of more than 18 digits become
/// decimals. `out` needs room for six times the length. Returns the length; `repairs` is a sum of
/// `SequiturRepair`.
size_t sequitur_json_repair(const char *text, size_t length, char *out, int32_t *repairs);

/// Whether bytes are UTF-8.
bool sequitur_is_utf8(const char *text, size_t length);

/// How far a walk over one JSON value has come; all zero before it begins.
typedef struct SequiturWalk {
  uint64_t depth;
  bool isInString;
  bool isEscaped;
  bool isScalar;
  bool isDone;
} SequiturWalk;

/// Walks over a value by its brackets and quotes alone and returns how many bytes belong to it;
/// `isDone` says that its end was seen. May be continued with the bytes that follow. A scalar ends
/// before a comma, a closing bracket or white space.
size_t sequitur_walk(SequiturWalk *walk, const char *text, size_t length);

#ifdef __cplusplus
}
#endif

#include "CSpans.h"
