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
    static let fullOccurrences = 5
    static let occurrences = 100
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
    return site.page(
      title: "\(name), review \(site.report.id)",
      [
        "id": .exact(agent.id), "name": .text(name), "isNamed": .flag(name != agent.id),
        "rank": .text("\(place + 1)"), "of": .count(site.review.agents.count),
        "isRanked": .flag(assessment.risk.value != nil),
        "lede": .text(lede(chains)), "band": HTMLSite.band(of: assessment),
        "risk": HTMLSite.score(assessment.risk),
        "facts": .list(facts), "scores": AgentScores(site, assessment: assessment).values,
        "privileges": AgentPrivileges(site, assessment: assessment).values,
        "chains": .list(chains.map(finding)), "hasChains": .flag(!chains.isEmpty),
        "noChains": .text(noChains),
        "others": .list(others.map(other)), "hasOthers": .flag(!others.isEmpty),
        "credentials": credentials,
        "hasCredentials": .flag(assessment.credentials?.isEmpty == false), "evidence": evidence,
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

  private var facts: [ViewValue] {
    let silent =
      agent.isInInventory ? "the inventory does not say" : "not known: no inventory names it"
    var rows: [(String, String?)] = [
      ("Id", agent.id), ("Kind", agent.kind?.rawValue), ("Owner", agent.owner),
      ("Sponsor", agent.sponsor), ("Purpose", agent.purpose), ("Environment", agent.environment),
      ("Criticality", agent.criticality), ("Created", agent.created.map(TimeText.date)),
      ("Expires", agent.expires.map(TimeText.date)),
    ]
    if !agent.aliases.isEmpty {
      rows.append(("Known in logs as", agent.aliases.joined(separator: ", ")))
    }
    if !agent.mayDelegateTo.isEmpty {
      rows.append(("May delegate to", agent.mayDelegateTo.joined(separator: ", ")))
    }
    rows += agent.attributes.prefix(20).map { ($0.name, $0.value) }
    rows.append(("Read from", agent.position.map(site.place)))
    return rows.map { name, value in
      .object([
        "name": .text(SafeText.cut(name, scalarsMax: 60)),
        "value": .text(value.map { SafeText.cut($0, scalarsMax: SafeText.shownScalarsMax) }),
        "absent": .text(
          name == "Read from" ? "known from events or grants only" : silent),
      ])
    }
  }

  private func finding(_ finding: Finding) -> ViewValue {
    let view = ChainView(site: site)
    let byRisk = finding.occurrences.sorted { ($1.risk, $0.id) < ($0.risk, $1.id) }
    let full = byRisk.prefix(Shown.fullOccurrences)
    let rows = byRisk.dropFirst(full.count).prefix(Shown.occurrences)
    let isHome = site.href(finding: finding).hasPrefix(
      site.root + (site.path(agent: agent.id) ?? "?") + "#")
    return .object([
      "id": .exact(finding.id), "anchor": .exact(Naming.anchor(finding.id)),
      "title": .text(finding.title), "band": HTMLSite.band(finding.severity),
      "status": HTMLSite.status(finding.status), "exception": ExceptionsPart(site).note(finding),
      "risk": .text(NumberText.fixed(finding.risk, decimals: 3)),
      "policy": .text(finding.policy),
      "agents": site.links(agents: finding.agents, max: 6),
      "isShared": .flag(finding.agents.count > 1),
      "because": .text(finding.because), "remedy": .text(finding.remedy),
      "falsePositives": .texts(finding.falsePositives),
      "hasFalsePositives": .flag(!finding.falsePositives.isEmpty),
      "assumptions": .texts(finding.assumptions),
      "hasAssumptions": .flag(!finding.assumptions.isEmpty),
      "steps": .list(finding.privileges.map(step)),
      "hasSteps": .flag(!finding.privileges.isEmpty),
      "controls": controls(of: finding),
      "elsewhere": isHome
        ? .none : .exact(finding.occurrences.isEmpty ? nil : site.href(finding: finding)),
      "occurrences": .list(isHome ? full.map { view.occurrence($0, of: finding) } : []),
      "rows": .list((isHome ? Array(rows) : Array(byRisk.prefix(20))).map(view.row)),
      "hasRows": .flag(isHome ? !rows.isEmpty : !byRisk.isEmpty),
      "more": isHome && byRisk.count > full.count + rows.count
        ? .count(byRisk.count - full.count - rows.count) : .none,
    ])
  }

  private func step(_ privilege: StepPrivilege) -> ViewValue {
    .object([
      "step": .text(privilege.step), "agent": site.link(agent: privilege.agent),
      "action": .text(privilege.action), "via": .text(privilege.via ?? "no source says"),
    ])
  }

  private func controls(of finding: Finding) -> ViewValue {
    .list(
      site.index.controls(of: finding.id).map { reference in
        .object([
          "id": .exact(reference.control.id), "framework": .text(reference.framework.title),
          "href": .exact(
            site.path(framework: reference.framework.id).map {
              "\(site.root)\($0)#\(Naming.anchor(reference.control.id))"
            }),
        ])
      })
  }

  private func other(_ finding: Finding) -> ViewValue {
    .object([
      "id": .exact(finding.id), "anchor": .exact(Naming.anchor(finding.id)),
      "title": .text(finding.title), "band": HTMLSite.band(finding.severity),
      "kind": .text(finding.kind.rawValue), "exception": ExceptionsPart(site).note(finding),
      "because": .text(finding.because),
      "remedy": .text(finding.remedy), "controls": controls(of: finding),
    ])
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

  private var evidence: ViewValue {
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
