import Model
import Testing

@testable import Controls
@testable import Findings
@testable import Policies

/// The rules of the status, one row each: agents, findings, what is asked, and what must be said.
@Suite struct StatusTests {
  /// Who is under review.
  enum Estate: Sendable { case tested, partlyTested, untested, bounded, empty }

  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var estate: Estate = .tested
    var findings: [(status: Finding.Status, severity: Severity)] = []
    var needs: Population = .both
    var themes = ["destruction"]
    var status: ControlStatus
    var reason: String
    var testDescription: String { name }
  }

  static let allTested =
    "3 of 3 agents could be tested: they have fully judged privileges and a log in the window."

  static let rows: [Row] = [
    Row(
      name: "clean", status: .satisfied,
      reason: "No open finding, and all of it was tested. \(allTested)"),
    Row(
      name: "a realised high one", findings: [(.realised, .high)], status: .notSatisfied,
      reason: "1 open finding of severity high or above (1 realised). \(allTested)"),
    Row(
      name: "a latent critical one counts as open", findings: [(.latent, .critical)],
      status: .notSatisfied,
      reason: "1 open finding of severity high or above (1 latent). \(allTested)"),
    Row(
      name: "high and lower ones",
      findings: [(.nearMiss, .critical), (.open, .high), (.realised, .low), (.open, .moderate)],
      status: .notSatisfied,
      reason: "2 open findings of severity high or above (1 near miss, 1 open), and 2 lower. "
        + allTested),
    Row(
      name: "lower ones only", findings: [(.realised, .moderate), (.latent, .low)],
      status: .partly,
      reason: "2 open findings, none of severity high or above (1 realised, 1 latent). "
        + allTested),
    Row(
      name: "excused is a working control", findings: [(.excused, .critical)], status: .satisfied,
      reason: "No open finding, and all of it was tested. \(allTested) "
        + "1 mapped finding was excused by an approval: a working control."),
    Row(
      name: "pending and indeterminate are no pass",
      findings: [(.pending, .critical), (.indeterminate, .high)], status: .partly,
      reason: "No open finding, but not all of it could be judged. \(allTested) 2 mapped findings "
        + "are unsettled (1 pending, 1 indeterminate): neither a violation nor a pass."),
    Row(
      name: "some agents untested", estate: .partlyTested, status: .partly,
      reason: "No open finding, but not all of it could be judged. 1 of 3 agents could be tested: "
        + "it has fully judged privileges and a log in the window."),
    Row(
      name: "privileges alone", estate: .partlyTested, needs: .privileges, status: .partly,
      reason: "No open finding, but not all of it could be judged. 2 of 3 agents could be tested: "
        + "they have fully judged privileges."),
    Row(
      name: "events alone", estate: .partlyTested, needs: .events, status: .partly,
      reason: "No open finding, but not all of it could be judged. 2 of 3 agents could be tested: "
        + "they have a log in the window."),
    Row(
      name: "inventory alone", estate: .partlyTested, needs: .inventory, status: .partly,
      reason: "No open finding, but not all of it could be judged. 1 of 3 agents could be tested: "
        + "it has an entry in an inventory."),
    Row(
      name: "nothing testable", estate: .untested, status: .notAssessed,
      reason: "None of the 3 agents has fully judged privileges and a log in the window."),
    Row(
      name: "a lower bound is no test passed", estate: .bounded, needs: .privileges,
      status: .notAssessed, reason: "None of the 3 agents has fully judged privileges."),
    Row(
      name: "a finding outweighs that nothing is testable", estate: .untested,
      findings: [(.open, .high)], status: .notSatisfied,
      reason: "1 open finding of severity high or above (1 open). None of the 3 agents has fully "
        + "judged privileges and a log in the window."),
    Row(
      name: "no agents", estate: .empty, status: .notAssessed, reason: "This review has no agent."),
    Row(
      name: "nobody asks", themes: ["persistence"], status: .notAssessed,
      reason: "No policy and no check of this review looks for what is mapped here."),
    Row(
      name: "one of two themes is asked", themes: ["destruction", "persistence"], status: .partly,
      reason: "No open finding, but not all of it could be judged. \(allTested) "
        + "Nothing in this review looks for persistence."),
    Row(
      name: "a built-in rule asks", themes: ["no-owner"], status: .satisfied,
      reason: "No open finding, and all of it was tested. \(allTested)"),
  ]

  @Test func anExceptionIsNoPass() {
    var lived = Made.finding("f", .realised, .critical, themes: ["destruction"])
    lived.exceptedBy = "EX-1"
    let evidence = ControlEvidence(
      needs: .both, notAssessedBecause: nil, findings: [FindingStanding(lived)],
      tested: 3, of: 3, isAsked: true, unasked: [])
    #expect(evidence.status == .partly)
    #expect(
      evidence.reason == "No open finding without an exception. \(Self.allTested) "
        + "1 mapped finding is open under an exception (EX-1): lived with, not satisfied.")
  }

  @Test(arguments: rows) func status(row: Row) throws {
    let findings = row.findings.enumerated().map { index, finding in
      Made.finding("f-\(index)", finding.status, finding.severity, themes: row.themes)
    }
    let assessed = assess(
      [Made.framework(needs: row.needs, themes: row.themes)],
      review: Made.review(StatusTests.agents(row.estate), findings),
      policies: [Made.policy("p", themes: ["destruction"])])
    let control = try #require(assessed.first?.controls.first)
    #expect(control.status == row.status)
    #expect(control.reason == row.reason)
    #expect(control.findings == findings.map(\.id))
  }

  @Test func whatCannotBeAssessedSaysWhy() throws {
    let framework = Made.framework(needs: .none, themes: [], because: "No source says so.")
    let assessed = assess(
      [framework], review: Made.review(StatusTests.agents(.tested), []), policies: [])
    let control = try #require(assessed.first?.controls.first)
    #expect(control.status == .notAssessed)
    #expect(control.reason == "No source says so.")
    #expect(control.tested == 0)
    #expect(control.of == 3)
  }

  @Test func aFindingMapsByThemeOrByPolicyAndOnlyOnce() throws {
    let framework = Made.framework(
      needs: .events, themes: ["destruction"], policies: ["bulk-delete"])
    let findings = [
      Made.finding("both", .realised, .low, themes: ["destruction"], policy: "bulk-delete"),
      Made.finding("neither", .realised, .critical, themes: ["delegation"]),
      Made.finding("policy", .realised, .low, themes: ["delegation"], policy: "bulk-delete"),
    ]
    let assessed = assess(
      [framework], review: Made.review(StatusTests.agents(.tested), findings),
      policies: [Made.policy("bulk-delete", themes: ["destruction"])])
    let control = try #require(assessed.first?.controls.first)
    #expect(control.findings == ["both", "policy"])
    #expect(control.status == .partly)
    #expect(control.mappings.map(\.theme) == ["bulk-delete", "destruction"])
  }

  static func agents(_ estate: Estate) -> [AgentAssessment] {
    switch estate {
    case .tested: return [Made.agent("a"), Made.agent("b"), Made.agent("c")]
    case .partlyTested:
      return [
        Made.agent("a"), Made.agent("b", log: false, inventory: false),
        Made.agent("c", privileges: false, inventory: false),
      ]
    case .untested:
      return ["a", "b", "c"].map { Made.agent($0, privileges: false, log: false) }
    case .bounded:
      return ["a", "b", "c"].map { name in
        var agent = Made.agent(name)
        agent.privilegeIndex.score = .atLeast(1, reason: "too few days")
        return agent
      }
    case .empty: return []
    }
  }
}
