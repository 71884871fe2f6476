internal import Model

/// Reads sessions of a coding agent: JSON lines with one message each, as Claude Code keeps them and
/// as its `stream-json` output and Agent SDK give them.
///
/// A sub-agent's messages stand between those of the agent that started it: with the id of the call
/// that did (`parent_tool_use_id`), an agent's id (`agentId`), or on a side chain that begins with
/// the prompt of the call (`isSidechain`, `parentUuid`).
final class SessionReader {
  /// What one agent did in a session.
  private struct Thread {
    var run: TranscriptRun
    /// The id of the call that started it, where the log says it.
    var call: String?
    var agentID: String?
    var isMain: Bool
    /// For each call its number in the file.
    var orders: [Int] = []
  }

  /// One session: its threads, the agent's own first.
  private struct Session {
    var id: String
    var folder: String?
    var threads: [Thread] = []
    var places: [String: Int] = [:]
    /// By the id of a call the id of the agent that it started.
    var startedBy: [String: String] = [:]
    var number: UInt32 = 0
  }

  private let document = JSONDocument()
  private let fields: ToolCallFields
  private var sessions: [Session] = []
  private var sessionPlaces: [String: Int] = [:]
  /// The thread of each message on a side chain, by its id.
  private var chains: [String: String] = [:]
  private var order = 0
  private var offered: Set<[String]> = []

  init(_ reading: Reading) { fields = ToolCallFields(reading) }

  /// Reads an input to its end.
  func read(_ input: InputBytes, _ sketch: Sketch, _ reading: inout Reading) {
    readValues(input, transcriptLayout(sketch), into: &reading) { root, line, reading in
      read(root, line: line, &reading)
    }
    for session in sessions { finish(session, &reading) }
  }

  private func read(_ root: JSONNode, line: Int, _ reading: inout Reading) {
    // Summaries, states of files and the like are no messages.
    guard let id = (root["sessionId"] ?? root["session_id"])?.filledText else { return }
    let place = sessionPlaces[id] ?? sessions.count
    if place == sessions.count {
      sessionPlaces[id] = place
      sessions.append(Session(id: id))
    }
    if let folder = root["cwd"]?.filledText, sessions[place].folder == nil {
      sessions[place].folder = folder
    }
    if root["type"]?.text == "system" {
      for tool in root["tools"]?.elements ?? [] {
        let thread = thread("", in: place)
        sessions[place].threads[thread].run.add(tool: tool, line: line)
      }
    }
    guard let message = root["message"], message.isObject, root["isMeta"]?.bool != true else {
      return
    }
    note(root, message, in: place)
    let key = threadKey(root)
    let thread = thread(key, in: place)
    if let call = root["parent_tool_use_id"]?.filledText {
      sessions[place].threads[thread].call = call
    }
    if let agent = root["agentId"]?.filledText, !key.isEmpty {
      sessions[place].threads[thread].agentID = agent
    }
    let time = root["timestamp"]?.text.flatMap { Timestamp(rfc3339: $0) }
    for flaw in sessions[place].threads[thread].run.add(message: message, line: line, at: time) {
      reading.problem(line: line, flaw, "kept as far as it can be")
    }
    let calls = sessions[place].threads[thread].run.calls.count
    while sessions[place].threads[thread].orders.count < calls {
      order += 1
      sessions[place].threads[thread].orders.append(order)
    }
  }

  /// Notes which agent a call has started, as the result of the call says it.
  private func note(_ root: JSONNode, _ message: JSONNode, in place: Int) {
    guard let agent = root["toolUseResult"]?["agentId"]?.filledText else { return }
    for block in message["content"]?.elements ?? [] {
      if let call = block["tool_use_id"]?.filledText { sessions[place].startedBy[call] = agent }
    }
  }

  /// What tells the threads of a session apart; empty for the agent's own.
  private func threadKey(_ root: JSONNode) -> String {
    if let call = root["parent_tool_use_id"]?.filledText { return "call \(call)" }
    guard root["isSidechain"]?.bool == true else { return "" }
    if let agent = root["agentId"]?.filledText { return "agent \(agent)" }
    let own = root["uuid"]?.filledText ?? ""
    let above = root["parentUuid"]?.filledText
    let chain = above.flatMap { chains[$0] } ?? "chain \(own)"
    chains[own] = chain
    return chain
  }

  private func thread(_ key: String, in place: Int) -> Int {
    if let known = sessions[place].places[key] { return known }
    let number = sessions[place].threads.count
    sessions[place].places[key] = number
    let run = TranscriptRun(keepsResults: fields.keepsResults)
    sessions[place].threads.append(Thread(run: run, isMain: key.isEmpty))
    return number
  }

  /// The agent's name: sessions give it none, so the folder that it works in tells it apart.
  private func agent(of session: Session) -> String {
    let folder = session.folder?.split { $0 == "/" || $0 == "\\" }.last.map(String.init)
    return folder.map { "claude-code:\($0)" } ?? "claude-code"
  }

  private func finish(_ session: Session, _ reading: inout Reading) {
    let agent = agent(of: session)
    let calls = session.threads.flatMap(\.run.calls)
    let isTimed = !calls.isEmpty && calls.allSatisfy { $0.time != nil }
    if !isTimed { reading.runs += 1 }
    var session = session
    session.number = isTimed ? 0 : reading.runs
    let main = session.threads.first { $0.isMain }
    for tool in main?.run.tools ?? [] where offered.insert([agent, tool.name]).inserted {
      tool.grant(to: agent, &reading)
    }
    if let request = main?.run.request {
      var event = event("task.request", agent, session, order: 0, line: request.line, &reading)
      if isTimed { event.time = request.time ?? calls.compactMap(\.time).min() ?? event.time }
      event.id = reading.symbols.intern("\(session.id)#0")
      fields.addRequest(request.text, &reading)
      fields.keepTokens(line: request.line, &reading)
      reading.append(event)
    }
    for thread in session.threads {
      let start = thread.isMain ? nil : start(of: thread, in: session)
      let kind = start.flatMap { self.kind($0.call) }
      let name = thread.isMain ? agent : "\(agent)/\(kind ?? "sub-agent")"
      for (index, call) in thread.run.calls.enumerated() {
        var event = event(
          call.tool, name, session, order: thread.orders[index], line: call.line, &reading)
        if let time = call.time, isTimed { event.time = time }
        event.outcome = call.outcome
        if thread.isMain {
          if main?.run.request != nil { event.parent = reading.symbols.intern("\(session.id)#0") }
        } else {
          event.delegatedBy = reading.symbols.intern(agent)
          if let start { event.parent = reading.symbols.intern("\(session.id)#\(start.order)") }
        }
        event.resource = call.arguments.withUnsafeBufferPointer {
          fields.addArguments($0, tool: call.tool, line: call.line, &reading)
        }
        if var result = call.result { result.withUTF8 { fields.addResult($0, &reading) } }
        fields.keepTokens(line: call.line, &reading)
        reading.append(event)
      }
    }
  }

  private func event(
    _ action: String, _ agent: String, _ session: Session, order: Int, line: Int,
    _ reading: inout Reading
  ) -> Event {
    var event = Event(
      time: Timestamp(seconds: 0), isTimed: session.number == 0,
      agent: reading.symbols.intern(agent), action: reading.symbols.intern(action),
      position: reading.position(line))
    event.id = reading.symbols.intern("\(session.id)#\(order)")
    event.order = Int64(order)
    event.run = session.number
    event.task = reading.symbols.intern(session.id)
    event.session = event.task
    return event
  }

  /// The call that started a thread, and its number.
  private func start(
    of thread: Thread, in session: Session
  ) -> (call: TranscriptRun.Call, order: Int)? {
    for other in session.threads {
      for (index, call) in other.run.calls.enumerated() {
        let isByID = call.id != nil && call.id == thread.call
        let started = call.id.flatMap { session.startedBy[$0] }
        let isByAgent = started != nil && started == thread.agentID
        guard isByID || isByAgent || isPrompt(of: call, thread) else { continue }
        return (call, other.orders[index])
      }
    }
    return nil
  }

  /// Whether a thread without any id begins with the prompt of a call.
  private func isPrompt(of call: TranscriptRun.Call, _ thread: Thread) -> Bool {
    guard thread.call == nil, thread.agentID == nil, let text = thread.run.request?.text,
      case .value(let root, _) = document.parse(call.arguments)
    else { return false }
    return root["prompt"]?.text == text
  }

  /// What kind of agent a call starts.
  private func kind(_ call: TranscriptRun.Call) -> String? {
    guard case .value(let root, _) = document.parse(call.arguments) else { return nil }
    return root["subagent_type"]?.filledText
  }
}
