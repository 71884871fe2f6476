internal import Model

/// The first request of each task: the event that says what the task is for.
struct TaskRequests: Sendable {
  private var requestOfTask: [Symbol: Int32] = [:]
  /// Every request, by its place in the table.
  private var all: [Int32] = []
  /// The distinctive tokens of all requests of a task.
  private var tokensOfTask: [Symbol: Set<UInt64>] = [:]
  /// The paths whose tokens were collected: those of different kinds never meet.
  private var foundPaths: Set<Symbol> = []

  init(_ table: EventTable, _ facts: TableFacts) {
    all = facts.requests
    for index in all {
      let task = table.events[Int(index)].task
      if requestOfTask[task] == nil { requestOfTask[task] = index }
    }
  }

  /// The index of a task's request in the table; nil when the log does not hold it.
  func request(of task: Symbol) -> Int? { requestOfTask[task].map { Int($0) } }

  /// Collects the tokens that requests hold at some paths.
  mutating func findTokens(_ table: EventTable, _ paths: [Symbol]) {
    let paths = Set(paths).subtracting(foundPaths)
    if paths.isEmpty { return }
    foundPaths.formUnion(paths)
    for index in all {
      let event = table.events[Int(index)]
      for attribute in table.attributes(of: event) where paths.contains(attribute.path) {
        guard case .token(let digest) = attribute.value else { continue }
        tokensOfTask[event.task, default: []].insert(digest)
      }
    }
  }

  /// The tokens of a task's own requests; nil where the log does not hold them.
  func tokens(ofTask task: Symbol) -> Set<UInt64>? { tokensOfTask[task] }
}

/// The distinctive tokens of some fields of one event, or the kinds of action that it is.
struct TokenField: Equatable, Sendable {
  /// Which of the tokens are meant.
  enum Part {
    case all
    /// Those that the task's request does not name; none where the request is not known.
    case surelyNotInRequest
    /// Those that the task's request does not name; all where the request is not known.
    case maybeNotInRequest
  }

  /// The fields; empty for the action.
  var paths: [Symbol]
  var part: Part

  /// The tokens, none where no field is there. A field without tokens gives the one that matches
  /// nothing.
  func values(of attributes: ArraySlice<Attribute>, request: () -> Set<UInt64>?) -> Values {
    var found: [AttributeValue] = []
    for attribute in attributes where paths.contains(attribute.path) {
      found.append(attribute.value)
    }
    if found.isEmpty { return .none }
    if part == .all { return Values(found) }
    guard let known = request() else {
      return part == .surelyNotInRequest ? .one(.token(0)) : Values(found)
    }
    var kept: [AttributeValue] = [.token(0)]
    for case .token(let digest) in found where !known.contains(digest) {
      kept.append(.token(digest))
    }
    return Values(kept)
  }

  /// The kinds of an action. It is one thing: a request that names one of its kinds names it.
  func values(of kinds: [UInt64], request: () -> Set<UInt64>?) -> Values {
    let all = Values([.token(0)] + kinds.map { .token($0) })
    if part == .all { return all }
    guard let known = request() else { return part == .surelyNotInRequest ? .one(.token(0)) : all }
    return kinds.contains(where: known.contains) ? .one(.token(0)) : all
  }
}
