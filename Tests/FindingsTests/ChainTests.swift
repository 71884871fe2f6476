import Model
import TestSupport
import Testing

@testable import Findings
@testable import Policies

/// A policy of plain steps, made by hand.
func samplePolicy(
  _ id: String, _ severity: Severity = .critical, steps: [(String, Selector)],
  excuse: Excuse? = nil, delegation: Delegation? = nil, limit: Aggregate? = nil
) -> Policy {
  let chain = steps.map {
    Step(id: $0.0, selector: $0.1, gapNanoseconds: nil, absent: [], repeats: false)
  }
  return Policy(
    id: id, version: 1, title: "title of \(id)", severity: severity,
    rule: limit.map { .limit(Limit(anchors: chain, aggregate: $0)) } ?? .forbid(chain),
    themes: ["tool-misuse", "chained-actions"], key: [], delegation: delegation, excuse: excuse,
    until: nil, withinNanoseconds: nil, because: "because", falsePositives: ["a drill"],
    remedy: "remedy", examples: [], file: "\(id).yaml", line: 1)
}

/// A selector of capabilities.
func does(
  _ capabilities: String..., condition: Predicate = .always, bind: [RegisterField] = [],
  same: [RegisterField] = [], differs: [RegisterField] = []
) -> Selector {
  Selector(
    does: capabilities, actions: [], condition: condition, outcomes: [.allowed], bind: bind,
    same: same, differs: differs)
}

/// A judgement of the engine, made by hand.
func sampleMatch(
  _ policy: Int = 0, _ status: MatchStatus = .realised, events: [Int], key: String = "T1",
  link: LinkStrength = .sameTask, missing: Int? = nil, excusedBy: Int? = nil
) -> Match {
  Match(
    policy: policy, status: status, key: [NamedValue(name: "task", value: key)],
    chain: events.enumerated().map { MatchedStep(step: $0.offset, event: $0.element) },
    aggregateEvents: nil, aggregateValue: nil, missingStep: missing, excusedBy: excusedBy,
    sought: [Sought(what: "approval.grant by a user")], isOrderSensitive: false, isUntimed: false,
    indeterminateReason: status == .indeterminate ? "no `resource`" : nil, linkStrength: link,
    episode: 0)
}

@Suite struct ChainTests {
  static let policy = samplePolicy(
    "read-then-send", steps: [("read", does("data.read")), ("send", does("channel.external"))])

  static func estate() -> SampleEstate {
    var estate = SampleEstate(
      SampleEstate.vocabulary(
        catalogue: [],
        tools: [("read", .read, ["data.read"]), ("send", .write, ["channel.external"])]))
    estate.agent("a")
    estate.agent("b")
    for agent in ["a", "b"] { estate.grant(agent, ["read", "send"]) }
    for day in 0..<181 {
      estate.event("a", "read", on: "db", day: Int64(day), second: 10)
      estate.event("a", "send", on: "mail", day: Int64(day), second: 20)
    }
    return estate
  }

  static func evaluation(_ matches: [Match]) -> Evaluation {
    var evaluation = Evaluation()
    evaluation.matches = matches
    evaluation.health = [PolicyHealth(policy: policy.id, steps: 2)]
    evaluation.health[0].matchedPerStep = [1, 1]
    return evaluation
  }

  /// Events of day d are numbers 2d and 2d + 1.
  @Test func anOccurrenceCarriesItsEvidence() throws {
    let review = try Self.estate().review(
      policies: [Self.policy], evaluation: Self.evaluation([sampleMatch(events: [360, 361])]))
    let finding = try #require(review.findings(of: "read-then-send").first)
    #expect(finding.status == .realised)
    #expect(finding.agents == ["a"])
    #expect(finding.privileges.map(\.action) == ["read", "send"])
    #expect(finding.privileges.map(\.via) == ["policy P, statement 1", "policy P, statement 1"])
    #expect(finding.themes == ["chained-actions", "tool-misuse"])
    let occurrence = try #require(finding.occurrences.first)
    #expect(occurrence.chain.map(\.step) == ["read", "send"])
    #expect(occurrence.chain.map(\.resource) == ["db", "mail"])
    #expect(occurrence.id.hasPrefix(finding.id + "."))
    #expect(abs(finding.risk - 0.9 * 0.6) < 0.001)
    let agent = try #require(review.agent("a"))
    #expect(agent.findings.contains(finding.id))
    #expect(agent.compositionIndex.floor == 75)
    #expect(agent.compositionIndex.score == .assessed(75))
    #expect(agent.band == .critical)
    #expect(review.agent("b")?.compositionIndex.floor == nil)
  }

  @Test func idsAreDigestsAndStayTheSame() throws {
    let review = try Self.estate().review(
      policies: [Self.policy], evaluation: Self.evaluation([sampleMatch(events: [360, 361])]))
    let other = try Self.estate().review(
      policies: [Self.policy],
      evaluation: Self.evaluation([sampleMatch(events: [2, 3], key: "T9")]))
    let finding = try #require(review.findings(of: "read-then-send").first)
    let later = try #require(other.findings(of: "read-then-send").first)
    #expect(finding.id == later.id)
    #expect(finding.occurrences.first?.id != later.occurrences.first?.id)
    // Pinned: decisions of earlier quarters refer to it.
    #expect(finding.id == "read-then-send-9cb469c957b8")
    #expect(finding.id.wholeMatch(of: /read-then-send-[0-9a-f]{12}/) != nil)
    #expect(
      finding.occurrences.first?.id.wholeMatch(of: /read-then-send-[0-9a-f]{12}\.[0-9a-f]{8}/)
        != nil)
  }

  @Test func recencyHalvesInAHalfLife() throws {
    let review = try Self.estate().review(
      policies: [Self.policy],
      evaluation: Self.evaluation([
        sampleMatch(events: [0, 1], link: .causalParent),
        sampleMatch(events: [360, 361], key: "T2", link: .causalParent),
      ]))
    let finding = try #require(review.findings(of: "read-then-send").first)
    #expect(finding.occurrences.count == 2)
    let risks = finding.occurrences.map(\.risk)
    #expect(abs(risks[0] - 0.45) < 0.001)
    #expect(abs(risks[1] - 0.9) < 0.001)
    let index = try #require(review.agent("a")).compositionIndex
    // 1 - (1 - .9)(1 - .45 / 2)
    #expect(index.score == .assessed(92))
    #expect(index.terms.map(\.place) == [1, 2])
  }

  @Test func standingsAreDifferentFindingsAndWeighDifferently() throws {
    let review = try Self.estate().review(
      policies: [Self.policy],
      evaluation: Self.evaluation([
        sampleMatch(0, .excused, events: [360, 361], key: "T1", excusedBy: 359),
        sampleMatch(0, .nearMiss, events: [360, 361], key: "T2", missing: 1),
        sampleMatch(0, .indeterminate, events: [360, 361], key: "T3"),
      ]))
    let findings = review.findings(of: "read-then-send")
    #expect(findings.map(\.status) == [.nearMiss, .latent, .latent, .indeterminate, .excused])
    #expect(Set(findings.map(\.id)).count == 5)
    #expect(abs((findings.first?.risk ?? 0) - 0.9 * 0.6 * 0.3) < 0.001)
    #expect(findings.first?.occurrences.first?.missingStep == "send")
    #expect(findings.last?.risk == 0)
    #expect(findings.last?.occurrences.first?.excusedBy?.step == "excuse")
    let index = try #require(review.agent("a")).compositionIndex
    // The near miss gives 16; what could happen by the same grants lifts it to 22.
    #expect(index.score == .atLeast(22, reason: "1 chain could not be judged"))
    #expect(index.latentLift == 22)
    #expect(index.floor == nil)
  }

  @Test func addingAChainNeverLowersTheIndex() throws {
    var random = SmallRandom(seed: 3)
    let indexing = CompositionIndexing(scoring: try SampleEstate.scoring(), policyCount: 3)
    let status: [Finding.Status] = [.realised, .nearMiss, .latent, .excused]
    for _ in 0..<300 {
      var findings: [Finding] = []
      var last = 0
      for number in 0..<12 {
        let risk = Double(random.below(1000)) / 1000
        var finding = Self.finding(
          "p\(random.below(3))", number, random.pick(status), risk,
          random.pick(Severity.allCases))
        if finding.status == .latent { finding.risk *= 0.24 }
        findings.append(finding)
        let value = try #require(indexing.index(of: findings, hasEvents: true).score.value)
        #expect(value >= last && value <= 100)
        last = value
      }
    }
  }

  static func finding(
    _ policy: String, _ number: Int, _ status: Finding.Status, _ risk: Double, _ severity: Severity
  ) -> Finding {
    let occurrence = Occurrence(
      id: "o\(number)", key: [], chain: [], excusedBy: nil, missingStep: nil,
      indeterminateReason: nil, lookedForAndNotFound: [], aggregateValue: nil,
      aggregateEvents: nil, linkStrength: .sameTask, risk: risk, isOrderSensitive: false,
      isUntimed: false, episode: 0)
    return Finding(
      id: "f\(number)", kind: .composition, status: status, policy: policy, title: "",
      severity: severity, risk: risk, agents: ["a"], privileges: [], linkStrength: nil,
      occurrences: status == .latent ? [] : [occurrence], themes: [], because: "", remedy: "",
      falsePositives: [], assumptions: [])
  }

  @Test func latentChainsLiftToTheirMostOnly() throws {
    let indexing = CompositionIndexing(scoring: try SampleEstate.scoring(), policyCount: 9)
    let latent = (0..<9).map { Self.finding("p\($0)", $0, .latent, 0.216, .critical) }
    #expect(indexing.index(of: [latent[0]], hasEvents: true).score == .assessed(22))
    let all = indexing.index(of: latent, hasEvents: true)
    #expect(all.score == .assessed(24))
    #expect(all.latentLift == 24)
    #expect(
      indexing.index(of: latent, hasEvents: false).score
        == .atLeast(24, reason: "no event of this agent was seen"))
    #expect(
      indexing.index(of: [], hasEvents: false).score
        == .notAssessed(reason: "no event of this agent was seen"))
    #expect(indexing.index(of: [], hasEvents: true).score == .assessed(0))
  }
}
