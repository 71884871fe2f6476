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
  /// By action symbol, in order of first sight.
  fileprivate(set) var actions: [(action: Symbol, use: ActionUse)] = []
  /// Events in the window, whatever their outcome.
  var events = 0
  var first: Timestamp?
  var last: Timestamp?
  /// Source types of its events in the window, one bit each.
  var sources: UInt64 = 0
  fileprivate var lastDay = Int64.min
  fileprivate var lastSource = -1
}

/// What all agents did, and on which days which logs have anything.
struct UsageTable {
  /// Source types by bit, sorted by name.
  private(set) var sourceTypes: [String] = []
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

  private var activities: [AgentActivity] = []
  /// By agent symbol, an index into `activities`.
  private var slots: [UInt32: Int] = [:]
  private var names: [UInt32: Symbol] = [:]

  /// What an agent did; nil when no event names it.
  func activity(of agent: Symbol) -> AgentActivity? { slots[agent.raw].map { activities[$0] } }

  /// Every action that was seen, with the source types that showed it.
  func actionsSeen() -> [Symbol: UInt64] {
    var seen: [Symbol: UInt64] = [:]
    for activity in activities {
      for entry in activity.actions { seen[entry.action, default: 0] |= entry.use.sources }
    }
    return seen
  }

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
    var places: [UInt64: Int] = [:]
    for event in input.table.events {
      let file = Int(event.position.file)
      let source = sourceOfFile.indices.contains(file) ? sourceOfFile[file] : 0
      let slot = slot(of: event.agent)
      let key = UInt64(slot) << 32 | UInt64(event.action.raw)
      let place = places[key] ?? activities[slot].actions.count
      if place == activities[slot].actions.count {
        places[key] = place
        activities[slot].actions.append((event.action, ActionUse()))
      }
      activities[slot].actions[place].use.sources |= 1 << UInt64(source)
      guard isInWindow(event) else { continue }
      note(event, slot: slot, source: source, symbols: symbols)
      guard event.outcome == .allowed else { continue }
      let name = name(of: event.resource, symbols: &symbols, reach: reach)
      activities[slot].actions[place].use.add(event, name: name, namesMax: reach.manyCount)
    }
  }

  private mutating func slot(of agent: Symbol) -> Int {
    if let known = slots[agent.raw] { return known }
    slots[agent.raw] = activities.count
    activities.append(AgentActivity())
    return activities.count - 1
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

  private mutating func note(_ event: Event, slot: Int, source: Int, symbols: Symbols) {
    activities[slot].events += 1
    activities[slot].sources |= 1 << UInt64(source)
    guard event.isTimed else { return }
    if activities[slot].first == nil { activities[slot].first = event.time }
    activities[slot].last = event.time
    let day = event.time.dayNumber
    if activities[slot].lastDay == day, activities[slot].lastSource == source { return }
    activities[slot].lastDay = day
    activities[slot].lastSource = source
    let realm = UsageTable.realm(of: symbols.text(event.agent))
    days[LogRealm(source: source, realm: realm), default: []].insert(day)
  }

  /// The name of a resource without what lies inside it, remembered per resource.
  private mutating func name(
    of resource: Symbol, symbols: inout Symbols, reach: ReachNumbers
  ) -> Symbol {
    guard resource.isPresent else { return resource }
    if let known = names[resource.raw] { return known }
    let text = symbols.text(resource)
    var name = resource
    if case .named(let root) = reach.breadth(of: text), root != text { name = symbols.intern(root) }
    names[resource.raw] = name
    return name
  }
}

extension ActionUse {
  /// Counts one more allowed use; `name` is its resource without what lies inside it.
  fileprivate mutating func add(_ event: Event, name: Symbol, namesMax: Int) {
    count += 1
    if event.isTimed {
      last = event.time
      let day = event.time.dayNumber
      if days.last != day, days.count < ActionUse.daysMax { days.append(day) }
    }
    guard event.resource.isPresent else {
      unnamed += 1
      return
    }
    if resources.count < HeldPrivilege.observedResourcesMax, !resources.contains(event.resource) {
      resources.append(event.resource)
    }
    if names.count < namesMax, !names.contains(name) { names.append(name) }
  }
}
