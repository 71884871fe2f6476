internal import Model

/// What counts towards a limit under one assignment of the registers.
struct Tally {
  /// One event that counts.
  struct Counted {
    var candidate: Int32
    var time: Int64
    var sequence: Int32
    /// Running totals up to and with it.
    var sum: Double
    var unknowns: Int
  }

  /// A chain of anchors, complete.
  struct Anchor {
    /// The first event that counts after it.
    var from: Int
    var cell: Cell
  }

  private(set) var counted: [Counted] = []
  /// The first event of the window.
  private(set) var low = 0
  /// Anchors, earlier completed first; later starts last unless all are kept.
  private(set) var anchors: [Anchor] = []
  /// Whether the aggregate was at the bound after the last event; with excused starts taken too.
  var isOver = false
  var isOverAll = false
  /// The values last seen, the most recent last, and where.
  private var recent: [AttributeValue] = []
  private var lastPlace: [AttributeValue: Int] = [:]

  /// Adds a completed chain of anchors. When amounts are never negative only a later start can ever
  /// be of use beside an earlier anchor.
  mutating func anchor(_ cell: Cell, keepsAll: Bool) {
    if !keepsAll, let last = anchors.last,
      (cell.startTime, cell.startSequence) <= (last.cell.startTime, last.cell.startSequence)
    {
      return
    }
    anchors.append(Anchor(from: counted.count, cell: cell))
  }

  /// `until`: forgets what started before an event.
  mutating func forget(startedBefore event: Int32) {
    anchors.removeAll { $0.cell.start != event }
    let isItself = counted.last?.candidate == event
    low = max(low, counted.count - (isItself ? 1 : 0))
  }

  /// Lets events and anchors leave the window.
  mutating func slide(to time: Int64, window: Int64?, within: Int64?) {
    if let window {
      while low < counted.count, span(from: counted[low].time, to: time) > window { low += 1 }
    }
    if let within {
      anchors.removeAll { span(from: $0.cell.startTime, to: time) > within }
    }
  }

  mutating func add(
    _ candidate: Int, _ time: Int64, _ sequence: Int32, _ amount: AggregateJudge.Amount,
    valuesMax: Int
  ) {
    let last = counted.last
    for value in amount.values {
      if lastPlace[value] != nil { recent.removeAll { $0 == value } }
      recent.append(value)
      lastPlace[value] = counted.count
    }
    if recent.count > valuesMax {
      for value in recent.prefix(recent.count - valuesMax) { lastPlace[value] = nil }
      recent.removeFirst(recent.count - valuesMax)
    }
    counted.append(
      Counted(
        candidate: Int32(truncatingIfNeeded: candidate), time: time, sequence: sequence,
        sum: (last?.sum ?? 0) + amount.sum,
        unknowns: (last?.unknowns ?? 0) + (amount.isUnknown ? 1 : 0)))
  }

  /// The first event of the window as the start of a chain; nil when the window is empty.
  var firstCounted: Cell? {
    guard low < counted.count else { return nil }
    let first = counted[low]
    return Cell(
      start: first.candidate, startTime: first.time, startSequence: first.sequence,
      lastTime: first.time, node: -1)
  }

  func sum(from: Int) -> Double {
    guard let last = counted.last else { return 0 }
    return last.sum - (from > 0 ? counted[from - 1].sum : 0)
  }

  func unknowns(from: Int) -> Int {
    guard let last = counted.last else { return 0 }
    return last.unknowns - (from > 0 ? counted[from - 1].unknowns : 0)
  }

  /// Distinct values among the events from a place on, the most recent first.
  func distinct(from: Int) -> Int {
    var count = 0
    for value in recent.reversed() {
      guard let place = lastPlace[value], place >= from else { break }
      count += 1
    }
    return count
  }
}
