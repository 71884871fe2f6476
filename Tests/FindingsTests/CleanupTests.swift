import Model
import Testing

@testable import Findings

@Suite struct CleanupTests {
  static let tools: [(String, Level, [String])] = [
    ("get", .read, ["data.read"]), ("put", .write, []), ("pay", .write, ["payment.create"]),
    ("wipe", .write, ["data.delete"]), ("close", .write, ["payment.create"]),
  ]

  static func estate(days: Int64 = 90) -> SampleEstate {
    var estate = SampleEstate(SampleEstate.vocabulary(catalogue: [], tools: tools))
    estate.agent("a")
    estate.log(days: days)
    return estate
  }

  static func advice(_ review: Review, _ action: String) -> CleanupRow? {
    review.cleanup.first { $0.action == action }
  }

  @Test func eachUseGetsItsAdvice() throws {
    var estate = Self.estate()
    estate.grant("a", ["get", "put", "pay", "wipe", "close"])
    for day in 0..<90 { estate.event("a", "get", on: "db/\(day % 2)", day: Int64(day)) }
    for day in 0..<90 { estate.event("a", "put", day: Int64(day)) }
    estate.event("a", "pay", on: "x", day: 12)
    for day in [1, 31, 61] as [Int64] { estate.event("a", "close", on: "books", day: day) }
    let review = try estate.review()
    #expect(Self.advice(review, "get")?.advice == .narrow)
    #expect(Self.advice(review, "get")?.narrowTo == ["db/0", "db/1"])
    #expect(Self.advice(review, "put") == nil)
    #expect(Self.advice(review, "pay")?.advice == .justInTime)
    #expect(Self.advice(review, "close")?.advice == .keep)
    #expect(Self.advice(review, "close")?.because.contains("regular") == true)
    let wipe = try #require(Self.advice(review, "wipe"))
    #expect(wipe.advice == .revoke)
    #expect(wipe.because == "no use on 90 days with logs; needed on fewer than 3.3% of days (95%)")
    #expect(wipe.lastUse == nil)
    #expect(wipe.origin.text == "policy P, statement 1")
  }

  @Test func thinEvidenceKeepsAndNeverShowsZero() throws {
    var estate = Self.estate(days: 12)
    estate.grant("a", ["wipe"], on: ["one"])
    let review = try estate.review()
    let row = try #require(Self.advice(review, "wipe"))
    #expect(row.advice == .keepEvidenceThin)
    #expect(row.because == "12 days with logs; 30 are needed")
    let agent = try #require(review.agent("a"))
    #expect(agent.unseen == 1 && agent.unused == 0)
    #expect(
      agent.privilegeIndex.score
        == .atLeast(
          2,
          reason:
            "not fully assessed: 12 days with logs; 30 are needed; until then it counts as unused"))
    #expect(review.findings(of: "evidence-too-thin").map(\.agents) == [["a"]])
  }

  /// What only a platform's report shows is used as well, in the window and by its own name.
  @Test func aReportOfUseIsASecondSource() throws {
    func advice(_ action: String, last day: Int64?) throws -> CleanupRow.Advice? {
      var estate = Self.estate()
      estate.grant("a", ["wipe"])
      estate.input.reportedUses = [
        ReportedUse(
          agent: "a", action: action,
          last: day.map { Timestamp(seconds: (SampleEstate.firstDay + $0) * 86_400) },
          position: SourcePosition(file: 0, line: 1))
      ]
      return try Self.advice(estate.review(), "wipe")?.advice
    }
    let without = try advice("other", last: 5)
    #expect(without == .revoke)
    #expect(try advice("Wipe", last: 5) != .revoke)
    #expect(try advice("wipe", last: nil) == .revoke)
    #expect(try advice("wipe", last: -400) == .revoke)
    #expect(try advice("wipe:*", last: 5) == .revoke)
  }

  @Test func logsOnTooFewOfTheDaysAreThin() throws {
    var estate = Self.estate(days: 40)
    estate.to = Timestamp(seconds: (SampleEstate.firstDay + 99) * 86_400)
    estate.grant("a", ["wipe"])
    let evidence = try #require(estate.review().agent("a")).evidence
    #expect(evidence.daysWithLogs == 40 && evidence.daysInWindow == 100)
    #expect(evidence.shortfall == "logs on 40 of the window's 100 days; 80% are needed")
  }

  @Test func nobodyToAskNeedsAnOwner() throws {
    var estate = Self.estate()
    estate.agent("b", owner: nil)
    estate.grant("b", ["wipe"])
    #expect(try Self.advice(estate.review(), "wipe")?.advice == .needsOwner)
  }

  /// What a row says it removes is what is gone when its action is not granted any more.
  @Test func riskRemovedIsWhatTheIndexFallsBy() throws {
    let all = ["get", "put", "pay", "wipe", "close"]
    func review(_ actions: [String]) throws -> Review {
      var estate = Self.estate()
      estate.grant("a", actions)
      return try estate.review()
    }
    let whole = try review(all)
    let index = try #require(whole.agent("a")?.privilegeIndex.score.value)
    #expect(whole.cleanup.count == 5)
    for row in whole.cleanup {
      let rest = try review(all.filter { $0 != row.action })
      let left = try #require(rest.agent("a")?.privilegeIndex.score.value)
      #expect(row.riskRemoved == index - left, "\(row.action)")
    }
    let removed = whole.cleanup.map(\.riskRemoved)
    #expect(removed == removed.sorted(by: >))
  }

  @Test func anAdministratorHasAFewHundredRows() throws {
    let catalogue = (0..<60).flatMap { service in
      (0..<40).map { ("svc\(service):Do\($0)", Level.write, [String]()) }
    }
    var estate = SampleEstate(SampleEstate.vocabulary(catalogue: catalogue))
    estate.agent("a")
    estate.log(days: 90)
    estate.grant("a", ["*"])
    estate.event("a", "svc1:Do1", day: 3)
    let review = try estate.review()
    let agent = try #require(review.agent("a"))
    #expect(agent.held == 2400 && agent.used == 1 && agent.unused == 2399)
    #expect(agent.privileges.count == 61)
    #expect(agent.privileges.contains { $0.action == "svc2:* (40 actions)" && $0.actions == 40 })
    #expect(agent.privileges.contains { $0.action == "svc1:* (39 actions)" })
    #expect(review.cleanup.map(\.actions).reduce(0, +) == 2399)
    #expect(review.cleanup.count == 60)
  }

  @Test func blindLogsNameWhatToSwitchOn() throws {
    var estate = SampleEstate(
      SampleEstate.vocabulary(
        catalogue: [
          ("s3:GetObject", .read, []), ("s3:ListAllMyBuckets", .list, []),
          ("lambda:InvokeFunction", .write, []),
        ]))
    let role = "arn:aws:iam::111122223333:role/r"
    let other = "arn:aws:iam::111122223333:role/other"
    estate.input.files = [
      InputFile(
        path: "authz.json", type: "aws-authorization-details", recognisedBecause: "", sha256: "",
        bytes: 0),
      InputFile(
        path: "trail.json", type: "aws-cloudtrail", recognisedBecause: "", sha256: "", bytes: 0),
    ]
    estate.input.sourceTypes = ["aws-authorization-details", "aws-cloudtrail"]
    estate.agent(role)
    estate.grant(role, ["*"])
    for day in 0..<60 as Range<Int64> {
      estate.event(other, "lambda:InvokeFunction", day: day) { event, _ in event.position.file = 1 }
    }
    let review = try estate.review()
    #expect(review.agent(role)?.evidence.isEnough == true)
    #expect(Self.advice(review, "s3:ListAllMyBuckets")?.advice == .revoke)
    #expect(Self.advice(review, "lambda:InvokeFunction")?.advice == .revoke)
    let blind = try #require(Self.advice(review, "s3:GetObject"))
    #expect(blind.advice == .keepEvidenceThin)
    #expect(blind.because.contains("switch on CloudTrail data events for S3 objects"))
    #expect(review.agent(role)?.privilegeIndex.score.statusWord == "at least")

    // A log of another account says nothing about this one.
    let foreign = "arn:aws:iam::999988887777:role/r"
    estate.agent(foreign)
    estate.grant(foreign, ["s3:ListAllMyBuckets"])
    let evidence = try #require(estate.review().agent(foreign)).evidence
    #expect(
      evidence.shortfall == "no log shows this agent: give a log of type aws-cloudtrail")
  }
}
