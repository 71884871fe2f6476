/// One prefix of a chain that waits for its next step.
struct Cell {
  /// The candidate that started it, and its time.
  var start: Int32
  var startTime: Int64
  /// Its place in the order in which candidates were taken.
  var startSequence: Int32
  /// The time of its last step.
  var lastTime: Int64
  /// The last step in the arena, for the witness.
  var node: Int32
  /// The latest event after its start that excuses it; -1 for none.
  var excuse: Int32 = -1
}

/// The prefixes of one stage that no other dominates: later last steps have earlier starts.
///
/// Without a gap ahead the latest start dominates all others. With one it is a queue, amortised
/// constant time for each prefix.
struct Front {
  private(set) var cells: [Cell] = []
  private var head = 0

  var isEmpty: Bool { head >= cells.count }

  /// The live prefixes, latest start first.
  var live: ArraySlice<Cell> { cells[head...] }

  /// The latest start among all prefixes.
  var best: Cell? { isEmpty ? nil : cells[head] }

  /// Drops prefixes whose gap has passed and gives the one with the latest start that is left.
  mutating func first(at time: Int64, gap: Int64?) -> Cell? {
    if let gap {
      while head < cells.count, span(from: cells[head].lastTime, to: time) > gap { head += 1 }
      if head > 32, head * 2 > cells.count {
        cells.removeFirst(head)
        head = 0
      }
    }
    return best
  }

  /// Adds a prefix whose last step is not earlier than those of all others.
  mutating func insert(_ cell: Cell, hasGap: Bool) {
    if !hasGap {
      if let best, Front.isPreferred(best, to: cell) { return }
      clear()
      cells.append(cell)
      return
    }
    while let last = cells.last, head < cells.count {
      let isDominated =
        last.startTime < cell.startTime
        || (last.startTime == cell.startTime && !Front.isPreferred(last, to: cell))
      guard isDominated else { break }
      cells.removeLast()
    }
    if let last = cells.last, head < cells.count, last.lastTime == cell.lastTime,
      last.startTime >= cell.startTime
    {
      return
    }
    cells.append(cell)
  }

  /// Adds a prefix that may lie anywhere: for joining the fronts of two orders of tied events.
  mutating func merge(_ other: Front, hasGap: Bool) {
    guard hasGap else {
      for cell in other.live { insert(cell, hasGap: false) }
      return
    }
    let all = (Array(live) + Array(other.live)).sorted {
      ($0.lastTime, -$0.startTime, -$0.start) < ($1.lastTime, -$1.startTime, -$1.start)
    }
    clear()
    for cell in all { insert(cell, hasGap: true) }
  }

  /// Whether the first of two prefixes of one last time should stay: a later start; of equal ones
  /// the later in the table.
  private static func isPreferred(_ left: Cell, to right: Cell) -> Bool {
    (left.startTime, left.start, left.lastTime) > (right.startTime, right.start, right.lastTime)
  }

  mutating func clear() {
    cells.removeAll(keepingCapacity: true)
    head = 0
  }

  mutating func markExcused(by event: Int32, except start: Int32) {
    for index in cells.indices where cells[index].start != start { cells[index].excuse = event }
  }

  /// Whether two fronts have the same future: the same times, whichever events gave them.
  func hasSameFuture(as other: Front) -> Bool {
    live.count == other.live.count
      && zip(live, other.live).allSatisfy {
        $0.startTime == $1.startTime && $0.lastTime == $1.lastTime
          && ($0.excuse < 0) == ($1.excuse < 0)
      }
  }
}

/// The nanoseconds from one time to a later one, without overflow.
func span(from: Int64, to: Int64) -> Int64 {
  let (difference, overflow) = to.subtractingReportingOverflow(from)
  return overflow ? (to > from ? Int64.max : Int64.min) : difference
}
