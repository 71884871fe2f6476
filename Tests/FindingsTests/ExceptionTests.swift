import Documents
import Model
import Testing

@testable import Findings

/// What exceptions are for, when they hold, and what is questionable about them.
@Suite struct ExceptionTests {
  private func exception(
    _ target: Exception.Target, id: String = "EX-1", owner: String = "Sales",
    approver: String = "alice", from: String = "2026-07-01", until: String = "2026-12-31",
    control: String? = "a weekly look"
  ) throws -> Exception {
    Exception(
      id: id, target: target, owner: owner, approver: approver, reason: "a move", ticket: nil,
      compensatingControl: control,
      from: try #require(Timestamp(bound: from, isEnd: false)),
      until: try #require(Timestamp(bound: until, isEnd: true)), file: "exceptions.yaml", line: 1)
  }

  private func finding(
    _ id: String, _ policy: String, _ agents: [String], _ status: Finding.Status = .realised,
    _ severity: Severity = .high
  ) -> Finding {
    Finding(
      id: id, kind: .composition, status: status, policy: policy, title: id, severity: severity,
      risk: 0.5, agents: agents, privileges: [], occurrences: [], themes: [], because: "",
      remedy: "", falsePositives: [], assumptions: [])
  }

  private func review(_ findings: [Finding], to: String? = "2026-09-30") -> Review {
    var review = Review(
      agents: [], findings: findings, cleanup: [],
      estate: Estate(
        critical: 0, high: 0, moderate: 0, low: 0, notAssessed: 0, held: 0, used: 0, unused: 0,
        unseen: 0, heldHazard: 0, unusedHazard: 0),
      policyHealth: [], unwatched: [], scoringVersion: "1", scoringNumbers: [])
    review.to = to.flatMap { Timestamp(bound: $0, isEnd: true) }
    return review
  }

  @Test func anExceptionInForceIsShownAndNothingIsRemoved() throws {
    let findings = [finding("a", "exports", ["crm"]), finding("b", "exports", ["crm", "mail"])]
    let held = review(findings).holding([
      try exception(.pattern(policy: "exp*", agents: ["crm"]))
    ])
    // A chain with another agent in it is not what was weighed.
    #expect(held.findings.map(\.exceptedBy) == ["EX-1", nil])
    #expect(held.exceptions.map(\.state) == [.inForce])
    #expect(held.exceptions[0].findings == ["a"])
    #expect(held.exceptions[0].warnings.isEmpty)
    #expect(held.findings.count == 2)
  }

  @Test(arguments: [
    ("2026-06-30", ExceptionStanding.State.notBegun), ("2026-07-01", .inForce),
    ("2026-12-31", .inForce), ("2027-01-01", .ended),
  ])
  func bothDaysBelongToIt(day: String, state: ExceptionStanding.State) throws {
    let held = review([finding("a", "exports", ["crm"])], to: day).holding([
      try exception(.finding("a"))
    ])
    #expect(held.exceptions[0].state == state)
    #expect(held.findings[0].exceptedBy == (state == .inForce ? "EX-1" : nil))
    #expect(held.findings[0].exceptionEnded == (state == .ended ? "EX-1" : nil))
  }

  @Test func withoutADateNothingIsExcepted() throws {
    let held = review([finding("a", "exports", ["crm"])], to: nil).holding([
      try exception(.finding("a"))
    ])
    #expect(held.exceptions[0].state == .notJudged)
    #expect(held.findings[0].exceptedBy == nil)
  }

  @Test func whatIsQuestionableIsSaid() throws {
    func warnings(_ exception: Exception, _ findings: [Finding]) -> [String] {
      review(findings).holding([exception]).exceptions[0].warnings
    }
    let one = [finding("a", "exports", ["crm"])]
    #expect(
      warnings(try exception(.finding("gone")), one) == ["is for no finding of this review"])
    #expect(
      warnings(try exception(.finding("a"), until: "2026-08-31"), one)
        == ["has ended, and what it was for is still there"])
    #expect(
      warnings(try exception(.pattern(policy: "*", agents: ["crm"])), one).first?
        .hasPrefix("is for every policy") == true)
    #expect(
      warnings(try exception(.finding("a"), owner: "alice"), one)
        == ["is approved by who gains from it: somebody else must"])
    #expect(
      warnings(try exception(.finding("a"), approver: "crm"), one)
        == ["is approved by who gains from it: somebody else must"])
    #expect(
      warnings(try exception(.finding("a"), until: "2028-01-01"), one)
        == ["runs for more than a year"])
    let grave = [finding("a", "exports", ["crm"], .realised, .critical)]
    #expect(
      warnings(try exception(.finding("a"), control: nil), grave)
        == ["is for a critical finding and names no compensating control"])
    let many = (0..<21).map { finding("f\($0)", "exports", ["crm"]) }
    #expect(
      warnings(try exception(.pattern(policy: "exports", agents: ["crm"])), many)
        == ["is for 21 findings: more than one decision weighs"])
  }

  @Test func twoForTheSameFindingNameEachOther() throws {
    let held = review([finding("a", "exports", ["crm"])]).holding([
      try exception(.finding("a"), id: "EX-2"), try exception(.finding("a")),
    ])
    #expect(
      held.exceptions.map(\.warnings) == [
        ["is for the same findings as EX-2"], ["is for the same findings as EX-1"],
      ])
    #expect(held.findings[0].exceptedBy == "EX-1")
  }

  @Test func anExcusedChainNeedsNoException() throws {
    let held = review([finding("a", "exports", ["crm"], .excused)]).holding([
      try exception(.finding("a"))
    ])
    #expect(held.findings[0].exceptedBy == nil)
    #expect(held.exceptions[0].warnings == ["is for no finding of this review"])
  }

  @Test func mistakesOfTheFileAreNamedWithTheirPlace() {
    let text = """
      exceptions:
        - exception: EX-1
          findng: a
          owner: Sales
          approver: alice
          reason: a move
          from: 2026-07-01
          until: soon
        - exception: EX-2
          finding: a
          policy: exports
          owner: Sales
          approver: alice
          reason: a move
          from: 2026-07-01
          until: 2026-06-01
      """
    var problems: [String] = []
    do throws(DocumentProblems) {
      _ = try readExceptions(text: text, file: "exceptions.yaml")
    } catch {
      problems = error.problems.map { "\($0.line): \($0.reason)" }
    }
    #expect(
      problems == [
        "2: an exception needs `finding`, or `policy` and `agents`",
        "3: unknown key `findng` in an exception; did you mean `finding`?",
        "8: `until` must be a date or an RFC 3339 time with a zone, not `soon`",
        "10: `finding` names one; leave out `policy` and `agents`",
        "16: `until` lies before `from`",
      ])
  }
}
