/// What all agents did, tallied event by event so that no event need be kept for it.
///
/// Tallies of parts of a log add up to the tally of the whole: `absorb` is associative, and
/// commutative but for the numbering of agents and actions, which nothing that is read depends on.
package struct ActivityTable: Sendable {
  /// What bounds a tally.
  package struct Bounds: Sendable {
    /// Distinct names of resources kept for one agent and action; more are known to be more.
    package var namesMax: Int
    /// Distinct resources kept for one agent and action.
    package var resourcesMax: Int
    /// Timed events before it are seen and not counted as use.
    package var from: Timestamp?
    /// Timed events after it are seen and not counted as use.
    package var to: Timestamp?
    /// How much of a resource's text is its name.
    package var names: ResourceNames

    /// Bounds of a tally.
    package init(
      namesMax: Int, resourcesMax: Int, from: Timestamp?, to: Timestamp?, names: ResourceNames
    ) {
      self.namesMax = namesMax
      self.resourcesMax = resourcesMax
      self.from = from
      self.to = to
      self.names = names
    }

    /// The same bounds with a window where none was given.
    package func within(_ window: ClosedRange<Timestamp>) -> Bounds {
      var bounds = self
      bounds.from = from ?? window.lowerBound
      bounds.to = to ?? window.upperBound
      return bounds
    }

    /// No window, and as many names and resources as a review uses; for small inputs made by hand.
    package static let standard = Bounds(
      namesMax: 50, resourcesMax: 50, from: nil, to: nil, names: ResourceNames(nameFirst: []))
  }

  /// One agent and one action.
  struct Cell {
    var agent: Int32
    var action: Symbol
    var use = ActionUse()
  }

  /// What bounds it.
  package let bounds: Bounds
  /// The agents in order of first sight.
  package private(set) var agents: [AgentActivity] = []
  private var cells: [Cell] = []
  /// The number of an agent by its symbol, and of a cell by agent and action.
  private var numbers = NumberTable()
  private var places = NumberTable()
  /// Days in the window on which a log has anything of an agent, by agent and source.
  private var seenResources = NumberTable()
  /// Events of all outcomes, inside the window or not.
  package private(set) var events = 0
  /// When they were.
  package private(set) var times = TimeSpread()

  /// An empty tally.
  package init(_ bounds: Bounds = .standard) { self.bounds = bounds }

  /// Counts one event of a source, given by its number below 64.
  package mutating func add(
    _ event: Event, resource: UnsafeBufferPointer<UInt8>, source: Int, _ symbols: inout Symbols
  ) {
    events += 1
    if event.isTimed { times.add(event.time) }
    let agent = number(of: event.agent)
    let place = place(agent, event.action)
    cells[place].use.events += 1
    cells[place].use.sources |= 1 << UInt64(source)
    guard isInWindow(event) else { return }
    agents[agent].add(event, source: source)
    guard event.outcome == .allowed else { return }
    cells[place].use.count(event)
    if resource.isEmpty {
      cells[place].use.unnamed += 1
    } else {
      add(resource, at: event, to: place, &symbols)
    }
  }

  /// Adds what was used, unless the cell has as many earlier ones as it keeps.
  private mutating func add(
    _ resource: UnsafeBufferPointer<UInt8>, at event: Event, to place: Int,
    _ symbols: inout Symbols
  ) {
    let time = event.isTimed ? event.time.nanoseconds : Int64.min
    let takesResource = cells[place].use.resources.takes(time, max: bounds.resourcesMax)
    let takesName = cells[place].use.names.takes(time, max: bounds.namesMax)
    guard takesResource || takesName else { return }
    if takesResource {
      let symbol = event.resource.isPresent ? event.resource : symbols.intern(resource)
      let key = UInt64(place) << 32 | UInt64(symbol.raw)
      // Seen, and not earlier than when it was seen first: the common case.
      let known = seenResources[key]
      if known >= 0, time >= cells[place].use.latest { return }
      if known < 0 { seenResources.insert(key, 0) }
      cells[place].use.resources.add(symbol, time, max: bounds.resourcesMax, symbols)
    }
    if takesName {
      let length = bounds.names.length(of: resource)
      let name = symbols.intern(UnsafeBufferPointer(rebasing: resource[..<length]))
      cells[place].use.names.add(name, time, max: bounds.namesMax, symbols)
    }
    cells[place].use.latest = max(cells[place].use.latest, time)
  }

  private func isInWindow(_ event: Event) -> Bool {
    guard event.isTimed else { return true }
    if let from = bounds.from, event.time < from { return false }
    if let to = bounds.to, to < event.time { return false }
    return true
  }

  private mutating func number(of agent: Symbol) -> Int {
    let key = UInt64(agent.raw) + 1
    let known = numbers[key]
    if known >= 0 { return Int(known) }
    numbers.insert(key, Int32(truncatingIfNeeded: agents.count))
    agents.append(AgentActivity(agent: agent))
    return agents.count - 1
  }

  private mutating func place(_ agent: Int, _ action: Symbol) -> Int {
    let key = UInt64(agent) << 32 | UInt64(action.raw)
    let known = places[key]
    if known >= 0 { return Int(known) }
    places.insert(key, Int32(truncatingIfNeeded: cells.count))
    cells.append(Cell(agent: Int32(truncatingIfNeeded: agent), action: action))
    return cells.count - 1
  }

  /// Calls with each symbol that the tally holds, some several times.
  package func forEachSymbol(_ body: (Symbol) -> Void) {
    for activity in agents { body(activity.agent) }
    for cell in cells {
      body(cell.action)
      for item in cell.use.names.items { body(item.symbol) }
      for item in cell.use.resources.items { body(item.symbol) }
    }
  }

  /// Adds another part's tally.
  ///
  /// - Parameters:
  ///   - rename: The symbol in this part's table of a symbol of the other part.
  ///   - symbols: The texts of this part.
  package mutating func absorb(
    _ other: ActivityTable, _ symbols: Symbols, rename: (Symbol) -> Symbol
  ) {
    events += other.events
    times.absorb(other.times)
    var numberOf: [Int] = []
    numberOf.reserveCapacity(other.agents.count)
    for activity in other.agents {
      let number = number(of: rename(activity.agent))
      agents[number].absorb(activity)
      numberOf.append(number)
    }
    for cell in other.cells {
      let place = place(numberOf[Int(cell.agent)], rename(cell.action))
      cells[place].use.absorb(cell.use, bounds, symbols, rename: rename)
    }
  }

  /// The same tally with some agents under other names.
  package func renaming(_ replacement: [Symbol: Symbol], _ symbols: Symbols) -> ActivityTable {
    var renamed = ActivityTable(bounds)
    renamed.absorbRenaming(self, replacement, symbols)
    return renamed
  }

  private mutating func absorbRenaming(
    _ other: ActivityTable, _ replacement: [Symbol: Symbol], _ symbols: Symbols
  ) {
    events = other.events
    times = other.times
    var numberOf: [Int] = []
    for activity in other.agents {
      let number = number(of: replacement[activity.agent] ?? activity.agent)
      agents[number].absorb(activity)
      numberOf.append(number)
    }
    for cell in other.cells {
      let place = place(numberOf[Int(cell.agent)], cell.action)
      cells[place].use.absorb(cell.use, bounds, symbols) { $0 }
    }
  }

  /// What each agent did with each action, in order of first sight.
  package func forEachUse(_ body: (_ agent: Symbol, _ action: Symbol, _ use: ActionUse) -> Void) {
    for cell in cells { body(agents[Int(cell.agent)].agent, cell.action, cell.use) }
  }

  /// Events by action, whatever their outcome and time.
  package func eventsOfActions() -> [Symbol: Int] {
    var counts: [Symbol: Int] = [:]
    for cell in cells { counts[cell.action, default: 0] += cell.use.events }
    return counts
  }
}

/// What one agent did with one action.
package struct ActionUse: Sendable {
  /// Events of all outcomes, inside the window or not.
  package var events = 0
  /// Allowed uses in the window.
  package var count = 0
  /// The last one with a time.
  package var last: Timestamp?
  /// Days with a use, in order, the first `daysMax`; more days are no rare use.
  package var days: [Int64] = []
  /// Distinct names of what it was used on, the earliest where there are many.
  package var names = EarliestSymbols()
  /// The resources themselves, the earliest where there are many.
  package var resources = EarliestSymbols()
  /// Uses of which the log does not say on what.
  package var unnamed = 0
  /// Source types that showed it in any way, one bit each.
  package var sources: UInt64 = 0
  /// The latest time at which a resource was looked at.
  var latest = Int64.min

  /// The most days kept.
  package static let daysMax = 64

  /// No use yet.
  package init() {}

  mutating func count(_ event: Event) {
    count += 1
    guard event.isTimed else { return }
    if let known = last, event.time < known {} else { last = event.time }
    let day = event.time.dayNumber
    if days.last == day { return }
    add(day: day)
  }

  private mutating func add(day: Int64) {
    if let latest = days.last, day > latest {
      if days.count < ActionUse.daysMax { days.append(day) }
      return
    }
    guard !days.contains(day) else { return }
    days.insert(day, at: days.firstIndex { $0 > day } ?? days.count)
    if days.count > ActionUse.daysMax { days.removeLast() }
  }

  /// Adds the uses of another part of the log, or of another spelling of the action.
  package mutating func absorb(
    _ other: ActionUse, _ bounds: ActivityTable.Bounds, _ symbols: Symbols,
    rename: (Symbol) -> Symbol
  ) {
    events += other.events
    count += other.count
    if let theirs = other.last {
      if let ours = last, theirs <= ours {} else { last = theirs }
    }
    for day in other.days where days.last != day { add(day: day) }
    for item in other.names.items {
      names.add(rename(item.symbol), item.time, max: bounds.namesMax, symbols)
    }
    for item in other.resources.items {
      resources.add(rename(item.symbol), item.time, max: bounds.resourcesMax, symbols)
    }
    unnamed += other.unnamed
    sources |= other.sources
    latest = max(latest, other.latest)
  }
}

/// The distinct symbols that were seen earliest, with the first time of each.
///
/// Of many only as many as asked for are kept: the earliest, and of one time the first by text, so
/// that which ones are kept does not depend on how the log was split.
package struct EarliestSymbols: Sendable {
  /// A symbol and when it was seen first.
  package struct Item: Sendable {
    package var symbol: Symbol
    /// Nanoseconds since 1970; the least where there is no clock.
    package var time: Int64
  }

  /// The symbols, in no order.
  package private(set) var items: [Item] = []
  /// The latest first time, where as many as asked for are kept.
  private var bar = Int64.max

  /// None yet.
  package init() {}

  /// How many there are.
  package var count: Int { items.count }

  /// Whether a symbol of a time could be among the earliest.
  func takes(_ time: Int64, max most: Int) -> Bool { items.count < most || time <= bar }

  /// Adds a symbol that was seen at a time.
  mutating func add(_ symbol: Symbol, _ time: Int64, max most: Int, _ symbols: Symbols) {
    if let known = items.firstIndex(where: { $0.symbol == symbol }) {
      if time < items[known].time {
        items[known].time = time
        setBar(most)
      }
      return
    }
    if items.count < most {
      items.append(Item(symbol: symbol, time: time))
      setBar(most)
      return
    }
    let item = Item(symbol: symbol, time: time)
    guard
      let latest = items.indices.max(by: { isBefore(items[$0], items[$1], symbols) }),
      isBefore(item, items[latest], symbols)
    else { return }
    items[latest] = item
    setBar(most)
  }

  private mutating func setBar(_ most: Int) {
    bar = items.count < most ? Int64.max : items.reduce(Int64.min) { Swift.max($0, $1.time) }
  }

  private func isBefore(_ left: Item, _ right: Item, _ symbols: Symbols) -> Bool {
    if left.time != right.time { return left.time < right.time }
    return symbols.text(left.symbol) < symbols.text(right.symbol)
  }
}

/// What one agent did, over all actions.
package struct AgentActivity: Sendable {
  /// The agent.
  package var agent: Symbol
  /// Events in the window, whatever their outcome.
  package var events = 0
  /// The first and last of them that have a time.
  package var first: Timestamp?
  package var last: Timestamp?
  /// Source types of them, one bit each.
  package var sources: UInt64 = 0
  /// Days with an event by source type, each in no order and once.
  package private(set) var days: [(source: Int, day: Int64)] = []

  init(agent: Symbol) { self.agent = agent }

  mutating func add(_ event: Event, source: Int) {
    events += 1
    sources |= 1 << UInt64(source)
    guard event.isTimed else { return }
    if let known = first, known <= event.time {} else { first = event.time }
    if let known = last, event.time < known {} else { last = event.time }
    add(source, event.time.dayNumber)
  }

  private mutating func add(_ source: Int, _ day: Int64) {
    if let latest = days.last, latest == (source, day) { return }
    if days.contains(where: { $0 == (source, day) }) { return }
    days.append((source, day))
  }

  mutating func absorb(_ other: AgentActivity) {
    events += other.events
    sources |= other.sources
    if let theirs = other.first {
      if let ours = first, ours <= theirs {} else { first = theirs }
    }
    if let theirs = other.last {
      if let ours = last, theirs < ours {} else { last = theirs }
    }
    for (source, day) in other.days { add(source, day) }
  }
}
