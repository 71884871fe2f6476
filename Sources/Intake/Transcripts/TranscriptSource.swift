extension Source {
  /// Transcripts of agents: chat messages with tool calls and their results.
  static let transcript = Source(
    name: "transcript",
    summary:
      "chat messages with tool calls and results (OpenAI, Anthropic), one run a file or a line",
    recognise: { sketch in
      let fitting = sketch.records.filter { TranscriptShape($0) != nil }
      guard let first = fitting.first, fitting.count * 2 >= sketch.records.count else { return nil }
      switch TranscriptShape(first) {
      case .run: return "has `messages` with `role`"
      case .messages: return "is a list of messages with `role`"
      case nil: return nil
      }
    },
    layout: { sketch in
      if case .jsonLines = sketch.form { return .lines }
      return .elements(of: transcriptLists)
    },
    read: { input, sketch, reading in
      let reader = TranscriptReader(reading)
      if case .jsonLines = sketch.form {
        reader.readLines(input, &reading)
      } else {
        reader.readDocument(input, &reading)
      }
    })
}

/// The members of a run that are read element by element.
let transcriptLists = ["messages", "tools"]

/// The shapes in which a run comes.
enum TranscriptShape {
  /// An object with `messages`.
  case run
  /// The messages alone.
  case messages

  init?(_ record: JSONSketch) {
    if record.has("messages", .array), record.has("messages.role", .text) {
      self = .run
    } else if record.isList, record.has("role", .text),
      record.has("content") || record.has("tool_calls")
    {
      self = .messages
    } else {
      return nil
    }
  }
}
