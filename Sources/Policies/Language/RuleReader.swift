internal import Documents
internal import Model

/// Reading what a policy says, by kind.
extension PolicyReader {
  /// The keys of each kind beside those that all have.
  static let kindKeys: [(kind: String, keys: [String])] = [
    ("forbid", ["steps", "within", "until"]),
    ("limit", ["steps", "aggregate", "within", "until"]),
    ("require", ["before", "needs", "after", "then", "within", "until"]),
    ("order", ["start", "states", "accept", "otherwise", "until"]),
    ("scope", ["of", "bind", "allow", "widen"]),
  ]

  /// The keys of all kinds, each once.
  static let allKindKeys: [String] = {
    var keys: [String] = []
    for kind in kindKeys {
      for key in kind.keys where !keys.contains(key) { keys.append(key) }
    }
    return keys
  }()

  mutating func readRule(kind: String?, _ fields: Fields) -> Rule? {
    guard let kind, let own = Self.kindKeys.first(where: { $0.kind == kind }) else { return nil }
    for key in Self.allKindKeys where fields.node(key) != nil && !own.keys.contains(key) {
      let owners = Self.kindKeys.filter { $0.keys.contains(key) }.map { "`\($0.kind)`" }
      note(
        fields.place(of: key),
        "`\(key)` belongs to kind \(owners.joined(separator: " and ")), not `\(kind)`")
    }
    if kind != "forbid", kind != "limit" { refuseUses(fields) }
    switch kind {
    case "limit": return readLimit(fields).map { .limit($0) }
    case "require": return readRequirement(fields).map { .require($0) }
    case "order": return readOrder(fields).map { .order($0) }
    case "scope": return readScope(fields).map { .scope($0) }
    default:
      let steps = readSteps(fields)
      if fields.node("steps") == nil { note(fields.place, "`steps` is missing") }
      return steps.isEmpty ? nil : .forbid(steps)
    }
  }

  private mutating func readLimit(_ fields: Fields) -> Limit? {
    let steps = readSteps(fields)
    guard let node = fields.node("aggregate") else {
      note(fields.place, "a `limit` needs an `aggregate`")
      return nil
    }
    return readAggregate(node, steps: steps)
  }

  private mutating func refuseUses(_ fields: Fields) {
    for element in fields.node("unless")?.oneOrMany ?? [] {
      guard let uses = element["uses"] else { continue }
      note(uses.place, "`uses` is for kinds `forbid` and `limit`")
    }
  }

  /// `before` and `needs`, or `after` and `then`.
  private mutating func readRequirement(_ fields: Fields) -> Requirement? {
    let isPrecondition = fields.node("before") != nil || fields.node("needs") != nil
    let isObligation = fields.node("after") != nil || fields.node("then") != nil
    guard isPrecondition != isObligation else {
      note(
        fields.place,
        "a `require` has either `before` and `needs`, or `after` and `then` with `within`")
      return nil
    }
    let words = isPrecondition ? ("before", "needs") : ("after", "then")
    guard let first = fields.node(words.0), let second = fields.node(words.1) else {
      let missing = fields.node(words.0) == nil ? words : (words.1, words.0)
      note(fields.place, "`\(missing.0)` is missing: it belongs to `\(missing.1)`")
      return nil
    }
    if isObligation, fields.node("within") == nil {
      note(first.place, "`after` and `then` need `within`: without it nothing is ever overdue")
    }
    let trigger = readNamed(first, what: "`\(words.0)`", id: words.0, binds: true)
    var needed: [NamedSelector] = []
    for element in second.oneOrMany {
      let id = needed.first?.id ?? words.1
      needed.append(readNamed(element, what: "`\(words.1)`", id: id, binds: false))
    }
    if needed.isEmpty { note(second.place, "`\(words.1)` needs at least one selector") }
    for other in needed.dropFirst() where other.id != needed[0].id {
      note(second.place, "the selectors of `\(words.1)` share one `id`")
    }
    if let id = needed.first?.id, id == trigger.id {
      note(second.place, "step id `\(shown(id))` is used twice")
    }
    return Requirement(
      direction: isPrecondition ? .precondition : .obligation, trigger: trigger, needed: needed)
  }

  /// A selector that may have an `id`.
  mutating func readNamed(_ node: Node, what: String, id: String, binds: Bool) -> NamedSelector {
    let fields = Fields(
      node, of: document, what: what, keys: ["id"] + Self.selectorKeys, problems: &problems)
    let given = fields.text("id", problems: &problems)
    return NamedSelector(id: given ?? id, selector: readSelector(fields, binds: binds))
  }

  /// `flows: {from: step, into: field or fields, kinds: [...], standing: text, notIn: task.request}`.
  mutating func readFlow(_ node: Node, after earlier: [Step]) -> Flow? {
    let fields = Fields(
      node, of: document, what: "`flows`",
      keys: ["from", "into", "kinds", "standing", "notIn"], problems: &problems)
    guard node.mapping != nil else { return nil }
    let id = fields.requiredText("from", problems: &problems)
    let from = earlier.firstIndex { $0.id == id }
    if from == nil, !id.isEmpty {
      let hint = didYouMean(id, among: earlier.map(\.id))
      note(fields.place(of: "from"), "no step `\(shown(id))` before this one\(hint)")
    }
    if let from, earlier[from].repeats {
      note(fields.place(of: "from"), "a step with `repeat` cannot be where a value flows from")
    }
    var into: [String] = []
    for element in fields.node("into")?.oneOrMany ?? [] {
      if let path = fieldPath(element) { into.append(path.text) }
    }
    if fields.node("into") == nil {
      note(fields.place, "`into` is missing: the fields that the value flows into")
    }
    if let word = fields.text("notIn", problems: &problems), word != "task.request" {
      note(fields.place(of: "notIn"), "`notIn` must be task.request, not `\(shown(word))`")
    }
    let kinds = readTokenKinds(fields)
    if kinds.contains(.instruction) != into.contains(Flow.action)
      || (kinds.contains(.instruction) && (kinds != .instruction || into.count > 1))
    {
      note(fields.place, "`kinds: [instruction]` and `into: action` go together, and alone")
    }
    if let word = fields.text("standing", problems: &problems), word != "text" {
      note(fields.place(of: "standing"), "`standing` must be text, not `\(shown(word))`")
    }
    guard let from, !into.isEmpty else { return nil }
    return Flow(
      from: from, into: into, isNotInRequest: fields.node("notIn") != nil, kinds: kinds,
      isInText: fields.node("standing") != nil)
  }

  /// `kinds` of a flow: all values unless it says.
  private mutating func readTokenKinds(_ fields: Fields) -> TokenKinds {
    guard fields.node("kinds") != nil else { return .values }
    let known = TokenKinds.words.filter { $0.kind != .mention }
    var kinds: TokenKinds = []
    for word in fields.texts("kinds", problems: &problems) {
      if let kind = known.first(where: { $0.word == word })?.kind {
        kinds.insert(kind)
      } else {
        let hint = didYouMean(word, among: known.map(\.word))
        note(fields.place(of: "kinds"), "unknown kind of value `\(shown(word))`\(hint)")
      }
    }
    if kinds.isEmpty { note(fields.place(of: "kinds"), "`kinds` names no kind of value") }
    return kinds
  }
}
