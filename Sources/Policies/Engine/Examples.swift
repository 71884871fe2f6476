package import Model

/// An example that does not behave as it claims.
package struct ExampleFailure: Sendable, Equatable {
  /// The policy's id.
  package var policy: String
  /// The example's name.
  package var example: String
  /// The line in the policy's file where its events begin.
  package var line: Int
  /// What was expected and what happened, in words.
  package var reason: String
}

/// Runs the examples of a policy; empty when all behave as they claim.
package func runExamples(of policy: Policy, vocabulary: Vocabulary) -> [ExampleFailure] {
  var failures: [ExampleFailure] = []
  for example in policy.examples {
    var trace = ExampleTrace()
    trace.readEvents(example.events)
    if let agents = example.agents { trace.readAgents(agents) }
    let input = trace.input(vocabulary: vocabulary, wanted: wantedAttributes(of: [policy]))
    let evaluation = evaluate([policy], input: input, from: nil, to: nil)
    let realised = evaluation.matches.filter { $0.status == .realised }
    if realised.isEmpty != example.violates { continue }
    let reason: String
    if example.violates {
      let others = evaluation.matches.map { match in
        match.status.rawValue + (match.indeterminateReason.map { " (\($0))" } ?? "")
      }
      let found = others.isEmpty ? "nothing" : others.joined(separator: ", ")
      reason = "expected a violation, found \(found)"
    } else {
      reason = "expected no violation, found \(realised.count)"
    }
    failures.append(
      ExampleFailure(
        policy: policy.id, example: example.name, line: example.line, reason: reason))
  }
  return failures
}

extension ExampleTrace {
  /// The trace as the input of a review. An action that is a capability's name means an action with
  /// exactly that capability.
  ///
  /// - Parameter wanted: What the policies ask for; nil for the values in every field.
  package func input(vocabulary: Vocabulary, wanted: [String]? = nil) -> ReviewInput {
    var vocabulary = vocabulary
    for event in events where vocabulary.meanings[event.action] == nil {
      if vocabulary.capabilities.contains(event.action) {
        vocabulary.meanings[event.action] = ActionMeaning(
          level: .unknown, capabilities: [event.action], origin: .named, takesResource: true)
      } else if let known = vocabulary.catalogued(event.action) {
        vocabulary.meanings[event.action] = known
      }
    }
    var input = ReviewInput(vocabulary: vocabulary)
    let queries = wanted.map { $0.compactMap { TokenQuery(path: $0) } }
    for line in events { add(line, queries ?? ExampleTrace.everyValue(of: line), to: &input) }
    input.table.sort()
    input.agents = agentList()
    return input
  }

  private func add(_ line: Line, _ queries: [TokenQuery], to input: inout ReviewInput) {
    let position = SourcePosition(file: 0, line: Int32(truncatingIfNeeded: line.line + 1))
    var event = Event(
      time: line.time ?? Timestamp(seconds: 0), isTimed: line.time != nil,
      agent: input.symbols.intern(line.agent), action: input.symbols.intern(line.action),
      position: position)
    event.attributesStart = UInt32(truncatingIfNeeded: input.table.attributes.count)
    for field in line.fields {
      switch field.name {
      case "outcome":
        event.outcome = Outcome.allCases.first { $0.word == field.value } ?? .allowed
      case "order": event.order = Int64(field.value) ?? -1
      case "run": event.run = UInt32(field.value) ?? 0
      default: event.set(field, &input)
      }
    }
    for query in queries { addTokens(of: line, query, to: &input) }
    let count = input.table.attributes.count - Int(event.attributesStart)
    event.attributesCount = UInt16(truncatingIfNeeded: count)
    input.table.events.append(event)
    input.tally(event, source: 0)
  }

  /// The values in every field of a line and in those above it.
  private static func everyValue(of line: Line) -> [TokenQuery] {
    var paths: Set<String> = []
    for field in line.fields {
      var path = Substring(field.name)
      while !path.isEmpty {
        paths.insert(String(path))
        path = path.lastIndex(of: ".").map { path[..<$0] } ?? ""
      }
    }
    return paths.sorted().map { TokenQuery(field: $0) }
  }

  /// Keeps the distinctive tokens of a field and of all below it, as intake does.
  private func addTokens(of line: Line, _ query: TokenQuery, to input: inout ReviewInput) {
    let fields = line.fields.filter {
      $0.name == query.field || $0.name.hasPrefix("\(query.field).")
    }
    if fields.isEmpty { return }
    var tokens = Tokens(kinds: query.kinds, isInText: query.isInText)
    var kinds: Set<UInt64> = []
    let words = input.vocabulary.words
    for field in fields {
      if !query.kinds.isDisjoint(with: .values) { tokens.add(field.value) }
      if query.kinds.contains(.instruction) { kinds.formUnion(words.instructions(in: field.value)) }
      if query.kinds.contains(.mention) { kinds.formUnion(words.mentions(in: field.value)) }
    }
    let symbol = input.symbols.intern(query.path)
    for digest in [0] + tokens.distinct() + kinds.sorted() {
      input.table.attributes.append(Attribute(path: symbol, value: .token(digest)))
    }
  }

  private func agentList() -> [Agent] {
    var list: [Agent] = []
    for line in agents where !list.contains(where: { $0.id == line.id }) {
      var agent = Agent(id: line.id)
      for field in line.fields {
        switch field.name {
        case "kind": agent.kind = AgentKind(rawValue: field.value)
        case "name": agent.name = field.value
        case "owner": agent.owner = field.value
        case "sponsor": agent.sponsor = field.value
        case "purpose": agent.purpose = field.value
        case "environment": agent.environment = field.value
        case "criticality": agent.criticality = field.value
        default: agent.attributes.append(NamedValue(name: field.name, value: field.value))
        }
      }
      list.append(agent)
    }
    return list.sorted { $0.id < $1.id }
  }
}

extension Vocabulary {
  /// The meaning of an action of the catalogue, which is sorted by name without case.
  fileprivate func catalogued(_ name: String) -> ActionMeaning? {
    let lowered = name.lowercased()
    var low = 0
    var high = catalogue.count
    while low < high {
      let middle = (low + high) / 2
      if catalogue[middle].name.lowercased() < lowered { low = middle + 1 } else { high = middle }
    }
    guard low < catalogue.count, catalogue[low].name.lowercased() == lowered else { return nil }
    return catalogue[low].meaning
  }
}

extension Event {
  /// Sets a built-in field, or adds an attribute: a number or truth value where the line does not
  /// quote it, a list where it is `[a,b]`.
  fileprivate mutating func set(_ field: ExampleTrace.Field, _ input: inout ReviewInput) {
    let symbol = input.symbols.intern(field.value)
    switch EventField.allCases.first(where: { $0.word == field.name }) {
    case .id: id = symbol
    case .agent: agent = symbol
    case .action: action = symbol
    case .resource: resource = symbol
    case .task: task = symbol
    case .session: session = symbol
    case .actor: actor = symbol
    case .delegatedBy: delegatedBy = symbol
    case .parent: parent = symbol
    case .environment: environment = symbol
    case nil:
      let path = input.symbols.intern(field.name)
      var values = [field.value]
      if !field.isQuoted, field.value.hasPrefix("["), field.value.hasSuffix("]") {
        values = field.value.dropFirst().dropLast().split(separator: ",").map(String.init)
      }
      for text in values {
        let value: AttributeValue
        if !field.isQuoted, Literal.isNumberText(text), let number = Double(text), number.isFinite {
          value = .number(number)
        } else if !field.isQuoted, text == "true" || text == "false" {
          value = .bool(text == "true")
        } else {
          value = .text(input.symbols.intern(text))
        }
        input.table.attributes.append(Attribute(path: path, value: value))
      }
    }
  }
}
