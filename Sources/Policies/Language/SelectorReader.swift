internal import Documents
internal import Model

/// Reading steps and selectors.
extension PolicyReader {
  static let selectorKeys = ["does", "action", "where", "outcome", "bind", "same", "differs"]
  static let stepKeys = ["id", "gap", "absent", "repeat", "flows"]

  /// `steps`, empty when there are none.
  mutating func readSteps(_ fields: Fields) -> [Step] {
    guard let node = fields.node("steps") else { return [] }
    guard let nodes = node.sequence, !nodes.isEmpty else {
      note(node.place, "`steps` must be a list of steps")
      return []
    }
    var steps: [Step] = []
    for node in nodes {
      let step = readStep(node, after: steps)
      if steps.contains(where: { $0.id == step.id }) {
        note(node["id"]?.place ?? node.place, "step id `\(shown(step.id))` is used twice")
      }
      steps.append(step)
    }
    return steps
  }

  private mutating func readStep(_ node: Node, after earlier: [Step]) -> Step {
    let isFirst = earlier.isEmpty
    let fields = Fields(
      node, of: document, what: "a step", keys: Self.stepKeys + Self.selectorKeys,
      problems: &problems)
    let id = node.mapping == nil ? "" : fields.requiredText("id", problems: &problems)
    let gap = duration("gap", fields)
    if isFirst, gap != nil { note(fields.place(of: "gap"), "the first step has no step before it") }
    var absent: [Selector] = []
    if let node = fields.node("absent") {
      if isFirst {
        note(fields.place(of: "absent"), "the first step has no step before it")
      }
      for element in node.oneOrMany { absent.append(readPlainSelector(element, what: "`absent`")) }
    }
    let flows = fields.node("flows").flatMap { readFlow($0, after: earlier) }
    var repeats = false
    if let node = fields.node("repeat") {
      repeats = true
      if node.text != "any" { note(node.place, "`repeat` must be `any`") }
      if let bind = fields.node("bind") {
        note(bind.place, "a step with `repeat` cannot bind a register")
      }
    }
    let selector = readSelector(fields, binds: true)
    return Step(
      id: id, selector: selector, gapNanoseconds: gap, absent: absent, repeats: repeats,
      flows: flows)
  }

  /// A selector of its own, as in `absent`, `until` and `aggregate`, which cannot bind.
  mutating func readPlainSelector(_ node: Node, what: String) -> Selector {
    let fields = Fields(
      node, of: document, what: what, keys: Self.selectorKeys, problems: &problems)
    return readSelector(fields, binds: false)
  }

  /// The selector part of a mapping that may have other keys too.
  mutating func readSelector(_ fields: Fields, binds: Bool) -> Selector {
    selectorCount += 1
    let does = readDoes(fields)
    let actions = fields.texts("action", problems: &problems)
    var condition = Predicate.always
    if let node = fields.node("where") { condition = readPredicate(node) }
    let hasAny = !does.isEmpty || !actions.isEmpty || fields.node("where") != nil
    if !hasAny, fields.node("does") == nil, fields.node("action") == nil {
      note(fields.place, "a selector needs `does`, `action` or `where`")
    }
    let outcomes = readOutcomes(fields, condition)
    let same = readRegisters("same", fields)
    let differs = readRegisters("differs", fields)
    let bind = readRegisters("bind", fields)
    for (register, place) in same + differs where !registers.contains(register.register) {
      let hint = didYouMean(register.register, among: registers)
      note(place, "register `\(shown(register.register))` is not bound by an earlier step\(hint)")
    }
    for (register, place) in bind {
      if !binds {
        note(place, "only steps can bind registers")
      } else if registers.contains(register.register) {
        note(place, "register `\(shown(register.register))` is bound twice")
      } else {
        registers.append(register.register)
      }
    }
    return Selector(
      does: does, actions: actions, condition: condition, outcomes: outcomes,
      bind: bind.map(\.0), same: same.map(\.0), differs: differs.map(\.0))
  }

  private mutating func readDoes(_ fields: Fields) -> [String] {
    let words = fields.texts("does", problems: &problems)
    let nodes = fields.node("does")?.oneOrMany ?? []
    for (word, node) in zip(words, nodes) {
      let glob = Glob(word)
      if capabilities.contains(where: { glob.matches($0) }) { continue }
      if glob.isLiteral {
        let hint = didYouMean(word, among: capabilities)
        note(node.place, "unknown capability `\(shown(word))`\(hint)")
      } else {
        note(node.place, "no capability matches `\(shown(word))`")
      }
    }
    return words
  }

  private mutating func readOutcomes(_ fields: Fields, _ condition: Predicate) -> [Outcome] {
    guard let node = fields.node("outcome") else {
      return condition.names(.outcome) ? Outcome.allCases : [.allowed]
    }
    var outcomes: [Outcome] = []
    let words = Outcome.allCases.map(\.word)
    for element in node.oneOrMany {
      if element.text == "any" {
        outcomes = Outcome.allCases
      } else if let outcome = Outcome.allCases.first(where: { $0.word == element.text }) {
        outcomes.append(outcome)
      } else {
        let given = element.text ?? element.kindWord
        let hint = didYouMean(given, among: words + ["any"])
        note(
          element.place,
          "`outcome` must be any or some of \(words.joined(separator: ", ")), "
            + "not `\(shown(given))`\(hint)")
      }
    }
    return outcomes
  }

  private mutating func readRegisters(
    _ key: String, _ fields: Fields
  ) -> [(RegisterField, Place)] {
    guard let node = fields.node(key) else { return [] }
    guard let entries = node.mapping else {
      note(node.place, "`\(key)` must be a mapping of register to field, not \(node.kindWord)")
      return []
    }
    var registers: [(RegisterField, Place)] = []
    for entry in entries {
      guard let path = fieldPath(entry.value) else { continue }
      registers.append((RegisterField(register: entry.key, field: path), entry.keyPlace))
    }
    return registers
  }
}

extension Predicate {
  /// Whether a field is tested anywhere in it.
  func names(_ field: FieldPath) -> Bool { fields.contains(field) }

  /// Every field that it tests, in order, with repetitions.
  var fields: [FieldPath] { fields { _ in true } }

  /// Every field of some of its tests, with repetitions.
  func fields(where isMeant: (Test) -> Bool) -> [FieldPath] {
    switch self {
    case .always: return []
    case .all(let parts), .any(let parts): return parts.flatMap { $0.fields(where: isMeant) }
    case .not(let part): return part.fields(where: isMeant)
    case .test(let field, let test):
      guard isMeant(test) else { return [] }
      if case .equalsField(let other) = test { return [field, other] }
      return [field]
    }
  }
}
