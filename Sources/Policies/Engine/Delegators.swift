internal import Model

/// Who delegated which task, and what that delegator may do: for scopes that must not widen.
struct Delegators: Sendable {
  /// Where a task comes from: the task that started it, where the log holds that, and its agent.
  struct Parent: Sendable {
    var task: Symbol
    var agent: Symbol
  }

  /// What an agent may do, as far as its statements say.
  private struct Rights: Sendable {
    var allow: [Rule] = []
    var deny: [Rule] = []
  }

  private struct Rule: Sendable {
    var actions: [Glob]
    var notActions: [Glob]
    var resources: [Glob]
    var notResources: [Glob]
    var isConditional: Bool

    func covers(_ action: String, _ resource: String?) -> Truth {
      let isNamed =
        notActions.isEmpty
        ? actions.contains { $0.matches(action) } : !notActions.contains { $0.matches(action) }
      guard isNamed else { return .no }
      var truth = Truth.yes
      if let resource {
        truth = Truth(
          notResources.isEmpty
            ? resources.contains { $0.matches(resource) }
            : !notResources.contains { $0.matches(resource) })
      } else if !resources.contains(where: \.isEverything) {
        truth = .unknown
      }
      return isConditional ? min(truth, .unknown) : truth
    }
  }

  private var parents: [Symbol: Parent] = [:]
  private var rights: [Symbol: Rights] = [:]

  init(_ input: ReviewInput, _ policies: [Policy], _ facts: TableFacts) {
    guard policies.contains(where: \.forbidsWidening) else { return }
    if facts.hasParents || facts.hasDelegators { findParents(input.table) }
    for statement in input.statements
    where statement.layer == .identity || statement.layer == .resource {
      guard let agent = input.symbols.lookup(statement.agent) else { continue }
      let rule = Rule(
        actions: statement.actions.map { Glob($0.lowercased()) },
        notActions: statement.notActions.map { Glob($0.lowercased()) },
        resources: statement.resources.map { Glob($0) },
        notResources: statement.notResources.map { Glob($0) },
        isConditional: statement.condition != nil)
      switch statement.effect {
      case .allow: rights[agent, default: Rights()].allow.append(rule)
      case .deny: rights[agent, default: Rights()].deny.append(rule)
      }
    }
  }

  /// A task's parent is that of its first event with a parent in another task; where there is none,
  /// the agent that its first delegated event names.
  private mutating func findParents(_ table: EventTable) {
    let eventOfID = Self.parentEvents(table)
    for event in table.events where event.task.isPresent {
      if event.parent.isPresent, let index = eventOfID[event.parent] {
        let parent = table.events[index]
        let known = parents[event.task]?.task.isPresent ?? false
        if parent.task.isPresent, parent.task != event.task, !known {
          parents[event.task] = Parent(task: parent.task, agent: parent.agent)
        }
      }
      if event.delegatedBy.isPresent, parents[event.task] == nil {
        parents[event.task] = Parent(task: .absent, agent: event.delegatedBy)
      }
    }
  }

  /// The first event of each id that some event of a task names as its parent. Few ids are named,
  /// and most logs name none: a flag for each symbol tells them, not a table of all ids.
  private static func parentEvents(_ table: EventTable) -> [Symbol: Int] {
    let last = table.events.reduce(0) { last, event in
      event.task.isPresent ? max(last, Int(event.parent.raw)) : last
    }
    guard last > 0 else { return [:] }
    var isNamed = [Bool](repeating: false, count: last + 1)
    for event in table.events where event.task.isPresent { isNamed[Int(event.parent.raw)] = true }
    isNamed[0] = false
    var eventOfID: [Symbol: Int] = [:]
    for (index, event) in table.events.enumerated() {
      let id = Int(event.id.raw)
      if id <= last, isNamed[id], eventOfID[event.id] == nil { eventOfID[event.id] = index }
    }
    return eventOfID
  }

  /// Where a task was delegated from; nil for one that was not.
  func parent(of task: Symbol) -> Parent? { parents[task] }

  /// Whether an agent may do an action on a resource; unknown where no source of privileges names
  /// the agent, or only under a condition.
  func mayDo(_ agent: Symbol, _ action: String, _ resource: String?) -> Truth {
    guard let rights = rights[agent] else { return .unknown }
    let action = action.lowercased()
    var allowed = Truth.no
    for rule in rights.allow { allowed = max(allowed, rule.covers(action, resource)) }
    for rule in rights.deny { allowed = min(allowed, rule.covers(action, resource).negated) }
    return allowed
  }
}
