internal import Model

/// A test without texts to read: of a field that is a symbol of the event, or of an attribute, with
/// constants or by size. Most conditions are one such test; it is judged without a table or a copy.
struct PlainTest: Sendable {
  /// A constant in every form in which a source may write it.
  struct Constant: Sendable {
    var symbol: Symbol
    /// Not a number where it has none, which no number equals.
    var number: Double
    var bool: Bool?
  }

  enum Wanted: Sendable {
    case one(Constant)
    case atLeast(Double)
    case over(Double)
    case atMost(Double)
    case under(Double)
    case exists(Bool)
  }

  enum Place: Sendable {
    case builtIn(EventField)
    case attribute(Symbol)
  }

  var place: Place
  var wanted: Wanted

  /// The truth of an event; nil where a text has to be read.
  @inline(__always)
  func truth(_ event: UnsafePointer<Event>, _ attributes: UnsafeBufferPointer<Attribute>) -> Truth?
  {
    switch place {
    case .builtIn(let field):
      let symbol = event.pointee.value(field)
      if case .exists(let isWanted) = wanted { return Truth(symbol.isPresent == isWanted) }
      return symbol.isPresent ? truth(text: symbol) : .unknown
    case .attribute(let path):
      var found: Truth?
      let start = Int(event.pointee.attributesStart)
      for index in start..<start + Int(event.pointee.attributesCount)
      where attributes[index].path == path {
        if case .exists(let isWanted) = wanted { return Truth(isWanted) }
        guard let truth = truth(attributes[index].value) else { return nil }
        found = max(found ?? .no, truth)
      }
      if let found { return found }
      if case .exists(let isWanted) = wanted { return Truth(!isWanted) }
      return .unknown
    }
  }

  @inline(__always)
  private func truth(_ value: AttributeValue) -> Truth? {
    switch value {
    case .text(let symbol): return truth(text: symbol)
    case .number(let number):
      switch wanted {
      case .one(let constant): return Truth(number == constant.number)
      case .atLeast(let bound): return Truth(number.isFinite && number >= bound)
      case .over(let bound): return Truth(number.isFinite && number > bound)
      case .atMost(let bound): return Truth(number.isFinite && number <= bound)
      case .under(let bound): return Truth(number.isFinite && number < bound)
      case .exists: return nil
      }
    case .bool(let bool):
      switch wanted {
      case .one(let constant): return Truth(bool == constant.bool)
      case .atLeast, .over, .atMost, .under: return .no
      case .exists: return nil
      }
    case .token: return nil
    }
  }

  @inline(__always)
  private func truth(text symbol: Symbol) -> Truth? {
    guard case .one(let constant) = wanted else { return nil }
    return Truth(symbol == constant.symbol)
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
