internal import Controls
internal import Findings
internal import Model

extension ReportFormat {
  /// summary.md: one page for a ticket or a pull request.
  ///
  /// Every text from an input is code, so that no name in a log can mention a person, link anywhere,
  /// or become markup.
  static let markdown = ReportFormat(name: "markdown") { index, _ in
    [RenderedFile(path: "summary.md", bytes: Array(MarkdownSummary(index).text.utf8))]
  }
}

/// The words of summary.md.
struct MarkdownSummary {
  private let report: Report
  private let index: ReportIndex
  private var review: Review { report.review }

  /// Rows of each table; the report has the rest.
  private static let rowsMax = 10
  /// A name is cut to so many scalars.
  private static let nameMax = 120

  /// The summary of a report.
  init(_ index: ReportIndex) {
    self.index = index
    report = index.report
  }

  /// The page.
  var text: String {
    let parts = [head, chains, decisions, cleanup, agents, controls, gaps]
    return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }
      .joined(separator: "\n")
  }

  private var head: [String] {
    let estate = review.estate
    let window =
      review.from.flatMap { from in
        review.to.map { "\(TimeText.date(from)) to \(TimeText.date($0))" }
      } ?? "no window: no timed events"
    return [
      "# Review \(code(report.id))", "",
      "\(window) · \(report.tool) \(report.toolVersion)", "",
      "| | |", "|---|---|",
      "| Agents | \(estate.critical) critical, \(estate.high) high, \(estate.moderate) moderate, "
        + "\(estate.low) low, \(estate.notAssessed) not assessed |",
      "| Privileges | \(grouped(estate.held)) held, \(grouped(estate.used)) used, "
        + "\(grouped(estate.unused)) unused, \(grouped(estate.unseen)) whose use cannot be seen |",
      "| Chains | \(count(.realised)) realised, \(count(.nearMiss)) near miss, "
        + "\(count(.latent)) latent, \(count(.excused)) excused, \(count(.pending)) pending, "
        + "\(count(.indeterminate)) indeterminate |",
      "| Read | \(NumberText.count(report.input.events, "event", "events")), "
        + "\(NumberText.count(report.input.files.count, "file", "files")), "
        + "\(NumberText.count(report.input.problems.count, "problem", "problems")) |",
    ]
  }

  private var chains: [String] {
    let realised = review.findings.filter { $0.kind == .composition && $0.status == .realised }
    guard !realised.isEmpty else {
      let reason =
        report.input.events == 0
        ? "No action was observed, so no chain was judged."
        : report.policies.isEmpty
          ? "No policy was applied, so no chain was judged."
          : "No chain was seen to break a policy."
      return ["## Chains that broke policy", "", reason]
    }
    let rows = realised.prefix(Self.rowsMax).map { finding in
      "| \(finding.severity.rawValue) | \(MarkdownText.code(finding.title)) | "
        + "\(names(finding.agents)) | \(grouped(finding.occurrencesInAll)) | \(code(finding.id)) |"
    }
    return [
      "## Chains that broke policy", "", "| Severity | What | Agents | Times | Finding |",
      "|---|---|---|---:|---|",
    ] + rows + more(realised.count)
  }

  private var decisions: [String] {
    let standings = review.decisions.inOrder
    guard !standings.isEmpty else { return [] }
    return [
      "## What was decided", "", standings.counts.joined(separator: ", "), "",
      "| State | Decision | On | Agents | By | Until | Seen |", "|---|---|---|---|---|---|---|",
    ]
      + standings.prefix(Self.rowsMax).map { standing in
        let decision = standing.taken.decision
        return "| \(standing.state.rawValue) | \(decision.word.rawValue) | "
          + "\(code(standing.taken.item.title)) | \(names(standing.taken.item.agents)) | "
          + "\(code(decision.decidedBy)) | \(decision.until.map { TimeText.date($0) } ?? "no date") | "
          + "\(code(standing.evidence.joined(separator: "; ").replacing("`", with: ""))) |"
      } + more(standings.count)
  }

  private var cleanup: [String] {
    let rows = review.cleanup.filter { $0.advice == .revoke }
    guard !rows.isEmpty else { return [] }
    return [
      "## To revoke first", "", "| Agent | Action | Resource | Points |", "|---|---|---|---:|",
    ]
      + rows.prefix(Self.rowsMax).map { row in
        "| \(code(row.agent)) | \(code(row.action)) | "
          + "\(code(row.resources.joined(separator: " "))) | \(row.riskRemoved) |"
      } + more(rows.count)
  }

  private var agents: [String] {
    let scored = review.agents.filter { $0.risk.value != nil }
    guard !scored.isEmpty else { return [] }
    return [
      "## Agents of most risk", "", "| Agent | Owner | Band | Risk | Held | Unused |",
      "|---|---|---|---:|---:|---:|",
    ]
      + scored.prefix(Self.rowsMax).map { assessment in
        let isAtLeast = assessment.risk.statusWord == "at least"
        return "| \(code(assessment.agent.id)) | \(assessment.agent.owner.map(code) ?? "not known")"
          + " | \(assessment.band?.rawValue ?? "not assessed") | \(isAtLeast ? "at least " : "")"
          + "\(assessment.risk.value ?? 0) | \(grouped(assessment.held)) | "
          + "\(assessment.unseen == assessment.held ? "not known" : grouped(assessment.unused)) |"
      } + more(scored.count)
  }

  private var controls: [String] {
    guard !report.frameworks.isEmpty else { return [] }
    return [
      "## Controls", "",
      "| Framework | Not satisfied | Partly | Satisfied | Not assessed |",
      "|---|---:|---:|---:|---:|",
    ]
      + report.frameworks.map { framework in
        let tally = ControlTally(framework.controls)
        return "| \(MarkdownText.line("\(framework.title) \(framework.version)")) | "
          + "\(tally.notSatisfied) | \(tally.partly) | \(tally.satisfied) | \(tally.notAssessed) |"
      }
  }

  private var gaps: [String] {
    let unscored = review.agents.filter { $0.risk.value == nil }
    var lines: [String] = []
    if !unscored.isEmpty {
      lines.append(
        "- \(NumberText.count(unscored.count, "agent has", "agents have")) no score: "
          + "\(names(unscored.map(\.agent.id)))")
    }
    for problem in report.input.problems.prefix(Self.rowsMax) {
      let line = problem.line > 0 ? ", line \(problem.line)" : ""
      lines.append("- \(code(problem.file))\(line): \(code(problem.reason))")
    }
    if report.input.problems.count > Self.rowsMax {
      lines.append(
        "- and \(grouped(report.input.problems.count - Self.rowsMax)) more problems in the input")
    }
    return lines.isEmpty ? [] : ["## Not assessed, or not read", ""] + lines
  }

  private func more(_ count: Int) -> [String] {
    count > Self.rowsMax ? ["", "And \(grouped(count - Self.rowsMax)) more."] : []
  }

  private func names(_ ids: [String]) -> String {
    let shown = ids.prefix(3).map(code).joined(separator: ", ")
    return ids.count > 3 ? "\(shown) and \(grouped(ids.count - 3)) more" : shown
  }

  private func code(_ text: String) -> String {
    MarkdownText.code(SafeText.cut(text, scalarsMax: Self.nameMax))
  }

  private func grouped(_ count: Int) -> String { NumberText.grouped(count) }

  private func count(_ status: Finding.Status) -> String {
    grouped(review.findings.count { $0.kind == .composition && $0.status == status })
  }
}
