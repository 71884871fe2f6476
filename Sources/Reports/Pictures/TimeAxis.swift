internal import Model

/// Where events stand on a time axis: linear, but never closer than a square is wide, and broken
/// where one pause would press all else together.
struct TimeAxis {
  /// A mark of the axis with its text.
  struct Mark {
    var x: Double
    var text: String
  }

  /// The place of each event, rising.
  private(set) var positions: [Double] = []
  /// Round times; none when the axis is broken or there is no clock.
  private(set) var ticks: [Mark] = []
  /// Pauses that are drawn shorter than they were.
  private(set) var breaks: [Mark] = []

  private static let squareWidth = 20.0
  private static let breakWidth = 70.0

  /// An axis for times in order; a nil among them means that there is no clock.
  init(times: [Timestamp?], from: Double, to: Double) {
    let known = times.compactMap { $0 }
    guard known.count == times.count, let first = known.first, let last = known.last,
      last > first
    else {
      let step = (to - from) / Double(max(1, times.count))
      positions = times.indices.map { from + (Double($0) + 0.5) * step }
      return
    }
    let pauses = zip(known, known.dropFirst()).map {
      Double(max(0, TimeText.nanoseconds(from: $0, to: $1)))
    }
    let isBroken = TimeAxis.brokenPauses(pauses)
    let kept = zip(pauses, isBroken).reduce(0) { $0 + ($1.1 ? 0 : $1.0) }
    let fixed = Double(isBroken.count { $0 }) * TimeAxis.breakWidth
    let scale = kept > 0 ? max(0, to - from - fixed) / kept : 0
    var x = from
    positions = [x]
    for (pause, broken) in zip(pauses, isBroken) {
      let width = broken ? TimeAxis.breakWidth : pause * scale
      if broken {
        breaks.append(
          Mark(x: x + width / 2, text: TimeText.span(nanoseconds: Int64(exactly: pause) ?? 0)))
      }
      x += width
      positions.append(x)
    }
    spread(to: to, from: from)
    if breaks.isEmpty { ticks = roundTicks(first: first, last: last, from: from, to: to) }
  }

  /// Where another time stands among the events of this axis, at most at its ends.
  func place(of time: Timestamp, among times: [Timestamp?]) -> Double {
    guard let first = positions.first, let last = positions.last else { return 0 }
    let known = times.compactMap { $0 }
    guard known.count == positions.count, let start = known.first, time > start else {
      return first
    }
    for next in known.indices.dropFirst() where time <= known[next] {
      let whole = TimeText.nanoseconds(from: known[next - 1], to: known[next])
      let part = TimeText.nanoseconds(from: known[next - 1], to: time)
      let share = whole > 0 ? Double(part) / Double(whole) : 0
      return positions[next - 1] + (positions[next] - positions[next - 1]) * share
    }
    return last
  }

  /// A pause is broken when it is longer than six times all the others together.
  private static func brokenPauses(_ pauses: [Double]) -> [Bool] {
    let all = pauses.reduce(0, +)
    return pauses.map { pauses.count > 1 && $0 > 0.86 * all && all - $0 > 0 }
  }

  /// Pushes events apart to the width of a square, then back from the end.
  private mutating func spread(to end: Double, from start: Double) {
    let room = (end - start) / Double(max(1, positions.count - 1))
    let least = min(TimeAxis.squareWidth, room)
    for place in positions.indices.dropFirst() {
      positions[place] = max(positions[place], positions[place - 1] + least)
    }
    var limit = end
    for place in positions.indices.reversed() {
      positions[place] = min(positions[place], limit)
      limit = positions[place] - least
    }
  }

  private func roundTicks(
    first: Timestamp, last: Timestamp, from: Double, to: Double
  ) -> [Mark] {
    let span = TimeText.nanoseconds(from: first, to: last)
    guard span > 0 else { return [] }
    let second: Int64 = 1_000_000_000
    let sizes: [Int64] = [
      1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200,
      86_400, 172_800, 604_800, 1_209_600, 2_592_000,
    ].map { $0 * second }
    guard let size = sizes.first(where: { span / $0 <= 6 }) else { return [] }
    var marks: [Mark] = []
    var tick = first.nanoseconds / size * size
    while tick <= last.nanoseconds, marks.count < 8 {
      let (offset, overflow) = tick.subtractingReportingOverflow(first.nanoseconds)
      if !overflow, offset >= 0 {
        let x = from + (to - from) * Double(offset) / Double(span)
        let time = Timestamp(nanoseconds: tick, fractionDigits: 0)
        let text =
          size >= 86_400 * second
          ? String(TimeText.date(time).dropFirst(5))
          : String(TimeText.clock(time).prefix(size >= 60 * second ? 5 : 8))
        marks.append(Mark(x: x, text: text))
      }
      let (next, ended) = tick.addingReportingOverflow(size)
      if ended { break }
      tick = next
    }
    return marks
  }
}
