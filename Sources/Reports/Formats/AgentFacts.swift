internal import Findings
internal import Model

/// What the inputs say of an agent, row by row; what they do not say is said too.
struct AgentFacts {
  private let site: HTMLSite
  private let agent: Agent

  /// The facts of an agent.
  init(_ site: HTMLSite, agent: Agent) {
    self.site = site
    self.agent = agent
  }

  /// `name`, and `value` or why there is none.
  var values: [ViewValue] {
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
}
