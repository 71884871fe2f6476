internal import Model

/// Where delegated work began: found over all events before any is partitioned by key.
struct DelegationRoots: Sendable {
  private let table: EventTable
  private let symbols: Symbols
  /// The first event of each id by the id's symbol, -1 where a symbol is no event's id.
  private var eventOfID: [Int32] = []
  /// The task in which a task was started, by its first event with a parent elsewhere.
  private var parentTask: [Symbol: Symbol] = [:]
  /// Who delegated to an agent inside a task.
  private var delegator: [AgentInTask: Symbol] = [:]

  private struct AgentInTask: Hashable {
    var agent: Symbol
    var task: Symbol
  }

  init(_ input: ReviewInput, links: Set<Delegation.Link>, _ facts: TableFacts) {
    table = input.table
    symbols = input.symbols
    // A log in which no event names a parent, or a delegator, is not asked for one.
    let followsParents = links.contains(.parent) || links.contains(.rootTask)
    if followsParents, facts.hasParents { findIDs() }
    let findsTasks = links.contains(.rootTask) && facts.hasParents
    let findsAgents = links.contains(.delegatedBy) && facts.hasDelegators
    guard findsTasks || findsAgents else { return }
    for event in table.events {
      if findsTasks, event.task.isPresent, let parent = parent(of: event) {
        let task = table.events[parent].task
        if task.isPresent, task != event.task, parentTask[event.task] == nil {
          parentTask[event.task] = task
        }
      }
      if findsAgents, event.delegatedBy.isPresent {
        let place = AgentInTask(agent: event.agent, task: event.task)
        if delegator[place] == nil { delegator[place] = event.delegatedBy }
      }
    }
  }

  /// Fills `eventOfID`: ids are dense among the symbols, so a table beats a dictionary.
  private mutating func findIDs() {
    let last = table.events.reduce(0) { max($0, Int($1.id.raw)) }
    eventOfID = Array(repeating: -1, count: last + 1)
    for (index, event) in table.events.enumerated() where event.id.isPresent {
      let id = Int(event.id.raw)
      if eventOfID[id] < 0 { eventOfID[id] = Int32(truncatingIfNeeded: index) }
    }
  }

  private func parent(of event: Event) -> Int? {
    let parent = Int(event.parent.raw)
    guard event.parent.isPresent, parent < eventOfID.count, eventOfID[parent] >= 0 else {
      return nil
    }
    return Int(eventOfID[parent])
  }

  /// The event that stands for the root of a delegated event: itself with the root's fields.
  func rooted(_ index: Int, _ delegation: Delegation) -> Event {
    var event = table.events[index]
    switch delegation.follow {
    case .parent:
      let root = Self.root(of: index, depth: delegation.depth, isBefore: <) {
        parent(of: table.events[$0])
      }
      return table.events[root]
    case .rootTask:
      if event.task.isPresent {
        event.task = Self.root(of: event.task, depth: delegation.depth, isBefore: isBefore) {
          parentTask[$0]
        }
      }
    case .delegatedBy:
      let task = event.task
      let first = event.delegatedBy.isPresent ? event.delegatedBy : nil
      let start = event.agent
      event.agent = Self.root(of: start, depth: delegation.depth, isBefore: isBefore) { agent in
        if agent == start, let first { return first }
        return delegator[AgentInTask(agent: agent, task: task)]
      }
    }
    return event
  }

  /// Follows links to the last, at most `depth` of them. A cycle stands for its smallest member.
  private static func root<Value: Equatable>(
    of start: Value, depth: Int, isBefore: (Value, Value) -> Bool, next: (Value) -> Value?
  ) -> Value {
    var path = [start]
    while path.count <= depth, let link = next(path[path.count - 1]) {
      if let entry = path.firstIndex(of: link) {
        return path[entry...].min(by: isBefore) ?? start
      }
      path.append(link)
    }
    return path[path.count - 1]
  }

  /// The order of the members of a cycle: by text, since symbols are numbered as files are read.
  private func isBefore(_ left: Symbol, _ right: Symbol) -> Bool {
    symbols.text(left) < symbols.text(right)
  }
}
