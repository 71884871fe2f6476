internal import Findings
internal import Model
internal import Policies

/// Where approvals would have stopped the chains that happened.
struct GatesPart {
  private let page: IndexPage
  private let plan: GatePlan

  /// The part of a page; nil where no chain happened.
  init?(_ page: IndexPage) {
    guard let plan = page.review.gates else { return nil }
    self.page = page
    self.plan = plan
  }

  /// A gate's text of thousands of agents is in gates.yaml and no page.
  private static let textBytesMax = 6_000
  /// Rows and links of a table; the report has all.
  private static let rowsMax = 100

  /// All values.
  var values: ViewValue {
    .object([
      "say": .text(sentence),
      "rows": .list(
        plan.gates.prefix(Self.rowsMax).map { GatesPart.row($0, of: plan, site: page.site) }),
      "hasRows": .flag(!plan.gates.isEmpty), "chains": .count(plan.chains),
      "stopped": .count(plan.stopped), "innocent": .count(plan.innocentTasks),
      "rate": .text(GatesPart.rate(plan.innocentTasks, of: plan)),
      "count": .count(plan.gates.count),
      "method": .text(
        plan.isExact
          ? "The search is complete: no fewer points, and no equally few with less waiting, would do."
          : "The choice is greedy: fewer points might do."),
      "unstopped": plan.unstopped.isEmpty
        ? .none
        : .list(
          plan.unstopped.prefix(Self.rowsMax).compactMap {
            GatesPart.finding($0, site: page.site)
          }),
    ])
  }

  /// `Two gates would have stopped 15 of the 16 chains that happened; 4.1 innocent tasks a week wait.`
  var sentence: String {
    guard !plan.gates.isEmpty else {
      return
        "No approval would have stopped what happened: no step of it was permitted without one."
    }
    return "\(NumberText.capitalWord(plan.gates.count)) "
      + "\(plan.gates.count == 1 ? "gate" : "gates") would have stopped "
      + "\(NumberText.grouped(plan.stopped)) of the "
      + "\(NumberText.count(plan.chains, "chain", "chains")) that happened; "
      + (plan.weeks == nil
        ? "\(NumberText.grouped(plan.innocentTasks)) innocent tasks would have waited."
        : "\(GatesPart.rate(plan.innocentTasks, of: plan) ?? "0") innocent tasks a week would have waited.")
  }

  private static func rate(_ tasks: Int, of plan: GatePlan) -> String? {
    plan.weeks.map { weeks in
      let rate = Double(tasks) / weeks
      if rate > 0, rate < 0.1 { return "under 0.1" }
      return NumberText.grouped(rate, decimals: rate < 100 ? 1 : 0)
    }
  }

  /// One gate: also used on agents' pages.
  static func row(_ gate: Gate, of plan: GatePlan, site: HTMLSite) -> ViewValue {
    .object([
      "action": .text(gate.action), "policy": .exact(gate.policy.id),
      "capabilities": .text(
        gate.capabilities.isEmpty ? nil : NumberText.few(gate.capabilities, max: 3)),
      "agents": site.links(agents: gate.agents, max: 4), "chains": .count(gate.chains),
      "findings": .list(gate.findings.prefix(5).compactMap { finding($0, site: site) }),
      "rate": .text(rate(gate.innocentTasks, of: plan)), "innocent": .count(gate.innocentTasks),
      "text": gate.text.utf8.count <= Self.textBytesMax ? .exact(gate.text) : .none,
    ])
  }

  private static func finding(_ id: String, site: HTMLSite) -> ViewValue? {
    site.index.findings[id].map { finding in
      .object([
        "href": .exact(site.href(finding: finding)), "policy": .text(finding.policy),
      ])
    }
  }
}
