internal import Model

/// A test of a symbol of the event or of an attribute, as plain values: most conditions are one such
/// test, and it is judged without a table or a copy.
struct PlainTest: Sendable, BitwiseCopyable {
  /// What is wanted of a value.
  enum Kind: UInt8, Sendable {
    case equal, atLeast, over, atMost, under, exists, isMissing
  }

  var kind: Kind
  /// The built-in field's place in the event; -1 for an attribute.
  var offset: Int32 = -1
  /// The attribute's path.
  var path: UInt32 = 0
  /// What is wanted as a symbol.
  var symbol: UInt32 = 0
  /// As a truth value: 0, 1, or 2 for none.
  var bool: UInt8 = 2
  /// As a number, or the bound; not a number where there is none, which no number equals.
  var number: Double = .nan

  /// The truth of an event; nil where a text has to be read.
  @inline(__always)
  func truth(
    _ event: UnsafePointer<Event>, _ attributes: UnsafeBufferPointer<Attribute>
  ) -> Truth? {
    if offset >= 0 {
      let raw = BuiltInField(offset: Int(offset)).raw(of: event)
      if kind == .exists { return Truth(raw != 0) }
      if kind == .isMissing { return Truth(raw == 0) }
      if raw == 0 { return .unknown }
      return truth(raw)
    }
    let start = Int(event.pointee.attributesStart)
    var found: Truth?
    for place in start..<start + Int(event.pointee.attributesCount)
    where attributes[place].path.raw == path {
      if kind == .exists { return .yes }
      if kind == .isMissing { return .no }
      guard let truth = truth(attributes[place].value) else { return nil }
      found = max(found ?? .no, truth)
    }
    if let found { return found }
    switch kind {
    case .exists: return .no
    case .isMissing: return .yes
    default: return .unknown
    }
  }

  @inline(__always)
  private func truth(_ value: AttributeValue) -> Truth? {
    switch value {
    case .text(let symbol): return truth(symbol.raw)
    case .number(let value):
      switch kind {
      case .equal: return Truth(value == number)
      case .atLeast: return Truth(value.isFinite && value >= number)
      case .over: return Truth(value.isFinite && value > number)
      case .atMost: return Truth(value.isFinite && value <= number)
      case .under: return Truth(value.isFinite && value < number)
      case .exists, .isMissing: return nil
      }
    case .bool(let value):
      switch kind {
      case .equal: return Truth(bool == (value ? 1 : 0))
      case .atLeast, .over, .atMost, .under: return .no
      case .exists, .isMissing: return nil
      }
    case .token: return nil
    }
  }

  @inline(__always)
  private func truth(_ raw: UInt32) -> Truth? {
    if kind == .equal { return Truth(raw == symbol) }
    return nil
  }
}

/// What is known of texts already seen: a pattern runs once for each distinct text.
struct TextMemo: Sendable {
  /// The symbol in the upper bits, the answer in the lowest; 0 where a slot is empty.
  private var slots: [UInt64] = Array(repeating: 0, count: 16)
  private var count = 0

  func known(_ symbol: Symbol) -> Bool? {
    let mask = slots.count - 1
    var slot = Self.place(symbol) & mask
    while slots[slot] != 0 {
      if slots[slot] >> 2 == UInt64(symbol.raw) { return slots[slot] & 1 != 0 }
      slot = (slot + 1) & mask
    }
    return nil
  }

  mutating func remember(_ symbol: Symbol, _ answer: Bool) {
    insert(UInt64(symbol.raw) << 2 | 2 | (answer ? 1 : 0))
    count += 1
    guard count * 2 > slots.count else { return }
    let old = slots
    slots = Array(repeating: 0, count: old.count * 2)
    for entry in old where entry != 0 { insert(entry) }
  }

  private mutating func insert(_ entry: UInt64) {
    let mask = slots.count - 1
    var slot = Self.place(Symbol(raw: UInt32(truncatingIfNeeded: entry >> 2))) & mask
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    slots[slot] = entry
  }

  private static func place(_ symbol: Symbol) -> Int {
    Int(truncatingIfNeeded: (UInt64(symbol.raw) &* 0x9E37_79B9_7F4A_7C15) >> 32)
  }
}
