import Model
import Testing

@testable import Findings

/// What became of decisions, by what agents hold and did in a later review.
@Suite struct DecisionTests {
  private let vocabulary = SampleEstate.vocabulary(
    catalogue: (0..<200).map { ("big:Action\($0)", Level.write, []) }
      + [("s3:Get", .read, []), ("s3:Delete", .write, [])])

  /// A quarter in which `bot` may do something and does some of it; `other` is there beside it.
  private func estate(
    _ actions: [String], on resources: [String] = ["*"], used: [String] = []
  ) throws -> SampleEstate {
    var estate = SampleEstate(vocabulary)
    estate.agent("bot")
    estate.agent("other")
    estate.grant("other", ["s3:Get"])
    if !actions.isEmpty { estate.grant("bot", actions, on: resources) }
    estate.log(days: 90)
    for action in used { estate.event("bot", action, on: "a/1", day: 40) }
    estate.to = Timestamp(bound: "2026-09-30", isEnd: true)
    return estate
  }

  private func advice(_ estate: SampleEstate, _ advice: CleanupRow.Advice = .revoke) throws
    -> DecisionItem
  {
    try #require(
      try estate.review().questions.map(\.item).first { item in
        guard case .advice(let own) = item.subject else { return false }
        return own.advice == advice && item.agents == ["bot"]
      })
  }

  private func taken(
    _ item: DecisionItem, _ word: ReviewerDecision.Word, by: String = "al", until: String? = nil,
    doneIn: String? = nil
  ) -> TakenDecision {
    TakenDecision(
      decision: ReviewerDecision(
        id: item.id, review: "Q2", word: word, decidedBy: by, reason: "r",
        until: until.flatMap { Timestamp(bound: $0, isEnd: true) }, file: "d.csv", line: 2),
      item: item, asked: "Q2", askedTo: Timestamp(seconds: 0), doneIn: doneIn, isCarried: false)
  }

  private func standing(
    _ estate: SampleEstate, _ taken: TakenDecision
  ) throws -> DecisionStanding {
    let extent = ReviewExtent(proposals: false, replay: false, decisions: [taken])
    return try #require(try estate.review(extent: extent).decisions.first)
  }

  @Test func whatIsHeldNoMoreIsDone() throws {
    let item = try advice(estate(["s3:Get", "s3:Delete"], used: ["s3:Get"]))
    let after = try standing(estate(["s3:Get"]), taken(item, .revoke))
    #expect(after.state == .done)
    #expect(after.evidence == ["`bot` does not hold `s3:Delete` any more"])
  }

  @Test(arguments: [
    (String?.none, String?.none, DecisionStanding.State.notDone),
    ("2026-12-31", nil, .notDone), ("2026-08-31", nil, .late),
    ("2026-08-31", "Q2", .undoneAgain),
  ])
  func whatIsStillHeldIsNot(until: String?, doneIn: String?, state: DecisionStanding.State) throws {
    let before = try estate(["s3:Get", "s3:Delete"], used: ["s3:Get"])
    let after = try standing(
      estate(["s3:Get", "s3:Delete"], used: ["s3:Get", "s3:Delete"]),
      taken(try advice(before), .revoke, until: until, doneIn: doneIn))
    #expect(after.state == state)
    let seen = after.evidence.joined(separator: "; ")
    #expect(seen.contains("`s3:Delete` is still held on `*`, granted by policy P, statement 2"))
    #expect(seen.contains("used 1 time in this window, last at 2026-08-10T12:00:00Z"))
  }

  @Test func narrowingIsDoneWhereLessIsReached() throws {
    let item = try advice(estate(["s3:Delete"], used: []))
    let as2 = try standing(estate(["s3:Delete"], on: ["a/*"]), taken(item, .narrow))
    #expect(as2.state == .done)
    #expect(as2.evidence == ["held on `a/*` only"])
    let same = try standing(estate(["s3:Delete"]), taken(item, .narrow))
    #expect(same.state == .notDone)
    // For what was to be revoked, less is not enough.
    #expect(
      try standing(estate(["s3:Delete"], on: ["a/*"]), taken(item, .revoke)).state == .notDone)
  }

  @Test func aWildcardIsMeantWithoutWhatWasUsed() throws {
    let before = try estate(["big:*"], used: ["big:Action7"])
    let item = try advice(before)
    guard case .advice(let advice) = item.subject else { return }
    #expect(advice.actions == ["big:*"])
    #expect(advice.besides == ["big:Action7"])
    #expect(try standing(estate(["big:Action7"]), taken(item, .revoke)).state == .done)
    let part = try standing(estate(["big:Action7", "big:Action8"]), taken(item, .revoke))
    #expect(part.state == .notDone)
    #expect(part.evidence[0].hasPrefix("`big:Action8` is still held"))
  }

  @Test func whoIsNotListedIsGoneWhereOthersAre() throws {
    let item = try advice(estate(["s3:Delete"]))
    #expect(try standing(estate([]), taken(item, .revoke)).state == .done)
    var silent = SampleEstate(vocabulary)
    silent.agent("bot")
    silent.log(days: 90)
    let unseen = try standing(silent, taken(item, .revoke))
    #expect(unseen.state == .notJudged)
    #expect(unseen.evidence == ["no source of this review lists what `bot` holds"])
  }

  @Test func whatIsKeptHoldsUntilItsDate() throws {
    let estate = try estate(["s3:Delete"])
    let item = try advice(estate)
    #expect(try standing(estate, taken(item, .keep)).state == .inForce)
    #expect(try standing(estate, taken(item, .keep, until: "2026-09-30")).state == .inForce)
    let ended = try standing(estate, taken(item, .keep, until: "2026-09-29"))
    #expect(ended.state == .ended)
    #expect(ended.evidence.first == "it has ended, and what it was for is still there")
  }

  @Test func whoOwnsWhatIsKeptDoesNotDecideIt() throws {
    let estate = try estate(["s3:Delete"])
    let item = try advice(estate)
    #expect(try !standing(estate, taken(item, .keep, by: " TEAM")).warnings.isEmpty)
    #expect(try standing(estate, taken(item, .revoke, by: "team")).warnings.isEmpty)
    #expect(try standing(estate, taken(item, .keep, by: "al")).warnings.isEmpty)
  }

  @Test func whatIsToBeKeptAsksForNothing() throws {
    let review = try estate(["s3:Get", "s3:Delete"], used: ["s3:Get"]).review()
    let asked = review.questions.compactMap { question -> CleanupRow.Advice? in
      guard case .advice(let advice) = question.item.subject else { return nil }
      return advice.advice
    }
    #expect(!asked.contains(.keep) && !asked.contains(.keepEvidenceThin))
    #expect(Set(review.questions.map(\.item.id)).count == review.questions.count)
  }

  @Test func aSettledRowComesLast() throws {
    let estate = try estate(["s3:Get", "s3:Delete"], used: ["s3:Get"])
    let item = try advice(estate)
    let extent = ReviewExtent(proposals: false, replay: false, decisions: [taken(item, .keep)])
    let questions = try estate.review(extent: extent).questions
    #expect(questions.last?.item.id == item.id)
    #expect(questions.filter(\.isSettled).map(\.item.id) == [item.id])
  }
}
