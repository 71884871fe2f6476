internal import Model

/// The texts of the review and, beside them, those that only policies and inventories know.
struct Texts: Sendable {
  private let base: Symbols
  private var added: [String] = []
  private var symbols: [String: Symbol] = [:]

  init(_ base: Symbols) { self.base = base }

  /// The symbol of a text; equal texts have equal symbols, whoever brought them.
  mutating func symbol(_ text: String) -> Symbol {
    if let known = base.lookup(text) ?? symbols[text] { return known }
    let symbol = Symbol(raw: UInt32(truncatingIfNeeded: base.count + added.count))
    added.append(text)
    symbols[text] = symbol
    return symbol
  }

  func text(_ symbol: Symbol) -> String {
    let index = Int(symbol.raw) - base.count
    return index < 0 ? base.text(symbol) : added.indices.contains(index) ? added[index] : ""
  }

  /// A value as text, for patterns and for people.
  func text(_ value: AttributeValue) -> String {
    switch value {
    case .text(let symbol): return text(symbol)
    case .number(let number): return Literal.number(number).text
    case .bool(let bool): return Literal.bool(bool).text
    case .token(let digest): return String(digest, radix: 16)
    }
  }
}

/// The values of one field of one event.
enum Values: Equatable, Sendable {
  case none
  case one(AttributeValue)
  case many([AttributeValue])

  init(_ values: [AttributeValue]) {
    switch values.count {
    case 0: self = .none
    case 1: self = .one(values[0])
    default: self = .many(values)
    }
  }

  var isNone: Bool {
    if case .none = self { return true }
    return false
  }

  var list: [AttributeValue] {
    switch self {
    case .none: return []
    case .one(let value): return [value]
    case .many(let values): return values
    }
  }

  func contains(where isWanted: (AttributeValue) -> Bool) -> Bool {
    switch self {
    case .none: return false
    case .one(let value): return isWanted(value)
    case .many(let values): return values.contains(where: isWanted)
    }
  }
}

/// A field path resolved against one review.
enum FieldAccess: Hashable, Sendable {
  case builtIn(EventField)
  case outcome
  case attribute(Symbol)
  /// The index of a column of agent values.
  case agent(Int)
  /// The index of a field of the request of the event's task.
  case task(Int)
  /// The index of a set of token fields.
  case tokens(Int)
  /// The index of a set of paths, any of which says that a field is there.
  case presence(Int)
}

/// Reads the fields of events and of their agents.
struct EventFields: Sendable {
  let table: EventTable
  let facts: TableFacts
  var texts: Texts
  private let agents: [Agent]
  private var agentPaths: [String] = []
  /// For each agent path: the values by the agent's symbol.
  private var agentColumns: [[Symbol: Values]] = []
  private var outcomes: [AttributeValue] = []
  private let vocabulary: Vocabulary
  /// The requests of tasks, found when a policy first asks for a field of one.
  private var requests: TaskRequests?
  private var taskAccesses: [FieldAccess] = []
  private var tokenFields: [TokenField] = []
  /// By field: the paths under which its tokens are kept, which say that it is there.
  private var tokenPaths: [String: [Symbol]] = [:]
  private var presences: [[Symbol]] = []
  /// The kinds of each action of the review, found when a policy first asks for them.
  private var actionKinds: [Symbol: [UInt64]] = [:]
  /// Agents' other names, to their ids.
  private var identities: [Symbol: Symbol] = [:]

  /// - Parameter wanted: What was asked of intake.
  init(_ input: ReviewInput, wanted: [String]) {
    table = input.table
    facts = TableFacts(input)
    vocabulary = input.vocabulary
    texts = Texts(input.symbols)
    for path in wanted {
      guard let query = TokenQuery(path: path) else { continue }
      tokenPaths[query.field, default: []].append(texts.symbol(path))
    }
    agents = input.agents
    for agent in agents {
      for alias in agent.aliases {
        guard let symbol = input.symbols.lookup(alias) else { continue }
        identities[symbol] = texts.symbol(agent.id)
      }
    }
    outcomes = Outcome.allCases.map { .text(texts.symbol($0.word)) }
  }

  mutating func access(_ path: FieldPath) -> FieldAccess {
    switch path {
    case .event(let field): return .builtIn(field)
    case .outcome: return .outcome
    case .attribute(let path): return .attribute(texts.symbol(path))
    case .agent(let path):
      if let index = agentPaths.firstIndex(of: path) { return .agent(index) }
      var column: [Symbol: Values] = [:]
      for agent in agents {
        let values = Values(agent.texts(path).map { .text(texts.symbol($0)) })
        if !values.isNone { column[texts.symbol(agent.id)] = values }
      }
      agentPaths.append(path)
      agentColumns.append(column)
      return .agent(agentPaths.count - 1)
    case .task(let path):
      findRequests()
      let own = access(FieldPath(path))
      if let index = taskAccesses.firstIndex(of: own) { return .task(index) }
      taskAccesses.append(own)
      return .task(taskAccesses.count - 1)
    }
  }

  /// Whether a field is there, which its tokens tell where its content is not kept.
  mutating func presence(_ path: FieldPath) -> FieldAccess {
    guard case .attribute(let name) = path, let paths = tokenPaths[name] else {
      return access(path)
    }
    presences.append([texts.symbol(name)] + paths)
    return .presence(presences.count - 1)
  }

  /// Finds the requests of all tasks, once.
  mutating func findRequests() {
    if requests == nil { requests = TaskRequests(table, facts) }
  }

  /// The index of the request of an event's task; nil when the log does not hold it.
  func request(of event: Event) -> Int? { requests?.request(of: event.task) }

  /// The distinctive tokens of a step's result.
  mutating func tokens(ofResultOf flow: Flow) -> FieldAccess {
    tokens(TokenField(paths: [texts.symbol(flow.resultPath)], part: .all))
  }

  /// The distinctive tokens of the fields that a value flows into; of an instruction, what the
  /// action is.
  mutating func tokens(
    intoWhich flow: Flow, _ part: TokenField.Part
  ) -> FieldAccess {
    if flow.isInstruction, actionKinds.isEmpty {
      for (action, meaning) in vocabulary.meanings {
        actionKinds[texts.symbol(action)] = vocabulary.words.kinds(of: action, meaning)
      }
    }
    if part != .all {
      findRequests()
      requests?.findTokens(table, flow.requestPaths.map { texts.symbol($0) })
    }
    return tokens(TokenField(paths: flow.intoPaths.map { texts.symbol($0) }, part: part))
  }

  private mutating func tokens(_ field: TokenField) -> FieldAccess {
    if let index = tokenFields.firstIndex(of: field) { return .tokens(index) }
    tokenFields.append(field)
    return .tokens(tokenFields.count - 1)
  }

  func values(_ access: FieldAccess, of event: Event) -> Values {
    switch access {
    case .builtIn(let field):
      let symbol = event.value(field)
      return symbol.isPresent ? .one(.text(symbol)) : .none
    case .outcome:
      return .one(outcomes[Int(event.outcome.rawValue)])
    case .attribute(let path):
      return attributes(path, of: event)
    case .agent(let column):
      return agentColumns[column][event.agent] ?? .none
    case .task(let index):
      guard let request = request(of: event) else { return .none }
      return values(taskAccesses[index], of: table.events[request])
    case .presence(let index):
      let isThere = table.attributes(of: event).contains { presences[index].contains($0.path) }
      return isThere ? .one(.bool(true)) : .none
    case .tokens(let index):
      let field = tokenFields[index]
      let request = { requests?.tokens(ofTask: event.task) }
      guard !field.paths.isEmpty else {
        return field.values(of: actionKinds[event.action] ?? [], request: request)
      }
      return field.values(of: table.attributes(of: event), request: request)
    }
  }

  /// The most values that a field has: of an agent, of any of them; of an event, 1.
  func valuesMax(_ access: FieldAccess) -> Int {
    switch access {
    case .agent(let column): return agentColumns[column].values.reduce(1) { max($0, $1.list.count) }
    case .task: return table.attributes.count
    case .builtIn, .outcome, .attribute, .tokens, .presence: return 1
    }
  }

  /// The values to compare with those of another field: an agent's other name is the agent. A log
  /// says `role/ops` where it names a resource, and the inventory calls the same identity `ops`.
  func identities(_ access: FieldAccess, of event: Event) -> Values {
    let values = values(access, of: event)
    if identities.isEmpty { return values }
    switch values {
    case .none: return .none
    case .one(let value): return .one(identity(value))
    case .many(let list): return .many(list.map(identity))
    }
  }

  private func identity(_ value: AttributeValue) -> AttributeValue {
    guard case .text(let symbol) = value, let known = identities[symbol] else { return value }
    return .text(known)
  }

  private func attributes(_ path: Symbol, of event: Event) -> Values {
    var first: AttributeValue?
    var more: [AttributeValue] = []
    let start = Int(event.attributesStart)
    table.attributes.withUnsafeBufferPointer { all in
      for index in start..<start + Int(event.attributesCount) where all[index].path == path {
        guard let known = first else {
          first = all[index].value
          continue
        }
        if more.isEmpty { more.append(known) }
        more.append(all[index].value)
      }
    }
    guard let first else { return .none }
    return more.isEmpty ? .one(first) : .many(more)
  }
}

extension Agent {
  /// The values of an inventory field, empty when it is not known.
  func texts(_ path: String) -> [String] {
    let known: String?
    switch path {
    case "id": known = id
    case "name": known = name
    case "kind": known = kind?.rawValue
    case "owner": known = owner
    case "sponsor": known = sponsor
    case "purpose": known = purpose
    case "environment": known = environment
    case "criticality": known = criticality
    case "created": known = created?.rfc3339
    case "expires": known = expires?.rfc3339
    case "mayDelegateTo": return mayDelegateTo
    default: return attributes.filter { $0.name == path }.map(\.value)
    }
    return known.map { [$0] } ?? []
  }
}
