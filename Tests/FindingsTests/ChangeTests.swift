import Model
import Policies
import Testing

@testable import Findings

/// What changed between two reviews, and whose change it was.
@Suite struct ChangeTests {
  typealias Snapshot = ReviewSnapshot

  static func finding(
    _ id: String, policy: String = "p", _ status: Finding.Status = .realised,
    agents: [String] = ["a"], kind: Finding.Kind = .composition, severity: Severity = .high,
    occurrences: Int = 1, last: String? = "2026-08-01T00:00:00Z"
  ) -> Snapshot.Finding {
    Snapshot.Finding(
      id: id, policy: policy, title: id, kind: kind, status: status, severity: severity,
      agents: agents, occurrences: occurrences, last: last.flatMap { Timestamp(rfc3339: $0) })
  }

  static func agent(
    _ id: String = "a", privilege: Int? = 40, composition: Int? = 10, held: Int = 10,
    unused: Int = 5, sources: [String] = ["aws-cloudtrail"], isEvidenceEnough: Bool = true
  ) -> Snapshot.Agent {
    Snapshot.Agent(
      id: id, privilege: privilege, composition: composition, held: held, unused: unused,
      sources: sources, isEvidenceEnough: isEvidenceEnough)
  }

  static func snapshot(
    _ id: String, from: String, to: String, _ findings: [Snapshot.Finding],
    agents: [Snapshot.Agent] = [agent()], policies: [String: String] = ["p": "1"],
    vocabulary: String = "v1", scoring: String = "s1"
  ) -> Snapshot {
    Snapshot(
      review: id, from: Timestamp(bound: from, isEnd: false), to: Timestamp(bound: to, isEnd: true),
      rules: Snapshot.Rules(
        policies: policies, vocabulary: vocabulary, scoring: "1", scoringDigest: scoring),
      agents: agents, findings: findings)
  }

  static func spring(
    _ findings: [Snapshot.Finding], agents: [Snapshot.Agent] = [agent()],
    policies: [String: String] = ["p": "1"], vocabulary: String = "v1", scoring: String = "s1"
  ) -> Snapshot {
    snapshot(
      "Q2", from: "2026-04-01", to: "2026-06-30", findings, agents: agents, policies: policies,
      vocabulary: vocabulary, scoring: scoring)
  }

  static func summer(
    _ findings: [Snapshot.Finding], agents: [Snapshot.Agent] = [agent()],
    policies: [String: String] = ["p": "1"], vocabulary: String = "v1", scoring: String = "s1"
  ) -> Snapshot {
    snapshot(
      "Q3", from: "2026-07-01", to: "2026-09-30", findings, agents: agents, policies: policies,
      vocabulary: vocabulary, scoring: scoring)
  }

  /// `kind id: causes` of each finding that changed.
  private func words(_ change: ReviewChange) -> [String] {
    change.findings.map { change in
      "\(change.kind.rawValue) \(change.finding): "
        + change.causes.map(\.rawValue).joined(separator: ", ")
    }
  }

  @Test func whatTheOrganisationChanged() {
    let change = ReviewChange(
      from: Self.spring([
        Self.finding("same"), Self.finding("gone"), Self.finding("more"),
        Self.finding("less", .realised), Self.finding("approved"),
      ]),
      to: Self.summer([
        Self.finding("same"), Self.finding("made"), Self.finding("more", occurrences: 3),
        Self.finding("less", .nearMiss), Self.finding("approved", .excused),
      ]))
    #expect(
      words(change) == [
        "new made: organisation", "worse more: organisation", "better approved: organisation",
        "better less: organisation", "resolved gone: organisation",
      ])
    #expect(change.unchanged == 1)
    #expect(change.gapDays == 0)
    #expect(change.ruleChanges.isEmpty)
  }

  @Test func aPolicyThatWasAddedChangedOrDroppedIsNotTheOrganisation() {
    let change = ReviewChange(
      from: Self.spring(
        [Self.finding("dropped", policy: "old")], policies: ["old": "1", "edited": "1"]),
      to: Self.summer(
        [Self.finding("added", policy: "new"), Self.finding("found", policy: "edited")],
        policies: ["new": "1", "edited": "2"]))
    #expect(
      words(change) == ["new added: policies", "new found: policies", "resolved dropped: policies"])
    #expect(
      change.ruleChanges == [
        "policies added: new", "policies dropped: old", "policies changed: edited",
      ])
  }

  @Test func anotherLogIsNotTheOrganisation() {
    let change = ReviewChange(
      from: Self.spring([], agents: [Self.agent(sources: [])]),
      to: Self.summer([Self.finding("seen")]))
    #expect(words(change) == ["new seen: evidence"])
  }

  @Test func whatHappenedInTheEarlierWindowWasNotMadeSince() {
    let old = Self.finding("old", last: "2026-06-01T00:00:00Z")
    #expect(
      words(ReviewChange(from: Self.spring([]), to: Self.summer([old]))) == ["new old: evidence"])
    #expect(
      words(
        ReviewChange(from: Self.spring([], vocabulary: "v0"), to: Self.summer([old])))
        == ["new old: vocabulary"])
  }

  @Test func otherNumbersMoveScoresWithoutTheOrganisation() throws {
    let over = Self.finding("over", policy: "over-privileged", .open, kind: .privilege, last: nil)
    let change = ReviewChange(
      from: Self.spring([], agents: [Self.agent(privilege: 40)], scoring: "s0"),
      to: Self.summer([over], agents: [Self.agent(privilege: 60)]))
    #expect(words(change) == ["new over: scoring"])
    #expect(change.agents.map(\.causes) == [[.scoring]])
    #expect(change.ruleChanges == ["scoring: other numbers under the same version 1"])
  }

  @Test func aScoreThatMovedBecauseOfThePolicyPackAlone() {
    let change = ReviewChange(
      from: Self.spring([], agents: [Self.agent(composition: 0)], policies: [:]),
      to: Self.summer([Self.finding("f")], agents: [Self.agent(composition: 60)]))
    #expect(change.agents.map(\.causes) == [[.policies]])
  }

  @Test func aScoreThatFellWithTimeAlone() {
    let change = ReviewChange(
      from: Self.spring([Self.finding("f")], agents: [Self.agent(composition: 60)]),
      to: Self.summer([Self.finding("f")], agents: [Self.agent(composition: 50)]))
    #expect(change.agents.map(\.causes) == [[.time]])
  }

  @Test func aLatentChainThatHappenedGotWorse() {
    let change = ReviewChange(
      from: Self.spring([Self.finding("could", .latent, last: nil)]),
      to: Self.summer([Self.finding("did")]))
    #expect(words(change) == ["worse did: organisation"])
    #expect(change.findings[0].before == .latent)
  }

  @Test func aFindingThatCameBackNamesWhereItWas() {
    let change = ReviewChange(
      from: Self.spring([]), to: Self.summer([Self.finding("back")]), lastSeen: ["back": "Q1"])
    #expect(words(change) == ["reopened back: organisation"])
    #expect(change.findings[0].lastSeenIn == "Q1")
  }

  @Test func daysThatNeitherShows() {
    let change = ReviewChange(
      from: Self.snapshot("Q1", from: "2026-01-01", to: "2026-03-31", []), to: Self.summer([]))
    #expect(change.gapDays == 91)
  }

  @Test func agentsComeAndGo() {
    let change = ReviewChange(
      from: Self.spring([], agents: [Self.agent("old")]),
      to: Self.summer([], agents: [Self.agent("new")]))
    #expect(change.agents.map(\.agent) == ["new", "old"])
    #expect(change.agents.map(\.isNew) == [true, false])
    #expect(change.agents.map(\.isGone) == [false, true])
  }
}
