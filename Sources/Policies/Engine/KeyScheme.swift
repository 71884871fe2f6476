internal import Model

/// One way of correlating events, shared by all policies that have it: gives each event the
/// number of its key.
struct KeyScheme {
  let parts: [KeyPart]
  let delegation: Delegation?
  private let accesses: [[FieldAccess]]
  private var simple: [UInt64: Int32] = [:]
  private var general: [KeyValue: Int32] = [:]
  /// The keys by number, for people.
  private(set) var keys: [Key] = []
  private var lastEvent = -1
  private var lastKey: Int32 = -1

  /// A key's values: which alternative of each part gave it, and the value.
  struct Key: Hashable {
    var fields: [Int]
    var values: [AttributeValue]
    /// 0 for events with a clock, else the run that bounds them.
    var run: UInt32
  }

  private typealias KeyValue = Key

  init(parts: [KeyPart], delegation: Delegation?, _ fields: inout EventFields) {
    self.parts = parts
    self.delegation = delegation
    accesses = parts.map { part in part.firstOf.map { fields.access($0) } }
  }

  /// The number of an event's key; nil when the event lacks a part of it.
  mutating func key(
    of index: Int, _ fields: EventFields, _ roots: DelegationRoots
  ) -> Int32? {
    if index == lastEvent { return lastKey < 0 ? nil : lastKey }
    lastEvent = index
    lastKey = number(of: index, fields, roots)
    return lastKey < 0 ? nil : lastKey
  }

  private mutating func number(
    of index: Int, _ fields: EventFields, _ roots: DelegationRoots
  ) -> Int32 {
    let own = fields.table.events[index]
    let event = delegation.map { roots.rooted(index, $0) } ?? own
    let run = own.isTimed ? 0 : own.run &+ 1
    if accesses.count == 1, run == 0 {
      for (position, access) in accesses[0].enumerated() {
        guard case .builtIn(let field) = access else { break }
        let symbol = event.value(field)
        guard symbol.isPresent else { continue }
        let code = UInt64(position) << 32 | UInt64(symbol.raw)
        if let known = simple[code] { return known }
        let made = add(Key(fields: [position], values: [.text(symbol)], run: 0))
        simple[code] = made
        return made
      }
    }
    var key = Key(fields: [], values: [], run: run)
    for alternatives in accesses {
      var found = false
      for (position, access) in alternatives.enumerated() {
        guard let value = fields.values(access, of: event).list.first else { continue }
        key.fields.append(position)
        key.values.append(value)
        found = true
        break
      }
      if !found { return -1 }
    }
    if let known = general[key] { return known }
    return add(key)
  }

  private mutating func add(_ key: Key) -> Int32 {
    let number = Int32(truncatingIfNeeded: keys.count)
    keys.append(key)
    general[key] = number
    return number
  }

  /// The key as texts, each with the field that gave it.
  func named(_ number: Int32, _ texts: Texts) -> [NamedValue] {
    let key = keys[Int(number)]
    return zip(parts, zip(key.fields, key.values)).map { part, given in
      NamedValue(name: part.firstOf[given.0].text, value: texts.text(given.1))
    }
  }
}
