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

  mutating func count(_ time: Timestamp?) {
    count += 1
    guard let time else { return }
    if let known = last, time < known {} else { last = time }
    let day = time.dayNumber
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
