internal import Model

/// Times for people, in UTC.
enum TimeText {
  /// `2026-09-17`.
  static func date(_ time: Timestamp) -> String { String(time.rfc3339.prefix(10)) }

  /// `10:00:04`, with the fraction that the source gave.
  static func clock(_ time: Timestamp) -> String {
    String(time.rfc3339.dropFirst(11).prefix { $0 != "Z" })
  }

  /// `2026-09-17 10:00:04`.
  static func full(_ time: Timestamp) -> String { "\(date(time)) \(clock(time))" }

  /// `8 min 59 s`: the two largest units of a span.
  static func span(nanoseconds: Int64) -> String {
    let units: [(Int64, String)] = [
      (86_400_000_000_000, "d"), (3_600_000_000_000, "h"), (60_000_000_000, "min"),
      (1_000_000_000, "s"), (1_000_000, "ms"),
    ]
    var rest = max(0, nanoseconds)
    var parts: [String] = []
    for (size, unit) in units {
      let count = rest / size
      rest %= size
      if count > 0 { parts.append("\(count) \(unit)") } else if !parts.isEmpty { break }
      if parts.count == 2 { break }
    }
    return parts.isEmpty ? "0 s" : parts.joined(separator: " ")
  }

  /// The span between two times, 0 where they cannot be subtracted.
  static func nanoseconds(from start: Timestamp, to end: Timestamp) -> Int64 {
    let (span, overflow) = end.nanoseconds.subtractingReportingOverflow(start.nanoseconds)
    return overflow ? 0 : span
  }
}
