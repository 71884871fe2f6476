internal import Foundation

/// What each part of the work took: for benchmarks and logs, on standard error.
struct Stopwatch {
  private let isQuiet: Bool
  private let log: Log
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var last: ContinuousClock.Instant
  /// What is counted apart from the laps in which it falls.
  private var apart: [String: Swift.Duration] = [:]

  /// A stopwatch that may be silent in words; a log of JSON lines always has the parts.
  init(isQuiet: Bool, log: Log) {
    self.isQuiet = isQuiet
    self.log = log
    start = clock.now
    last = start
  }

  /// Seconds since it was started.
  var seconds: Double { (clock.now - start) / .seconds(1) }

  /// Says what passed since the last lap, and gives it in seconds.
  @discardableResult
  mutating func lap(_ part: String) -> Double {
    let now = clock.now
    let passed = now - last
    last = now
    return say(part, passed)
  }

  /// Does what stands at several places of the work, and counts it for a part of its own and not for
  /// the laps in which it falls.
  mutating func apart<Value>(_ part: String, _ body: () throws -> Value) rethrows -> Value {
    let begin = clock.now
    defer {
      let passed = clock.now - begin
      apart[part, default: .zero] += passed
      last += passed
    }
    return try body()
  }

  /// Says what was counted apart.
  mutating func lap(apart part: String) {
    if let passed = apart.removeValue(forKey: part) { say(part, passed) }
  }

  @discardableResult
  private func say(_ part: String, _ passed: Swift.Duration) -> Double {
    let (seconds, attoseconds) = passed.components
    write("\(part): \(seconds).\(padded(attoseconds / 1_000_000_000_000_000)) s")
    log.say("part-done", .info, ["part": .text(part), "seconds": .seconds(passed / .seconds(1))])
    return passed / .seconds(1)
  }

  /// Says a number of what was done.
  func say(_ what: String, _ count: Int) {
    write("\(what): \(count)")
    log.say("counted", .info, ["what": .text(what), "count": .count(count)])
  }

  private func padded(_ milliseconds: Int64) -> String {
    String(String(milliseconds + 1_000).dropFirst())
  }

  private func write(_ line: String) {
    guard !isQuiet, log.format == .text else { return }
    FileHandle.standardError.write(Data("timing \(line)\n".utf8))
  }
}
