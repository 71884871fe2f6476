internal import Model

/// The first request of each task: the event that says what the task is for.
struct TaskRequests {
  /// The capability of a request.
  static let capability = "task.request"

  private var requestOfTask: [Symbol: Int32] = [:]

  init(_ table: EventTable, _ texts: Texts, _ vocabulary: Vocabulary) {
    var isRequest: [Symbol: Bool] = [:]
    for (index, event) in table.events.enumerated() where event.task.isPresent {
      let known: Bool
      if let remembered = isRequest[event.action] {
        known = remembered
      } else {
        let name = texts.text(event.action)
        known =
          name == Self.capability
          || vocabulary.meaning(of: name).capabilities.contains(Self.capability)
        isRequest[event.action] = known
      }
      guard known, requestOfTask[event.task] == nil else { continue }
      requestOfTask[event.task] = Int32(truncatingIfNeeded: index)
    }
  }

  /// The index of a task's request in the table; nil when the log does not hold it.
  func request(of task: Symbol) -> Int? { requestOfTask[task].map { Int($0) } }
}
