internal import Documents

/// Reading `examples`.
extension PolicyReader {
  mutating func readExamples(_ fields: Fields) -> [Example] {
    guard let node = fields.node("examples") else { return [] }
    guard let nodes = node.sequence else {
      note(node.place, "`examples` must be a list, not \(node.kindWord)")
      return []
    }
    return nodes.compactMap { readExample($0) }
  }

  private mutating func readExample(_ node: Node) -> Example? {
    let fields = Fields(
      node, of: document, what: "an example", keys: ["name", "violates", "events", "agents"],
      problems: &problems)
    guard node.mapping != nil else { return nil }
    let name = fields.requiredText("name", problems: &problems)
    if fields.node("violates") == nil { note(node.place, "`violates` is missing: true or false") }
    let violates = fields.bool("violates", problems: &problems) ?? false
    let events = fields.requiredText("events", problems: &problems)
    let agents = fields.text("agents", problems: &problems)
    guard let eventsNode = fields.node("events"), eventsNode.text != nil else { return nil }
    let line = firstLine(of: eventsNode)
    var trace = ExampleTrace()
    trace.readEvents(events)
    if trace.events.isEmpty, trace.mistakes.isEmpty {
      note(eventsNode.place, "an example needs at least one event")
    }
    noteMistakes(trace.mistakes, from: line)
    if let agents, let agentsNode = fields.node("agents") {
      var trace = ExampleTrace()
      trace.readAgents(agents)
      noteMistakes(trace.mistakes, from: firstLine(of: agentsNode))
    }
    return Example(name: name, violates: violates, events: events, line: line, agents: agents)
  }

  /// The line where a text begins: after the line of the `|` of a block.
  private func firstLine(of node: Node) -> Int {
    let index = node.place.line - 1
    guard document.lines.indices.contains(index) else { return node.place.line }
    let rest = document.lines[index].dropFirst(max(0, node.place.column - 1))
    return rest.hasPrefix("|") || rest.hasPrefix(">") ? node.place.line + 1 : node.place.line
  }

  private mutating func noteMistakes(_ mistakes: [ExampleTrace.Mistake], from line: Int) {
    for mistake in mistakes {
      let number = line + mistake.line
      var column = 1
      if document.lines.indices.contains(number - 1) {
        column = document.lines[number - 1].prefix { $0 == " " || $0 == "\t" }.count + 1
      }
      note(Place(line: number, column: column), mistake.reason)
    }
  }
}
