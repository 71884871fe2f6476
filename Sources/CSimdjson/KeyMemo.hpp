// Which keys an object's records had last, in which order: to tell a key by comparing it with the
// one that is expected.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <vector>

namespace sequitur {

struct Step;

/// A key that was seen, as it stands in a text: from its opening quote to the colon, which closes it
/// without white space. Comparing it compares these too.
struct SeenKey {
  uint64_t first = 0, middle = 0, last = 0;
  /// The bytes of a word that count: all, unless the whole is shorter than a word.
  uint64_t mask = 0;
  uint32_t length = 0, middleAt = 0, lastAt = 0;
  /// The step of a wanted key.
  Step *step = nullptr;
  /// The key that followed it last, and the other one that did so before: records of a log have few
  /// shapes, and take turns. Never null.
  SeenKey *next = nullptr, *other = nullptr;
  std::string text;

  /// The longest key that three words cover.
  static constexpr uint32_t wordsMax = 24;

  SeenKey() = default;

  SeenKey(const char *quote, uint32_t length, Step *step, SeenKey *next)
      : length(length), step(step), next(next), other(next), text(quote, length) {
    lastAt = length < 8 ? 0 : length - 8;
    middleAt = lastAt < 8 ? lastAt : 8;
    mask = length < 8 ? (uint64_t(1) << (length * 8)) - 1 : ~uint64_t(0);
    first = word(quote) & mask;
    middle = word(quote + middleAt) & mask;
    last = word(quote + lastAt) & mask;
  }

  static uint64_t word(const char *text) {
    uint64_t word;
    std::memcpy(&word, text, 8);
    return word;
  }

  /// Whether the text from a quote to a colon is this key. Eight bytes must be readable.
  bool matches(const char *quote, uint32_t textLength) const {
    if (textLength != length) return false;
    uint64_t difference = (word(quote) ^ first) | (word(quote + middleAt) ^ middle)
        | (word(quote + lastAt) ^ last);
    if ((difference & mask) != 0) return false;
    return length <= wordsMax || std::memcmp(text.data(), quote, length) == 0;
  }
};

/// The keys that were seen in the objects of one step.
class KeyMemo {
 public:
  KeyMemo() { clear(); }

  void clear() {
    keys.clear();
    table.clear();
    none = SeenKey();
    none.next = none.other = &none;
    start.next = start.other = stray.next = stray.other = &none;
  }

  /// Stands before the first key of an object.
  SeenKey start;
  /// Stands for every key that is not remembered.
  SeenKey stray;

  /// The key, or the slot for it, or null when it is not to be remembered.
  SeenKey **find(size_t hash, const char *quote, uint32_t length) {
    if (table.empty()) table.assign(slotsMax, nullptr);
    for (size_t slot = hash % slotsMax;; slot = (slot + 1) % slotsMax) {
      if (table[slot] == nullptr) return keys.size() < keysMax ? &table[slot] : nullptr;
      if (table[slot]->matches(quote, length)) return &table[slot];
    }
  }

  SeenKey *add(const char *quote, uint32_t length, Step *step) {
    keys.emplace_back(quote, length, step, &none);
    return &keys.back();
  }

 private:
  static constexpr size_t keysMax = 128;
  static constexpr size_t slotsMax = keysMax * 4;

  std::deque<SeenKey> keys;
  std::vector<SeenKey *> table;
  SeenKey none;
};

}  // namespace sequitur
