internal import Findings
internal import Model

extension StructuredReport {
  /// What changed since an earlier review.
  func writeChange(_ change: ReviewChange, to sink: inout Sink) {
    sink.text("baseline", change.baseline)
    let noWindow = "no timed event and no flag gave one"
    sink.text("baselineFrom", change.baselineFrom?.rfc3339, absentBecause: noWindow)
    sink.text("baselineTo", change.baselineTo?.rfc3339, absentBecause: noWindow)
    if let days = change.gapDays {
      sink.integer("gapDays", days)
    } else {
      sink.text("gapDaysAbsentBecause", "the window of one of the reviews is not known")
    }
    sink.texts("ruleChanges", of: "ruleChange", change.ruleChanges)
    sink.map(
      "counts", of: "count",
      counts: ReviewChange.Kind.allCases.map { ($0.rawValue, change.count($0)) }
        + [("unchanged", change.unchanged)])
    sink.list("findings", of: "findingChange") { sink in
      for finding in change.findings { sink.member { writeFindingChange(finding, to: &$0) } }
    }
    sink.list("agents", of: "agentChange") { sink in
      for agent in change.agents { sink.member { writeAgentChange(agent, to: &$0) } }
    }
  }

  private func writeFindingChange(_ change: ReviewChange.FindingChange, to sink: inout Sink) {
    sink.text("finding", change.finding)
    sink.text("kind", change.kind.rawValue)
    sink.text("policy", change.policy)
    sink.text("title", change.title)
    sink.text("severity", change.severity.rawValue)
    sink.texts("agents", of: "agent", change.agents)
    sink.text("before", change.before?.rawValue, absentBecause: "it was not there")
    sink.text("after", change.after?.rawValue, absentBecause: "it is not there")
    if let review = change.lastSeenIn { sink.text("lastSeenIn", review) }
    sink.texts("causes", of: "cause", change.causes.map(\.rawValue))
  }

  private func writeAgentChange(_ change: ReviewChange.AgentChange, to sink: inout Sink) {
    sink.text("agent", change.agent)
    writeScores(
      "privilegeIndex", change.privilegeBefore, change.privilegeAfter, of: change, to: &sink)
    writeScores(
      "compositionIndex", change.compositionBefore, change.compositionAfter, of: change, to: &sink)
    sink.texts("causes", of: "cause", change.causes.map(\.rawValue))
  }

  private func writeScores(
    _ name: String, _ before: Int?, _ after: Int?, of change: ReviewChange.AgentChange,
    to sink: inout Sink
  ) {
    if let before {
      sink.integer("\(name)Before", before)
    } else {
      sink.text(
        "\(name)BeforeAbsentBecause",
        change.isNew ? "the agent was not there" : "it was not assessed")
    }
    if let after {
      sink.integer("\(name)After", after)
    } else {
      sink.text(
        "\(name)AfterAbsentBecause",
        change.isGone ? "the agent is not there" : "it was not assessed")
    }
  }

  /// The reviews so far in a few numbers each.
  func writeTrend(to sink: inout Sink) {
    switch report.trend {
    case .absent(let because): sink.text("trendAbsentBecause", because)
    case .known(let points):
      sink.list("trend", of: "point") { sink in
        for point in points { sink.member { writePoint(point, to: &$0) } }
      }
    }
  }

  private func writePoint(_ point: ReviewFigures, to sink: inout Sink) {
    sink.text("review", point.review)
    sink.text(
      "from", point.from?.rfc3339, absentBecause: "no timed event and no flag gave one")
    sink.text("to", point.to.rfc3339)
    writeBands(
      low: point.low, moderate: point.moderate, high: point.high, critical: point.critical,
      notAssessed: point.notAssessed, to: &sink)
    sink.integer("held", point.held)
    sink.integer("unused", point.unused)
    if let unseen = point.unseen {
      sink.integer("unseen", unseen)
    } else {
      sink.text("unseenAbsentBecause", "the review was kept without it")
    }
    sink.object("findings") { sink in
      for (status, name) in TrendNames.all { sink.integer(name, point.findings[status] ?? 0) }
    }
  }
}

/// The names of findings' statuses in a trend, in their order.
enum TrendNames {
  static let all: [(Finding.Status, String)] = [
    (.realised, "realised"), (.nearMiss, "nearMiss"), (.latent, "latent"),
    (.excused, "excused"), (.pending, "pending"), (.indeterminate, "indeterminate"),
    (.open, "open"),
  ]
}
