package import Model

/// The span of time that a review reports on.
package struct ReviewWindow: Sendable, Equatable {
  /// The first instant; nil when no event has a time and none was asked for.
  package var from: Timestamp?
  /// The last instant, which is the review's date.
  package var to: Timestamp?
  /// Indexes of events that lie so far beyond all others that their clock must be wrong.
  package var strayEvents: [Int]

  /// The window asked for; where a bound is open, the first or last event's time.
  ///
  /// A few events (one in a thousand, at least one, of ten or more) that are more than a year away
  /// from all others are stray: a wrong clock must not become the review's date.
  package init(of table: EventTable, from: Timestamp?, to: Timestamp?) {
    let timed = table.events.indices.filter { table.events[$0].isTimed }
    var first = timed.startIndex
    var last = timed.endIndex - 1
    var stray: [Int] = []
    func time(_ place: Int) -> Int64 { table.events[timed[place]].time.nanoseconds }
    if timed.count >= 10 {
      let most = max(1, timed.count / 1_000)
      if let edge = (last - most..<last).first(where: { ReviewWindow.isFar(time($0), time($0 + 1)) }
      ) {
        stray += timed[(edge + 1)...]
        last = edge
      }
      if let edge = (1...most).last(where: { ReviewWindow.isFar(time($0 - 1), time($0)) }) {
        stray += timed[..<edge]
        first = edge
      }
    }
    strayEvents = stray.sorted()
    let events = table.events
    self.from = from ?? (timed.isEmpty ? nil : events[timed[first]].time)
    self.to = to ?? (timed.isEmpty ? nil : events[timed[last]].time)
  }

  private static func isFar(_ earlier: Int64, _ later: Int64) -> Bool {
    let year: Int64 = 366 * 86_400_000_000_000
    let (distance, overflow) = later.subtractingReportingOverflow(earlier)
    return overflow || distance > year
  }
}
