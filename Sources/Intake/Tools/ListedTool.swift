internal import Model

/// A tool that a list offers to an agent: a privilege of it.
struct ListedTool: Sendable {
  var name: String
  var description: String?
  /// What the tool says about itself, sorted by name.
  var annotations: [NamedValue]
  var line: Int

  /// Reads a tool: OpenAI's shape, Anthropic's, the Model Context Protocol's, or its name alone;
  /// nil when it has none.
  init?(_ node: JSONNode, line: Int) {
    let tool = node["function"].flatMap { $0.isObject ? $0 : nil } ?? node
    guard let name = node.filledText ?? tool["name"]?.filledText else { return nil }
    let annotations = tool["annotations"] ?? node["annotations"]
    self.name = name
    self.line = line
    description = tool["description"]?.filledText
    self.annotations = annotations.map { flattened($0).sorted { $0.name < $1.name } } ?? []
  }

  /// Grants the tool to an agent.
  func grant(to agent: String, _ reading: inout Reading) {
    var statement = Statement(
      agent: agent, effect: .allow,
      origin: Origin(policy: "tools of \(reading.path)", statement: name),
      position: reading.position(line))
    statement.actions = [name]
    statement.resources = ["*"]
    statement.description = description
    statement.annotations = annotations
    reading.statements.append(statement)
  }
}
