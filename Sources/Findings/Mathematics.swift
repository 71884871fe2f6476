// The only door to the platform's mathematics: Findings does without Foundation.
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The logarithm to base two.
func binaryLogarithm(_ value: Double) -> Double { log2(value) }

/// Two to a power.
func powerOfTwo(_ exponent: Double) -> Double { exp2(exponent) }

/// A share of 0 to 1 as a whole percentage 0 to 100, halves up; out-of-range values are cut.
func percentage(_ share: Double) -> Int {
  guard share.isFinite else { return 0 }
  return Int((min(1, max(0, share)) * 100).rounded(.toNearestOrAwayFromZero))
}

/// A number with at most `digits` decimals and no trailing zeros, for sentences.
func decimalText(_ value: Double, digits: Int) -> String {
  guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
  var scale = 1.0
  for _ in 0..<digits { scale *= 10 }
  let scaled = Int64((abs(value) * scale).rounded(.toNearestOrAwayFromZero))
  let whole = scaled / Int64(scale)
  var fraction = String(scaled % Int64(scale))
  fraction = String(repeating: "0", count: max(0, digits - fraction.count)) + fraction
  while fraction.hasSuffix("0") { fraction.removeLast() }
  let sign = value < 0 && scaled > 0 ? "-" : ""
  return fraction.isEmpty || digits == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(fraction)"
}

/// `1 day`, `2 days`: a count with its noun.
func counted(_ count: Int, _ noun: String) -> String {
  if count == 1 { return "1 \(noun)" }
  if noun.hasSuffix("y"), !["ay", "ey", "oy"].contains(String(noun.suffix(2))) {
    return "\(grouped(count)) \(noun.dropLast())ies"
  }
  return "\(grouped(count)) \(noun)s"
}

/// A whole number with a comma between thousands.
func grouped(_ value: Int) -> String {
  var text = ""
  let digits = String(value.magnitude)
  for (place, digit) in digits.enumerated() {
    if place > 0, (digits.utf8.count - place) % 3 == 0 { text.append(",") }
    text.append(digit)
  }
  return value < 0 ? "-" + text : text
}

/// The first few of a list of texts, and how many more there are.
func listed(_ texts: [String], max: Int) -> String {
  let shown = texts.prefix(max).joined(separator: ", ")
  return texts.count > max ? "\(shown) and \(texts.count - max) more" : shown
}
