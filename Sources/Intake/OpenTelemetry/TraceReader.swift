internal import CSimdjson
internal import Model

/// Reads traces of agents: OTLP as JSON, one document or one export request a line.
///
/// What an agent does becomes an event: a call of a tool, a start of another agent, a look into a
/// data source or a memory. What a user asked is the request of the task. Spans between these, of
/// whatever kind, only tie them together.
final class TraceReader {
  private let reader = SpanReader()
  let json = JSONDocument()
  let fields: ToolCallFields
  let attributes: TraceAttributes
  var story: SpanStory
  var agents = TraceAgents()
  private var words: TraceWords
  private let scratch = TextScratch()
  /// Of a link, and of a message in lower case.
  private let otherScratch = TextScratch()
  let digest: IDDigest
  /// The service and the environment of each resource of the document, once they were asked for;
  /// asking for the first time takes the attributes of the resource.
  private var resources: [(service: Symbol, environment: Symbol)?] = []
  /// Spans and records of logs so far, in all documents.
  var number = 0
  /// Spans that say what an agent or a tool did.
  var told = 0

  init(_ reading: inout Reading) {
    digest = reading.options.linkDigest
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
    let service = resource(span, of: document, &reading).service
    attributes.take(span.attributes, of: document)
    scratch.clear()
    scratch.appendLowercased(span.trace.bytes)
    let traceLength = scratch.count
    let trace = story.trace(digest.key(.trace, scratch.text)) {
      reading.symbols.intern(scratch.text)
    }
    func key(_ id: SequiturText) -> UInt64 {
      scratch.cut(to: traceLength)
      scratch.append("/")
      scratch.appendLowercased(id.bytes)
      return digest.key(.span, scratch.text)
    }
    let parent = span.parent.length > 0 ? key(span.parent) : linked(span, document)
    if span.isLog {
      return readLog(span, of: document, trace: trace, parent: parent, line: line, &reading)
    }
    var found = SpanStory.Span(key: key(span.span), parent: parent, trace: trace)
    found.isCall = span.kind == 3 || span.kind == 4
    found.service = service
    found.conversation = attributes.symbol(.conversation, &reading)
    let kind = kind(of: span, of: document)
    if kind != .other || attributes[.agentName] != nil || attributes[.agentID] != nil {
      told += 1
    }
    if kind != .create { found.agent = agents.agent(attributes, service, &reading) }
    if kind.isAct || kind == .agent { found.id = reading.symbols.intern(scratch.text) }
    take(span, as: kind, &found, of: document, line: line, &reading)
    noteRequest(span, &reading)
  }

  /// The span that a span without another above it is linked to: what runs later, in a trace of its
  /// own, for what an agent did before.
  private func linked(_ span: SequiturSpan, _ document: SequiturSpans) -> UInt64 {
    guard span.links.count > 0 else { return 0 }
    let link = document.links[Int(span.links.start)]
    guard link.trace.length > 0, link.span.length > 0 else { return 0 }
    otherScratch.clear()
    otherScratch.appendLowercased(link.trace.bytes)
    otherScratch.append("/")
    otherScratch.appendLowercased(link.span.bytes)
    return digest.key(.span, otherScratch.text)
  }

  func resource(
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
      story.noteExecuted(callKey(found.trace, call))
    }
    if kind == .chat || kind == .chain || hasMessages(span, document) {
      takeMessages(span, place, kind, of: document, line: line, &reading)
    }
    if let definitions = attributes[.definitions] {
      agents.offer(plain(definitions), in: place, line: number)
    }
  }

  /// Keeps what policies ask for and what follows from its tokens.
  func keep(_ span: SequiturSpan, _ document: SequiturSpans, _ reading: inout Reading) {
    attributes.keepWanted(in: document.resources[Int(span.resource)], &reading)
    attributes.keepWanted(in: span.attributes, &reading)
    fields.keepTokens(line: number, &reading)
  }

  /// An event of a span, as far as it is known; nil where its time is not.
  func draft(
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
    event.actor = attributes.symbol(.user, &reading)
    return SpanStory.Draft(event: event, span: 0)
  }

  /// How a span ended: an error that names a refusal is a denial.
  private func outcome(_ span: SequiturSpan) -> Outcome {
    let type = attributes.text(.errorType)
    guard span.status == 2 || type != nil else { return .allowed }
    if let type, DenialWords.areIn(message: type, otherScratch) { return .denied }
    return DenialWords.areIn(message: span.message.bytes, otherScratch) ? .denied : .failed
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
  func plain(_ attribute: SequiturAttribute) -> [UInt8] {
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

  func callKey(_ trace: Int32, _ call: UnsafeBufferPointer<UInt8>) -> UInt64 {
    digest.of(call) ^ (UInt64(UInt32(bitPattern: trace)) << 32)
  }

  /// Notes the ids of requests that a span has made.
  private func noteRequest(_ span: SequiturSpan, _ reading: inout Reading) {
    guard attributes[.request] != nil, reading.options.links == nil else { return }
    let outcome = outcome(span)
    let place = Int32(story.spans.count - 1)
    attributes.forEach(.request, in: span.attributes) { attribute in
      // Header attributes are lists of texts.
      let text = attribute.isStructured ? firstText(attribute) : Array(attribute.value.bytes)
      guard !text.isEmpty else { return }
      let key = text.withUnsafeBufferPointer { digest.key(.request, $0) }
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
