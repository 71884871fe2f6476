internal import Model

/// Parses a bound of the window: RFC 3339 with a zone, or a date in UTC (its first or last instant).
///
/// - Parameter what: Where it was given, for the message.
func parseBound(_ text: String, _ what: String, isEnd: Bool) throws -> Timestamp {
  if let time = Timestamp(bound: text, isEnd: isEnd) { return time }
  throw Failure(
    "\(what): expected a date or an RFC 3339 time with a zone, not `\(text.prefix(60))`")
}

/// Parses both bounds, each with where it was given, and checks their order.
func parseWindow(
  from: (text: String, what: String)?, to: (text: String, what: String)?
) throws -> (from: Timestamp?, to: Timestamp?) {
  let start = try from.map { try parseBound($0.text, $0.what, isEnd: false) }
  let end = try to.map { try parseBound($0.text, $0.what, isEnd: true) }
  if let start, let end, end < start {
    throw Failure("--to \(end.rfc3339) lies before --from \(start.rfc3339)")
  }
  return (start, end)
}
