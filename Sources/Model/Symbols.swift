/// An interned text: equal symbols are equal texts within one `Symbols` table.
///
/// `Symbol.absent` (raw 0) says that a field is not there; an empty text is a different symbol.
package struct Symbol: Hashable, Sendable, BitwiseCopyable {
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
  /// The tag of a text above its symbol, 0 where a slot is empty: most texts that are not the
  /// wanted one are told by the tag alone, without a look at their bytes.
  private var slots: [UInt64] = Array(repeating: 0, count: 1024)
  /// A sum over slots that were fetched ahead; it means nothing, but that they are.
  private var fetched: UInt64 = 0

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
    intern(text, Symbols.tag(text))
  }

  private mutating func intern(_ text: UnsafeBufferPointer<UInt8>, _ tag: UInt32) -> Symbol {
    let slot = find(text, tag)
    if slots[slot] != 0 { return Symbol(raw: UInt32(truncatingIfNeeded: slots[slot])) }
    bytes.append(contentsOf: text)
    ends.append(bytes.count)
    let raw = UInt32(ends.count - 1)
    slots[slot] = UInt64(tag) << 32 | UInt64(raw)
    if ends.count * 2 > slots.count { grow() }
    return Symbol(raw: raw)
  }

  /// The symbol of a text that is already in the table, else nil.
  package func lookup(_ text: String) -> Symbol? {
    var text = text
    let entry = text.withUTF8 { slots[find($0, Symbols.tag($0))] }
    return entry == 0 ? nil : Symbol(raw: UInt32(truncatingIfNeeded: entry))
  }

  /// The symbol of UTF-8 bytes that are already in the table, else nil.
  package func lookup(_ text: UnsafeBufferPointer<UInt8>) -> Symbol? {
    let entry = slots[find(text, Symbols.tag(text))]
    return entry == 0 ? nil : Symbol(raw: UInt32(truncatingIfNeeded: entry))
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

  /// Appends the UTF-8 of a symbol's text; nothing for `absent`.
  package func append(_ symbol: Symbol, to text: inout [UInt8]) {
    guard symbol.isPresent else { return }
    text.append(contentsOf: bytes[ends[Int(symbol.raw) - 1]..<ends[Int(symbol.raw)]])
  }

  /// The symbol here of a symbol of another table, made when its text is new.
  package mutating func intern(_ symbol: Symbol, of other: Symbols) -> Symbol {
    guard symbol.isPresent else { return symbol }
    let range = other.ends[Int(symbol.raw) - 1]..<other.ends[Int(symbol.raw)]
    return other.bytes.withUnsafeBufferPointer { intern(UnsafeBufferPointer(rebasing: $0[range])) }
  }

  /// What the table takes in memory, in bytes.
  package var size: Int { bytes.count + (ends.count + slots.count) * 8 }

  /// Interns every text of another table; gives the symbol here by the raw value there.
  package mutating func absorb(_ other: Symbols) -> [Symbol] {
    var renamed: [Symbol] = [.absent]
    renamed.reserveCapacity(other.count)
    other.bytes.withUnsafeBufferPointer { bytes in
      var tags = [UInt32](repeating: 0, count: Symbols.batch)
      var first = 1
      while first < other.count {
        let batch = first..<min(first + Symbols.batch, other.count)
        func text(_ raw: Int) -> UnsafeBufferPointer<UInt8> {
          UnsafeBufferPointer(rebasing: bytes[other.ends[raw - 1]..<other.ends[raw]])
        }
        for raw in batch { tags[raw - first] = Symbols.tag(text(raw)) }
        // The slots lie anywhere in a large table. Looked at together, with nothing that depends on
        // what is there, they are fetched side by side.
        for raw in batch { fetched &+= slots[Int(tags[raw - first]) & (slots.count - 1)] }
        for raw in batch { renamed.append(intern(text(raw), tags[raw - first])) }
        first = batch.upperBound
      }
    }
    return renamed
  }

  private static let batch = 32

  /// The slot that holds a text, or the empty one where it belongs.
  private func find(_ text: UnsafeBufferPointer<UInt8>, _ tag: UInt32) -> Int {
    slots.withUnsafeBufferPointer { slots in
      let mask = slots.count - 1
      var slot = Int(tag) & mask
      while slots[slot] != 0 {
        if UInt32(truncatingIfNeeded: slots[slot] >> 32) == tag,
          isText(UInt32(truncatingIfNeeded: slots[slot]), text)
        {
          return slot
        }
        slot = (slot + 1) & mask
      }
      return slot
    }
  }

  /// Whether a symbol's text is this one, eight bytes at a time.
  private func isText(_ raw: UInt32, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = ends[Int(raw) - 1]
    guard ends[Int(raw)] - start == text.count else { return false }
    return bytes.withUnsafeBytes { stored in
      let wanted = UnsafeRawBufferPointer(text)
      var offset = 0
      while offset + 8 <= wanted.count {
        let mine = stored.loadUnaligned(fromByteOffset: start + offset, as: UInt64.self)
        if mine != wanted.loadUnaligned(fromByteOffset: offset, as: UInt64.self) { return false }
        offset += 8
      }
      while offset < wanted.count {
        if stored[start + offset] != wanted[offset] { return false }
        offset += 1
      }
      return true
    }
  }

  /// Twice the slots; their tags say where each goes, so no text is read again.
  private mutating func grow() {
    var larger = [UInt64](repeating: 0, count: slots.count * 2)
    let mask = larger.count - 1
    for entry in slots where entry != 0 {
      var slot = Int(entry >> 32) & mask
      while larger[slot] != 0 { slot = (slot + 1) & mask }
      larger[slot] = entry
    }
    slots = larger
  }

  /// Eight bytes at a time, multiply and fold: fast on the short ids of audit logs.
  private static func tag(_ text: UnsafeBufferPointer<UInt8>) -> UInt32 {
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
    return UInt32(truncatingIfNeeded: mix(value ^ tail))
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return product.high ^ product.low
  }
}
