internal import Model

/// What is asked of all events before any of them is judged, found in one pass: a long log is read
/// from memory, and each pass over it takes as long as judging a part of it.
struct TableFacts: Sendable {
  /// Whether some event names a parent, or who delegated to its agent.
  private(set) var hasParents = false
  private(set) var hasDelegators = false
  /// The places of the requests of tasks in the table, rising.
  private(set) var requests: [Int32] = []

  private static let request = "task.request"

  init(_ input: ReviewInput) {
    // By action symbol: 0 not asked yet, 1 a request, 2 none. Logs are long and actions are few.
    var kinds: [UInt8] = []
    input.table.events.withUnsafeBufferPointer { events in
      for index in events.indices {
        if events[index].parent.isPresent { hasParents = true }
        if events[index].delegatedBy.isPresent { hasDelegators = true }
        guard events[index].task.isPresent else { continue }
        let action = Int(events[index].action.raw)
        if action >= kinds.count {
          kinds.append(contentsOf: repeatElement(0, count: action + 64 - kinds.count))
        }
        if kinds[action] == 0 {
          let name = input.symbols.text(events[index].action)
          kinds[action] = TableFacts.isRequest(name, input.vocabulary) ? 1 : 2
        }
        if kinds[action] == 1 { requests.append(Int32(truncatingIfNeeded: index)) }
      }
    }
  }

  /// Whether an action says what a task is for.
  static func isRequest(_ action: String, _ vocabulary: Vocabulary) -> Bool {
    action == request || vocabulary.meaning(of: action).capabilities.contains(request)
  }
}
