internal import CSimdjson
internal import Model

/// What attributes of spans mean, under their present names, earlier ones, and those of two other
/// conventions that instrumentation for agents writes.
///
/// Names are those of the semantic conventions for generative AI of OpenTelemetry, before and after
/// version 1.37, of its conventions for the Model Context Protocol and for SDKs of clouds, and of
/// OpenInference and OpenLLMetry.
enum TraceMeaning: Int, CaseIterable {
  case operation, otherKind, loopKind, entity
  case agentName, agentID, conversation, user
  case tool, call, arguments, result
  case inputMessages, outputMessages, definitions
  case dataSource, memoryStore
  case method, resourceURI
  case errorType
  case service, environment
  case request
  case content, eventName, body

  /// The keys, the most telling first; one that ends in `*` stands for all that begin so.
  var keys: [String] {
    switch self {
    case .operation: return ["gen_ai.operation.name"]
    case .otherKind: return ["openinference.span.kind"]
    case .loopKind: return ["traceloop.span.kind"]
    case .entity: return ["traceloop.entity.name"]
    case .agentName: return ["gen_ai.agent.name", "agent.name"]
    case .agentID: return ["gen_ai.agent.id"]
    case .conversation:
      return [
        "gen_ai.conversation.id", "gen_ai.session.id", "session.id",
        "traceloop.association.properties.session_id",
        "traceloop.association.properties.thread_id",
      ]
    case .user: return ["enduser.id", "user.id"]
    case .tool: return ["gen_ai.tool.name", "tool.name"]
    case .call: return ["gen_ai.tool.call.id", "tool_call.id"]
    case .arguments:
      return ["gen_ai.tool.call.arguments", "traceloop.entity.input", "input.value"]
    case .result: return ["gen_ai.tool.call.result", "traceloop.entity.output", "output.value"]
    case .inputMessages: return ["gen_ai.input.messages", "gen_ai.prompt", "gen_ai.prompt.*"]
    case .outputMessages: return ["gen_ai.output.messages"]
    case .definitions: return ["gen_ai.tool.definitions"]
    case .dataSource: return ["gen_ai.data_source.id"]
    case .memoryStore: return ["gen_ai.memory.store.id"]
    case .method: return ["mcp.method.name"]
    case .resourceURI: return ["mcp.resource.uri"]
    case .errorType: return ["error.type"]
    case .service: return ["service.name"]
    case .environment: return ["deployment.environment.name", "deployment.environment"]
    case .request:
      return [
        "aws.request_id", "azure.service.request.id", "az.service_request_id",
        "azure.client.request.id", "az.client_request_id", "http.request.header.audit-id",
        "http.response.header.audit-id", "http.response.header.x-amzn-requestid",
        "http.response.header.x-amz-request-id", "http.response.header.x-github-request-id",
        "http.response.header.x-ms-request-id",
      ]
    case .content: return ["content", "gen_ai.event.content"]
    case .eventName: return ["event.name"]
    case .body: return ["#body"]
    }
  }
}

/// The attributes of one span by what they mean.
final class TraceAttributes {
  private let reader: SpanReader
  /// The meaning of each key's number, and how telling the key is, the lowest most.
  private var meanings: [(meaning: Int, rank: Int)?] = []
  /// Keys that policies ask for, by their numbers.
  private var wanted: [Symbol] = []
  /// By meaning the place of its attribute in the document, -1 where it has none.
  private var places = [Int](repeating: -1, count: TraceMeaning.allCases.count)
  private var ranks = [Int](repeating: 0, count: TraceMeaning.allCases.count)
  private var document = SequiturSpans()

  init(_ reader: SpanReader, _ others: [(name: String, symbol: Symbol)]) {
    self.reader = reader
    for meaning in TraceMeaning.allCases {
      for (rank, key) in meaning.keys.enumerated() {
        guard let number = reader.add(key) else { continue }
        while meanings.count <= number { meanings.append(nil) }
        meanings[number] = (meaning.rawValue, rank)
      }
    }
    for other in others {
      guard let number = reader.add(other.name) else { continue }
      while wanted.count <= number { wanted.append(.absent) }
      wanted[number] = other.symbol
    }
  }

  /// Takes the attributes of a span, an event or a resource of a document.
  func take(_ range: SequiturRange, of document: SequiturSpans) {
    self.document = document
    for index in places.indices { places[index] = -1 }
    add(range)
  }

  /// Adds those of one more; what is there already stays.
  func add(_ range: SequiturRange) {
    for place in Int(range.start)..<Int(range.start + range.count) {
      let number = Int(document.attributes[place].slot)
      guard number < meanings.count, let (meaning, rank) = meanings[number] else { continue }
      if places[meaning] < 0 || rank < ranks[meaning] {
        places[meaning] = place
        ranks[meaning] = rank
      }
    }
  }

  /// The attribute of a meaning.
  subscript(_ meaning: TraceMeaning) -> SequiturAttribute? {
    let place = places[meaning.rawValue]
    return place < 0 ? nil : document.attributes[place]
  }

  /// The text of a meaning; nil where it is empty or no text.
  func text(_ meaning: TraceMeaning) -> UnsafeBufferPointer<UInt8>? {
    guard let attribute = self[meaning], attribute.isString, attribute.value.length > 0 else {
      return nil
    }
    return attribute.value.bytes
  }

  /// Whether the text of a meaning is this one.
  func has(_ meaning: TraceMeaning, _ text: StaticString) -> Bool {
    guard let found = self.text(meaning), found.count == text.utf8CodeUnitCount else {
      return false
    }
    return found.elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: found.count))
  }

  /// The text of a meaning as a symbol; absent where it is none.
  func symbol(_ meaning: TraceMeaning, _ reading: inout Reading) -> Symbol {
    text(meaning).map { reading.symbols.intern($0) } ?? .absent
  }

  /// All attributes of a range that have a meaning.
  func forEach(
    _ meaning: TraceMeaning, in range: SequiturRange, _ body: (SequiturAttribute) -> Void
  ) {
    for place in Int(range.start)..<Int(range.start + range.count) {
      let attribute = document.attributes[place]
      guard Int(attribute.slot) < meanings.count,
        meanings[Int(attribute.slot)]?.meaning == meaning.rawValue
      else { continue }
      body(attribute)
    }
  }

  /// Keeps the attributes of a range that policies ask for.
  func keepWanted(in range: SequiturRange, _ reading: inout Reading) {
    guard !wanted.isEmpty else { return }
    for place in Int(range.start)..<Int(range.start + range.count) {
      let attribute = document.attributes[place]
      guard Int(attribute.slot) < wanted.count, wanted[Int(attribute.slot)].isPresent else {
        continue
      }
      let path = wanted[Int(attribute.slot)]
      if attribute.isTrue || attribute.isFalse {
        reading.attribute(path, .bool(attribute.isTrue))
      } else if attribute.isNumber, let number = Double(attribute.value.string) {
        reading.attribute(path, .number(number))
      } else {
        reading.attribute(path, .text(reading.symbols.intern(attribute.value.bytes)))
      }
    }
  }
}
