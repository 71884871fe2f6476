/// Nanoseconds of a span of time as policies write it: `90s`, `30m`, `24h`, `7d`, `2w`, `250ms`, or
/// a sum of these (`1h30m`); `0` alone is zero. Nil when the text is no such span or overflows.
package func durationNanoseconds(_ text: String) -> Int64? {
  if text == "0" { return 0 }
  var rest = Substring(text)
  var total: Int64 = 0
  while !rest.isEmpty {
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    rest = rest.dropFirst(digits.count)
    let unit = rest.prefix { $0.isASCII && $0.isLetter }
    rest = rest.dropFirst(unit.count)
    guard let count = Int64(digits), let scale = nanosecondsOfUnit(String(unit)) else { return nil }
    let (product, overflow) = count.multipliedReportingOverflow(by: scale)
    let (sum, sumOverflow) = total.addingReportingOverflow(product)
    guard !overflow, !sumOverflow else { return nil }
    total = sum
  }
  return text.isEmpty ? nil : total
}

private func nanosecondsOfUnit(_ unit: String) -> Int64? {
  switch unit {
  case "ms": return 1_000_000
  case "s": return 1_000_000_000
  case "m": return 60_000_000_000
  case "h": return 3_600_000_000_000
  case "d": return 86_400_000_000_000
  case "w": return 604_800_000_000_000
  default: return nil
  }
}

/// A span of time in the shortest of the units of policies, for example `30m` or `1h30m`.
package func durationText(nanoseconds: Int64) -> String {
  guard nanoseconds > 0 else { return "0s" }
  var rest = nanoseconds / 1_000_000
  var text = ""
  for (unit, size) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)]
    as [(String, Int64)]
  {
    if rest >= size { text += "\(rest / size)\(unit)" }
    rest %= size
  }
  return text.isEmpty ? "0s" : text
}
