internal import Foundation
internal import Glibc
internal import Synchronization

/// Progress on standard error: a line that is rewritten on a terminal, plain lines elsewhere, events
/// in a log of JSON lines, nothing with `--quiet`.
final class Progress: Sendable {
  private struct State {
    var bytes = 0
    var bytesAll = 0
    var lastShown: ContinuousClock.Instant
    var isShown = false
    var isReading = true
  }

  private let isQuiet: Bool
  private let log: Log
  private let isTerminal: Bool
  private let started = ContinuousClock.now
  private let state: Mutex<State>

  /// Progress that may be silent.
  init(log: Log) {
    self.log = log
    isQuiet = log.isQuiet
    isTerminal = log.format == .text && isatty(2) == 1
    state = Mutex(State(lastShown: started))
  }

  /// Says how many bytes there are in all.
  func expect(bytes: Int) { state.withLock { $0.bytesAll = bytes } }

  /// Counts bytes, and shows them five times a second on a terminal, every ten seconds elsewhere.
  func add(bytes: Int) {
    guard !isQuiet else { return }
    let now = ContinuousClock.now
    let shown = state.withLock { state -> (bytes: Int, all: Int)? in
      guard state.isReading else { return nil }
      state.bytes += bytes
      guard now - state.lastShown >= (isTerminal ? .milliseconds(200) : .seconds(10)) else {
        return nil
      }
      state.lastShown = now
      state.isShown = true
      return (state.bytes, state.bytesAll)
    }
    guard let shown else { return }
    let passed = now - started
    if log.format == .json {
      log.say(
        "reading", .info,
        [
          "bytes": .count(shown.bytes), "ofBytes": .count(shown.all),
          "seconds": .seconds(passed / .seconds(1)),
        ])
    } else {
      let line = figures(shown.bytes, of: shown.all, after: passed)
      write(isTerminal ? "\r\u{1B}[K\(line)" : "\(line)\n")
    }
  }

  /// Says what is done after reading, in place of the bytes; on a terminal only, and only where
  /// reading took long enough to be shown.
  func say(_ what: String) {
    let isShown = state.withLock { state in
      state.isReading = false
      return state.isShown
    }
    if isTerminal, isShown { write("\r\u{1B}[K\(what)") }
    log.say("doing", .info, ["what": .text(what)])
  }

  /// Clears the line on a terminal, for good.
  func finish() {
    let isShown = state.withLock { state in
      state.isReading = false
      defer { state.isShown = false }
      return state.isShown
    }
    if isTerminal, isShown { write("\r\u{1B}[K") }
  }

  private func figures(_ bytes: Int, of all: Int, after elapsed: Duration) -> String {
    let seconds = max(0.001, elapsed / .seconds(1))
    let rate = Double(bytes) / seconds
    let share = all > 0 ? min(1, Double(bytes) / Double(all)) : 0
    let left = rate > 0 ? Int(Double(max(0, all - bytes)) / rate) : 0
    let filled = Int(share * 24)
    let bar = String(repeating: "=", count: filled) + String(repeating: " ", count: 24 - filled)
    return "[\(bar)] \(Int(share * 100))% of \(grouped(all / 1_000_000)) MB, "
      + "\(Int(rate / 1_000_000)) MB/s, \(left) s left"
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
