// The fast lane for many lines of JSON: see `sequitur_field_reader_begin_block`.
#pragma once
#include "Reader.hpp"

#include <array>
#include <string>

namespace sequitur {

/// Finds the structure of a stretch of lines at once and walks it line by line.
///
/// It gives the fields of a line only where the reader of single records is sure to give the same,
/// and says "irregular" of every other line.
class BlockScanner {
 public:
  explicit BlockScanner(SequiturFieldReader &reader) : reader(reader) {}

  void begin(const char *text, size_t length);
  int32_t next(SequiturLine &line);

 private:
  /// A place among the structural characters; null says "irregular".
  using Place = const uint32_t *;

  bool nextStretch();
  bool findStructure(size_t length);
  size_t stretchLength(size_t lengthMax) const;
  bool walkLine(uint32_t lineEnd);
  template <bool hasEscapes> Place walkObject(Place at, Step *step, int depth);
  template <bool hasEscapes>
  SeenKey *recall(uint32_t key, uint32_t colon, Step *step, SeenKey *before, Step *&child);
  template <bool hasEscapes> Place walkArray(Place at, Step *step, int depth);
  template <bool hasEscapes>
  Place walkValue(Place at, uint32_t value, Step *step, bool isElement, int depth);
  template <bool hasEscapes>
  Place takeString(Place at, uint32_t value, const Step *step, bool isElement);
  Place takeNumber(Place at, uint32_t value, const Step *step, bool isElement);
  Place takeAtom(Place at, uint32_t value, const Step *step, bool isElement);
  Place skip(Place at, uint32_t value) const;

  SequiturFieldReader &reader;
  std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;

  /// What is left of the block behind the stretch.
  const char *block = nullptr;
  size_t blockLength = 0;
  size_t stretchEnd = 0;
  size_t linesBefore = 0;
  /// Up to where stretches of each length are not tried, because one had an error in it.
  std::array<size_t, 3> untils = {};

  /// The stretch: offsets of structural characters count from here.
  const char *text = nullptr;
  size_t stretchStart = 0;
  bool hasStructure = false;
  size_t lineStart = 0;
  /// The end of the line that is walked.
  uint32_t end = 0;
  Place at = nullptr;
  /// Where the next backslash is, or the stretch ends; not before `lineStart` once a line is walked.
  uint32_t nextBackslash = 0;
  /// Unescaped texts of one line.
  std::string unescaped;
  size_t unescapedLength = 0;
};

}  // namespace sequitur
