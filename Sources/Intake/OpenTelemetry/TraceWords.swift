internal import CSimdjson
internal import Model

/// What a span of an agent's trace is.
enum TraceKind {
  /// A call of a tool.
  case tool
  /// A read of a resource of an MCP server.
  case resource
  /// An agent that is made.
  case create
  /// A search in a data source.
  case data
  /// A use of a memory.
  case memory
  /// An agent at work.
  case agent
  /// A call of a model.
  case chat
  /// A workflow, or a step of it, that is no agent.
  case chain
  case other

  /// Whether it is something that an agent does.
  var isAct: Bool {
    switch self {
    case .tool, .resource, .create, .data, .memory: return true
    case .agent, .chat, .chain, .other: return false
    }
  }

  /// By the value of `gen_ai.operation.name`.
  init(operation: UnsafeBufferPointer<UInt8>) {
    if operation.elementsEqual("execute_tool".utf8) {
      self = .tool
    } else if operation.elementsEqual("chat".utf8) {
      self = .chat
    } else if operation.elementsEqual("invoke_agent".utf8) {
      self = .agent
    } else {
      switch String(decoding: operation, as: UTF8.self) {
      case "generate_content", "text_completion": self = .chat
      case "invoke_workflow": self = .chain
      case "create_agent": self = .create
      case "retrieval": self = .data
      case let name where name.hasSuffix("_memory") || name.hasSuffix("_memory_store"):
        self = .memory
      default: self = .other
      }
    }
  }

  /// By the value of `openinference.span.kind`.
  init(openInference kind: UnsafeBufferPointer<UInt8>) {
    switch String(decoding: kind, as: UTF8.self) {
    case "TOOL": self = .tool
    case "AGENT": self = .agent
    case "LLM": self = .chat
    case "RETRIEVER": self = .data
    case "CHAIN": self = .chain
    default: self = .other
    }
  }

  /// By the value of `traceloop.span.kind`.
  init(traceloop kind: UnsafeBufferPointer<UInt8>) {
    switch String(decoding: kind, as: UTF8.self) {
    case "tool": self = .tool
    case "agent": self = .agent
    case "workflow": self = .chain
    default: self = .other
    }
  }
}

/// The names of what agents do.
struct TraceWords {
  private let retrieval: Symbol
  private let resource: Symbol
  private let create: Symbol

  init(_ reading: inout Reading) {
    retrieval = reading.symbols.intern("retrieval")
    resource = reading.symbols.intern("read_mcp_resource")
    create = reading.symbols.intern("create_agent")
  }

  /// The action of a span; absent where it names no tool.
  func action(
    _ kind: TraceKind, _ attributes: TraceAttributes, _ span: SequiturSpan,
    _ reading: inout Reading
  ) -> Symbol {
    switch kind {
    case .tool:
      let named = attributes.symbol(.tool, &reading)
      if named.isPresent { return named }
      let entity = attributes.symbol(.entity, &reading)
      if entity.isPresent { return entity }
      // A span is called `execute_tool NAME`, in one earlier convention by the name alone.
      let prefix = "execute_tool "
      let name = span.name.string
      let rest = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
      return rest.isEmpty || rest == "execute_tool" ? .absent : reading.symbols.intern(rest)
    case .resource: return resource
    case .create: return create
    case .data: return retrieval
    case .memory: return attributes.symbol(.operation, &reading)
    case .agent, .chat, .chain, .other: return .absent
    }
  }
}

/// The agents of one file: what their spans say about them, and which tools they were offered.
struct TraceAgents {
  private struct Known {
    var id = Symbol.absent
    var hasSeveralIDs = false
    var service = Symbol.absent
  }

  /// One list of tools, and the spans in which it was offered.
  private struct Offer {
    var json: [UInt8]
    var spans: [Int32]
    var line: Int
  }

  /// So many spans are asked who works in them, for each list.
  private static let spansMax = 65_536

  private var known: [Symbol: Known] = [:]
  private var latest: (name: Symbol, id: Symbol, service: Symbol) = (.absent, .absent, .absent)
  private var offers: [[UInt8]: Int] = [:]
  private var lists: [Offer] = []

  /// The agent that a span names: by its name, which stays from run to run, else by its id.
  mutating func agent(
    _ attributes: TraceAttributes, _ service: Symbol, _ reading: inout Reading
  ) -> Symbol {
    let name = attributes.symbol(.agentName, &reading)
    let id = attributes.symbol(.agentID, &reading)
    let agent = name.isPresent ? name : id
    guard agent.isPresent, latest != (agent, id, service) else { return agent }
    latest = (agent, id, service)
    var entry = known[agent] ?? Known()
    if !entry.service.isPresent { entry.service = service }
    if id.isPresent, id != agent {
      if entry.id.isPresent, entry.id != id { entry.hasSeveralIDs = true }
      entry.id = id
    }
    known[agent] = entry
    return agent
  }

  /// Notes a list of tools that was offered in a span.
  mutating func offer(_ json: [UInt8], in span: Int32, line: Int) {
    guard !json.isEmpty else { return }
    if let list = offers[json] {
      if lists[list].spans.count < TraceAgents.spansMax { lists[list].spans.append(span) }
      return
    }
    offers[json] = lists.count
    lists.append(Offer(json: json, spans: [span], line: line))
  }

  /// Says who the agents are and which tools they were offered.
  func finish(_ story: SpanStory, _ reading: inout Reading) {
    for symbol in story.newAgents {
      var agent = Agent(id: reading.symbols.text(symbol))
      agent.isInInventory = false
      let entry = known[symbol]
      agent.kind = entry == nil ? .workload : .agent
      if let entry, entry.id.isPresent, !entry.hasSeveralIDs {
        agent.attributes.append(
          NamedValue(name: "gen_ai.agent.id", value: reading.symbols.text(entry.id)))
      }
      if let entry, entry.service.isPresent {
        agent.attributes.append(
          NamedValue(name: "service.name", value: reading.symbols.text(entry.service)))
      }
      reading.agents.append(AgentRecord(agent: agent, rank: .event))
    }
    var seen: Set<[String]> = []
    let document = JSONDocument()
    for list in lists {
      guard case .value(let root, _) = document.parse(list.json) else { continue }
      let tools = root.elements.compactMap { ListedTool($0, line: list.line) }
      for agent in Set(list.spans.map { story.agent(of: $0, &reading) }) where agent.isPresent {
        let id = reading.symbols.text(agent)
        for tool in tools where seen.insert([id, tool.name]).inserted {
          tool.grant(to: id, &reading)
        }
      }
    }
  }
}
