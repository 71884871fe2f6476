internal import Findings
internal import Model
internal import Policies

/// Section 3 of the index: agents by risk, and findings that are no chains.
struct AgentsPart {
  private let page: IndexPage

  /// The section of a page.
  init(_ page: IndexPage) { self.page = page }

  /// All values.
  var values: ViewValue {
    let agents = page.review.agents
    let shown = agents.prefix(IndexPage.Shown.agents)
    let estate = page.review.estate
    return .object([
      "rows": .list(shown.map { row($0) }), "hasRows": .flag(!agents.isEmpty),
      "all": .count(agents.count),
      "allAgents": .text(NumberText.count(agents.count, "agent", "agents")),
      "isCut": .flag(agents.count > shown.count),
      "rest": .count(agents.count - shown.count), "shown": .count(shown.count),
      "held": .count(estate.held), "used": .count(estate.used), "unused": .count(estate.unused),
      "unseen": .count(estate.unseen),
      "isSeen": .flag(AgentsPart.isSeen(estate.held, estate.unseen)),
      "others": .list(others), "hasOthers": .flag(!others.isEmpty),
    ])
  }

  /// Whether something is known of the use of what is held: else "0 unused" would be a claim.
  private static func isSeen(_ held: Int, _ unseen: Int) -> Bool { held > unseen }

  private func row(_ assessment: AgentAssessment) -> ViewValue {
    var counts: [Finding.Status: Int] = [:]
    for id in assessment.findings {
      guard let finding = page.site.index.findings[id], finding.kind == .composition else {
        continue
      }
      counts[finding.status, default: 0] += max(1, finding.occurrencesInAll)
    }
    let order: [Finding.Status] = [.realised, .nearMiss, .pending, .indeterminate, .latent]
    return .object([
      "agent": page.site.link(agent: assessment.agent.id),
      "owner": .text(assessment.agent.owner),
      "band": HTMLSite.band(of: assessment), "risk": HTMLSite.score(assessment.risk),
      "privilege": HTMLSite.score(assessment.privilegeIndex.score),
      "composition": HTMLSite.score(assessment.compositionIndex.score),
      "bar": .markup(
        PrivilegeBar.picture(
          used: assessment.used, unused: assessment.unused, unseen: assessment.unseen)),
      "held": .count(assessment.held), "used": .count(assessment.used),
      "unused": .count(assessment.unused),
      "isSeen": .flag(AgentsPart.isSeen(assessment.held, assessment.unseen)),
      "unusedSort": .text("\(assessment.unused)"),
      "chains": .list(
        order.compactMap { status in
          counts[status].map {
            .object(["status": HTMLSite.status(status), "count": .count($0)])
          }
        }),
      "noChains": .text(
        assessment.compositionIndex.score.value == nil ? "not assessed" : "none"),
      "chainSort": .text(
        "\((counts[.realised] ?? 0) * 10_000 + (counts[.nearMiss] ?? 0) * 100 + (counts[.latent] ?? 0))"
      ),
      "days": .text("\(assessment.evidence.daysWithLogs) of \(assessment.evidence.daysInWindow)"),
    ])
  }

  /// Findings about privileges, identities, evidence and policies, by their rule.
  private var others: [ViewValue] {
    var byRule: [String: [Finding]] = [:]
    for finding in page.review.findings where finding.kind != .composition {
      byRule[finding.policy, default: []].append(finding)
    }
    return byRule.sorted { left, right in
      let leftRank = left.value.map(\.severity.rank).max() ?? 0
      let rightRank = right.value.map(\.severity.rank).max() ?? 0
      return leftRank == rightRank ? left.key < right.key : leftRank > rightRank
    }.map { rule, findings in
      let agents = Set(findings.flatMap(\.agents)).sorted {
        (page.site.index.agents[$0] ?? .max, $0) < (page.site.index.agents[$1] ?? .max, $1)
      }
      return .object([
        "rule": .text(rule), "title": .text(findings[0].title),
        "kind": .text(findings[0].kind.rawValue),
        "band": HTMLSite.band(findings.map(\.severity).max()), "count": .count(findings.count),
        "agents": page.site.links(agents: agents, max: 6), "hasAgents": .flag(!agents.isEmpty),
        "remedy": .text(findings[0].remedy),
        "here": .list(
          findings.filter { finding in
            !finding.agents.contains { page.site.index.agents[$0] != nil }
          }.map { finding in
            .object([
              "id": .exact(finding.id), "anchor": .exact(Naming.anchor(finding.id)),
              "because": .text(finding.because),
            ])
          }),
      ])
    }
  }
}
