// The spans of OTLP documents: the JSON mapping of OpenTelemetry's protocol, read in one pass.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A text in memory that is not this struct's.
typedef struct SequiturText {
  const char *text;
  size_t length;
} SequiturText;

/// Some entries of one of the lists of `SequiturSpans`.
typedef struct SequiturRange {
  uint32_t start;
  uint32_t count;
} SequiturRange;

/// A wanted attribute of a span, an event, or a resource.
typedef struct SequiturAttribute {
  /// Its key, where it was wanted by the beginning of it.
  SequiturText key;
  /// The unescaped text of a string; the digits of a number; the OTLP JSON of a list or an object.
  SequiturText value;
  /// The number of its key, as it was added.
  uint16_t slot;
  /// A `SequiturJSONType`.
  uint8_t type;
} SequiturAttribute;

/// An event of a span.
typedef struct SequiturSpanEvent {
  SequiturText name;
  SequiturRange attributes;
} SequiturSpanEvent;

/// A link of a span to another.
typedef struct SequiturSpanLink {
  SequiturText trace;
  SequiturText span;
} SequiturSpanLink;

/// A span, or a record of a log.
typedef struct SequiturSpan {
  SequiturText trace;
  /// Absent of a record of a log.
  SequiturText span;
  /// The span above it, or in which a record of a log was written.
  SequiturText parent;
  /// Its name; of a record of a log the name of its event.
  SequiturText name;
  /// What a failed span says of its failure.
  SequiturText message;
  /// Nanoseconds since 1970, 0 where they are not there or no number.
  uint64_t start;
  uint64_t end;
  /// `SpanKind` of the protocol: 1 internal, 2 server, 3 client, 4 producer, 5 consumer; 0 unknown.
  int32_t kind;
  /// `StatusCode` of the protocol: 0 unset, 1 ok, 2 error.
  int32_t status;
  SequiturRange attributes;
  SequiturRange events;
  SequiturRange links;
  /// The number of its resource.
  uint32_t resource;
  bool isLog;
} SequiturSpan;

/// What one document held. Everything lives until the next one is read.
typedef struct SequiturSpans {
  const SequiturSpan *spans;
  size_t count;
  const SequiturAttribute *attributes;
  const SequiturSpanEvent *events;
  const SequiturSpanLink *links;
  /// The attributes of each resource.
  const SequiturRange *resources;
  /// Values that are not of the type that the protocol gives them; they are passed over.
  uint32_t misfits;
} SequiturSpans;

/// Reads the spans of documents; not for use by two threads at once.
typedef struct SequiturSpanReader SequiturSpanReader;

SequiturSpanReader *sequitur_span_reader_new(void);
void sequitur_span_reader_free(SequiturSpanReader *reader);

/// Adds the key of a wanted attribute; one that ends in `*` stands for all keys that begin so, unless
/// they were added themselves. The body of a record of a log is an attribute `#body`. Returns the
/// key's number, the same one for the same key, or -1 when there are too many.
int32_t sequitur_span_reader_add(SequiturSpanReader *reader, const char *key, size_t length);

/// Reads an export request (`resourceSpans`, `resourceLogs`), or one entry of these lists. `text`
/// needs `SEQUITUR_JSON_PADDING` readable bytes behind it. Returns a `SequiturJSONError`; after an
/// error nothing is given.
int32_t sequitur_span_reader_read(
    SequiturSpanReader *reader, const char *text, size_t length, SequiturSpans *spans);

#ifdef __cplusplus
}
#endif
