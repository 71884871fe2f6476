extension Source {
  /// Transcripts of agents: chat messages with tool calls and their results.
  static let transcript = Source(
    name: "transcript",
    summary:
      "messages with tool calls and results: OpenAI, Anthropic, LangChain; sessions; agents' traces",
    recognise: { sketch in
      let fitting = sketch.records.filter { TranscriptShape($0) != nil }
      guard let first = fitting.first, fitting.count * 2 >= sketch.records.count else { return nil }
      switch TranscriptShape(first) {
      case .run: return "has `messages` with `role` or `type`"
      case .messages: return "is a list of messages with `role` or `type`"
      case .items: return "has items of a model's answers with `type`"
      case .session: return "has `message` with `role` in a session"
      case .agentSpans: return "has `trace.span` with `span_data`"
      case nil: return nil
      }
    },
    layout: transcriptLayout,
    read: { input, sketch, reading in
      switch TranscriptShape(sketch) {
      case .session:
        SessionReader(reading).read(input, sketch, &reading)
      case .agentSpans:
        AgentSpanReader(&reading).read(input, sketch, &reading)
      case .run, .messages, .items, nil:
        let reader = TranscriptReader(reading)
        if case .jsonLines = sketch.form {
          reader.readLines(input, &reading)
        } else {
          reader.readDocument(input, &reading)
        }
      }
    })
}

/// The members of a run that are read element by element; the second one are tools.
let transcriptLists = ["messages", "tools", "input", "output", "items", "data"]

/// How the records of a transcript lie. Those of a session and of a trace stand by themselves, but
/// for a batch of spans under `data`.
@Sendable func transcriptLayout(_ sketch: Sketch) -> RecordLayout {
  switch TranscriptShape(sketch) {
  case .session: return sketch.layout(under: nil)
  case .agentSpans:
    let isBatch = sketch.records.first?.has("data", .array) == true
    guard case .jsonDocument = sketch.form, isBatch else { return sketch.layout(under: nil) }
    return .elements(of: ["data"])
  case .run, .messages, .items, nil:
    if case .jsonLines = sketch.form { return .lines }
    // The messages of a thread's state lie too deep to be taken apart: it is one record.
    let isState = sketch.records.first?.has("values.messages", .array) == true
    return isState ? .roots : .elements(of: transcriptLists)
  }
}

/// The shapes in which a run comes.
enum TranscriptShape {
  /// An object with `messages`.
  case run
  /// The messages alone.
  case messages
  /// An answer of a model with its items, or the items of a conversation.
  case items
  /// Lines of a session, each with one message.
  case session
  /// Spans of OpenAI's Agents SDK.
  case agentSpans

  /// The shape of the first record that has one.
  init?(_ sketch: Sketch) {
    guard let shape = sketch.records.lazy.compactMap({ TranscriptShape($0) }).first else {
      return nil
    }
    self = shape
  }

  init?(_ record: JSONSketch) {
    if record.has("span_data.type", .text) && record.has("trace_id", .text)
      || record.has("data.span_data.type", .text) && record.has("data.trace_id", .text)
      || record.texts["object"] == ["trace"] && record.has("workflow_name", .text)
    {
      self = .agentSpans
    } else if TranscriptShape.isSession(record) {
      self = .session
    } else if TranscriptShape.hasMessages(record, under: "messages.")
      || TranscriptShape.hasMessages(record, under: "values.messages.")
    {
      self = .run
    } else if record.isList, TranscriptShape.hasMessages(record, under: "") {
      self = .messages
    } else if ["output.", "items.", "input."].contains(where: {
      TranscriptShape.hasItems(record, under: $0)
    }) {
      self = .items
    } else if record.isList, TranscriptShape.hasItems(record, under: "") {
      self = .messages
    } else {
      return nil
    }
  }

  private static func isSession(_ record: JSONSketch) -> Bool {
    guard record.has("sessionId", .text) || record.has("session_id", .text) else { return false }
    if record.has("message.role", .text), record.has("message.content"), record.has("type", .text) {
      return true
    }
    // What a session begins with.
    let types = record.texts["type"] ?? []
    return types == ["system"] && record.has("subtype", .text) && record.has("cwd", .text)
  }

  private static func hasMessages(_ record: JSONSketch, under path: String) -> Bool {
    if record.has("\(path)role", .text) {
      return !path.isEmpty || record.has("content") || record.has("tool_calls")
    }
    let types = record.texts["\(path)type"] ?? []
    if types.contains("constructor"), record.has("\(path)kwargs.content") { return true }
    guard types.contains(where: { TranscriptMessage.roles[$0] != nil }) else { return false }
    return record.has("\(path)content") || record.has("\(path)data.content")
  }

  private static func hasItems(_ record: JSONSketch, under path: String) -> Bool {
    let types = record.texts["\(path)type"] ?? []
    guard path.isEmpty || record.has(String(path.dropLast()), .array) else { return false }
    return types.contains { $0 == "function_call" || $0 == "function_call_output" }
      || (record.texts["object"] == ["response"] && types.contains("message"))
  }
}
