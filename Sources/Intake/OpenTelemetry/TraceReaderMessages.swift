internal import CSimdjson
internal import Model

extension TraceReader {
  /// Whether some event of a span may hold messages, as the earlier conventions had it.
  func hasMessages(_ span: SequiturSpan, _ document: SequiturSpans) -> Bool {
    for place in Int(span.events.start)..<Int(span.events.start + span.events.count)
    where document.events[place].attributes.count > 0 { return true }
    return false
  }

  /// The messages that stand in the attributes of a span, and in its events.
  func messages(of span: SequiturSpan, _ document: SequiturSpans) -> TraceMessages {
    var messages = TraceMessages()
    take(.inputMessages, in: span.attributes, into: &messages)
    for place in Int(span.events.start)..<Int(span.events.start + span.events.count) {
      let event = document.events[place]
      take(.inputMessages, in: event.attributes, into: &messages)
      guard event.name.bytes.elementsEqual("gen_ai.user.message".utf8) else { continue }
      attributes.forEach(.content, in: event.attributes) { attribute in
        addContent(plain(attribute), to: &messages)
      }
    }
    return messages
  }

  /// Takes the messages of the attributes of a meaning.
  private func take(
    _ meaning: TraceMeaning, in range: SequiturRange, into messages: inout TraceMessages
  ) {
    var taken = messages
    var isOfUser = false
    attributes.forEach(meaning, in: range) { attribute in
      let key = attribute.key.bytes
      // `gen_ai.prompt.0.role` and `gen_ai.prompt.0.content`, in this order.
      if key.count > 0 {
        let name = String(decoding: key, as: UTF8.self)
        if name.hasSuffix(".role") {
          isOfUser = attribute.value.bytes.elementsEqual("user".utf8)
        } else if name.hasSuffix(".content"), isOfUser {
          taken.add(asked: attribute.value.string)
          isOfUser = false
        }
      } else if case .value(let root, _) = json.parse(plain(attribute)) {
        taken.take(root)
      }
    }
    messages = taken
  }

  /// A user's message: a text, or JSON with `content`.
  private func addContent(_ bytes: [UInt8], to messages: inout TraceMessages) {
    if bytes.first == UInt8(ascii: "{"), case .value(let root, _) = json.parse(bytes) {
      messages.add(asked: root["content"]?.text ?? "")
    } else {
      messages.add(asked: String(decoding: bytes, as: UTF8.self))
    }
  }

  /// Takes what the messages of a model's call say: what was asked, where nothing else of the trace
  /// says it, and calls of tools that no span of their own tells of.
  func takeMessages(
    _ span: SequiturSpan, _ place: Int32, _ kind: TraceKind, of document: SequiturSpans, line: Int,
    _ reading: inout Reading
  ) {
    let trace = story.spans[Int(place)].trace
    if kind != .agent, kind != .tool {
      let isAsked = attributes[.inputMessages] != nil || hasMessages(span, document)
      var request: String?
      if isAsked, story.isFirstMessage(of: trace) {
        request = messages(of: span, document).request
      } else if kind == .chain, span.parent.length == 0, let input = attributes.text(.arguments),
        story.isFirstMessage(of: trace)
      {
        request = String(decoding: input, as: UTF8.self)
      }
      if let request { addRequest(request, span, place, of: document, line: line, &reading) }
    }
    guard kind == .chat else { return }
    if story.hasOpenCalls(trace), let input = attributes[.inputMessages] {
      settle(input, trace, &reading)
    }
    guard let output = attributes[.outputMessages] else { return }
    let bytes = plain(output)
    guard bytes.contains(text: "tool_call"), case .value(let root, _) = json.parse(bytes) else {
      return
    }
    var said = TraceMessages()
    said.take(root)
    for call in said.calls { add(call, span, place, of: document, line: line, &reading) }
  }

  private func addRequest(
    _ request: String, _ span: SequiturSpan, _ place: Int32, of document: SequiturSpans, line: Int,
    _ reading: inout Reading
  ) {
    guard var draft = draft(span, of: document, line: line, &reading) else { return }
    draft.kind = .request
    draft.event.outcome = .allowed
    draft.event.id = subID(span, "request", &reading)
    draft.span = place
    fields.addRequest(request, &reading)
    keep(span, document, &reading)
    draft.attributes = reading.takeAttributes()
    story.add(draft)
  }

  /// Notes a call of a tool that stands in a message.
  private func add(
    _ call: TraceMessages.Call, _ span: SequiturSpan, _ place: Int32, of document: SequiturSpans,
    line: Int, _ reading: inout Reading
  ) {
    var id = call.id
    let trace = story.spans[Int(place)].trace
    let key = id.withUTF8 { callKey(trace, $0) }
    guard !story.isExecuted(key), var draft = draft(span, of: document, line: line, &reading) else {
      return
    }
    // The model asks when it has answered.
    if let end = Timestamp(unixNanoseconds: span.end) { draft.event.time = end }
    draft.kind = .messageCall
    draft.call = key
    draft.event.id = subID(span, call.id, &reading)
    draft.event.action = reading.symbols.intern(call.tool)
    draft.event.outcome = .unknown
    draft.span = place
    draft.event.resource = call.arguments.withUnsafeBufferPointer {
      fields.addArguments($0, tool: call.tool, line: line, &reading)
    }
    keep(span, document, &reading)
    draft.attributes = reading.takeAttributes()
    story.add(draft)
  }

  /// Gives the results that a message passes on to their calls.
  private func settle(
    _ input: SequiturAttribute, _ trace: Int32, _ reading: inout Reading
  ) {
    guard case .value(let root, _) = json.parse(plain(input)) else { return }
    var said = TraceMessages()
    said.take(root)
    for answer in said.answers {
      var id = answer.call
      let key = id.withUTF8 { callKey(trace, $0) }
      answer.text.withUnsafeBufferPointer { fields.addResult($0, &reading) }
      fields.keepTokens(line: number, &reading)
      let kept = reading.takeAttributes()
      story.settle(key) { draft in
        draft.event.outcome = .allowed
        draft.attributes += kept
      }
    }
  }

  /// The id of something in a span that is no span: `TRACE/SPAN#NAME`.
  private func subID(_ span: SequiturSpan, _ name: String, _ reading: inout Reading) -> Symbol {
    let own = span.isLog ? span.parent : span.span
    let id = "\(span.trace.string)/\(own.string)".lowercased()
    return reading.symbols.intern("\(id)#\(name)")
  }

  /// A record of a log: the earlier conventions wrote messages so.
  func readLog(
    _ record: SequiturSpan, of document: SequiturSpans, trace: Int32, parent: UInt64, line: Int,
    _ reading: inout Reading
  ) {
    var messages = TraceMessages()
    let isUsers = record.name.bytes.elementsEqual("gen_ai.user.message".utf8)
    if isUsers || attributes.has(.eventName, "gen_ai.user.message") {
      if let body = attributes[.body] ?? attributes[.content] {
        addContent(plain(body), to: &messages)
      }
    }
    take(.inputMessages, in: record.attributes, into: &messages)
    guard let request = messages.request else { return }
    told += 1
    guard story.isFirstMessage(of: trace) else { return }
    var found = SpanStory.Span(key: 0, parent: parent, trace: trace)
    found.key = reading.linkKey(.name, "\(reading.path):\(number)")
    found.service = resource(record, of: document, &reading).service
    found.conversation = attributes.symbol(.conversation, &reading)
    found.agent = agents.agent(attributes, found.service, &reading)
    let place = story.add(found)
    addRequest(request, record, place, of: document, line: line, &reading)
  }
}

extension [UInt8] {
  /// Whether a text stands in the bytes.
  fileprivate func contains(text: StaticString) -> Bool {
    let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    return withUnsafeBytes { bytes in
      guard bytes.count >= wanted.count else { return false }
      return (0...(bytes.count - wanted.count)).contains { start in
        bytes[start] == wanted[0]
          && bytes[start..<start + wanted.count].elementsEqual(wanted)
      }
    }
  }
}
