internal import Controls
internal import Findings
internal import Model
internal import Policies

/// The values of an agent's page: from its scores down to the raw lines.
struct AgentPage {
  let site: HTMLSite
  let assessment: AgentAssessment
  /// Its place in the ranking, from 0.
  private let place: Int

  /// Rows of a page that are shown one by one.
  enum Shown {
    static let privileges = 150
    /// Of an agent that holds more than that, the heaviest; the rest by the statement that grants it.
    static let privilegesOfMany = 40
  }

  /// The page of an agent.
  init(_ site: HTMLSite, assessment: AgentAssessment, place: Int) {
    self.site = site
    self.assessment = assessment
    self.place = place
  }

  private var agent: Agent { assessment.agent }

  private var findings: [Finding] {
    assessment.findings.compactMap { site.index.findings[$0] }
  }

  /// All values.
  var values: ViewValue {
    let name = site.name(agent: agent.id)
    let chains = findings.filter { $0.kind == .composition }.sorted {
      (HTMLSite.rank($0.status), $1.risk, $0.id) < (HTMLSite.rank($1.status), $0.risk, $1.id)
    }
    let others = findings.filter { $0.kind != .composition }
    let home = site.root + (site.path(agent: agent.id) ?? "?") + "#"
    let view = FindingView(site: site) { site.href(finding: $0).hasPrefix(home) }
    let hasDecisions = !site.index.decisions(of: agent.id).isEmpty
    let evidenceNumber = 6 + (others.isEmpty ? 0 : 1) + (hasDecisions ? 1 : 0)
    return site.page(
      title: "\(name), review \(site.report.id)",
      [
        "id": .exact(agent.id), "name": .text(name), "isNamed": .flag(name != agent.id),
        "rank": .text("\(place + 1)"), "of": .count(site.review.agents.count),
        "isRanked": .flag(assessment.risk.value != nil),
        "lede": .text(lede(chains)), "band": HTMLSite.band(of: assessment),
        "risk": HTMLSite.score(assessment.risk),
        "facts": .list(AgentFacts(site, agent: agent).values),
        "scores": AgentScores(site, assessment: assessment).values,
        "privileges": AgentPrivileges(site, assessment: assessment).values,
        "chains": .list(chains.map(view.chain)), "hasChains": .flag(!chains.isEmpty),
        "noChains": .text(noChains),
        "others": .list(others.map(view.other)), "hasOthers": .flag(!others.isEmpty),
        "advice": AgentAdvice(site, assessment: assessment).values,
        "decided": DecisionsPart(site, agent: agent.id).values,
        "decidedNumber": .text("\(evidenceNumber - 1)"),
        "evidenceNumber": .text("\(evidenceNumber)"),
        "credentials": credentials,
        "hasCredentials": .flag(assessment.credentials?.isEmpty == false),
        "evidence": AgentPage.evidence(of: assessment),
      ])
  }

  private func lede(_ chains: [Finding]) -> String {
    var sentences: [String] = []
    if assessment.held == 0 {
      sentences.append(
        assessment.privilegeIndex.score.value == nil
          ? "No source of privileges says what it holds." : "It holds no privilege.")
    } else {
      var text = "It holds \(NumberText.count(assessment.held, "privilege", "privileges"))"
      if assessment.unseen == assessment.held {
        text += "; whether it uses \(assessment.held == 1 ? "it" : "them") cannot be seen"
      } else {
        text += " and used " + (assessment.used == 0 ? "none" : NumberText.grouped(assessment.used))
      }
      if assessment.unseen > 0, assessment.unseen < assessment.held {
        text += "; of \(NumberText.grouped(assessment.unseen)) the use cannot be seen"
      }
      sentences.append(text + ".")
    }
    let happened = chains.reduce(0) {
      $0 + ($1.status == .realised ? max(1, $1.occurrencesInAll) : 0)
    }
    if happened > 0 {
      sentences.append(
        "\(NumberText.capitalWord(happened)) \(happened == 1 ? "chain" : "chains") that it took "
          + "part in broke a policy.")
    }
    switch assessment.risk {
    case .assessed(let value): sentences.append("Risk \(value),")
    case .atLeast(let value, _): sentences.append("Risk at least \(value),")
    case .notAssessed(let reason): sentences.append("It has no score: \(reason).")
    }
    return sentences.joined(separator: " ")
  }

  private var noChains: String {
    if site.report.policies.isEmpty { return "No policy was applied." }
    if assessment.evidence.events == 0 { return "None of its actions was observed." }
    return "No policy found a chain that it took part in."
  }

  /// What it proves itself with, where a source says; else nothing.
  private var credentials: ViewValue {
    guard let credentials = assessment.credentials, !credentials.isEmpty else { return .none }
    return .list(
      credentials.map { aged in
        let credential = aged.credential
        let lastUse: String
        switch credential.lastUse {
        case .at(let time): lastUse = TimeText.date(time)
        case .never: lastUse = "never"
        case .unknown: lastUse = "not known"
        }
        return .object([
          "name": .text(credential.name), "kind": .text(credential.kind.rawValue),
          "state": .text(credential.isActive ? "active" : "off"),
          "changed": .text(credential.changed.map(TimeText.date) ?? "not known"),
          "age": .text(
            aged.changedDays.map { NumberText.count($0, "day", "days") } ?? "not known"),
          "lastUse": .text(lastUse), "place": .text(site.place(credential.position)),
        ])
      })
  }

  /// What the figures of an agent rest on.
  static func evidence(of assessment: AgentAssessment) -> ViewValue {
    let evidence = assessment.evidence
    return .object([
      "events": .count(evidence.events),
      "days": .text("\(evidence.daysWithLogs) of \(evidence.daysInWindow)"),
      "first": .text(evidence.firstEvent.map(TimeText.full) ?? "no event with a time"),
      "last": .text(evidence.lastEvent.map(TimeText.full) ?? "no event with a time"),
      "sources": .text(
        evidence.sources.isEmpty ? "none" : evidence.sources.joined(separator: ", ")),
      "coverage": .text(
        evidence.coverage.map {
          "\(NumberText.percent($0)) of its next actions are expected to be ones seen before "
            + "(Good-Turing)"
        } ?? "not known: no events"),
      "bound": .text(
        evidence.neededOnFewerThan.map {
          "what was not used is needed on fewer than \(NumberText.percent(min(1, $0))) of days, "
            + "with 95% confidence (rule of three)"
        } ?? "not known: no days with logs"),
      "isEnough": .flag(evidence.isEnough), "shortfall": .text(evidence.shortfall),
    ])
  }
}
