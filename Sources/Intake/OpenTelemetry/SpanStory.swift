internal import Model

/// The spans of one file, as far as they say who did what for which task.
///
/// A span of a tool's call names neither the agent nor the task: both stand in spans above it, which
/// end later and so are written later. Spans are therefore gathered, a few words of each, and what
/// was done becomes events when the spans above are known.
struct SpanStory {
  /// What a span is.
  enum Role: UInt8 {
    case other
    /// An agent at work; all below it is done by it.
    case agent
    /// A call of a tool, or what else an agent does.
    case act
  }

  /// What is kept of every span.
  struct Span {
    /// The digests of its id and of that of the span above it, 0 for none.
    var key: UInt64
    var parent: UInt64 = 0
    var trace: Int32
    /// The agent and the conversation, where the span itself names them, and its service.
    var agent = Symbol.absent
    var conversation = Symbol.absent
    var service = Symbol.absent
    /// The name of what an agent does.
    var action = Symbol.absent
    /// Its id as an event, or below which its events stand: `TRACE/SPAN`.
    var id = Symbol.absent
    var role = Role.other
    /// Whether it tells what was asked of the agent.
    var hasRequest = false
    /// Whether it called another process, whose spans may lie in another file.
    var isCall = false
  }

  /// A request that the log of a server may have, too.
  struct Request {
    /// The digest of its id.
    var key: UInt64
    var span: Int32
    var start: Int64
    var end: Int64
    var outcome: Outcome
  }

  /// What is kept of every trace.
  struct Trace {
    var id: Symbol
    var conversation = Symbol.absent
    var agent = Symbol.absent
    var hasSeveralAgents = false
    /// Whether an agent's span tells what was asked, and whether a message of another span does.
    var hasRequest = false
    var hasMessage = false
  }

  /// Something that was done, before it is known by whom.
  struct Draft {
    var event: Event
    var attributes: ArraySlice<Attribute> = []
    var span: Int32
    var kind = Kind.act
    /// The digest of trace and call, where the call stands in a message only.
    var call: UInt64 = 0

    enum Kind: UInt8 {
      case act
      /// An agent was asked by a user, or started by another agent.
      case start
      /// A message of the user, of a span that need not be an agent's.
      case request
      /// A call that a message of the model asks for.
      case messageCall
    }
  }

  /// What the spans above one say.
  private struct Above {
    var agent = Symbol.absent
    /// The next other agent.
    var caller = Symbol.absent
    var conversation = Symbol.absent
    var parent = Symbol.absent
    /// Whether a call of the same tool stands between it and its agent.
    var isRepeated = false
  }

  private(set) var spans: [Span] = []
  private(set) var traces: [Trace] = []
  private var spanNumbers = NumberTable()
  private var traceNumbers = NumberTable()
  private var drafts: [Draft] = []
  private var requests: [Request] = []
  /// Who gave its work to an agent in a trace.
  private var handoffs: [UInt64: Symbol] = [:]
  /// Agents in the order in which they first did something.
  private(set) var newAgents: [Symbol] = []
  /// Calls that have a span of their own.
  private var executed: Set<UInt64> = []
  /// The action of a start by another agent.
  private let startAction: Symbol
  private let requestAction: Symbol

  /// So many things done are kept until the spans above them are looked for.
  static let draftsMax = 1 << 18
  /// So far up a span is looked for.
  private static let depthMax = 512

  init(_ reading: inout Reading) {
    startAction = reading.symbols.intern("invoke_agent")
    requestAction = reading.symbols.intern("task.request")
  }

  /// The number of a trace, made when it is new.
  mutating func trace(_ key: UInt64, id: () -> Symbol) -> Int32 {
    let known = traceNumbers[key]
    if known >= 0 { return known }
    let number = Int32(truncatingIfNeeded: traces.count)
    traceNumbers.insert(key, number)
    traces.append(Trace(id: id()))
    return number
  }

  /// Adds a span and gives its number; of two with one id the first is the one that others name.
  mutating func add(_ span: Span) -> Int32 {
    let number = Int32(truncatingIfNeeded: spans.count)
    if spanNumbers[span.key] < 0 { spanNumbers.insert(span.key, number) }
    spans.append(span)
    let trace = Int(span.trace)
    if span.conversation.isPresent, !traces[trace].conversation.isPresent {
      traces[trace].conversation = span.conversation
    }
    if span.agent.isPresent {
      if traces[trace].agent.isPresent, traces[trace].agent != span.agent {
        traces[trace].hasSeveralAgents = true
      }
      traces[trace].agent = span.agent
    }
    if span.hasRequest { traces[trace].hasRequest = true }
    return number
  }

  /// Whether a message of a span is the first of its trace to tell what was asked.
  mutating func isFirstMessage(of trace: Int32) -> Bool {
    let isFirst = !traces[Int(trace)].hasMessage && !traces[Int(trace)].hasRequest
    traces[Int(trace)].hasMessage = true
    return isFirst
  }

  /// Who works in a span; absent where nobody is named.
  func agent(of number: Int32, _ reading: inout Reading) -> Symbol {
    let agent = above(number, &reading).agent
    return agent.isPresent ? agent : spans[Int(number)].service
  }

  /// Names the conversation of a trace, where nothing else did.
  mutating func name(_ trace: Int32, _ conversation: Symbol) {
    if !traces[Int(trace)].conversation.isPresent {
      traces[Int(trace)].conversation = conversation
    }
  }

  /// Notes that an agent gave its work in a trace to another, which then works beside it.
  mutating func noteHandoff(_ trace: Int32, from: Symbol, to: Symbol) {
    guard from.isPresent, to.isPresent, from != to else { return }
    let key = UInt64(UInt32(bitPattern: trace)) << 32 | UInt64(to.raw)
    if handoffs[key] == nil { handoffs[key] = from }
  }

  mutating func add(_ draft: Draft) { drafts.append(draft) }

  mutating func add(_ request: Request) { requests.append(request) }

  /// Whether so much was done that the older half of it should become events.
  var isFull: Bool { drafts.count >= SpanStory.draftsMax }

  /// Notes that a call has a span of its own.
  mutating func noteExecuted(_ call: UInt64) { executed.insert(call) }

  func isExecuted(_ call: UInt64) -> Bool { executed.contains(call) }

  /// Calls that stand in messages only, and have no result yet, by their digests.
  mutating func settle(_ call: UInt64, _ change: (inout Draft) -> Void) {
    guard let index = drafts.lastIndex(where: { $0.kind == .messageCall && $0.call == call })
    else { return }
    change(&drafts[index])
  }

  /// Whether some call of a trace stands in a message only, so far.
  func hasOpenCalls(_ trace: Int32) -> Bool {
    drafts.suffix(64).contains {
      $0.kind == .messageCall && $0.event.outcome == .unknown && !executed.contains($0.call)
        && spans[Int($0.span)].trace == trace
    }
  }

  /// Makes events of all that was done, or of the older half.
  mutating func flush(_ reading: inout Reading, isEnd: Bool) {
    let count = isEnd ? drafts.count : drafts.count / 2
    for draft in drafts[..<count] { append(draft, &reading) }
    drafts.removeSubrange(..<count)
    if isEnd { publish(&reading) }
  }

  private mutating func append(_ draft: Draft, _ reading: inout Reading) {
    if draft.kind == .messageCall, executed.contains(draft.call) { return }
    let span = spans[Int(draft.span)]
    var above = above(draft.span, &reading)
    var event = draft.event
    event.agent = above.agent.isPresent ? above.agent : span.service
    guard event.agent.isPresent else {
      return reading.problem(
        line: Int(event.position.line),
        "neither a span nor one above it names an agent or a service", "not read")
    }
    switch draft.kind {
    case .act, .messageCall:
      if above.isRepeated { return }
    case .request:
      if above.caller.isPresent || traces[Int(span.trace)].hasRequest { return }
      event.action = requestAction
    case .start:
      if above.caller.isPresent {
        // What an agent passes to another is no request of a user.
        event.action = startAction
        event.resource = event.agent
        event.agent = above.caller
        above.caller = caller(of: event.agent, above: draft.span, &reading)
      } else {
        guard span.hasRequest else { return }
        event.action = requestAction
      }
    }
    if event.action != requestAction { event.parent = above.parent }
    if above.caller.isPresent {
      event.delegatedBy = above.caller
    } else if !handoffs.isEmpty {
      let key = UInt64(UInt32(bitPattern: span.trace)) << 32 | UInt64(event.agent.raw)
      event.delegatedBy = handoffs[key] ?? .absent
    }
    event.task = task(of: span, above)
    event.session = traces[Int(span.trace)].id
    if event.action != startAction {
      for attribute in draft.attributes { reading.attribute(attribute.path, attribute.value) }
    }
    if reading.isFirstSight(of: event.agent) { newAgents.append(event.agent) }
    reading.append(event)
  }

  private func task(of span: Span, _ above: Above) -> Symbol {
    let trace = traces[Int(span.trace)]
    if above.conversation.isPresent { return above.conversation }
    return trace.conversation.isPresent ? trace.conversation : trace.id
  }

  /// Looks for what the spans above one say, and itself.
  private func above(_ number: Int32, _ reading: inout Reading) -> Above {
    var above = Above()
    let start = spans[Int(number)]
    var at = Int(number)
    for depth in 0..<SpanStory.depthMax {
      let span = spans[at]
      if !above.conversation.isPresent { above.conversation = span.conversation }
      if depth > 0, !above.parent.isPresent, let id = eventID(at, &reading) { above.parent = id }
      if !above.agent.isPresent {
        let isSame = span.role == .act && start.role == .act && span.action == start.action
        if depth > 0, isSame { above.isRepeated = true }
        above.agent = span.agent
      } else if !above.caller.isPresent, span.agent.isPresent, span.agent != above.agent {
        above.caller = span.agent
      }
      guard span.parent != 0 else { return above }
      let next = Int(spanNumbers[span.parent])
      guard next >= 0, next != at else {
        complete(&above, under: span.parent, &reading)
        return above
      }
      at = next
    }
    return above
  }

  /// Takes from other files what they say of a span that is not in this one.
  private func complete(_ above: inout Above, under key: UInt64, _ reading: inout Reading) {
    guard let links = reading.options.links else { return reading.links.asked.append(key) }
    guard let link = links.link(key) else { return }
    let agent = reading.symbols.intern(link.agent, of: links.texts)
    if !above.agent.isPresent {
      above.agent = agent
    } else if !above.caller.isPresent, agent != above.agent {
      above.caller = agent
    }
    if !above.parent.isPresent {
      above.parent = reading.symbols.intern(link.parent, of: links.texts)
    }
    if !above.conversation.isPresent {
      above.conversation = reading.symbols.intern(link.task, of: links.texts)
    }
  }

  /// The next other agent above the span in which one works; absent where there is none.
  private func caller(of agent: Symbol, above number: Int32, _ reading: inout Reading) -> Symbol {
    var at = Int(number)
    var isPassed = false
    for _ in 0..<SpanStory.depthMax {
      let span = spans[at]
      if span.agent == agent { isPassed = true }
      if isPassed, span.agent.isPresent, span.agent != agent { return span.agent }
      guard span.parent != 0 else { return .absent }
      let next = Int(spanNumbers[span.parent])
      guard next >= 0, next != at else {
        guard isPassed, let links = reading.options.links, let link = links.link(span.parent) else {
          return .absent
        }
        let linked = reading.symbols.intern(link.agent, of: links.texts)
        return linked == agent ? .absent : linked
      }
      at = next
    }
    return .absent
  }

  /// The id under which a span is an event; nil where it becomes none.
  private func eventID(_ at: Int, _ reading: inout Reading) -> Symbol? {
    let span = spans[at]
    guard span.id.isPresent else { return nil }
    switch span.role {
    case .other: return nil
    case .act: return span.id
    case .agent:
      if span.hasRequest { return span.id }
      return caller(of: span.agent, above: Int32(at), &reading).isPresent ? span.id : nil
    }
  }

  /// Says what other sources may want to know: which trace is which task, what lies above spans of
  /// other processes, and which requests were made.
  private func publish(_ reading: inout Reading) {
    guard reading.options.links == nil else { return }
    for trace in traces {
      let task = trace.conversation.isPresent ? trace.conversation : trace.id
      let agent = trace.hasSeveralAgents ? Symbol.absent : trace.agent
      reading.know(.trace, reading.symbols.text(trace.id), TaskLink(task: task, agent: agent))
    }
    for number in spans.indices where spans[number].isCall || spans[number].role != .other {
      reading.know(spans[number].key, link(of: number, &reading))
    }
    for request in requests {
      var link = link(of: Int(request.span), &reading)
      (link.start, link.end, link.outcome) = (request.start, request.end, request.outcome)
      reading.links.knowsRequests = true
      reading.know(request.key, link)
    }
  }

  /// What a span says to what hangs below it in another file.
  private func link(of number: Int, _ reading: inout Reading) -> TaskLink {
    let span = spans[number]
    let above = above(Int32(number), &reading)
    var link = TaskLink(task: task(of: span, above))
    link.agent = above.agent.isPresent ? above.agent : span.service
    link.parent = eventID(number, &reading) ?? above.parent
    return link
  }
}
