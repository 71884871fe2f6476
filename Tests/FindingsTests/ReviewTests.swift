import Findings
import Model
import Testing

@Suite struct ReviewTests {
  @Test func oneAgentFromEndToEnd() throws {
    var estate = SampleEstate(
      SampleEstate.vocabulary(
        catalogue: [],
        tools: [("read", .read, ["data.read"]), ("refund", .write, ["payment.create"])]))
    estate.agent("bot")
    estate.grant("bot", ["read", "refund"])
    for day in 0..<90 { estate.event("bot", "read", on: nil, day: Int64(day)) }
    let review = try estate.review()
    let bot = try #require(review.agent("bot"))
    #expect(bot.held == 2)
    #expect(bot.used == 1)
    #expect(bot.unused == 1)
    #expect(bot.evidence.isEnough)
    #expect(bot.evidence.daysWithLogs == 90)
    // payment.create .5 x .76; no use of the other says on what, so nothing proves it too wide.
    #expect(bot.privilegeIndex.score == .assessed(38))
    #expect(bot.compositionIndex.score == .notAssessed(reason: "no policy was applied"))
    let first = try #require(review.cleanup.first)
    #expect(first.action == "refund")
    #expect(first.advice == .revoke)
    #expect(review.estate.held == 2)
  }

  @Test func noStatementIsNotAssessedAndNothingUnusedIsZero() throws {
    var estate = SampleEstate(
      SampleEstate.vocabulary(catalogue: [], tools: [("read", .read, ["data.read"])]))
    estate.agent("none")
    estate.agent("user")
    estate.grant("user", ["read"], on: ["db/customers"])
    for day in 0..<40 { estate.event("user", "read", on: "db/customers", day: Int64(day)) }
    let review = try estate.review()
    #expect(
      review.agent("none")?.privilegeIndex.score
        == .notAssessed(reason: "no source lists its privileges"))
    #expect(review.agent("user")?.privilegeIndex.score == .assessed(0))
    #expect(review.agents.last?.agent.id == "none")
  }
}
