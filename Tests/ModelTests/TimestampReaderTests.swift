import Model
import TestSupport
import Testing

@Suite struct TimestampReaderTests {
  @Test func readsWhatTimestampReads() {
    var random = SmallRandom(seed: 11)
    var reader = TimestampReader()
    let days = ["2026-07-01", "2026-07-02", "2026-02-30", "1999-12-31"]
    let clocks = [
      "10:00:00", "10:00:01", "23:59:60", "24:00:00", "1a:00:00", "10:60:00", "09:59:61",
      "1::00:00",
      "10;00:00", "1/:00:0;", "00:00:00",
    ]
    let fractions = ["", ".5", ".123", ".123456789", ".1234567891", ".", ".x", ",5", ".12Z"]
    let zones = ["Z", "Z", "Z", "z", "+02:00", ""]
    for _ in 0..<20_000 {
      let text =
        random.pick(days) + random.pick(["T", "T", " "]) + random.pick(clocks)
        + random.pick(fractions) + random.pick(zones)
      var copy = text
      let read = copy.withUTF8 { reader.read($0) }
      #expect(read == Timestamp(rfc3339: text), "\(text)")
      #expect(read?.fractionDigits == Timestamp(rfc3339: text)?.fractionDigits, "\(text)")
    }
  }
}
