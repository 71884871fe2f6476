extension [UInt8] {
  /// Appends a whole number, not negative, in digits.
  mutating func append(number: Int) {
    if number < 10 { return append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number)) }
    let start = count
    var rest = number
    while rest > 0 {
      append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    }
    self[start...].reverse()
  }

  /// Appends a number below a thousand, not negative, to six decimals without trailing zeros: what
  /// `NumberText.decimal` says, without a text of its own.
  mutating func append(millionths number: Double) {
    let all = Int((number * 1_000_000).rounded())
    append(number: all / 1_000_000)
    var fraction = all % 1_000_000
    guard fraction > 0 else { return }
    append(UInt8(ascii: "."))
    var unit = 100_000
    while fraction > 0 {
      append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: fraction / unit))
      fraction %= unit
      unit /= 10
    }
  }
}
