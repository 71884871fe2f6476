internal import Model

/// Reads transcripts: each run's request and each call of a tool becomes an event.
final class TranscriptReader {
  private let document = JSONDocument()
  private let fields: ToolCallFields
  private var runsRead = 0
  private var toolsSeen: Set<[String]> = []

  init(_ reading: Reading) { fields = ToolCallFields(reading) }

  /// Reads a run a line.
  func readLines(_ input: InputBytes, _ reading: inout Reading) {
    readRecords(input, .lines, into: &reading) { reading, record in
      switch document.parse(record.bytes) {
      case .failed(let code): reading.refuse(code, record)
      case .value(let root, let repairs):
        reading.noteRepairs(repairs, line: record.line)
        var run = TranscriptRun(keepsResults: fields.keepsResults)
        if root.isArray { add(messages: root, to: &run, line: record.line, &reading) }
        for member in root.members {
          switch member.name {
          case "tools":
            for tool in member.value.elements { run.add(tool: tool, line: record.line) }
          default: add(member: member, to: &run, line: record.line, &reading)
          }
        }
        finish(run, line: record.line, isOnly: false, &reading)
      }
    }
  }

  /// Reads a document: a run, a list of messages, or a list of runs.
  func readDocument(_ input: InputBytes, _ reading: inout Reading) {
    let reader = DocumentReader(input, keys: transcriptLists, limits: reading.limits)
    var run = TranscriptRun(keepsResults: fields.keepsResults)
    loop: while true {
      switch reader.next() {
      case .begin: break
      case .element(let key, let bytes):
        add(element: bytes, key: key, line: reader.number, to: &run, &reading)
      case .member(let name, let bytes):
        if case .value(let value, _) = document.parse(bytes) {
          let member = JSONNode.Member(name: name, value: value)
          add(member: member, to: &run, line: max(1, reader.number), &reading)
        }
      case .tooLarge:
        let flaw = RecordFlaw.tooLong("a record", line: reader.number, limits: reading.limits)
        reading.problem(line: flaw.line, flaw.reason, flaw.consequence)
      case .broken(let reason):
        reading.problem(line: reader.number, reason, "the rest is not read")
      case .finish:
        finish(run, line: reader.number, isOnly: true, &reading)
        run = TranscriptRun(keepsResults: fields.keepsResults)
      case .end: break loop
      }
    }
    finish(run, line: reader.number, isOnly: true, &reading)
  }

  private func add(
    element bytes: UnsafeRawBufferPointer, key: Int, line: Int, to run: inout TranscriptRun,
    _ reading: inout Reading
  ) {
    switch document.parse(bytes) {
    case .failed(let code): reading.problem(line: line, jsonReason(code), "not read")
    case .value(let root, let repairs):
      reading.noteRepairs(repairs, line: line)
      if key == 2 {
        run.add(tool: root, line: line)
      } else if key == 0, root["messages"]?.isArray == true {
        var inner = TranscriptRun(keepsResults: fields.keepsResults)
        for member in root.members {
          switch member.name {
          case "tools": for tool in member.value.elements { inner.add(tool: tool, line: line) }
          default: add(member: member, to: &inner, line: line, &reading)
          }
        }
        finish(inner, line: line, isOnly: false, &reading)
      } else {
        add(message: root, to: &run, line: line, &reading)
      }
    }
  }

  /// Takes a member of a run: messages, under one of their names, or what names the run.
  private func add(
    member: JSONNode.Member, to run: inout TranscriptRun, line: Int, _ reading: inout Reading
  ) {
    let isList = member.value.isArray && transcriptLists.contains(member.name)
    if isList {
      add(messages: member.value, to: &run, line: line, &reading)
    } else if member.name == "values", let messages = member.value["messages"] {
      add(messages: messages, to: &run, line: line, &reading)
    } else {
      run.add(member: member.name, member.value)
    }
  }

  private func add(
    messages: JSONNode, to run: inout TranscriptRun, line: Int, _ reading: inout Reading
  ) {
    for message in messages.elements { add(message: message, to: &run, line: line, &reading) }
  }

  private func add(
    message: JSONNode, to run: inout TranscriptRun, line: Int, _ reading: inout Reading
  ) {
    guard message.isObject else {
      reading.problem(line: line, "a message that is \(message.kindWord)", "not read")
      return
    }
    for flaw in run.add(message: message, line: line) {
      reading.problem(line: line, flaw, "kept as far as it can be")
    }
  }

  /// Makes events and statements of a run.
  private func finish(
    _ run: TranscriptRun, line: Int, isOnly: Bool, _ reading: inout Reading
  ) {
    guard run.messages > 0 || !run.tools.isEmpty else { return }
    runsRead += 1
    let place =
      isOnly && runsRead == 1 ? reading.path : "\(reading.path):\(isOnly ? runsRead : line)"
    let identity = TranscriptIdentity(run, path: reading.path, place: place)
    grant(run, to: identity.agent, &reading)
    // A clock that only some steps have orders nothing: then the transcript's order counts.
    let isTimed =
      !run.calls.isEmpty && run.calls.allSatisfy { $0.time != nil }
      && (run.request == nil || run.request?.time != nil)
    var number: UInt32 = 0
    if !isTimed {
      reading.runs += 1
      number = reading.runs
    }
    let runSymbol = reading.symbols.intern(identity.run)
    func event(_ action: String, order: Int, line: Int, time: Timestamp?) -> Event {
      var event = Event(
        time: isTimed ? time ?? Timestamp(seconds: 0) : Timestamp(seconds: 0), isTimed: isTimed,
        agent: reading.symbols.intern(identity.agent), action: reading.symbols.intern(action),
        position: reading.position(line))
      event.id = reading.symbols.intern("\(identity.run)#\(order)")
      event.order = Int64(order)
      event.run = number
      event.task = runSymbol
      event.session = runSymbol
      if let environment = run.names["environment"] ?? run.names["metadata.environment"] {
        event.environment = reading.symbols.intern(environment)
      }
      return event
    }
    if let request = run.request {
      let made = event("task.request", order: 0, line: request.line, time: request.time)
      fields.addRequest(request.text, &reading)
      fields.keepTokens(line: request.line, &reading)
      addNames(run, &reading)
      reading.append(made)
    }
    let parent =
      run.request == nil ? Symbol.absent : reading.symbols.intern("\(identity.run)#0")
    let handoffs = run.handoffs(of: identity.agent)
    let givers = Dictionary(handoffs.map { ($0.to, $0.from) }, uniquingKeysWith: { one, _ in one })
    let receivers = Dictionary(handoffs.map { ($0.call, $0.to) }, uniquingKeysWith: { $1 })
    for (index, call) in run.calls.enumerated() {
      var made = event(call.tool, order: index + 1, line: call.line, time: call.time)
      made.outcome = call.outcome
      made.parent = parent
      if let agent = call.agent, agent != identity.agent {
        made.agent = reading.symbols.intern(agent)
        made.delegatedBy = reading.symbols.intern(givers[agent] ?? identity.agent)
      }
      made.resource = call.arguments.withUnsafeBufferPointer {
        fields.addArguments($0, tool: call.tool, line: call.line, &reading)
      }
      if let receiver = receivers[index], !made.resource.isPresent {
        made.resource = reading.symbols.intern(receiver)
      }
      if var result = call.result { result.withUTF8 { fields.addResult($0, &reading) } }
      fields.keepTokens(line: call.line, &reading)
      addNames(run, &reading)
      reading.append(made)
    }
  }

  private func grant(_ run: TranscriptRun, to agent: String, _ reading: inout Reading) {
    for tool in run.tools where toolsSeen.insert([agent, tool.name]).inserted {
      tool.grant(to: agent, &reading)
    }
  }

  /// Keeps what the run itself says, where a policy asks for it.
  private func addNames(_ run: TranscriptRun, _ reading: inout Reading) {
    for (name, symbol) in fields.otherWanted {
      guard let value = run.names[name] else { continue }
      reading.attribute(symbol, .text(reading.symbols.intern(value)))
    }
  }
}

/// Who ran, and under which name the run goes.
struct TranscriptIdentity {
  let agent: String
  let run: String

  /// - Parameters:
  ///   - path: The file's path.
  ///   - place: The run's place, unique in the review.
  init(_ run: TranscriptRun, path: String, place: String) {
    let agentNames = [
      "agent", "agent_id", "agent_name", "metadata.agent", "metadata.agent_id", "assistant_id",
      "pipeline_name", "model",
    ]
    let file = path.split(separator: "/").last.map(String.init) ?? path
    let stem = file.split(separator: ".").first.map(String.init) ?? file
    let named = agentNames.lazy.compactMap { run.names[$0] }.first
    // The model is no agent where the messages name one.
    let isNamed = named != nil && named != run.names["model"]
    agent =
      (isNamed ? named : run.authors.first) ?? named ?? run.names["metadata.graph_id"] ?? stem
    let runNames = ["run_id", "conversation_id", "session_id", "thread_id", "trace_id", "id"]
    let name = runNames.lazy.compactMap { run.names[$0] }.first
    // A short id, such as a number in its file, is not the only one of its kind in a review.
    let shortestUnique = 8
    if let name, name.utf8.count >= shortestUnique {
      self.run = name
    } else {
      self.run = name.map { "\(path):\($0)" } ?? place
    }
  }
}
