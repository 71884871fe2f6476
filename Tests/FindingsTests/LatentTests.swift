import Model
import Testing

@testable import Findings
@testable import Policies

@Suite struct LatentTests {
  static let tools: [(String, Level, [String])] = [
    ("read", .read, ["data.read"]), ("read_all", .read, ["data.read.sensitive"]),
    ("send", .write, ["channel.external"]), ("post", .write, ["channel.external"]),
    ("secret", .read, ["secret.read"]), ("wipe", .write, ["data.delete"]),
  ]

  static func estate() -> SampleEstate {
    SampleEstate(SampleEstate.vocabulary(catalogue: [], tools: tools))
  }

  static func latent(_ estate: SampleEstate, _ policy: Policy, _ matches: [Match] = [])
    throws -> [Finding]
  {
    var evaluation = Evaluation()
    evaluation.matches = matches
    return try estate.review(policies: [policy], evaluation: evaluation)
      .findings(of: policy.id).filter { $0.status == .latent }
  }

  @Test func oneFindingAnAgentWithTheHeaviestPrivilegeOfEachStep() throws {
    var estate = Self.estate()
    for agent in ["a", "b", "c"] { estate.agent(agent) }
    estate.grant("a", ["read", "read_all", "send", "post"])
    estate.grant("b", ["read_all", "send"])
    estate.grant("c", ["read"])
    let policy = samplePolicy(
      "p", .high, steps: [("read", does("data.*")), ("send", does("channel.external"))])
    let findings = try Self.latent(estate, policy)
    #expect(findings.map(\.agents) == [["a"], ["b"]] || findings.map(\.agents) == [["b"], ["a"]])
    let finding = try #require(findings.first { $0.agents == ["a"] })
    #expect(finding.privileges.map(\.action) == ["read_all", "send"])
    #expect(finding.privileges.map(\.step) == ["read", "send"])
    #expect(finding.privileges.first?.via == "policy P, statement 1")
    #expect(finding.assumptions.contains("step `read`: 1 more action held would serve as well"))
    #expect(abs(finding.risk - 0.6 * 0.24) < 1e-9)
    #expect(finding.occurrences.isEmpty)
  }

  @Test func aRealisedChainOfTheSamePolicyHidesIt() throws {
    var estate = Self.estate()
    estate.agent("a")
    estate.grant("a", ["read", "send"])
    estate.event("a", "read", on: "db", day: 0)
    estate.event("a", "send", on: "mail", day: 1)
    let policy = samplePolicy(
      "p", steps: [("read", does("data.read")), ("send", does("channel.external"))])
    #expect(try Self.latent(estate, policy, [sampleMatch(events: [0, 1])]).isEmpty)
    let nearMiss = sampleMatch(0, .nearMiss, events: [0, 1], missing: 1)
    #expect(try Self.latent(estate, policy, [nearMiss]).count == 1)
  }

  @Test func sharedResourcesMustOverlap() throws {
    let register = RegisterField(register: "r", field: .event(.resource))
    let policy = samplePolicy(
      "p",
      steps: [
        ("read", does("data.read", bind: [register])),
        ("wipe", does("data.delete", same: [register])),
      ])
    var apart = Self.estate()
    apart.agent("a")
    apart.grant("a", ["read"], on: ["db/a/*"])
    apart.grant("a", ["wipe"], on: ["db/b/*"])
    #expect(try Self.latent(apart, policy).isEmpty)
    apart.grant("a", ["wipe"], on: ["db/a/x"])
    #expect(try Self.latent(apart, policy).map(\.agents) == [["a"]])
  }

  @Test func conditionsAreJudgedWhereTheyCanBe() throws {
    func policy(_ condition: Predicate) -> Policy {
      samplePolicy("p", steps: [("read", does("data.read", condition: condition))])
    }
    var estate = Self.estate()
    estate.agent("a") { $0.environment = "staging" }
    estate.grant("a", ["read"], on: ["prod/*"])
    func count(_ condition: Predicate) throws -> Int {
      try Self.latent(estate, policy(condition)).count
    }
    #expect(try count(.test(.agent("environment"), .equals(.text("staging")))) == 1)
    #expect(try count(.test(.agent("environment"), .equals(.text("production")))) == 0)
    #expect(try count(.not(.test(.agent("environment"), .equals(.text("staging"))))) == 0)
    #expect(try count(.test(.event(.resource), .like(["prod/*"]))) == 1)
    #expect(try count(.test(.event(.resource), .like(["test/*"]))) == 0)
    #expect(try count(.not(.test(.event(.resource), .like(["p*"])))) == 0)
    #expect(try count(.test(.event(.resource), .equals(.text("prod/db")))) == 1)
    #expect(
      try count(
        .any([
          .test(.agent("kind"), .exists(true)), .test(.event(.resource), .equals(.text("prod/x"))),
        ])) == 1)
    let amount = Predicate.test(.attribute("args.amount"), .greater(100))
    let finding = try #require(try Self.latent(estate, policy(amount)).first)
    #expect(finding.assumptions.contains("`args.amount` is over 100"))
  }

  @Test func agentsThatDelegateAreOneGroup() throws {
    let register = RegisterField(register: "who", field: .event(.agent))
    func policy(_ delegation: Delegation?) -> Policy {
      samplePolicy(
        "p",
        steps: [
          ("read", does("data.read", bind: [register])),
          ("send", does("channel.external", differs: [register])),
        ], delegation: delegation)
    }
    var estate = Self.estate()
    estate.agent("boss") { $0.mayDelegateTo = ["helper"] }
    estate.agent("helper")
    estate.agent("lone")
    estate.grant("boss", ["read", "send"])
    estate.grant("helper", ["send"])
    estate.grant("lone", ["read"])
    #expect(try Self.latent(estate, policy(nil)).isEmpty)
    let findings = try Self.latent(estate, policy(Delegation(follow: .delegatedBy, depth: 8)))
    #expect(findings.map(\.agents) == [["boss", "helper"]])
    estate.input.trusts = [
      Trust(
        from: "lo*", to: "helper", condition: nil, position: SourcePosition(file: 0, line: 1))
    ]
    let more = try Self.latent(estate, policy(Delegation(follow: .delegatedBy, depth: 8)))
    #expect(Set(more.map(\.agents)) == [["boss", "helper"], ["helper", "lone"]])
  }

  @Test func limitsNeedAnAnchor() throws {
    let aggregate = Aggregate(
      stepID: "many", of: does("data.delete"), measure: .count, threshold: 5,
      thresholdIsInclusive: true, windowNanoseconds: nil)
    var estate = Self.estate()
    estate.agent("a")
    estate.grant("a", ["read", "wipe"])
    #expect(try Self.latent(estate, samplePolicy("p", steps: [], limit: aggregate)).isEmpty)
    let anchored = samplePolicy("p", steps: [("read", does("data.read"))], limit: aggregate)
    #expect(try Self.latent(estate, anchored).first?.privileges.map(\.step) == ["read", "many"])
  }

  @Test func conditionsOfGrantsAndExcusesAreAssumed() throws {
    var estate = Self.estate()
    estate.agent("a")
    estate.grant("a", ["read"]) { $0.condition = "{\"mfa\":true}" }
    let policy = samplePolicy(
      "p", steps: [("read", does("data.read"))],
      excuse: Excuse(selectors: [does("approval.grant")], beforeNanoseconds: 0, uses: nil))
    let finding = try #require(try Self.latent(estate, policy).first)
    #expect(
      finding.assumptions == [
        "the condition of policy P, statement 1 holds: `{\"mfa\":true}`",
        "nothing that excuses the chain happens",
      ])
  }
}
