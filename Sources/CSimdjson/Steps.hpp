// The wanted paths as a tree of keys, and how a key is found in it.
#pragma once
#include "KeyMemo.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace sequitur {

/// A key as it is compared: its length, its first eight bytes and, of a longer one, its last eight.
struct KeyWords {
  uint64_t first = 0;
  uint64_t last = 0;
  size_t length = 0;

  KeyWords() = default;

  /// Eight bytes must be readable at `text`, whatever the length.
  KeyWords(const char *text, size_t length) : length(length) {
    bool isLong = length >= 8;
    const char *tail = isLong ? text + length - 8 : text;
    std::memcpy(&first, text, 8);
    std::memcpy(&last, tail, 8);
    // The bytes of a short key lie in the lower end on a little-endian machine, as all of ours are.
    uint64_t mask = isLong ? ~uint64_t(0) : (uint64_t(1) << (length * 8)) - 1;
    first &= mask;
    last = isLong ? last : 0;
  }

  size_t hash() const {
    uint64_t mixed = (first ^ (last << 23 | last >> 41)) + length;
    return size_t((mixed * 0x9E3779B97F4A7C15u) >> 32);
  }

  bool operator==(const KeyWords &other) const {
    return ((first ^ other.first) | (last ^ other.last) | (length ^ other.length)) == 0;
  }
};

/// A key on the way to a wanted path.
struct Step {
  std::string key;
  /// The index of the path that ends here, or -1.
  int32_t path = -1;
  /// The number of the object in which the key was seen last.
  uint64_t lastVisit = 0;
  std::vector<Step *> children;
  /// The keys that the fast lane saw here.
  KeyMemo memo;

  /// The step of a key below this one, or none. Eight bytes must be readable at `text`.
  Step *child(const char *text, size_t length) const {
    KeyWords words(text, length);
    for (size_t slot = words.hash() & mask;; slot = (slot + 1) & mask) {
      const Slot &found = table[slot];
      if (found.step == nullptr) return nullptr;
      if (!(found.words == words)) continue;
      if (length <= 16 || std::memcmp(found.step->key.data(), text, length) == 0) {
        return found.step;
      }
    }
  }

  /// The same for a key that has nothing behind it.
  Step *childOfCopy(std::string_view name) const {
    std::string copy(name);
    copy.append(8, '\0');
    return child(copy.data(), name.size());
  }

  void add(Step *step) {
    children.push_back(step);
    memo.clear();
    size_t size = 4;
    while (size < children.size() * 3) size *= 2;
    table.assign(size, Slot());
    mask = size - 1;
    for (Step *child : children) {
      std::string copy = child->key;
      copy.append(8, '\0');
      KeyWords words(copy.data(), child->key.size());
      size_t slot = words.hash() & mask;
      while (table[slot].step != nullptr) slot = (slot + 1) & mask;
      table[slot].words = words;
      table[slot].step = child;
    }
  }

 private:
  struct Slot {
    KeyWords words;
    Step *step = nullptr;
  };

  /// Children by the hash of their keys; a power of two, a third full at most, so never full.
  std::vector<Slot> table = std::vector<Slot>(1);
  size_t mask = 0;
};

}  // namespace sequitur
