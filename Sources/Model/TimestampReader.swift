/// Reads the times of a log, of which most are in the same second as the one before.
package struct TimestampReader: Sendable {
  /// The first 19 bytes of the last time that was read in full, as three overlapping words.
  private var known: (UInt64, UInt64, UInt64) = (0, 0, 0)
  /// That time without its fraction, in nanoseconds.
  private var second: Int64 = 0
  private var hasSecond = false

  /// A reader that has read nothing yet.
  package init() {}

  /// The time that RFC 3339 text tells; the same answer as `Timestamp(rfc3339:)`.
  package mutating func read(_ text: UnsafeBufferPointer<UInt8>) -> Timestamp? {
    guard text.count >= 20, text.count <= 30, text[text.count - 1] == UInt8(ascii: "Z") else {
      return Timestamp(rfc3339: text)
    }
    let raw = UnsafeRawBufferPointer(text)
    let words = (
      raw.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
      raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
      raw.loadUnaligned(fromByteOffset: 11, as: UInt64.self)
    )
    if hasSecond, words == known, let fraction = TimestampReader.fraction(text) {
      return Timestamp(
        nanoseconds: second + fraction.nanoseconds, fractionDigits: fraction.digits)
    }
    guard let time = Timestamp(rfc3339: text), let fraction = TimestampReader.fraction(text) else {
      return Timestamp(rfc3339: text)
    }
    known = words
    second = time.nanoseconds - fraction.nanoseconds
    hasSecond = true
    return time
  }

  /// What lies between the second and the zone `Z`: nothing, or a point and one to nine digits.
  private static func fraction(
    _ text: UnsafeBufferPointer<UInt8>
  ) -> (nanoseconds: Int64, digits: UInt8)? {
    let end = text.count - 1
    if end == 19 { return (0, 0) }
    guard text[19] == UInt8(ascii: "."), end > 20 else { return nil }
    var value: Int64 = 0
    for index in 20..<end {
      let digit = text[index] &- 0x30
      guard digit <= 9 else { return nil }
      value = value * 10 + Int64(digit)
    }
    var scale = 9 - (end - 20)
    while scale > 0 {
      value *= 10
      scale -= 1
    }
    return (value, UInt8(truncatingIfNeeded: end - 20))
  }
}
