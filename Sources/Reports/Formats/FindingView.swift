internal import Controls
internal import Findings
internal import Model

/// A finding in full, as the page of an agent or of an owner shows it.
struct FindingView {
  let site: HTMLSite
  /// Occurrences that are shown with their events and lines, and those that are rows after them.
  var fullOccurrences = 5
  var occurrences = 100
  /// Whether a finding's events stand on this page; elsewhere it has rows only.
  let isHome: (Finding) -> Bool

  /// A finding about a chain.
  func chain(_ finding: Finding) -> ViewValue {
    let view = ChainView(site: site)
    let byRisk = finding.occurrences.sorted { ($1.risk, $0.id) < ($0.risk, $1.id) }
    let full = byRisk.prefix(fullOccurrences)
    let rows = byRisk.dropFirst(full.count).prefix(occurrences)
    let isHome = isHome(finding)
    let left = finding.occurrencesInAll - full.count - rows.count
    return .object([
      "id": .exact(finding.id), "anchor": .exact(Naming.anchor(finding.id)),
      "title": .text(finding.title), "band": HTMLSite.band(finding.severity),
      "status": HTMLSite.status(finding.status), "exception": ExceptionsPart(site).note(finding),
      "decision": DecisionsPart.note(finding, of: site),
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
      "more": isHome && left > 0 ? .count(left) : .none,
    ])
  }

  /// A finding that is no chain.
  func other(_ finding: Finding) -> ViewValue {
    .object([
      "id": .exact(finding.id), "anchor": .exact(Naming.anchor(finding.id)),
      "title": .text(finding.title), "band": HTMLSite.band(finding.severity),
      "kind": .text(finding.kind.rawValue), "exception": ExceptionsPart(site).note(finding),
      "decision": DecisionsPart.note(finding, of: site),
      "agents": site.links(agents: finding.agents, max: 6),
      "because": .text(finding.because),
      "remedy": .text(finding.remedy), "controls": controls(of: finding),
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
              "\(site.root)\($0)#\(reference.anchor)"
            }),
        ])
      })
  }
}
