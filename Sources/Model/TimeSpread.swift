/// When the timed events of a log were, day by day.
package struct TimeSpread: Sendable {
  /// The timed events of one day.
  package struct Day: Sendable {
    package var count: Int
    package var first: Timestamp
    package var last: Timestamp
  }

  private var days: [Int64: Day] = [:]
  /// The day that was counted last, kept out of the table: a log is mostly in order.
  private var current: (number: Int64, day: Day)?

  /// No event.
  package init() {}

  /// The number of timed events.
  package var count: Int { byDay.reduce(0) { $0 + $1.day.count } }

  /// The first and the last timed event.
  package var first: Timestamp? { byDay.first?.day.first }
  package var last: Timestamp? { byDay.last?.day.last }

  /// The days that have an event, in order.
  package var byDay: [(number: Int64, day: Day)] {
    var all = days
    if let current { TimeSpread.merge(current.day, into: &all[current.number]) }
    return all.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Counts an event.
  package mutating func add(_ time: Timestamp) {
    let number = time.dayNumber
    if current?.number != number {
      if let current { TimeSpread.merge(current.day, into: &days[current.number]) }
      current = (number, Day(count: 0, first: time, last: time))
    }
    current?.day.count += 1
    if let first = current?.day.first { current?.day.first = TimeSpread.earlier(first, time) }
    if let last = current?.day.last { current?.day.last = TimeSpread.later(last, time) }
  }

  /// The earlier of two times; of equal ones the one told with fewer digits.
  private static func earlier(_ left: Timestamp, _ right: Timestamp) -> Timestamp {
    if left == right || left.nanoseconds != right.nanoseconds { return min(left, right) }
    return left.fractionDigits < right.fractionDigits ? left : right
  }

  /// The later of two times; of equal ones the one told with fewer digits.
  private static func later(_ left: Timestamp, _ right: Timestamp) -> Timestamp {
    left.nanoseconds == right.nanoseconds ? earlier(left, right) : max(left, right)
  }

  /// Adds the events of another part of the log.
  package mutating func absorb(_ other: TimeSpread) {
    for (number, day) in other.byDay { TimeSpread.merge(day, into: &days[number]) }
  }

  /// The first and last time that are near all others; nil when there is none.
  ///
  /// A few events (one in a thousand, at least one, of ten or more) that are more than a year away
  /// from all others are left out: a wrong clock must not become the review's date.
  package var plausible: ClosedRange<Timestamp>? {
    let days = byDay
    guard var first = days.first?.day.first, var last = days.last?.day.last else { return nil }
    let total = days.reduce(0) { $0 + $1.day.count }
    guard total >= 10 else { return first...last }
    let most = max(1, total / 1_000)
    var above = 0
    for index in days.indices.dropFirst().reversed() {
      above += days[index].day.count
      guard above <= most else { break }
      if TimeSpread.isFar(days[index - 1].day.last, days[index].day.first) {
        last = days[index - 1].day.last
      }
    }
    var below = 0
    for index in days.indices.dropLast() {
      below += days[index].day.count
      guard below <= most else { break }
      if TimeSpread.isFar(days[index].day.last, days[index + 1].day.first) {
        first = days[index + 1].day.first
      }
    }
    return first <= last ? first...last : last...last
  }

  private static func isFar(_ earlier: Timestamp, _ later: Timestamp) -> Bool {
    let year: Int64 = 366 * 86_400_000_000_000
    let (distance, overflow) = later.nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
    return overflow || distance > year
  }

  private static func merge(_ day: Day, into known: inout Day?) {
    guard var sum = known else {
      known = day
      return
    }
    sum.count += day.count
    sum.first = earlier(sum.first, day.first)
    sum.last = later(sum.last, day.last)
    known = sum
  }
}
