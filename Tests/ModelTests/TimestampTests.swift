import Model
import Testing

@Suite struct TimestampTests {
  @Test(arguments: [
    ("2026-07-01T09:30:00Z", "2026-07-01T09:30:00Z"),
    ("2026-07-01T09:30:00.125Z", "2026-07-01T09:30:00.125Z"),
    ("2026-07-01T09:30:00+02:00", "2026-07-01T07:30:00Z"),
    ("2026-07-01T00:30:00-0130", "2026-07-01T02:00:00Z"),
    ("2019-08-16 17:27:59+00:00", "2019-08-16T17:27:59Z"),
    ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5Z"),
    ("2024-02-29T23:59:60Z", "2024-03-01T00:00:00Z"),
    ("1678-01-01T00:00:00Z", "1678-01-01T00:00:00Z"),
    ("2026-07-01t09:30:00.123456789123z", "2026-07-01T09:30:00.123456789Z"),
  ])
  func roundTrips(text: String, expected: String) throws {
    #expect(try #require(Timestamp(rfc3339: text)).rfc3339 == expected)
  }

  @Test(arguments: [
    "2026-07-01T09:30:00", "2026-07-01", "", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
    "2026-07-01T24:00:00Z", "2026-07-01T09:30:00.Z", "2026-07-01T09:30:00+2:00",
    "2026-07-01T09:30:00Zz", "9999-01-01T00:00:00Z", "2026-07-01T09:30:00+24:00",
  ])
  func rejects(text: String) { #expect(Timestamp(rfc3339: text) == nil) }

  @Test func dayNumbersRoundDownBeforeTheEpoch() throws {
    let time = try #require(Timestamp(rfc3339: "1969-12-31T00:00:01Z"))
    #expect(time.dayNumber == -1)
    #expect(Timestamp.date(dayNumber: -1) == "1969-12-31")
  }

  @Test func everyDayOfFourCenturiesRoundTrips() throws {
    for day in stride(from: Int64(-100_000), through: 100_000, by: 37) {
      let text = Timestamp.date(dayNumber: day) + "T00:00:00Z"
      #expect(try #require(Timestamp(rfc3339: text)).dayNumber == day)
    }
  }
}
