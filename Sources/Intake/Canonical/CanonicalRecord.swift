internal import Model

/// Reads one canonical agent or privilege.
func readCanonicalRecord(
  _ record: Record, _ document: JSONDocument, kind: CanonicalKind, _ reading: inout Reading
) {
  switch document.parse(record.bytes) {
  case .failed(let code): reading.refuse(code, record)
  case .value(let root, let repairs):
    reading.noteRepairs(repairs, line: record.line)
    guard root.isObject else {
      reading.problem(
        line: record.line, "\(root.kindWord) where an object was expected", "not read")
      return
    }
    var fields = RecordFields(root, line: record.line)
    switch kind {
    case .agents: readAgent(&fields, &reading)
    case .privileges: readPrivilege(&fields, &reading)
    case .events: break
    }
  }
}

private func readAgent(_ fields: inout RecordFields, _ reading: inout Reading) {
  guard let id = fields.text("agent", &reading) else {
    reading.problem(line: fields.line, "`agent` is missing", "not read")
    return
  }
  var agent = Agent(id: id)
  agent.position = reading.position(fields.line)
  agent.name = fields.text("name", &reading)
  agent.owner = fields.text("owner", &reading)
  agent.sponsor = fields.text("sponsor", &reading)
  agent.purpose = fields.text("purpose", &reading)
  agent.environment = fields.text("environment", &reading)
  agent.criticality = fields.text("criticality", &reading)
  agent.created = fields.time("created", &reading)
  agent.expires = fields.time("expires", &reading)
  agent.aliases = fields.texts("aliases", &reading)
  agent.mayDelegateTo = fields.texts("mayDelegateTo", &reading)
  agent.attributes = fields.attributes(except: CanonicalColumns.agents, &reading)
  if let word = fields.text("kind", &reading) {
    agent.kind = AgentKind(rawValue: word)
    if agent.kind == nil {
      let words = AgentKind.allCases.map(\.rawValue).joined(separator: ", ")
      reading.problem(
        line: fields.line, "`kind` must be one of \(words), not \(quoted(word))",
        "kept; kind unknown")
    }
  }
  for to in agent.mayDelegateTo {
    reading.trusts.append(
      Trust(from: id, to: to, condition: nil, position: reading.position(fields.line)))
  }
  reading.agents.append(AgentRecord(agent: agent, rank: .inventory))
}

private func readPrivilege(_ fields: inout RecordFields, _ reading: inout Reading) {
  let line = fields.line
  guard let agent = fields.text("agent", &reading) else {
    reading.problem(line: line, "`agent` is missing", "not read")
    return
  }
  let actions = fields.texts("action", &reading)
  guard !actions.isEmpty else {
    reading.problem(line: line, "`action` is missing", "not read")
    return
  }
  guard let effect = Effect(rawValue: fields.text("effect", &reading) ?? "allow") else {
    let word = quoted(fields.text("effect", &reading) ?? "")
    reading.problem(line: line, "`effect` must be allow or deny, not \(word)", "not read")
    return
  }
  let via = fields.text("via", &reading)
  var statement = Statement(
    agent: agent, effect: effect,
    // Without a name it goes by its place, which is known when the pieces are taken together.
    origin: Origin(policy: via ?? "", statement: nil),
    position: reading.position(line))
  statement.actions = actions
  statement.resources = fields.texts("resource", &reading)
  if statement.resources.isEmpty { statement.resources = ["*"] }
  statement.condition = fields.json("condition")
  statement.expires = fields.time("expires", &reading)
  statement.description = fields.text("description", &reading)
  if let annotations = fields.node("annotations") {
    if annotations.isObject {
      statement.annotations = flattened(annotations).sorted { $0.name < $1.name }
    } else {
      fields.wrongType("annotations", "an object", annotations, &reading)
    }
  }
  reading.statements.append(statement)
}

/// The fields of one object, read with their types; mistakes become problems.
struct RecordFields {
  /// The line or number of the record.
  let line: Int
  private let members: [JSONNode.Member]

  init(_ root: JSONNode, line: Int) {
    members = root.members
    self.line = line
  }

  /// The first value of a name that is not null.
  func node(_ name: String) -> JSONNode? {
    guard let value = members.first(where: { $0.name == name })?.value, !value.isNull else {
      return nil
    }
    return value
  }

  /// A text, or a number as text; nil when it is empty.
  func text(_ name: String, _ reading: inout Reading) -> String? {
    guard let node = node(name) else { return nil }
    guard let text = node.scalarText, node.bool == nil else {
      wrongType(name, "text", node, &reading)
      return nil
    }
    return text.isEmpty ? nil : text
  }

  /// A text or a list of texts; empty ones are left out.
  func texts(_ name: String, _ reading: inout Reading) -> [String] {
    guard let node = node(name) else { return [] }
    var found: [String] = []
    for element in node.oneOrMany {
      if let text = element.scalarText, element.bool == nil {
        if !text.isEmpty { found.append(text) }
      } else {
        wrongType(name, "text or a list of texts", element, &reading)
      }
    }
    return found
  }

  /// A time as RFC 3339 with a zone, or integer milliseconds.
  func time(_ name: String, _ reading: inout Reading) -> Timestamp? {
    guard let node = node(name) else { return nil }
    if let text = node.text, let time = Timestamp(rfc3339: text) { return time }
    if let integer = node.number?.integer, let time = Timestamp(milliseconds: integer) {
      return time
    }
    reading.problem(
      line: line, timeReason(node.scalarText ?? node.kindWord, name: name), "taken as absent")
    return nil
  }

  /// A text as it is, or an object as JSON with sorted keys.
  func json(_ name: String) -> String? {
    guard let node = node(name) else { return nil }
    return node.text ?? JSONWriter.sortedText(node)
  }

  /// All other members by their dotted paths, sorted.
  func attributes(except known: [String], _ reading: inout Reading) -> [NamedValue] {
    var found: [NamedValue] = []
    for member in members where !known.contains(member.name) && !member.name.isEmpty {
      found += flattened(member.value, path: member.name)
    }
    if found.count > RecordFields.attributesMax {
      reading.problem(
        line: line, "more than \(RecordFields.attributesMax) further fields", "the rest is not kept"
      )
    }
    return found.prefix(RecordFields.attributesMax).sorted { $0.name < $1.name }
  }

  /// Says that a value is of another type than it must be.
  func wrongType(
    _ name: String, _ expected: String, _ node: JSONNode, _ reading: inout Reading
  ) {
    reading.problem(
      line: line, "`\(name)` must be \(expected), not \(node.kindWord)", "taken as absent")
  }

  private static let attributesMax = 1_000
}

/// The single values inside a value by their dotted paths; elements of lists have the list's path.
func flattened(_ node: JSONNode, path: String = "", depth: Int = 0) -> [NamedValue] {
  guard depth < 16 else { return [] }
  if let text = node.scalarText { return [NamedValue(name: path, value: text)] }
  var found: [NamedValue] = []
  for element in node.elements { found += flattened(element, path: path, depth: depth + 1) }
  for member in node.members {
    let inner = path.isEmpty ? member.name : "\(path).\(member.name)"
    found += flattened(member.value, path: inner, depth: depth + 1)
  }
  return found
}
