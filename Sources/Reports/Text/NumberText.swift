/// Numbers as text, the same everywhere and in every locale.
enum NumberText {
  /// A number with at most so many decimals, rounded half away from zero, without trailing zeros
  /// and without an exponent; nil for infinities and what is not a number.
  static func decimal(_ value: Double, decimalsMax: Int) -> String? {
    guard value.isFinite else { return nil }
    if value == 0 { return "0" }
    if value == 1 { return "1" }
    let fixed = fixed(value, decimals: decimalsMax)
    guard decimalsMax > 0, fixed.utf8.contains(UInt8(ascii: ".")) else { return fixed }
    var trimmed = fixed.utf8[...]
    while trimmed.last == UInt8(ascii: "0") { trimmed = trimmed.dropLast() }
    if trimmed.last == UInt8(ascii: ".") { trimmed = trimmed.dropLast() }
    let text = String(decoding: trimmed, as: UTF8.self)
    return text == "-0" ? "0" : text
  }

  /// A finite number with exactly so many decimals; from 10^12 on as Swift writes it.
  static func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite, value.magnitude < 1e12 else { return "\(value)" }
    var scale: Int64 = 1
    for _ in 0..<min(max(decimals, 0), 6) { scale *= 10 }
    let scaled = (value.magnitude * Double(scale)).rounded()
    guard let units = Int64(exactly: scaled) else { return "\(value)" }
    let sign = value < 0 && units != 0 ? "-" : ""
    guard scale > 1 else { return "\(sign)\(units)" }
    let fraction = String(units % scale)
    let width = String(scale).utf8.count - 1
    let zeros = String(repeating: "0", count: max(0, width - fraction.utf8.count))
    return "\(sign)\(units / scale).\(zeros)\(fraction)"
  }

  /// A whole number with a comma between thousands.
  static func grouped(_ value: Int) -> String {
    if value >= 0, value < 1_000 { return String(value) }
    let digits = Array(String(value.magnitude))
    var text = value < 0 ? "\u{2212}" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// A number for people: thousands separated, so many decimals.
  static func grouped(_ value: Double, decimals: Int) -> String {
    let text = fixed(value, decimals: decimals)
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard let whole = Int(parts[0]) else { return text }
    let sign = text.hasPrefix("-") && whole == 0 ? "\u{2212}" : ""
    return ([sign + grouped(whole)] + parts.dropFirst().map(String.init)).joined(separator: ".")
  }

  /// A share from 0 to 1 as a percentage: `12%`, `0.4%`, `under 0.1%`, and never `0%` or `100%` for what is not.
  static func percent(_ share: Double) -> String {
    let value = share * 100
    if value > 0, value < 0.1 { return "under 0.1%" }
    if value < 100, value > 99.9 { return "over 99.9%" }
    let decimals = value < 10 || value > 99 ? 1 : 0
    return "\(decimal(value, decimalsMax: decimals) ?? "")%"
  }

  /// Small whole numbers as words at the start of a sentence, `Six`; others in digits.
  static func capitalWord(_ value: Int) -> String {
    let words = [
      "No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten",
      "Eleven", "Twelve", "Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen",
      "Nineteen", "Twenty",
    ]
    return words.indices.contains(value) ? words[value] : grouped(value)
  }

  /// Small whole numbers as words inside a sentence, `six`; others in digits.
  static func word(_ value: Int) -> String {
    let text = capitalWord(value)
    return text.first?.isLetter == true ? text.lowercased() : text
  }

  /// The first few of many words, and how many more there are.
  static func few(_ words: [String], max: Int) -> String {
    let shown = words.prefix(max).joined(separator: ", ")
    return words.count > max ? "\(shown) and \(grouped(words.count - max)) more" : shown
  }

  /// `1 agent`, `2 agents`.
  static func count(_ value: Int, _ one: String, _ many: String) -> String {
    "\(grouped(value)) \(value == 1 ? one : many)"
  }
}
