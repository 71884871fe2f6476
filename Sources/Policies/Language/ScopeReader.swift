internal import Documents
internal import Model

/// Reading `scope`: the bounds that every event stays inside.
extension PolicyReader {
  mutating func readScope(_ fields: Fields) -> Scope? {
    var scope = Scope(
      of: NamedSelector(id: "event", selector: .anything), bind: [], allow: [],
      forbidsWidening: false)
    if let node = fields.node("of") {
      let count = problems.count
      scope.of = readNamed(node, what: "`of`", id: "event", binds: false)
      if problems.count == count { refuseRegisters(node) }
    } else {
      selectorCount += 1
    }
    scope.bind = readBind(fields)
    if let node = fields.node("allow") { scope.allow = readAllow(node) }
    if let word = fields.word("widen", of: ["forbid"], problems: &problems) {
      scope.forbidsWidening = word == "forbid"
    }
    if scope.allow.isEmpty, !scope.forbidsWidening {
      note(fields.place, "a `scope` needs `allow`, `widen: forbid` or both")
    }
    // The key's first event is looked at whatever it does.
    if !scope.bind.isEmpty { selectorCount += 1 }
    return scope
  }

  private mutating func refuseRegisters(_ node: Node) {
    for key in ["same", "differs"] where node[key] != nil {
      note(node[key]?.place ?? node.place, "`of` cannot test registers: use `allow`")
    }
  }

  /// `bind`: registers that the key's first event binds.
  private mutating func readBind(_ fields: Fields) -> [RegisterField] {
    guard let node = fields.node("bind") else { return [] }
    guard let entries = node.mapping else {
      note(node.place, "`bind` must be a mapping of register to field, not \(node.kindWord)")
      return []
    }
    var bound: [RegisterField] = []
    for entry in entries {
      guard let path = fieldPath(entry.value) else { continue }
      registers.append(entry.key)
      bound.append(RegisterField(register: entry.key, field: path))
    }
    return bound
  }

  private mutating func readAllow(_ node: Node) -> [Scope.Allowed] {
    guard let entries = node.mapping, !entries.isEmpty else {
      note(node.place, "`allow` must be a mapping of field to what it may be")
      return []
    }
    var allowed: [Scope.Allowed] = []
    for entry in entries {
      guard let field = fieldPath(entry.key, at: entry.keyPlace) else { continue }
      let bounds = entry.value.oneOrMany.compactMap { readBound($0) }
      if bounds.isEmpty { note(entry.value.place, "`\(shown(entry.key))` allows nothing") }
      allowed.append(Scope.Allowed(field: field, bounds: bounds))
    }
    return allowed
  }

  /// A glob, `{same: register}` or `{field: path}`.
  private mutating func readBound(_ node: Node) -> Scope.Bound? {
    if node.mapping == nil {
      if let text = node.text { return .like(text) }
      note(node.place, "a bound must be a glob, `{same: register}` or `{field: path}`")
      return nil
    }
    let fields = Fields(
      node, of: document, what: "a bound", keys: ["same", "field"], problems: &problems)
    if let register = fields.text("same", problems: &problems) {
      if fields.node("field") != nil { note(node.place, "a bound has one of `same` and `field`") }
      if !registers.contains(register) {
        let hint = didYouMean(register, among: registers)
        note(node.place, "register `\(shown(register))` is not in `bind`\(hint)")
      }
      return .register(register)
    }
    if let field = fields.node("field") { return fieldPath(field).map { .field($0) } }
    note(node.place, "a bound must be a glob, `{same: register}` or `{field: path}`")
    return nil
  }
}

extension Selector {
  /// Every event that was allowed.
  static let anything = Selector(
    does: [], actions: [], condition: .always, outcomes: [.allowed], bind: [], same: [],
    differs: [])
}
