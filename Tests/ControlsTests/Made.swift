import Model

@testable import Controls
@testable import Findings
@testable import Policies

/// Values for tests, of which only what a control asks about can be chosen.
enum Made {
  /// An agent with or without known privileges, a log, an inventory entry.
  static func agent(
    _ id: String, privileges: Bool = true, log: Bool = true, inventory: Bool = true
  ) -> AgentAssessment {
    var agent = Agent(id: id)
    agent.isInInventory = inventory
    let score = privileges ? Score.assessed(10) : .notAssessed(reason: "no privileges are known")
    return AgentAssessment(
      agent: agent, privilegeIndex: PrivilegeIndex(score: score, terms: []),
      compositionIndex: CompositionIndex(score: .assessed(0), terms: []), risk: score, band: .low,
      privileges: HeldPrivileges([]), held: 0, used: 0, unused: 0, unseen: 0,
      conditionalStatements: 0,
      evidence: UsageEvidence(
        events: 0, daysWithLogs: log ? 90 : 0, daysInWindow: 92, sources: [], isEnough: log),
      findings: [])
  }

  /// A finding with a status, a severity and themes.
  static func finding(
    _ id: String, _ status: Finding.Status, _ severity: Severity, themes: [String],
    policy: String = "some-policy"
  ) -> Finding {
    Finding(
      id: id, kind: .composition, status: status, policy: policy, title: id, severity: severity,
      risk: 0.5, agents: [], privileges: [], occurrences: [], themes: themes, because: "",
      remedy: "", falsePositives: [], assumptions: [])
  }

  /// A review of some agents and findings.
  static func review(_ agents: [AgentAssessment], _ findings: [Finding]) -> Review {
    Review(
      agents: agents, findings: findings, cleanup: [],
      estate: Estate(
        critical: 0, high: 0, moderate: 0, low: agents.count, notAssessed: 0, held: 0, used: 0,
        unused: 0, unseen: 0, heldHazard: 0, unusedHazard: 0),
      policyHealth: [], unwatched: [], scoringVersion: "1", scoringNumbers: [])
  }

  /// A policy that looks for some themes.
  static func policy(_ id: String, themes: [String]) -> Policy {
    Policy(
      id: id, version: 1, title: id, severity: .high, rule: .forbid([]), themes: themes, key: [],
      because: "", falsePositives: [], remedy: "", examples: [], file: "\(id).yaml", line: 1)
  }

  /// A closed list of themes.
  static func themes(_ ids: [String]) -> Themes {
    Themes(all: ids.map { Themes.Theme(id: $0, summary: $0) })
  }

  /// A framework of one control.
  static func framework(
    needs: Population, themes: [String], policies: [String] = [], because: String? = nil
  ) -> Framework {
    Framework(
      id: "f", title: "F", version: "1", mappingVersion: "1", note: "n",
      controls: [
        FrameworkControl(
          id: "C1", title: "C", needs: needs, notAssessedBecause: because,
          themes: themes.map { ControlMapping(theme: $0, reason: "because of \($0)") },
          policies: policies.map { ControlMapping(theme: $0, reason: "because of \($0)") })
      ], unmapped: [])
  }
}
