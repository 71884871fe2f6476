internal import Documents
internal import Model

/// Reading `per` and `delegation`.
extension PolicyReader {
  /// The key, and the delegation that the word `root-task` stands for.
  mutating func readKey(_ fields: Fields) -> ([KeyPart], Delegation?) {
    guard let node = fields.node("per") else {
      note(fields.place, "`per` is missing: the correlation key, for example `task`")
      return ([], nil)
    }
    var parts: [KeyPart] = []
    var delegation: Delegation?
    for element in node.oneOrMany {
      let names: [Node]
      if element.mapping != nil {
        let first = Fields(
          element, of: document, what: "`per`", keys: ["first"], problems: &problems)
        names = first.node("first")?.oneOrMany ?? []
      } else {
        names = [element]
      }
      var paths: [FieldPath] = []
      for name in names {
        if name.text == "root-task" {
          delegation = Delegation(follow: .rootTask, depth: Self.depthDefault)
          paths.append(.event(.task))
        } else if let path = fieldPath(name) {
          paths.append(path)
        }
      }
      if names.isEmpty { note(element.place, "`first` needs at least one field") }
      if !paths.isEmpty { parts.append(KeyPart(firstOf: paths)) }
    }
    if node.sequence?.isEmpty == true { note(node.place, "`per` needs at least one field") }
    return (parts, delegation)
  }

  /// `delegation: {follow: ..., depth: ...}`.
  mutating func readDelegation(_ node: Node, key: [KeyPart]) -> Delegation? {
    let fields = Fields(
      node, of: document, what: "`delegation`", keys: ["follow", "depth"], problems: &problems)
    let words = Delegation.Link.allCases.map(\.rawValue)
    if fields.node("follow") == nil, node.mapping != nil {
      note(node.place, "`follow` is missing: one of \(words.joined(separator: ", "))")
    }
    let word = fields.word("follow", of: words, problems: &problems)
    var depth = Self.depthDefault
    if let number = fields.number("depth", problems: &problems) {
      if let exact = Int(exactly: number), (1...Self.depthMax).contains(exact) {
        depth = exact
      } else {
        note(fields.place(of: "depth"), "`depth` must be a whole number from 1 to \(Self.depthMax)")
      }
    }
    guard let follow = word.flatMap({ Delegation.Link(rawValue: $0) }) else { return nil }
    let paths = key.flatMap(\.firstOf)
    switch follow {
    case .delegatedBy where !paths.contains(.event(.agent)):
      note(node.place, "`follow: delegated-by` needs `agent` in `per`")
    case .rootTask where !paths.contains(.event(.task)):
      note(node.place, "`follow: root-task` needs `task` in `per`")
    case .delegatedBy, .rootTask, .parent:
      break
    }
    return Delegation(follow: follow, depth: depth)
  }

  private static let depthDefault = 8
  private static let depthMax = 64

  /// A field path from a node that must be one text without blanks.
  mutating func fieldPath(_ node: Node) -> FieldPath? {
    guard let text = node.text else {
      note(node.place, "a field must be one name, not \(node.kindWord)")
      return nil
    }
    return fieldPath(text, at: node.place)
  }

  /// A field path from its text.
  mutating func fieldPath(_ text: String, at place: Place) -> FieldPath? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let isPath = text.utf8.count <= 200 && parts.allSatisfy { !$0.isEmpty }
    guard isPath, !text.contains(where: { $0.isWhitespace || $0 == "`" }) else {
      note(place, "`\(shown(text))` is not a field: names joined by dots, for example args.amount")
      return nil
    }
    return FieldPath(text)
  }
}

extension FieldPath {
  /// The field that a policy means by a well-formed path.
  init(_ text: String) {
    if let field = EventField.allCases.first(where: { $0.word == text }) {
      self = .event(field)
    } else if text == "outcome" {
      self = .outcome
    } else if text.hasPrefix("agent.") {
      self = .agent(String(text.dropFirst("agent.".count)))
    } else if text.hasPrefix("task.") {
      self = .task(String(text.dropFirst("task.".count)))
    } else {
      self = .attribute(text)
    }
  }
}
