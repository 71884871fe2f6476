// The keys of attributes that a reader of spans wants, by number.
#pragma once
#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace sequitur {

/// Keys, told by their length and ends and then by comparing.
class SpanKeys {
 public:
  /// The number of a key, the same one for the same key; -1 when there are too many. One that ends in
  /// `*` stands for all keys that begin so.
  int add(std::string_view key) {
    for (size_t index = 0; index < keys.size(); index += 1) {
      if (keys[index] == key) return int(index);
    }
    if (keys.size() >= keysMax) return -1;
    int number = int(keys.size());
    keys.emplace_back(key);
    if (!key.empty() && key.back() == '*') {
      prefixes.push_back(number);
      firstOfPrefix[uint8_t(key.front())] = true;
    } else {
      if (keys.size() * 4 > slots.size()) grow();
      insert(number);
    }
    return number;
  }

  /// The number of a key, -1 where it is not wanted.
  int find(std::string_view key, bool &isPrefix) const {
    size_t mask = slots.size() - 1;
    for (size_t slot = hash(key) & mask; slots[slot] >= 0; slot = (slot + 1) & mask) {
      if (keys[size_t(slots[slot])] == key) return slots[slot];
    }
    if (key.empty() || !firstOfPrefix[uint8_t(key.front())]) return -1;
    for (int number : prefixes) {
      std::string_view prefix(keys[size_t(number)]);
      prefix.remove_suffix(1);
      if (key.substr(0, prefix.size()) != prefix) continue;
      isPrefix = true;
      return number;
    }
    return -1;
  }

 private:
  static constexpr size_t keysMax = 4096;
  std::deque<std::string> keys;
  std::vector<int> prefixes;
  bool firstOfPrefix[256] = {};
  std::vector<int> slots = std::vector<int>(256, -1);

  static size_t hash(std::string_view key) {
    uint64_t first = 0, last = 0;
    size_t size = key.size() < 8 ? key.size() : 8;
    std::memcpy(&first, key.data(), size);
    std::memcpy(&last, key.data() + key.size() - size, size);
    uint64_t value = (first ^ (last * 0x9E3779B97F4A7C15u) ^ key.size()) * 0xD6E8FEB86659FD93u;
    return size_t(value >> 32);
  }

  void insert(int number) {
    size_t mask = slots.size() - 1;
    size_t slot = hash(keys[size_t(number)]) & mask;
    while (slots[slot] >= 0) slot = (slot + 1) & mask;
    slots[slot] = number;
  }

  void grow() {
    std::vector<int> old(slots.size() * 2, -1);
    old.swap(slots);
    for (int number : old) {
      if (number >= 0) insert(number);
    }
  }
};

}  // namespace sequitur
