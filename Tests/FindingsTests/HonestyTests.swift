import Model
import Testing

@testable import Findings
@testable import Policies

/// What a review must not claim: verdicts on half the evidence, and advice that nobody can follow.
@Suite struct HonestyTests {
  private static func withPolicy(_ estate: SampleEstate) throws -> Review {
    try estate.review(policies: [ChainTests.policy])
  }

  @Test func aBandOfHalfTheEvidenceIsALowerBound() throws {
    var estate = BuiltInTests.estate()
    estate.log(days: 60)
    for name in ["seen", "granted", "both", "neither"] { estate.agent(name) }
    for name in ["seen", "both"] {
      for day in 0..<60 as Range<Int64> { estate.event(name, "read", on: "x", day: day) }
    }
    for name in ["granted", "both"] { estate.grant(name, ["read"], on: ["x"]) }
    let review = try Self.withPolicy(estate)
    func says(_ name: String) throws -> [String] {
      let agent = try #require(review.agent(name))
      return [agent.band?.rawValue ?? "none", agent.bandStatus]
    }
    #expect(try says("seen") == ["low", "at least"])
    #expect(try says("granted") == ["low", "at least"])
    #expect(try says("both") == ["low", "assessed"])
    #expect(try says("neither") == ["none", "not assessed"])
    for agent in review.agents { #expect(agent.bandStatus == agent.risk.statusWord) }
    let bounds = review.agents.count(where: \.isBandAtLeast)
    let estate2 = review.estate
    #expect(
      bounds == estate2.lowAtLeast + estate2.moderateAtLeast + estate2.highAtLeast
        + estate2.criticalAtLeast)
    #expect(estate2.lowAtLeast <= estate2.low && estate2.lowAtLeast > 0)
  }

  /// Grants that come to nothing, of somebody who did nothing, prove nothing good.
  @Test func nothingHeldAndNothingSeenIsNotAssessed() throws {
    var estate = BuiltInTests.estate()
    estate.log(days: 60)
    estate.agent("denied")
    estate.grant("denied", ["read"])
    estate.grant("denied", ["read"], effect: .deny)
    let agent = try #require(Self.withPolicy(estate).agent("denied"))
    #expect(agent.held == 0 && agent.band == nil && agent.risk.value == nil)
    #expect(agent.bandStatus == "not assessed")
  }

  @Test func aServiceOfThePlatformIsNoOrphan() throws {
    var estate = BuiltInTests.estate()
    estate.agent("known")
    for name in ["ec2.amazonaws.com", "stranger"] {
      estate.agent(name, owner: nil) { $0.isInInventory = false }
      estate.event(name, "read", day: 0)
    }
    let service = try #require(estate.input.agents.firstIndex { $0.id == "ec2.amazonaws.com" })
    estate.input.agents[service].attributes = [
      NamedValue(name: "principalType", value: "AWSService")
    ]
    #expect(try estate.review().findings(of: "orphaned").map(\.agents) == [["stranger"]])
  }

  @Test func aServiceLinkedRoleIsNotToBeRevoked() throws {
    var estate = BuiltInTests.estate()
    estate.log(days: 60)
    estate.agent("own")
    estate.agent("linked", owner: nil) {
      $0.attributes = [NamedValue(name: "serviceLinked", value: "true")]
    }
    for name in ["own", "linked"] { estate.grant(name, ["grant"]) }
    let review = try estate.review()
    let advice = review.cleanup.map { [$0.agent, $0.advice.rawValue] }.sorted { $0[0] < $1[0] }
    #expect(advice == [["linked", "keep"], ["own", "revoke"]])
    #expect(review.findings(of: "no-owner").isEmpty)
    #expect(review.findings(of: "dormant").map(\.agents) == [["own"]])
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1_000, "1,000"), (20_455, "20,455"), (-1_200, "-1,200"),
  ])
  func largeNumbersCanBeRead(_ value: Int, _ text: String) { #expect(grouped(value) == text) }
}
