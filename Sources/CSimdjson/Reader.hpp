// What both ways to read fields have in common: the wanted paths and the fields of one record.
#pragma once
#include "CSimdjson.h"
#include "Errors.hpp"
#include "Steps.hpp"

#include <deque>
#include <memory>

namespace sequitur {

class BlockScanner;

/// How deeply arrays are walked through.
constexpr int depthMax = 128;

inline std::string_view trimmed(std::string_view text) {
  while (!text.empty() && uint8_t(text.back()) <= 0x20) text.remove_suffix(1);
  return text;
}

}  // namespace sequitur

struct SequiturFieldReader {
  simdjson::ondemand::parser parser;
  std::deque<sequitur::Step> steps;
  std::vector<sequitur::Step *> paths;
  /// The fields of the record read last are the first `count`.
  std::vector<SequiturField> fields = std::vector<SequiturField>(64);
  size_t count = 0;
  /// For each path the place of its first field, if it is one: see `sequitur_field_reader_firsts`.
  std::vector<uint32_t> firsts;
  uint64_t visits = 0;
  bool repeated = false;
  std::unique_ptr<sequitur::BlockScanner> scanner;

  SequiturFieldReader();
  ~SequiturFieldReader();

  sequitur::Step *root() { return &steps.front(); }
  int32_t add(std::string_view path);

  void begin() {
    count = 0;
    repeated = false;
  }

  void emit(
      const sequitur::Step *step, uint8_t type, const char *text, size_t length, double number,
      bool isElement) {
    if (count == fields.size()) fields.resize(count * 2);
    uint16_t path = uint16_t(step->path);
    uint32_t first = firsts[path];
    if (first >= count || fields[first].path != path) firsts[path] = uint32_t(count);
    fields[count] = {text, uint32_t(length), path, type, uint8_t(isElement), number};
    count += 1;
  }

  simdjson::error_code read(const char *text, size_t length, sequitur::Step *step);
  simdjson::error_code readObject(
      simdjson::ondemand::object object, sequitur::Step *step, int depth);
  simdjson::error_code readValue(
      simdjson::ondemand::value value, sequitur::Step *step, bool isElement, int depth);
  simdjson::error_code readNumber(
      simdjson::ondemand::value value, const sequitur::Step *step, bool isElement);
};
