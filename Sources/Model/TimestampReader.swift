/// Reads the times of a log, of which most are on the same day as the one before.
package struct TimestampReader: Sendable {
  /// The first 11 bytes of the last time that was read in full, as two words, and when its day began,
  /// in nanoseconds.
  private var date: (UInt64, UInt64) = (0, 0)
  private var midnight: Int64 = 0
  private var hasDate = false

  /// A reader that has read nothing yet.
  package init() {}

  /// The time that RFC 3339 text tells; the same answer as `Timestamp(rfc3339:)`.
  package mutating func read(_ text: UnsafeBufferPointer<UInt8>) -> Timestamp? {
    guard text.count >= 20, text.count <= 30, text[text.count - 1] == UInt8(ascii: "Z"),
      let fraction = TimestampReader.fraction(text)
    else { return Timestamp(rfc3339: text) }
    let raw = UnsafeRawBufferPointer(text)
    let words = (
      raw.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
      raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self) & 0xFF_FFFF
    )
    let clock = raw.loadUnaligned(fromByteOffset: 11, as: UInt64.self)
    guard let seconds = TimestampReader.seconds(clock) else { return Timestamp(rfc3339: text) }
    let inDay = seconds * 1_000_000_000 + fraction.nanoseconds
    if hasDate, words == date {
      return Timestamp(nanoseconds: midnight + inDay, fractionDigits: fraction.digits)
    }
    guard let time = Timestamp(rfc3339: text) else { return nil }
    date = words
    midnight = time.nanoseconds - inDay
    hasDate = true
    return time
  }

  /// Seconds since midnight of the eight bytes `HH:MM:SS`; nil where they are no time of day.
  private static func seconds(_ clock: UInt64) -> Int64? {
    // Each byte less what it would be of the digit 0 or a colon: what is left of a digit is itself.
    let digits = clock ^ 0x3030_3A30_303A_3030
    let overNine = digits &+ 0x0606_0006_0600_0606
    guard (digits & 0xF0F0_FFF0_F0FF_F0F0) | (overNine & 0x1010_0010_1000_1010) == 0 else {
      return nil
    }
    func pair(_ shift: UInt64) -> Int64 {
      Int64(digits >> shift & 0xF) * 10 + Int64(digits >> (shift + 8) & 0xF)
    }
    let (hour, minute, second) = (pair(0), pair(24), pair(48))
    guard hour < 24, minute < 60, second <= 60 else { return nil }
    return hour * 3_600 + minute * 60 + second
  }

  /// What lies between the second and the zone `Z`: nothing, or a point and one to nine digits.
  private static func fraction(
    _ text: UnsafeBufferPointer<UInt8>
  ) -> (nanoseconds: Int64, digits: UInt8)? {
    let end = text.count - 1
    if end == 19 { return (0, 0) }
    guard text[19] == UInt8(ascii: "."), end > 20, end <= 29 else { return nil }
    var value: Int64 = 0
    for index in 20..<end {
      let digit = text[index] &- 0x30
      guard digit <= 9 else { return nil }
      value = value &* 10 &+ Int64(digit)
    }
    switch end {
    case 23: value &*= 1_000_000
    case 26: value &*= 1_000
    case 29: break
    default: for _ in end..<29 { value &*= 10 }
    }
    return (value, UInt8(truncatingIfNeeded: end - 20))
  }
}
