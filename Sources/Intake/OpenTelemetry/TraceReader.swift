internal import CSimdjson
internal import Model

/// Reads traces of agents: OTLP as JSON, one document or one export request a line.
///
/// What an agent does becomes an event: a call of a tool, a start of another agent, a look into a
/// data source or a memory. What a user asked is the request of the task. Spans between these, of
/// whatever kind, only tie them together.
final class TraceReader {
  private let reader = SpanReader()
  private let json = JSONDocument()
  private let fields: ToolCallFields
  private var attributes: TraceAttributes
  private var story: SpanStory
  private var agents = TraceAgents()
  private var words: TraceWords
  private let scratch = TextScratch()
  /// The service and the environment of each resource of the document, once they were asked for.
  private var resources: [(service: Symbol, environment: Symbol)?] = []
  /// Spans and records of logs so far, in all documents.
  private var number = 0
  private var told = 0

  init(_ reading: inout Reading) {
    fields = ToolCallFields(reading)
    attributes = TraceAttributes(reader, fields.otherWanted)
    story = SpanStory(&reading)
    words = TraceWords(&reading)
  }

  /// Reads one document.
  func read(_ record: Record, _ reading: inout Reading) {
    let result = reader.read(record.bytes)
    guard result.code == Int32(SEQUITUR_JSON_OK.rawValue) else {
      return reading.refuse(result.code, record)
    }
    reading.noteRepairs(result.repairs, line: record.line)
    if result.spans.misfits > 0 {
      let count = result.spans.misfits
      reading.problem(
        line: record.line,
        "\(count) \(count == 1 ? "value is" : "values are") not of the type that OTLP gives it",
        "taken as absent")
    }
    resources.removeAll(keepingCapacity: true)
    for place in 0..<result.spans.count {
      number += 1
      read(result.spans.spans[place], of: result.spans, line: number, &reading)
    }
    if story.isFull { story.flush(&reading, isEnd: false) }
  }

  /// Makes events of all that was read.
  func finish(_ reading: inout Reading) {
    story.flush(&reading, isEnd: true)
    agents.finish(story, &reading)
    if number > 0, told == 0 {
      reading.problem(
        line: 0, "no span says what an agent or a tool did (`gen_ai.operation.name`)",
        "nothing to judge")
    }
  }

  private func read(
    _ span: SequiturSpan, of document: SequiturSpans, line: Int, _ reading: inout Reading
  ) {
    guard span.trace.length > 0, span.isLog || span.span.length > 0 else {
      // Records of logs that belong to no trace are common, and none of a task.
      if span.isLog { return }
      return reading.problem(line: line, "a span without `traceId` or `spanId`", "not read")
    }
    attributes.take(span.attributes, of: document)
    scratch.clear()
    scratch.appendLowercased(span.trace.bytes)
    let traceLength = scratch.count
    let trace = story.trace(reading.linkKey(.trace, scratch.text)) {
      reading.symbols.intern(scratch.text)
    }
    func key(_ id: SequiturText) -> UInt64 {
      scratch.cut(to: traceLength)
      scratch.append("/")
      scratch.appendLowercased(id.bytes)
      return reading.linkKey(.span, scratch.text)
    }
    let parent = span.parent.length > 0 ? key(span.parent) : linked(span, document, reading)
    if span.isLog {
      return readLog(span, of: document, trace: trace, parent: parent, line: line, &reading)
    }
    var found = SpanStory.Span(key: key(span.span), parent: parent, trace: trace)
    found.isCall = span.kind == 3 || span.kind == 4
    let service = resource(span, of: document, &reading).service
    attributes.take(span.attributes, of: document)
    found.service = service
    found.conversation = attributes.symbol(.conversation, &reading)
    let kind = kind(of: span, of: document)
    if kind != .other || attributes[.agentName] != nil || attributes[.agentID] != nil {
      told += 1
    }
    if kind != .create { found.agent = agents.agent(attributes, service, &reading) }
    if kind.isAct || kind == .agent { found.id = reading.symbols.intern(scratch.text) }
    take(span, as: kind, &found, of: document, line: line, &reading)
    noteRequest(span, reading)
  }

  /// The span that a span without another above it is linked to: what runs later, in a trace of its
  /// own, for what an agent did before.
  private func linked(
    _ span: SequiturSpan, _ document: SequiturSpans, _ reading: Reading
  ) -> UInt64 {
    guard span.links.count > 0 else { return 0 }
    let link = document.links[Int(span.links.start)]
    guard link.trace.length > 0, link.span.length > 0 else { return 0 }
    let names = TextScratch()
    names.appendLowercased(link.trace.bytes)
    names.append("/")
    names.appendLowercased(link.span.bytes)
    return reading.linkKey(.span, names.text)
  }

  private func resource(
    _ span: SequiturSpan, of document: SequiturSpans, _ reading: inout Reading
  ) -> (service: Symbol, environment: Symbol) {
    let number = Int(span.resource)
    while resources.count <= number { resources.append(nil) }
    if let known = resources[number] { return known }
    attributes.take(document.resources[number], of: document)
    let made = (
      attributes.symbol(.service, &reading), attributes.symbol(.environment, &reading)
    )
    resources[number] = made
    return made
  }

  /// What a span is, by the first of the conventions that says so.
  private func kind(of span: SequiturSpan, of document: SequiturSpans) -> TraceKind {
    if let operation = attributes.text(.operation) { return TraceKind(operation: operation) }
    if let kind = attributes.text(.otherKind) { return TraceKind(openInference: kind) }
    if let kind = attributes.text(.loopKind) { return TraceKind(traceloop: kind) }
    if let method = attributes.text(.method) {
      // Both sides tell of a call: its caller's counts, and the server's where there is no caller.
      if span.kind == 2, span.parent.length > 0 { return .other }
      if method.elementsEqual("tools/call".utf8) { return .tool }
      return method.elementsEqual("resources/read".utf8) ? .resource : .other
    }
    return attributes.text(.tool) != nil && attributes[.definitions] == nil ? .tool : .other
  }

  private func take(
    _ span: SequiturSpan, as kind: TraceKind, _ found: inout SpanStory.Span,
    of document: SequiturSpans, line: Int, _ reading: inout Reading
  ) {
    var draft: SpanStory.Draft?
    switch kind {
    case .tool, .resource, .create, .data, .memory:
      found.role = .act
      found.action = words.action(kind, attributes, span, &reading)
      guard found.action.isPresent else {
        reading.problem(line: line, "a call of a tool without its name", "not read")
        break
      }
      draft = self.draft(span, of: document, line: line, &reading)
      draft?.event.action = found.action
      draft?.event.resource = takeCall(span, kind, line: line, &reading)
    case .agent:
      found.role = .agent
      draft = self.draft(span, of: document, line: line, &reading)
      draft?.kind = .start
      // In the other conventions what was asked is the span's input.
      let input = attributes.text(.arguments).map { String(decoding: $0, as: UTF8.self) }
      if let request = messages(of: span, document).request ?? input {
        found.hasRequest = true
        fields.addRequest(request, &reading)
      }
    case .chat, .chain: break
    case .other: break
    }
    if draft != nil { keep(span, document, &reading) }
    draft?.attributes = reading.takeAttributes()
    let place = story.add(found)
    if var draft {
      draft.span = place
      draft.event.id = found.id
      story.add(draft)
    }
    if kind == .tool, let call = attributes.text(.call) {
      story.noteExecuted(callKey(found.trace, call, reading))
    }
    if kind == .chat || kind == .chain || hasMessages(span, document) {
      takeMessages(span, place, kind, of: document, line: line, &reading)
    }
    if let definitions = attributes[.definitions] {
      agents.offer(plain(definitions), in: place, line: number)
    }
  }

  /// Keeps what policies ask for and what follows from its tokens.
  private func keep(_ span: SequiturSpan, _ document: SequiturSpans, _ reading: inout Reading) {
    attributes.keepWanted(in: document.resources[Int(span.resource)], &reading)
    attributes.keepWanted(in: span.attributes, &reading)
    fields.keepTokens(line: number, &reading)
  }

  /// An event of a span, as far as it is known; nil where its time is not.
  private func draft(
    _ span: SequiturSpan, of document: SequiturSpans, line: Int, _ reading: inout Reading
  ) -> SpanStory.Draft? {
    guard let time = Timestamp(unixNanoseconds: span.start) else {
      reading.problem(line: line, "a span without `startTimeUnixNano`", "not read")
      return nil
    }
    var event = Event(
      time: time, isTimed: true, agent: .absent, action: .absent,
      position: reading.position(number))
    event.outcome = outcome(span)
    event.environment = resource(span, of: document, &reading).environment
    attributes.take(span.attributes, of: document)
    event.actor = attributes.symbol(.user, &reading)
    return SpanStory.Draft(event: event, span: 0)
  }

  /// How a span ended: an error that names a refusal is a denial.
  private func outcome(_ span: SequiturSpan) -> Outcome {
    let type = attributes.text(.errorType)
    guard span.status == 2 || type != nil else { return .allowed }
    let texts = [type.map { String(decoding: $0, as: UTF8.self) } ?? "", span.message.string]
    return texts.contains(where: TraceWords.isDenial) ? .denied : .failed
  }

  /// Keeps the arguments and the result of a call; gives what it acted on.
  private func takeCall(
    _ span: SequiturSpan, _ kind: TraceKind, line: Int, _ reading: inout Reading
  ) -> Symbol {
    var resource = Symbol.absent
    if let arguments = attributes[.arguments] {
      let json = plain(arguments)
      if json.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") {
        resource = json.withUnsafeBufferPointer { bytes in
          fields.addArguments(
            bytes, tool: attributes.text(.tool).map { String(decoding: $0, as: UTF8.self) } ?? "",
            line: line, &reading)
        }
      }
    }
    if let result = attributes[.result] {
      plain(result).withUnsafeBufferPointer { fields.addResult($0, &reading) }
    }
    let named: Symbol
    switch kind {
    case .resource: named = attributes.symbol(.resourceURI, &reading)
    case .data: named = attributes.symbol(.dataSource, &reading)
    case .memory: named = attributes.symbol(.memoryStore, &reading)
    case .create: named = attributes.symbol(.agentName, &reading)
    default: named = .absent
    }
    return named.isPresent ? named : resource
  }

  /// The value of an attribute: a text as it is, a list or an object as JSON.
  private func plain(_ attribute: SequiturAttribute) -> [UInt8] {
    guard attribute.isStructured else { return Array(attribute.value.bytes) }
    guard case .value(let root, _) = json.parse(UnsafeRawBufferPointer(attribute.value.bytes))
    else { return [] }
    var writer = JSONWriter()
    if UInt32(attribute.type) == SEQUITUR_JSON_OBJECT.rawValue {
      writer.writeList(root)
    } else {
      writer.raw("[")
      for (index, element) in (root["values"]?.elements ?? []).enumerated() {
        if index > 0 { writer.raw(",") }
        writer.writeAny(element)
      }
      writer.raw("]")
    }
    return writer.bytes
  }

  private func callKey(
    _ trace: Int32, _ call: UnsafeBufferPointer<UInt8>, _ reading: Reading
  ) -> UInt64 {
    reading.options.linkDigest.of(call) ^ (UInt64(UInt32(bitPattern: trace)) << 32)
  }

  /// Notes the ids of requests that a span has made.
  private func noteRequest(_ span: SequiturSpan, _ reading: Reading) {
    guard attributes[.request] != nil, reading.options.links == nil else { return }
    let outcome = outcome(span)
    let place = Int32(story.spans.count - 1)
    attributes.forEach(.request, in: span.attributes) { attribute in
      // Header attributes are lists of texts.
      let text = attribute.isStructured ? firstText(attribute) : Array(attribute.value.bytes)
      guard !text.isEmpty else { return }
      let key = text.withUnsafeBufferPointer { reading.linkKey(.request, $0) }
      story.add(
        SpanStory.Request(
          key: key, span: place, start: Int64(clamping: span.start), end: Int64(clamping: span.end),
          outcome: outcome))
    }
  }

  private func firstText(_ attribute: SequiturAttribute) -> [UInt8] {
    guard case .value(let root, _) = json.parse(UnsafeRawBufferPointer(attribute.value.bytes)),
      let text = root["values"]?.elements.first?["stringValue"]?.text
    else { return [] }
    return Array(text.utf8)
  }
}

extension TraceReader {
  /// Whether some event of a span may hold messages, as the earlier conventions had it.
  private func hasMessages(_ span: SequiturSpan, _ document: SequiturSpans) -> Bool {
    for place in Int(span.events.start)..<Int(span.events.start + span.events.count)
    where document.events[place].attributes.count > 0 { return true }
    return false
  }

  /// The messages that stand in the attributes of a span, and in its events.
  private func messages(of span: SequiturSpan, _ document: SequiturSpans) -> TraceMessages {
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
  private func takeMessages(
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
    let key = id.withUTF8 { callKey(trace, $0, reading) }
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
      let key = id.withUTF8 { callKey(trace, $0, reading) }
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
  private func readLog(
    _ record: SequiturSpan, of document: SequiturSpans, trace: Int32, parent: UInt64, line: Int,
    _ reading: inout Reading
  ) {
    let service = resource(record, of: document, &reading).service
    attributes.take(record.attributes, of: document)
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
    found.service = service
    found.conversation = attributes.symbol(.conversation, &reading)
    found.agent = agents.agent(attributes, service, &reading)
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

extension Timestamp {
  /// An instant in nanoseconds since 1970; nil for 0, and from the year 2262 on.
  init?(unixNanoseconds: UInt64) {
    guard unixNanoseconds > 0, let nanoseconds = Int64(exactly: unixNanoseconds) else { return nil }
    var digits: UInt8 = 9
    if nanoseconds % 1_000_000_000 == 0 {
      digits = 0
    } else if nanoseconds % 1_000_000 == 0 {
      digits = 3
    } else if nanoseconds % 1_000 == 0 {
      digits = 6
    }
    self.init(nanoseconds: nanoseconds, fractionDigits: digits)
  }
}
