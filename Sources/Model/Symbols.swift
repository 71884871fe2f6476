/// An interned text: equal symbols are equal texts within one `Symbols` table.
///
/// `Symbol.absent` (raw 0) says that a field is not there; an empty text is a different symbol.
package struct Symbol: Hashable, Sendable {
  /// The position in the table of texts; 0 is reserved for `absent`.
  package let raw: UInt32

  /// A symbol by its position; only `Symbols` and compact tables make these.
  @inlinable package init(raw: UInt32) { self.raw = raw }

  /// The field is not there.
  package static let absent = Symbol(raw: 0)

  /// Whether the field is there.
  @inlinable package var isPresent: Bool { raw != 0 }
}

/// The table of interned texts, so that the hot path compares integers and never allocates a text.
///
/// Open addressing over UTF-8 bytes in one arena; at most 2^32 - 1 texts.
package struct Symbols: Sendable {
  private var bytes: [UInt8] = []
  private var ends: [Int] = [0]
  private var slots: [UInt32] = Array(repeating: 0, count: 1024)

  /// An empty table, in which only `Symbol.absent` exists.
  package init() {}

  /// The number of texts, `absent` included; raw values are below it.
  package var count: Int { ends.count }

  /// The symbol of a text, made when it is new.
  package mutating func intern(_ text: String) -> Symbol {
    var text = text
    return text.withUTF8 { intern($0) }
  }

  /// The symbol of UTF-8 bytes, made when they are new. The bytes must be valid UTF-8.
  package mutating func intern(_ text: UnsafeBufferPointer<UInt8>) -> Symbol {
    let slot = find(text)
    if slots[slot] != 0 { return Symbol(raw: slots[slot]) }
    bytes.append(contentsOf: text)
    ends.append(bytes.count)
    let raw = UInt32(ends.count - 1)
    slots[slot] = raw
    if ends.count * 2 > slots.count { grow() }
    return Symbol(raw: raw)
  }

  /// The symbol of a text that is already in the table, else nil.
  package func lookup(_ text: String) -> Symbol? {
    var text = text
    let raw = text.withUTF8 { slots[find($0)] }
    return raw == 0 ? nil : Symbol(raw: raw)
  }

  /// The text of a symbol; empty for `absent`.
  package func text(_ symbol: Symbol) -> String {
    guard symbol.isPresent else { return "" }
    let range = ends[Int(symbol.raw) - 1]..<ends[Int(symbol.raw)]
    return String(decoding: bytes[range], as: UTF8.self)
  }

  /// The text of a symbol, or nil for `absent`.
  package func textIfPresent(_ symbol: Symbol) -> String? {
    symbol.isPresent ? text(symbol) : nil
  }

  private func find(_ text: UnsafeBufferPointer<UInt8>) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: Symbols.hash(text)) & mask
    while slots[slot] != 0 {
      let raw = Int(slots[slot])
      let start = ends[raw - 1]
      if ends[raw] - start == text.count, matches(text, at: start) { return slot }
      slot = (slot + 1) & mask
    }
    return slot
  }

  private func matches(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    bytes.withUnsafeBufferPointer { stored in
      for offset in 0..<text.count where stored[start + offset] != text[offset] { return false }
      return true
    }
  }

  private mutating func grow() {
    var larger = [UInt32](repeating: 0, count: slots.count * 2)
    let mask = larger.count - 1
    bytes.withUnsafeBufferPointer { stored in
      for raw in 1..<ends.count {
        let text = UnsafeBufferPointer(rebasing: stored[ends[raw - 1]..<ends[raw]])
        var slot = Int(truncatingIfNeeded: Symbols.hash(text)) & mask
        while larger[slot] != 0 { slot = (slot + 1) & mask }
        larger[slot] = UInt32(raw)
      }
    }
    slots = larger
  }

  /// Eight bytes at a time, multiply and fold: fast on the short ids of audit logs.
  private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var value: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(text.count)
    let raw = UnsafeRawBufferPointer(text)
    var offset = 0
    while offset + 8 <= raw.count {
      value = mix(value ^ raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset += 8
    }
    var tail: UInt64 = 0
    while offset < raw.count {
      tail = (tail << 8) | UInt64(raw[offset])
      offset += 1
    }
    return mix(value ^ tail)
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return product.high ^ product.low
  }
}
