internal import Foundation

/// What each part of the work took: for benchmarks and logs, on standard error.
struct Stopwatch {
  private let isQuiet: Bool
  private let log: Log
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var last: ContinuousClock.Instant

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
    let (seconds, attoseconds) = (now - last).components
    let passed = (now - last) / .seconds(1)
    last = now
    write("\(part): \(seconds).\(padded(attoseconds / 1_000_000_000_000_000)) s")
    log.say("part-done", .info, ["part": .text(part), "seconds": .seconds(passed)])
    return passed
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
