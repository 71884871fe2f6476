internal import Findings
internal import Model

/// Exceptions as pages show them: the table of the index, and the line beside a finding.
struct ExceptionsPart {
  private let site: HTMLSite
  private var standings: [ExceptionStanding] { site.review.exceptions }

  /// The exceptions of a site's review.
  init(_ site: HTMLSite) { self.site = site }

  /// The table's values; nothing where no exception was given.
  var values: ViewValue {
    guard !standings.isEmpty else { return .none }
    return .object(["say": .text(sentence), "rows": .list(standings.map(row))])
  }

  /// What is said beside a finding that an exception is for, or was.
  func note(_ finding: Finding) -> ViewValue {
    let id = finding.exceptedBy ?? finding.exceptionEnded
    guard let id, let standing = standings.first(where: { $0.exception.id == id }) else {
      return .none
    }
    let until = TimeText.date(standing.exception.until)
    return .text(
      finding.exceptedBy == nil
        ? "exception \(id) ended on \(until)"
        : "excepted until \(until) by \(id): \(standing.exception.reason)")
  }

  private var sentence: String {
    let sentences = ExceptionStanding.State.allCases.compactMap { state -> String? in
      let count = standings.count { $0.state == state }
      return count == 0 ? nil : "\(NumberText.word(count)) \(state.rawValue)"
    }
    let text = sentences.joined(separator: ", ")
    return text.prefix(1).uppercased() + text.dropFirst()
      + ". An excepted finding stays a finding, and no control is satisfied by it."
  }

  private func row(_ standing: ExceptionStanding) -> ViewValue {
    let exception = standing.exception
    let findings = standing.findings.compactMap { site.index.findings[$0] }
    return .object([
      "id": .text(exception.id), "ticket": .text(exception.ticket),
      "target": .text(exception.targetText),
      "findings": .list(
        findings.prefix(ExceptionsPart.findingsShown).map {
          .object(["title": .text($0.title), "href": .exact(site.href(finding: $0))])
        }),
      "more": findings.count > ExceptionsPart.findingsShown
        ? .count(findings.count - ExceptionsPart.findingsShown) : .none,
      "reason": .text(exception.reason), "control": .text(exception.compensatingControl),
      "owner": .text(exception.owner), "approver": .text(exception.approver),
      "until": .text(TimeText.date(exception.until)), "state": .text(standing.state.rawValue),
      "isInForce": .flag(standing.state == .inForce),
      "warnings": .texts(standing.warnings),
    ])
  }

  private static let findingsShown = 5
}
