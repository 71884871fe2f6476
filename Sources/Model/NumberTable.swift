/// Small numbers by 64-bit keys other than 0: open addressing, for the hot path.
package struct NumberTable: Sendable {
  @usableFromInline var keys: [UInt64] = Array(repeating: 0, count: 64)
  @usableFromInline var values: [Int32] = Array(repeating: 0, count: 64)
  /// The number of keys.
  package private(set) var count = 0

  /// An empty table.
  package init() {}

  /// The number of a key; -1 where it has none.
  @inlinable package subscript(key: UInt64) -> Int32 {
    let mask = keys.count - 1
    var slot = NumberTable.slot(key, mask)
    while keys[slot] != 0 {
      if keys[slot] == key { return values[slot] }
      slot = (slot + 1) & mask
    }
    return -1
  }

  /// Gives a number to a key that has none.
  package mutating func insert(_ key: UInt64, _ value: Int32) {
    if (count + 1) * 2 > keys.count { grow() }
    let mask = keys.count - 1
    var slot = NumberTable.slot(key, mask)
    while keys[slot] != 0 { slot = (slot + 1) & mask }
    keys[slot] = key
    values[slot] = value
    count += 1
  }

  private mutating func grow() {
    let old = (keys, values)
    keys = Array(repeating: 0, count: old.0.count * 2)
    values = Array(repeating: 0, count: old.0.count * 2)
    let mask = keys.count - 1
    for (key, value) in zip(old.0, old.1) where key != 0 {
      var slot = NumberTable.slot(key, mask)
      while keys[slot] != 0 { slot = (slot + 1) & mask }
      keys[slot] = key
      values[slot] = value
    }
  }

  @inlinable static func slot(_ key: UInt64, _ mask: Int) -> Int {
    Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
  }
}
