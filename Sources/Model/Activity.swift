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
    guard !event.isTimed || isInWindow(event.time) else { return }
    agents[agent].add(event.isTimed ? event.time : nil, source: source)
    guard event.outcome == .allowed else { return }
    cells[place].use.count(event.isTimed ? event.time : nil)
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

  private func isInWindow(_ time: Timestamp) -> Bool {
    if let from = bounds.from, time < from { return false }
    if let to = bounds.to, to < time { return false }
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
    for cell in cells where cell.use.events > 0 {
      body(agents[Int(cell.agent)].agent)
      body(cell.action)
      for item in cell.use.names.items { body(item.symbol) }
      for item in cell.use.resources.items { body(item.symbol) }
    }
  }

  /// The number of the cell of an agent and an action, made when it is new; a cell of which nothing
  /// is counted is no use.
  package mutating func cell(of agent: Symbol, _ action: Symbol) -> Int32 {
    Int32(truncatingIfNeeded: place(number(of: agent), action))
  }

  /// Whether a cell may keep what is used at a time; where not, it does not later either.
  package func takesResource(_ cell: Int32, at time: Timestamp) -> Bool {
    cells[Int(cell)].use.resources.takes(time.nanoseconds, max: bounds.resourcesMax)
      || cells[Int(cell)].use.names.takes(time.nanoseconds, max: bounds.namesMax)
  }

  /// Counts events of one source, given by its number below 64, as `add` does one by one.
  ///
  /// - Parameter spread: When the events were.
  package mutating func add(
    _ uses: [TimedUse], at spread: TimeSpread, source: Int, _ symbols: Symbols
  ) {
    events += uses.count
    times.absorb(spread)
    // Taken out, so that no access to the tables is checked for each event.
    var cells: [Cell] = []
    swap(&cells, &self.cells)
    cells.withUnsafeMutableBufferPointer { cells in
      for use in uses {
        let cell = Int(use.cell)
        cells[cell].use.events += 1
        cells[cell].use.sources |= 1 << UInt64(source)
        guard isInWindow(use.time) else { continue }
        agents[Int(cells[cell].agent)].add(use.time, source: source)
        guard use.outcome == .allowed else { continue }
        cells[cell].use.count(use.time)
        if use.resource.isPresent {
          add(use, to: &cells[cell].use, symbols)
        } else if !use.isNamed {
          cells[cell].use.unnamed += 1
        }
      }
    }
    swap(&cells, &self.cells)
  }

  private mutating func add(_ event: TimedUse, to use: inout ActionUse, _ symbols: Symbols) {
    let time = event.time.nanoseconds
    let takesName = use.names.takes(time, max: bounds.namesMax)
    if use.resources.takes(time, max: bounds.resourcesMax) {
      let key = UInt64(UInt32(bitPattern: event.cell)) << 32 | UInt64(event.resource.raw)
      let known = seenResources[key]
      if known >= 0, time >= use.latest { return }
      if known < 0 { seenResources.insert(key, 0) }
      use.resources.add(event.resource, time, max: bounds.resourcesMax, symbols)
    } else if !takesName {
      return
    }
    if takesName { use.names.add(event.name, time, max: bounds.namesMax, symbols) }
    use.latest = max(use.latest, time)
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
    var numberOf = [Int](repeating: -1, count: other.agents.count)
    for cell in other.cells where cell.use.events > 0 {
      let theirs = Int(cell.agent)
      if numberOf[theirs] < 0 {
        numberOf[theirs] = number(of: rename(other.agents[theirs].agent))
        agents[numberOf[theirs]].absorb(other.agents[theirs])
      }
      let place = place(numberOf[theirs], rename(cell.action))
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
    for index in cells.indices {
      counts[cells[index].action, default: 0] += cells[index].use.events
    }
    return counts
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

  mutating func add(_ time: Timestamp?, source: Int) {
    events += 1
    sources |= 1 << UInt64(source)
    guard let time else { return }
    if let known = first, known <= time {} else { first = time }
    if let known = last, time < known {} else { last = time }
    add(source, time.dayNumber)
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
