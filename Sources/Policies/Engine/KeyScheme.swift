internal import Model

/// One way of correlating events, shared by all policies that have it.
///
/// The key of an event is a code of 64 bits: for most schemes its symbols themselves, so that no
/// table of keys is kept; for the others the number of the key in a table made once.
struct KeyScheme: Sendable {
  let parts: [KeyPart]
  let delegation: Delegation?
  private let accesses: [[FieldAccess]]
  private let shape: Shape
  /// The attributes of one part by their place; absent for what is none.
  private let attributes: [Symbol]

  /// Which keys are their own codes.
  private enum Shape {
    /// One part, whose alternatives are built-in fields or attributes as far as an event has one of
    /// them: a byte for each, from the lowest, `attributeField` for an attribute, `generalField` for
    /// any other and 0 after the last.
    case one(UInt64)
    /// Two parts of one built-in field each.
    case pair(BuiltInField, BuiltInField)
    case general
  }

  /// A key's values: which alternative of each part gave it, and the value.
  struct Key: Hashable {
    var fields: [Int] = []
    var values: [AttributeValue] = []
    /// 0 for events with a clock, else the run that bounds them.
    var run: UInt32
  }

  /// The code of an event that lacks a part of the key.
  static let unkeyed: UInt64 = 0
  /// In place of a code: the key has to be looked up in the table of keys.
  static let general = UInt64.max
  /// Marks the codes that are numbers in the table of keys.
  static let numbered: UInt64 = 1 << 63

  init(parts: [KeyPart], delegation: Delegation?, _ fields: inout EventFields) {
    self.parts = parts
    self.delegation = delegation
    let accesses = parts.map { part in part.firstOf.map { fields.access($0) } }
    self.accesses = accesses
    attributes = (accesses.first ?? []).map { access in
      if case .attribute(let path) = access { path } else { .absent }
    }
    if accesses.count == 1, accesses[0].count <= 7 {
      var fields: UInt64 = 0
      for (position, access) in accesses[0].enumerated() {
        var byte = Self.generalField
        if case .builtIn(let field) = access { byte = UInt64(BuiltInField(field).offset) + 1 }
        if case .attribute = access { byte = Self.attributeField }
        fields |= byte << UInt64(8 * position)
      }
      shape = .one(fields)
    } else if accesses.count == 2, accesses[0].count == 1, accesses[1].count == 1,
      case .builtIn(let first) = accesses[0][0], case .builtIn(let second) = accesses[1][0]
    {
      shape = .pair(BuiltInField(first), BuiltInField(second))
    } else {
      shape = .general
    }
  }

  private static let attributeField: UInt64 = 0xFE
  private static let generalField: UInt64 = 0xFF

  /// The code of an event's key, `unkeyed`, or `general`.
  @inline(__always)
  func code(
    of index: Int, _ own: UnsafePointer<Event>, _ columns: EventColumns, _ roots: DelegationRoots
  ) -> UInt64 {
    guard let delegation else {
      return code(of: own, columns, isTimed: own.pointee.isTimed, run: own.pointee.run)
    }
    if delegation.follow == .parent, own.pointee.parent.raw == 0 {
      return code(of: own, columns, isTimed: own.pointee.isTimed, run: own.pointee.run)
    }
    return withUnsafePointer(to: roots.rooted(index, delegation)) {
      code(of: $0, columns, isTimed: own.pointee.isTimed, run: own.pointee.run)
    }
  }

  @inline(__always)
  private func code(
    of event: UnsafePointer<Event>, _ columns: EventColumns, isTimed: Bool, run: UInt32
  ) -> UInt64 {
    switch shape {
    case .one(var fields):
      if !isTimed, run >= 1 << 28 - 1 { return Self.general }
      let bound = isTimed ? 0 : UInt64(run) + 1
      var position: UInt64 = 0
      while fields != 0 {
        if fields & 0xFF == Self.generalField { return Self.general }
        let raw: UInt32
        if fields & 0xFF == Self.attributeField {
          guard let text = columns.text(of: attributes[Int(position)], event) else {
            return Self.general
          }
          raw = text
        } else {
          raw = BuiltInField(offset: Int(fields & 0xFF - 1)).raw(of: event)
        }
        if raw != 0 { return position << 60 | bound << 32 | UInt64(raw) }
        position += 1
        fields >>= 8
      }
      return Self.unkeyed
    case .pair(let first, let second):
      let (left, right) = (first.raw(of: event), second.raw(of: event))
      if left == 0 || right == 0 { return Self.unkeyed }
      if !isTimed || left >= 1 << 31 { return Self.general }
      return UInt64(left) << 32 | UInt64(right)
    case .general: return Self.general
    }
  }

  /// The key of an event; nil when it lacks a part of it.
  func key(of index: Int, _ fields: EventFields, _ roots: DelegationRoots) -> Key? {
    let own = fields.table.events[index]
    let event = delegation.map { roots.rooted(index, $0) } ?? own
    var key = Key(run: own.isTimed ? 0 : own.run &+ 1)
    for alternatives in accesses {
      var found = false
      for (position, access) in alternatives.enumerated() {
        guard let value = fields.values(access, of: event).list.first else { continue }
        key.fields.append(position)
        key.values.append(value)
        found = true
        break
      }
      if !found { return nil }
    }
    return key
  }

  /// The key of an event as texts, each with the field that gave it.
  func named(_ index: Int, _ fields: EventFields, _ roots: DelegationRoots) -> [NamedValue] {
    guard let key = key(of: index, fields, roots) else { return [] }
    return zip(parts, zip(key.fields, key.values)).map { part, given in
      NamedValue(name: part.firstOf[given.0].text, value: fields.texts.text(given.1))
    }
  }
}

/// A built-in field by its place in an event: one load, whichever field it is.
struct BuiltInField: Sendable {
  /// Bytes from the beginning of an event, below 254.
  let offset: Int

  init(offset: Int) { self.offset = offset }

  init(_ field: EventField) {
    let path: KeyPath<Event, Symbol>
    switch field {
    case .id: path = \.id
    case .agent: path = \.agent
    case .action: path = \.action
    case .resource: path = \.resource
    case .task: path = \.task
    case .session: path = \.session
    case .actor: path = \.actor
    case .delegatedBy: path = \.delegatedBy
    case .parent: path = \.parent
    case .environment: path = \.environment
    }
    offset = MemoryLayout<Event>.offset(of: path) ?? 0
  }

  /// The raw symbol of an event; 0 where it lacks the field.
  @inline(__always)
  func raw(of event: UnsafePointer<Event>) -> UInt32 {
    UnsafeRawPointer(event).load(fromByteOffset: offset, as: UInt32.self)
  }
}
