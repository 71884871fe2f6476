internal import Model

/// What one agent did with one action.
struct ActionUse {
  /// Allowed uses in the window.
  var count = 0
  /// The last one with a time.
  var last: Timestamp?
  /// Days with a use, in order, at most `daysMax`; more days are no rare use.
  var days: [Int64] = []
  /// Distinct names of what it was used on, at most `namesMax`.
  var names: [Symbol] = []
  /// The resources themselves, the first `HeldPrivilege.observedResourcesMax` of them.
  var resources: [Symbol] = []
  /// Uses of which the log does not say on what.
  var unnamed = 0
  /// Source types that showed it in any way, one bit each.
  var sources: UInt64 = 0

  static let daysMax = 64
}

/// What one agent did.
struct AgentActivity {
  /// By action symbol.
  var actions: [UInt32: ActionUse] = [:]
  /// Events in the window, and of those allowed ones by no action in particular.
  var events = 0
  var first: Timestamp?
  var last: Timestamp?
  /// Source types of its events in the window, one bit each.
  var sources: UInt64 = 0
  var untimed = 0
  fileprivate var lastDay: (day: Int64, source: Int)?
}

/// What all agents did, and on which days which logs have anything.
struct UsageTable {
  /// Source types by bit, sorted by name.
  private(set) var sourceTypes: [String] = []
  /// By agent symbol.
  private(set) var agents: [UInt32: AgentActivity] = [:]
  /// Days in the window on which a log has anything of a realm.
  private(set) var days: [LogRealm: Set<Int64>] = [:]
  /// The window, by timed events where no flag gives it.
  private(set) var from: Timestamp?
  private(set) var to: Timestamp?

  /// One type of log, and the part of the estate that it was taken from: for AWS the account.
  struct LogRealm: Hashable {
    var source: Int
    var realm: String
  }

  private var names: [UInt32: Symbol] = [:]

  init(
    input: ReviewInput, symbols: inout Symbols, reach: ReachNumbers, from: Timestamp?,
    to: Timestamp?
  ) {
    let types = input.files.map { $0.type ?? "unknown" }
    sourceTypes = Array(Set(types).sorted().prefix(64))
    let sourceOfFile = types.map { type in sourceTypes.firstIndex(of: type) ?? 0 }
    let timed = input.table.events.lazy.filter(\.isTimed)
    self.from = from ?? timed.map(\.time).min()
    self.to = to ?? timed.map(\.time).max()
    for event in input.table.events {
      let file = Int(event.position.file)
      let source = sourceOfFile.indices.contains(file) ? sourceOfFile[file] : 0
      note(event, source: source, symbols: &symbols, reach: reach)
    }
  }

  /// The account of an ARN; empty for any other id.
  static func realm(of agent: String) -> String {
    guard agent.hasPrefix("arn:") else { return "" }
    let parts = agent.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    return parts.count == 6 ? String(parts[4]) : ""
  }

  private func isInWindow(_ event: Event) -> Bool {
    guard event.isTimed else { return true }
    if let from, event.time < from { return false }
    if let to, to < event.time { return false }
    return true
  }

  private mutating func note(
    _ event: Event, source: Int, symbols: inout Symbols, reach: ReachNumbers
  ) {
    let bit: UInt64 = 1 << UInt64(source)
    var activity = agents[event.agent.raw] ?? AgentActivity()
    agents[event.agent.raw] = nil
    defer { agents[event.agent.raw] = activity }
    var use = activity.actions[event.action.raw] ?? ActionUse()
    activity.actions[event.action.raw] = nil
    defer { activity.actions[event.action.raw] = use }
    use.sources |= bit
    guard isInWindow(event) else { return }
    activity.events += 1
    activity.sources |= bit
    if event.isTimed {
      if activity.first == nil { activity.first = event.time }
      activity.last = event.time
      let day = event.time.dayNumber
      if activity.lastDay?.day != day || activity.lastDay?.source != source {
        let realm = UsageTable.realm(of: symbols.text(event.agent))
        days[LogRealm(source: source, realm: realm), default: []].insert(day)
        activity.lastDay = (day, source)
      }
    } else {
      activity.untimed += 1
    }
    if event.outcome == .allowed { add(event, to: &use, symbols: &symbols, reach: reach) }
  }

  private mutating func add(
    _ event: Event, to use: inout ActionUse, symbols: inout Symbols, reach: ReachNumbers
  ) {
    use.count += 1
    if event.isTimed {
      use.last = event.time
      let day = event.time.dayNumber
      if use.days.last != day, use.days.count < ActionUse.daysMax { use.days.append(day) }
    }
    guard event.resource.isPresent else {
      use.unnamed += 1
      return
    }
    if use.resources.count < HeldPrivilege.observedResourcesMax,
      !use.resources.contains(event.resource)
    {
      use.resources.append(event.resource)
    }
    guard use.names.count < reach.manyCount else { return }
    let name = self.name(of: event.resource, symbols: &symbols, reach: reach)
    if !use.names.contains(name) { use.names.append(name) }
  }

  /// The name of a resource without what lies inside it, remembered per resource.
  private mutating func name(
    of resource: Symbol, symbols: inout Symbols, reach: ReachNumbers
  ) -> Symbol {
    if let known = names[resource.raw] { return known }
    let text = symbols.text(resource)
    var name = resource
    if case .named(let root) = reach.breadth(of: text), root != text { name = symbols.intern(root) }
    names[resource.raw] = name
    return name
  }
}
