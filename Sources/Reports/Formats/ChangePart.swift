internal import Findings
internal import Model

/// What changed since the last review, in section 1 of the index.
struct ChangePart {
  private let page: IndexPage

  /// The part of a page.
  init(_ page: IndexPage) { self.page = page }

  /// All values.
  var values: ViewValue {
    switch page.report.change {
    case .absent(let because):
      // A name that is not here would be looked for in the section around it.
      return .object(["absent": .text(because), "say": .none])
    case .known(let change):
      return .object([
        "absent": .none, "say": .text(sentence(change)),
        "tally": .list(
          ReviewChange.Kind.allCases.map { tile($0.rawValue, change.count($0)) }
            + [tile("unchanged", change.unchanged)]),
        "rules": .texts(change.ruleChanges), "hasRules": .flag(!change.ruleChanges.isEmpty),
        "findings": .list(change.findings.prefix(ChangePart.findingsShown).map(row)),
        "hasFindings": .flag(!change.findings.isEmpty),
        "moreFindings": more(change.findings.count, ChangePart.findingsShown),
        "agents": .list(moved(change).prefix(ChangePart.agentsShown).map(row)),
        "hasAgents": .flag(!change.agents.isEmpty),
        "moreAgents": more(change.agents.count, ChangePart.agentsShown),
      ])
    }
  }

  private static let findingsShown = 25
  private static let agentsShown = 15

  private func more(_ count: Int, _ shown: Int) -> ViewValue {
    count > shown ? .count(count - shown) : .none
  }

  private func tile(_ word: String, _ count: Int) -> ViewValue {
    .object(["word": .text(word), "count": .count(count)])
  }

  private func sentence(_ change: ReviewChange) -> String {
    var text = "Compared with review \(change.baseline)"
    if let from = change.baselineFrom, let to = change.baselineTo {
      text += ", \(TimeText.date(from)) to \(TimeText.date(to))"
    }
    text += "."
    if let days = change.gapDays, days > 0 {
      text +=
        " \(NumberText.capitalWord(days)) \(days == 1 ? "day lies" : "days lie") between "
        + "the two that neither shows."
    }
    let others = change.findings.count { !$0.causes.contains(.organisation) }
    if others > 0 {
      text +=
        " \(NumberText.capitalWord(others)) of \(NumberText.word(change.findings.count)) "
        + "\(change.findings.count == 1 ? "change is" : "changes are") not the organisation’s: "
        + "the review looked at other evidence, or by other rules."
    }
    return text
  }

  private func row(_ change: ReviewChange.FindingChange) -> ViewValue {
    let finding = page.site.index.findings[change.finding]
    return .object([
      "kind": .text(change.kind.rawValue), "title": .text(change.title),
      "policy": .text(change.policy),
      "href": .exact(finding.map { page.site.href(finding: $0) }),
      "agents": page.site.links(agents: change.agents, max: 3),
      "band": HTMLSite.band(change.severity),
      "before": .text(change.before.map(HTMLSite.word) ?? "—"),
      "after": .text(change.after.map(HTMLSite.word) ?? "—"),
      "lastSeen": .text(change.lastSeenIn),
      "because": .text(ChangePart.words(change.causes)),
    ])
  }

  /// The agents that moved most come first.
  private func moved(_ change: ReviewChange) -> [ReviewChange.AgentChange] {
    func distance(_ change: ReviewChange.AgentChange) -> Int {
      max(
        abs((change.privilegeAfter ?? 0) - (change.privilegeBefore ?? 0)),
        abs((change.compositionAfter ?? 0) - (change.compositionBefore ?? 0)))
    }
    return change.agents.sorted { (distance($1), $0.agent) < (distance($0), $1.agent) }
  }

  private func row(_ change: ReviewChange.AgentChange) -> ViewValue {
    func score(_ value: Int?) -> String { value.map { "\($0)" } ?? "—" }
    return .object([
      "agent": page.site.link(agent: change.agent),
      "note": .text(change.isNew ? "new" : change.isGone ? "gone" : nil),
      "privilege": .text("\(score(change.privilegeBefore)) → \(score(change.privilegeAfter))"),
      "composition": .text(
        "\(score(change.compositionBefore)) → \(score(change.compositionAfter))"),
      "because": .text(ChangePart.words(change.causes)),
    ])
  }

  private static func words(_ causes: [ReviewChange.Cause]) -> String {
    causes.map { cause in
      switch cause {
      case .organisation: return "the organisation changed"
      case .evidence: return "other evidence"
      case .policies: return "other policies"
      case .vocabulary: return "other vocabulary"
      case .scoring: return "other scoring numbers"
      case .time: return "chains grew older"
      }
    }.joined(separator: ", ")
  }
}
