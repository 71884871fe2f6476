internal import Model

/// Parses `--from` and `--to`: RFC 3339 with a zone, or a date in UTC (its first or last instant).
func parseBound(_ text: String, isEnd: Bool) throws -> Timestamp {
  if let time = Timestamp(rfc3339: text) { return time }
  let bound = isEnd ? "T23:59:59.999999999Z" : "T00:00:00Z"
  if text.utf8.count == 10, let time = Timestamp(rfc3339: text + bound) {
    return Timestamp(nanoseconds: time.nanoseconds, fractionDigits: 0)
  }
  let what = isEnd ? "--to" : "--from"
  throw Failure(
    "\(what): expected a date or an RFC 3339 time with a zone, not `\(text.prefix(60))`")
}

/// Parses both bounds and checks their order.
func parseWindow(from: String?, to: String?) throws -> (from: Timestamp?, to: Timestamp?) {
  let start = try from.map { try parseBound($0, isEnd: false) }
  let end = try to.map { try parseBound($0, isEnd: true) }
  if let start, let end, end < start {
    throw Failure("--to \(end.rfc3339) lies before --from \(start.rfc3339)")
  }
  return (start, end)
}
