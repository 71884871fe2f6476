internal import CSimdjson
internal import Model

/// What is kept of the calls of tools: arguments and results at the paths that policies ask for,
/// digests of their tokens, and the resource that the arguments name.
final class ToolCallFields {
  private let fields = FieldReader()
  private let argumentsPath: Int
  private let resultPath: Int
  /// The symbol of a path where a policy asks for it, by the path's index.
  private var wanted: [Symbol] = []
  /// Paths that policies ask for and that are neither of arguments nor of results.
  private(set) var otherWanted: [(name: String, symbol: Symbol)] = []
  /// The indices of `namingArguments`, in their order.
  private var resourcePaths: [Int] = []
  private let textSymbol: Symbol?
  private let resultSymbol: Symbol?
  /// Whether some policy asks for results.
  let keepsResults: Bool
  /// Whether some policy asks for the text of a task's request.
  let keepsRequests: Bool
  private var tokens: TokenKeeper
  /// The queries for tokens of `args`, `args.x` and `result.x`, by the path's index.
  private var tokenWants: [[Int]] = []
  /// Those of whole results, and of the request's text.
  private var resultTokens: [Int] = []
  private var requestTokens: [Int] = []

  init(_ reading: Reading) {
    argumentsPath = fields.add("args") ?? 0
    resultPath = fields.add("result") ?? 0
    for name in namingArguments {
      if let path = fields.add("args.\(name)") { resourcePaths.append(path) }
    }
    var indexed: [Int: Symbol] = [:]
    tokens = TokenKeeper(reading)
    for field in tokens.fields {
      if field.path == "args.text" || field.path == "args" { requestTokens += field.wants }
      if field.path == "result" {
        resultTokens = field.wants
      } else if field.path.hasPrefix("args") || field.path.hasPrefix("result."),
        let path = fields.add(field.path)
      {
        while tokenWants.count <= path { tokenWants.append([]) }
        tokenWants[path] = field.wants
      }
    }
    for attribute in reading.wanted {
      if attribute.path.hasPrefix("args.") || attribute.path.hasPrefix("result.") {
        if let path = fields.add(attribute.path) { indexed[path] = attribute.symbol }
      } else if TokenQuery(path: attribute.path) == nil {
        otherWanted.append((attribute.path, attribute.symbol))
      }
    }
    let count = max(indexed.keys.max() ?? 0, resourcePaths.max() ?? 0, tokenWants.count) + 1
    wanted = (0..<count).map { indexed[$0] ?? .absent }
    textSymbol = reading.wanted.first { $0.path == "args.text" }?.symbol
    resultSymbol = reading.wanted.first { $0.path == "result" }?.symbol
    keepsResults =
      reading.wanted.contains { $0.path == "result" || $0.path.hasPrefix("result.") }
      || tokens.fields.contains { $0.path == "result" || $0.path.hasPrefix("result.") }
    keepsRequests = textSymbol != nil || !requestTokens.isEmpty
  }

  /// Keeps the text of a task's request for the event that is appended next.
  func addRequest(_ text: String, _ reading: inout Reading) {
    if let textSymbol {
      reading.attribute(textSymbol, .text(reading.symbols.intern(text)))
    }
    if !requestTokens.isEmpty { tokens.take(text, for: requestTokens) }
  }

  /// Keeps the wanted arguments and returns the resource that they name.
  ///
  /// - Parameter arguments: JSON text.
  func addArguments(
    _ arguments: UnsafeBufferPointer<UInt8>, tool: @autoclosure () -> String, line: Int,
    _ reading: inout Reading
  ) -> Symbol {
    guard !arguments.isEmpty else { return .absent }
    let result = fields.readCopy(UnsafeRawBufferPointer(arguments), under: argumentsPath)
    guard result.code == Int32(SEQUITUR_JSON_OK.rawValue) else {
      reading.problem(
        line: line, "the arguments of \(quoted(tool())) are no JSON object",
        "kept without arguments")
      return .absent
    }
    var best: (rank: Int, field: SequiturField)?
    if argumentsPath < tokenWants.count, !tokenWants[argumentsPath].isEmpty {
      let wants = tokenWants[argumentsPath]
      tokens.take("", for: wants)
      forEachText(inJSON: arguments) { tokens.take($0, for: wants) }
    }
    for field in result.fields {
      let path = Int(field.path)
      if path < wanted.count, wanted[path].isPresent { reading.attribute(wanted[path], field) }
      if path != argumentsPath, path < tokenWants.count, !tokenWants[path].isEmpty {
        tokens.take(field, for: tokenWants[path])
      }
      guard field.isString || field.isNumber, field.length > 0,
        let rank = resourcePaths.firstIndex(of: path), rank < best?.rank ?? Int.max
      else { continue }
      best = (rank, field)
    }
    return best.map { reading.symbols.intern($0.field.bytes) } ?? .absent
  }

  /// Keeps a result, JSON or any text.
  func addResult(_ text: UnsafeBufferPointer<UInt8>, _ reading: inout Reading) {
    if let resultSymbol { reading.attribute(resultSymbol, .text(reading.symbols.intern(text))) }
    if !resultTokens.isEmpty { tokens.take(text, for: resultTokens) }
    guard text.first == UInt8(ascii: "{") else { return }
    let result = fields.readCopy(UnsafeRawBufferPointer(text), under: resultPath)
    for field in result.fields where Int(field.path) < wanted.count {
      let path = Int(field.path)
      if wanted[path].isPresent { reading.attribute(wanted[path], field) }
      if path < tokenWants.count, !tokenWants[path].isEmpty {
        tokens.take(field, for: tokenWants[path])
      }
    }
  }

  /// Keeps the tokens of what was added, for the event that is appended next.
  func keepTokens(line: Int, _ reading: inout Reading) { tokens.keep(in: &reading, line: line) }
}

/// The arguments that name what a tool acts on, the most telling first.
let namingArguments = [
  "resource", "resource_id", "arn", "path", "file_path", "filepath", "filename", "file_name",
  "file", "file_id", "url", "uri", "recipient", "recipients", "to", "email", "iban", "account",
  "account_id", "bucket", "table", "database", "repository", "repo", "channel", "service",
  "secret", "secret_id", "user", "username", "user_id", "participants", "id", "event_id",
  "email_id", "order_id", "ticket_id", "customer_id", "vendor_id", "name", "host",
]
