internal import Foundation

/// Says what each part of the work took: for benchmarks, on standard error.
struct Stopwatch {
  private let isQuiet: Bool
  private let clock = ContinuousClock()
  private var last: ContinuousClock.Instant

  /// A stopwatch that may be silent.
  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
    last = clock.now
  }

  /// Says what passed since the last lap.
  mutating func lap(_ part: String) {
    let now = clock.now
    let (seconds, attoseconds) = (now - last).components
    last = now
    write("\(part): \(seconds).\(padded(attoseconds / 1_000_000_000_000_000)) s")
  }

  /// Says a number of what was done.
  func say(_ what: String, _ count: Int) { write("\(what): \(count)") }

  private func padded(_ milliseconds: Int64) -> String {
    String(String(milliseconds + 1_000).dropFirst())
  }

  private func write(_ line: String) {
    if !isQuiet { FileHandle.standardError.write(Data("timing \(line)\n".utf8)) }
  }
}
