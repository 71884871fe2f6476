internal import Findings
internal import Foundation
internal import Model
internal import Reports

/// What a run says on standard error: words for people, or with `--log-format json` one JSON object
/// a line for whatever collects logs.
///
/// Every line has `time` (RFC 3339, UTC), `level` (`info`, `warning`, `error`) and `event`; the other
/// names are those of the event. Nothing of it goes into a report.
struct Log: Sendable {
  /// How lines are written.
  enum Format: String, CaseIterable, Sendable {
    case text, json
  }

  /// How much a line matters.
  enum Level: String {
    case info, warning, error
  }

  /// A value of a line.
  enum Value {
    case text(String)
    case count(Int)
    case seconds(Double)
    case flag(Bool)

    fileprivate var json: Any {
      switch self {
      case .text(let text): return text
      case .count(let count): return count
      case .seconds(let seconds): return (seconds * 1_000).rounded() / 1_000
      case .flag(let flag): return flag
      }
    }
  }

  let format: Format
  /// Whether nothing but warnings and errors is said.
  let isQuiet: Bool

  /// Says an event; in words nothing, since people have the progress and the summary.
  func say(_ event: String, _ level: Level = .info, _ fields: [String: Value] = [:]) {
    guard format == .json, level != .info || !isQuiet else { return }
    var object = fields.mapValues(\.json)
    object["time"] = Log.now
    object["level"] = level.rawValue
    object["event"] = event
    let options: JSONSerialization.WritingOptions = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? JSONSerialization.data(withJSONObject: object, options: options) else {
      return
    }
    // One write a line, so that lines of several processes do not mix.
    FileHandle.standardError.write(data + [0x0A])
  }

  /// Says why there is no result.
  func fail(_ text: String, code: Int32) {
    guard format == .json else { return complain(text) }
    say("failed", .error, ["message": .text(text), "exitCode": .count(Int(code))])
  }

  private static var now: String {
    let milliseconds = Int64((Date().timeIntervalSince1970 * 1_000).rounded())
    return Timestamp(nanoseconds: milliseconds * 1_000_000, fractionDigits: 3).rfc3339
  }
}

extension Log {
  /// Problems of an input that are said one by one.
  private static let problemsMax = 1_000

  /// Says what was read, and what was wrong with it.
  func read(_ input: ReviewInput, seconds: Double) {
    say(problems: input.problems)
    say(
      "read", .info,
      [
        "files": .count(input.files.count), "events": .count(input.activity.events),
        "statements": .count(input.statements.count), "problems": .count(input.problems.count),
        "bytes": .count(input.files.reduce(0) { $0 + $1.bytes }), "seconds": .seconds(seconds),
      ])
  }

  /// Says problems one by one.
  func say(problems: [Problem]) {
    for problem in problems.prefix(Log.problemsMax) {
      say(
        "problem", .warning,
        [
          "file": .text(problem.file), "line": .count(problem.line),
          "reason": .text(problem.reason), "consequence": .text(problem.consequence),
        ])
    }
    guard problems.count > Log.problemsMax else { return }
    say("problems-left-out", .warning, ["count": .count(problems.count - Log.problemsMax)])
  }

  /// The closing figures.
  func finish(_ made: ReviewCommand.Made, seconds: Double, exitCode: Int32) {
    let estate = made.report.review.estate
    let findings = made.report.review.findings
    func chains(_ status: Finding.Status) -> Value {
      .count(findings.count { $0.kind == .composition && $0.status == status })
    }
    say(
      "finished", .info,
      [
        "review": .text(made.report.id), "folder": .text(made.folder),
        "exitCode": .count(Int(exitCode)), "seconds": .seconds(seconds),
        "files": .count(made.written.count), "agents": .count(estate.agents),
        "critical": .count(estate.critical), "high": .count(estate.high),
        "moderate": .count(estate.moderate), "low": .count(estate.low),
        "notAssessed": .count(estate.notAssessed), "realised": chains(.realised),
        "nearMiss": chains(.nearMiss), "latent": chains(.latent),
      ])
  }
}
