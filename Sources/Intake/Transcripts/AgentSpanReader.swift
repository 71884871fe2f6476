internal import Model

/// Reads traces of OpenAI's Agents SDK, as its processors export them: traces and spans, one a line
/// or in a list, perhaps under `data`.
final class AgentSpanReader {
  private let fields: ToolCallFields
  private var story: SpanStory
  /// Tools by agent, each once.
  private var offered: Set<[String]> = []
  private let handoff: Symbol
  private let scratch = TextScratch()

  init(_ reading: inout Reading) {
    fields = ToolCallFields(reading)
    story = SpanStory(&reading)
    handoff = reading.symbols.intern("handoff")
  }

  /// Reads an input to its end.
  func read(_ input: InputBytes, _ sketch: Sketch, _ reading: inout Reading) {
    readValues(input, transcriptLayout(sketch), into: &reading) { root, line, reading in
      let batch = root["data"].flatMap { $0.isArray ? $0.elements : nil }
      for item in batch ?? [root] { read(item, line: line, &reading) }
    }
    story.flush(&reading, isEnd: true)
    for symbol in story.newAgents {
      var agent = Agent(id: reading.symbols.text(symbol))
      agent.isInInventory = false
      agent.kind = .agent
      reading.agents.append(AgentRecord(agent: agent, rank: .event))
    }
  }

  private func read(_ item: JSONNode, line: Int, _ reading: inout Reading) {
    switch item["object"]?.text {
    case "trace":
      guard let id = item["id"]?.filledText else { return }
      let trace = trace(id, &reading)
      if let group = item["group_id"]?.filledText {
        story.name(trace, reading.symbols.intern(group))
      }
    case "trace.span": read(span: item, line: line, &reading)
    default: reading.problem(line: line, "neither a trace nor a span", "not read")
    }
  }

  private func trace(_ id: String, _ reading: inout Reading) -> Int32 {
    story.trace(reading.linkKey(.trace, id)) { reading.symbols.intern(id) }
  }

  private func read(span item: JSONNode, line: Int, _ reading: inout Reading) {
    guard let trace = item["trace_id"]?.filledText, let id = item["id"]?.filledText,
      let data = item["span_data"]
    else {
      return reading.problem(
        line: line, "a span without `id`, `trace_id` or `span_data`", "not read")
    }
    let name = "\(trace)/\(id)"
    let parent = item["parent_id"]?.filledText.map { reading.linkKey(.span, "\(trace)/\($0)") }
    var found = SpanStory.Span(
      key: reading.linkKey(.span, name), parent: parent ?? 0, trace: self.trace(trace, &reading))
    let type = data["type"]?.text
    switch type {
    case "agent":
      guard let agent = data["name"]?.filledText else { break }
      found.role = .agent
      found.agent = reading.symbols.intern(agent)
      offer(data["tools"], to: agent, line: line, &reading)
    case "function", "handoff":
      found.role = .act
      found.action =
        type == "handoff" ? handoff : reading.symbols.intern(data["name"]?.filledText ?? "function")
    default: break
    }
    // A handoff says itself who handed over, also where the span above it is in no file.
    if type == "handoff", let from = data["from_agent"]?.filledText {
      found.agent = reading.symbols.intern(from)
    }
    if found.role != .other { found.id = reading.symbols.intern(name) }
    let draft = draft(item, data, found, line: line, &reading)
    let place = story.add(found)
    if var draft {
      draft.span = place
      story.add(draft)
    }
    guard type == "generation" || type == "response", let input = data["input"] ?? data["_input"],
      story.isFirstMessage(of: found.trace)
    else { return }
    addRequest(input, item, name, place, line: line, &reading)
  }

  private func event(_ item: JSONNode, line: Int, _ reading: inout Reading) -> Event? {
    let text = item["started_at"]?.text ?? ""
    guard let time = Timestamp(rfc3339: text) else {
      reading.problem(line: line, timeReason(text, name: "started_at"), "not read")
      return nil
    }
    return Event(
      time: time, isTimed: true, agent: .absent, action: .absent, position: reading.position(line))
  }

  private func draft(
    _ item: JSONNode, _ data: JSONNode, _ found: SpanStory.Span, line: Int,
    _ reading: inout Reading
  ) -> SpanStory.Draft? {
    guard found.role != .other, var event = event(item, line: line, &reading) else { return nil }
    event.id = found.id
    event.action = found.action
    if let error = item["error"] {
      var text = error.text ?? JSONWriter.sortedText(error)
      let isDenial = text.withUTF8 { DenialWords.areIn(message: $0, scratch) }
      event.outcome = isDenial ? .denied : .failed
    }
    if found.action == handoff {
      let target = data["to_agent"]?.filledText.map { reading.symbols.intern($0) } ?? .absent
      event.resource = target
      if let from = data["from_agent"]?.filledText {
        story.noteHandoff(found.trace, from: reading.symbols.intern(from), to: target)
      }
    } else if found.role == .act {
      if var input = data["input"].map({ $0.text ?? JSONWriter.sortedText($0) }),
        input.first == "{"
      {
        event.resource = input.withUTF8 {
          fields.addArguments(
            $0, tool: data["name"]?.text ?? "function", line: line, &reading)
        }
      }
      if var output = data["output"].map({ $0.text ?? JSONWriter.sortedText($0) }) {
        output.withUTF8 { fields.addResult($0, &reading) }
      }
    }
    fields.keepTokens(line: line, &reading)
    var draft = SpanStory.Draft(event: event, span: 0)
    draft.attributes = reading.takeAttributes()
    if found.role == .agent { draft.kind = .start }
    return draft
  }

  private func addRequest(
    _ input: JSONNode, _ item: JSONNode, _ name: String, _ place: Int32, line: Int,
    _ reading: inout Reading
  ) {
    var messages = TraceMessages()
    if let text = input.text { messages.add(asked: text) } else { messages.take(input) }
    guard let request = messages.request, var event = event(item, line: line, &reading) else {
      return
    }
    event.id = reading.symbols.intern("\(name)#request")
    fields.addRequest(request, &reading)
    fields.keepTokens(line: line, &reading)
    var draft = SpanStory.Draft(event: event, span: place)
    draft.kind = .request
    draft.attributes = reading.takeAttributes()
    story.add(draft)
  }

  private func offer(
    _ tools: JSONNode?, to agent: String, line: Int, _ reading: inout Reading
  ) {
    for node in tools?.elements ?? [] {
      guard let tool = ListedTool(node, line: line),
        offered.insert([agent, tool.name]).inserted
      else { continue }
      tool.grant(to: agent, &reading)
    }
  }
}
