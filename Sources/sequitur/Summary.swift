internal import Findings
internal import Foundation
internal import Model
internal import Reports

/// What standard output says when a review is made: a few lines, or one JSON object.
struct Summary {
  private let report: Report
  private let folder: String
  private let paths: [String]

  /// The summary of a written review.
  init(report: Report, folder: String, paths: [String]) {
    self.report = report
    self.folder = folder
    self.paths = paths
  }

  /// A few lines for people.
  var text: String {
    let estate = report.review.estate
    let input = report.input
    var lines = ["Review \(report.id)\(window)"]
    lines.append(
      "  read      \(counted(input.events, "event")) from \(counted(input.files.count, "file")), "
        + "\(counted(input.statements, "privilege statement")), "
        + counted(input.problems.count, "problem"))
    lines.append(
      "  agents    \(estate.critical) critical, \(estate.high) high, \(estate.moderate) moderate, "
        + "\(estate.low) low, \(estate.notAssessed) not assessed\(lowerBounds)")
    lines.append(
      "  chains    \(counted(count(.realised), "finding")) of chains that happened\(times), "
        + "\(counted(count(.nearMiss), "near miss", "near misses")), "
        + "\(count(.latent)) latent, \(count(.excused)) excused")
    lines.append("  clean-up  \(cleanup)")
    lines += report.review.advice.map { "            \($0)" }
    if !report.review.exceptions.isEmpty { lines.append("  excepted  \(exceptions)") }
    if !report.review.decisions.isEmpty {
      let count = counted(report.review.decisions.count, "decision")
      lines.append(
        "  decided   \(count): \(report.review.decisions.counts.joined(separator: ", "))")
    }
    lines.append("  to decide \(questions)")
    let realised = report.review.findings.filter {
      $0.kind == .composition && $0.status == .realised
    }
    for finding in realised.prefix(12) {
      let agents = finding.agents.map(Summary.shortName).joined(separator: ", ")
      lines.append("  \(finding.severity.rawValue.padding(to: 8))  \(finding.policy): \(agents)")
    }
    if realised.count > 12 { lines.append("  and \(realised.count - 12) more") }
    lines += written
    return lines.map(\.printable).joined(separator: "\n")
  }

  /// Rows to revoke, and those that wait for evidence; no number where it would be of nothing known.
  private var cleanup: String {
    let rows = report.review.cleanup
    guard report.isHeldKnown else { return "not known: no source lists what agents hold" }
    let revoke = rows.count { $0.advice == .revoke }
    let waiting = rows.count { $0.advice == .keepEvidenceThin }
    return "\(counted(revoke, "row")) to revoke, of \(grouped(rows.count))"
      + (waiting == 0 ? "" : "; \(grouped(waiting)) wait for evidence")
  }

  /// A band on half the evidence is a lower bound, here as on the page.
  private var lowerBounds: String {
    let estate = report.review.estate
    let count =
      estate.criticalAtLeast + estate.highAtLeast + estate.moderateAtLeast + estate.lowAtLeast
    return count == 0 ? "" : "; \(counted(count, "band")) at least, on part of the evidence"
  }

  /// Exceptions by how they stand, and how many are questionable.
  private var exceptions: String {
    let standings = report.review.exceptions
    let states = ExceptionStanding.State.allCases.compactMap { state -> String? in
      let count = standings.count { $0.state == state }
      return count == 0 ? nil : "\(count) \(state.rawValue)"
    }
    let questionable = standings.count { !$0.warnings.isEmpty }
    return counted(standings.count, "exception") + ": " + states.joined(separator: ", ")
      + (questionable == 0 ? "" : "; \(questionable) with warnings")
  }

  /// How much the decision sheet asks.
  private var questions: String {
    let questions = report.review.questions
    let settled = questions.count(where: \.isSettled)
    return counted(questions.count - settled, "row")
      + (settled > 0 ? "; \(grouped(settled)) settled before" : "")
  }

  /// One JSON object for pipelines.
  var json: String {
    let estate = report.review.estate
    let object: [String: Any] = [
      "review": report.id, "folder": folder, "files": paths.sorted(),
      "events": report.input.events, "problems": report.input.problems.count,
      "bands": [
        "critical": estate.critical, "high": estate.high, "moderate": estate.moderate,
        "low": estate.low, "notAssessed": estate.notAssessed,
      ],
      "chains": [
        "realised": count(.realised), "realisedTimes": timesRealised, "nearMiss": count(.nearMiss),
        "latent": count(.latent),
        "excused": count(.excused),
      ],
      "decisions": Dictionary(
        grouping: report.review.decisions, by: \.state.rawValue
      ).mapValues(\.count),
      "toDecide": report.review.questions.count { !$0.isSettled },
      "exceptions": Dictionary(
        grouping: report.review.exceptions, by: \.state.rawValue
      ).mapValues(\.count),
    ]
    let options: JSONSerialization.WritingOptions = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? JSONSerialization.data(withJSONObject: object, options: options) else {
      return "{}"
    }
    return String(decoding: data, as: UTF8.self)
  }

  private var window: String {
    guard let from = report.review.from, let to = report.review.to else { return "" }
    return ": \(from.rfc3339) to \(to.rfc3339)"
  }

  private var written: [String] {
    let top = paths.filter { $0.hasPrefix("index.") || !$0.contains("/") }
      .filter { !$0.hasSuffix(".css") && !$0.hasSuffix(".js") }.sorted()
    return top.enumerated().map { number, path in
      "  \((number == 0 ? "written" : "").padding(to: 8))  \(folder)/\(path)"
    }
  }

  /// How often realised chains happened, as the page counts them: a finding joins those of one
  /// policy and the same agents.
  private var timesRealised: Int {
    report.review.findings.reduce(0) { sum, finding in
      guard finding.kind == .composition, finding.status == .realised else { return sum }
      return sum + max(1, finding.occurrencesInAll)
    }
  }

  private var times: String {
    timesRealised == 0 ? "" : " (\(counted(timesRealised, "time")))"
  }

  private func count(_ status: Finding.Status) -> Int {
    report.review.findings.filter { $0.kind == .composition && $0.status == status }.count
  }

  /// The last part of an ARN, else the id.
  private static func shortName(_ id: String) -> String {
    id.hasPrefix("arn:") ? String(id.split(separator: "/").last ?? Substring(id)) : id
  }
}
