import Model

@testable import Findings
@testable import Reports

/// Decisions of an earlier review, and what this one asks.
extension SampleReport {
  private func findingItem(_ finding: Finding) -> DecisionItem {
    DecisionItem(
      id: finding.id, title: finding.title, agents: finding.agents, names: [],
      owners: [t("Customer Care")],
      subject: .finding(
        policy: finding.policy, kind: finding.kind, status: finding.status,
        steps: finding.privileges.map { DecisionItem.Step(agent: $0.agent, action: $0.action) }))
  }

  private var adviceItem: DecisionItem {
    DecisionItem(
      id: "advice-0123456789ab", title: t("revoke: s3:DeleteObject, granted by policy p"),
      agents: [SampleReport.ops], names: [], owners: [t("Platform")],
      subject: .advice(
        DecisionItem.Advice(
          advice: .revoke, actions: [t("s3:DeleteObject"), "s3:*"], besides: [],
          resources: [t("arn:aws:s3:::a/*")], via: t("policy p"))))
  }

  /// One in each state, on findings of the review in turn.
  func decisions(on findings: [Finding]) -> [DecisionStanding] {
    let words = ReviewerDecision.Word.allCases
    return DecisionStanding.State.allCases.enumerated().map { number, state in
      let item = findingItem(findings[number % findings.count])
      let decision = ReviewerDecision(
        id: item.id, review: t("2026-Q2"), word: words[number % words.count],
        decidedBy: t("alice"), reason: t("nobody needs it"),
        until: number % 3 == 0 ? nil : SampleReport.time("2026-08-31T23:59:59Z"),
        file: t("decisions.csv"), line: number + 2)
      return DecisionStanding(
        taken: TakenDecision(
          decision: decision, item: item, asked: t("2026-Q2"),
          askedTo: SampleReport.time("2026-06-28T23:59:59Z"), doneIn: nil, isCarried: false),
        state: state, evidence: [t("`x` is still held"), t("used 3 times")],
        warnings: number == 1 ? [t("is decided by who gains from it: somebody else must")] : [])
    }
  }

  /// The findings, and one row of advice.
  func questions(on findings: [Finding], _ standings: [DecisionStanding]) -> [DecisionQuestion] {
    let all =
      findings.prefix(4).map { finding in
        DecisionQuestion(
          item: findingItem(finding), severity: finding.severity, points: nil,
          because: finding.because, standing: nil)
      } + [
        DecisionQuestion(
          item: adviceItem, severity: nil, points: 12, because: t("no use on 92 days"),
          standing: nil)
      ]
    return all.standing(standings)
  }

  /// The sheet that was read.
  var decisionFiles: [DecisionFile] {
    [
      DecisionFile(
        path: t("decisions.csv"), bytes: Array(t("id,decision\r\n").utf8), decisions: 7,
        undecided: 2)
    ]
  }
}
