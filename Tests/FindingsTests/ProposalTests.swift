import Foundation
import Model
import Policies
import TestSupport
import Testing

@testable import Findings

@Suite struct ProposalTests {
  static let catalogue: [(String, Level, [String])] =
    [
      ("s3:GetObject", .read, ["data.read"]), ("s3:PutObject", .write, []),
      ("s3:DeleteObject", .write, ["data.delete"]), ("s3:ListBucket", .list, []),
      ("iam:PassRole", .write, ["identity.assume"]), ("kms:Decrypt", .write, []),
    ] + (0..<30).map { ("ec2:Describe\($0)", .list, []) }
    + (0..<4).map { ("ec2:Start\($0)", .write, []) }

  static func estate(days: Int64 = 90) -> SampleEstate {
    var estate = SampleEstate(SampleEstate.vocabulary(catalogue: catalogue))
    estate.input.files[0].type = "aws-authorization-details"
    estate.agent("a")
    // Any log of its own realm shows the agent's use.
    for day in 0..<days { estate.event("a", "s3:ListBucket", on: "b", day: day) }
    return estate
  }

  static func proposal(_ estate: SampleEstate, of agent: String = "a") throws -> Proposal? {
    try estate.review(extent: ReviewExtent(proposals: true, replay: true, decisions: [])).proposals
      .first { $0.agent == agent }
  }

  static func json(_ text: String) throws -> [[String: Any]] {
    let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
    let document = try #require(value as? [String: Any])
    #expect(document["Version"] as? String == "2012-10-17")
    return try #require(document["Statement"] as? [[String: Any]])
  }

  @Test func usedStaysNarrowedUnusedGoes() throws {
    var estate = Self.estate()
    estate.grant("a", ["s3:*"])
    for day in 0..<90 as Range<Int64> {
      estate.event("a", "s3:GetObject", on: "arn:aws:s3:::b/k", day: day)
    }
    let proposal = try #require(try Self.proposal(estate))
    #expect(proposal.texts.first?.platform == .aws && proposal.kept == 2 && proposal.removed == 2)
    let statements = try Self.json(try #require(proposal.texts.first).text)
    #expect(statements.map { $0["Action"] as? String } == ["s3:GetObject", "s3:ListBucket"])
    #expect(statements.map { $0["Resource"] as? String } == ["arn:aws:s3:::b/k", "b"])
    #expect(Set(statements.map { $0["Sid"] as? String }).count == 2)
  }

  @Test func conditionsAndDeniesAreKept() throws {
    var estate = Self.estate()
    estate.grant("a", ["s3:PutObject", "iam:PassRole"]) {
      $0.condition = "{\"Bool\":{\"aws:SecureTransport\":\"true\"}}"
    }
    estate.grant("a", ["s3:DeleteObject"], on: ["arn:aws:s3:::audit/*"], effect: .deny)
    estate.event("a", "s3:PutObject", on: "arn:aws:s3:::b/k", day: 5)
    let statements = try Self.json(try #require(try Self.proposal(estate)?.texts.first).text)
    #expect(statements.map { $0["Effect"] as? String } == ["Allow", "Deny"])
    let condition = statements[0]["Condition"] as? [String: [String: String]]
    #expect(condition == ["Bool": ["aws:SecureTransport": "true"]])
    #expect(statements[0]["Action"] as? String == "s3:PutObject")
    #expect(statements[1]["Resource"] as? String == "arn:aws:s3:::audit/*")
  }

  @Test func whatTheLogCannotShowStaysAsGranted() throws {
    var estate = Self.estate(days: 5)
    estate.grant("a", ["*"], on: ["arn:aws:s3:::b/*"])
    let proposal = try #require(try Self.proposal(estate))
    #expect(proposal.removed == 0)
    #expect(proposal.notes.contains { $0.hasPrefix("the evidence is too thin") })
    let statements = try Self.json(try #require(proposal.texts.first).text)
    #expect(statements.map { $0["Action"] as? String } == ["*"])
  }

  @Test func nothingUsedNothingStays() throws {
    var estate = Self.estate()
    estate.agent("idle")
    estate.log(days: 90, by: "idle")
    estate.grant("idle", ["s3:*"])
    let proposal = try #require(try Self.proposal(estate, of: "idle"))
    #expect(proposal.texts.isEmpty && proposal.kept == 0 && proposal.removed == 4)
    #expect(proposal.notes == ["nothing that it holds was used: take all of its grants away"])
  }

  @Test func wildcardsOnlyWhereTheyAddNothing() throws {
    let vocabulary = SampleEstate.vocabulary(catalogue: Self.catalogue)
    let catalogue = ActionCatalogue(vocabulary: vocabulary, scoring: try SampleEstate.scoring())
    func texts(_ granted: [String], but left: Set<String> = []) -> [String] {
      var statement = Statement(
        agent: "a", effect: .allow, origin: Origin(policy: "p", statement: nil),
        position: SourcePosition(file: 0, line: 0))
      statement.actions = granted
      let kept = (0..<catalogue.catalogueCount).filter {
        catalogue.service(of: $0) == "ec2" && !left.contains(catalogue.names[$0])
      }
      return ActionList(catalogue, within: statement).texts(kept)
    }
    #expect(texts(["ec2:*"]) == ["ec2:*"])
    #expect(texts(["*"], but: ["ec2:Start0"]).first == "ec2:Describe*")
    #expect(texts(["*"], but: ["ec2:Describe0"]).contains("ec2:Start*"))
    #expect(!texts(["*"], but: ["ec2:Describe0"]).contains("ec2:Describe*"))
    #expect(texts(["ec2:Describe1*", "ec2:Start*"]).contains("ec2:Start*"))
    #expect(!texts(["ec2:Describe1*", "ec2:Start*"]).contains("ec2:*"), "wider than was granted")
  }

  /// Every document is within the limit, none of the grants is lost, Sids are unique.
  @Test func largePoliciesAreSplit() throws {
    var random = SmallRandom(seed: 4_100)
    for _ in 0..<12 {
      let statements = (0..<(1 + random.below(30))).map { number -> Statement in
        var statement = Statement(
          agent: "a", effect: .allow,
          origin: Origin(
            policy: "p", statement: random.pick(["Same", "\(number)", "a-b \"c\"", ""])),
          position: SourcePosition(file: 0, line: 0))
        statement.actions = (0..<(1 + random.below(120))).map { "svc\(number):Action\($0)" }
        statement.resources = (0..<(1 + random.below(100))).map {
          "arn:aws:svc:eu-west-1:111122223333:thing/with-a-long-name-\($0)"
        }
        return statement
      }
      let (texts, _) = AWSPolicyText.texts(of: statements)
      var pairs: Set<String> = []
      for text in texts {
        let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
        let compact = try JSONSerialization.data(
          withJSONObject: value, options: .withoutEscapingSlashes)
        #expect(compact.count <= AWSPolicyText.charactersMax)
        let parts = try Self.json(text)
        let sids = parts.compactMap { $0["Sid"] as? String }
        #expect(Set(sids).count == parts.count)
        #expect(sids.allSatisfy { $0.allSatisfy { $0.isLetter || $0.isNumber } && !$0.isEmpty })
        for part in parts {
          let actions = part["Action"] as? [String] ?? [part["Action"] as? String ?? ""]
          let resources = part["Resource"] as? [String] ?? [part["Resource"] as? String ?? ""]
          for action in actions {
            for resource in resources { pairs.insert("\(action) \(resource)") }
          }
        }
      }
      let expected = statements.reduce(0) { $0 + $1.actions.count * $1.resources.count }
      #expect(pairs.count == expected)
    }
  }

  /// Whatever is granted and used, nothing that was observed is denied by the proposal.
  @Test func noRandomProposalDeniesWhatWasObserved() throws {
    var random = SmallRandom(seed: 4_101)
    for number in 0..<300 {
      let agent = RandomAgent(&random)
      var estate = SampleEstate(SampleEstate.vocabulary(catalogue: RandomAgent.actions))
      estate.input.files[0].type = "aws-authorization-details"
      estate.agent("a")
      estate.input.statements = agent.statements
      estate.log(days: 90, by: "a")
      for use in agent.uses {
        for day in 0..<6 as Range<Int64> {
          estate.event("a", use.action, on: use.resource, day: day)
        }
      }
      let review = try estate.review(
        extent: ReviewExtent(proposals: true, replay: true, decisions: []))
      let replay = try #require(review.replay)
      #expect(replay.isClean, "agent \(number): \(replay.denied)")
      guard let proposal = review.proposals.first else { continue }
      #expect(proposal.kept + proposal.removed == review.agent("a")?.held)
    }
  }

  /// A replay that cannot fail proves nothing: a proposal that takes too much is caught.
  @Test func theReplayCatchesWhatWouldBreak() throws {
    var estate = Self.estate()
    estate.grant("a", ["s3:GetObject", "s3:PutObject"])
    estate.event("a", "s3:GetObject", on: "arn:aws:s3:::b/k", day: 5) { event, symbols in
      event.task = symbols.intern("T7")
    }
    estate.event("a", "s3:PutObject", on: "arn:aws:s3:::b/one", day: 5)
    estate.event("a", "s3:PutObject", on: "arn:aws:s3:::b/two", day: 6)
    let sample = try CutSetCase(estate, [])
    var maker = ReplayMaker(
      input: estate.input, agents: estate.input.agents, held: sample.latent.privileges,
      catalogue: sample.latent.catalogue, maker: sample.maker)
    var narrow = Statement(
      agent: "a", effect: .allow, origin: Origin(policy: "p", statement: nil),
      position: SourcePosition(file: 0, line: 0))
    narrow.actions = ["s3:PutObject"]
    narrow.resources = ["arn:aws:s3:::b/one"]
    let denied = maker.denied(by: maker.privileges(with: [[narrow]]))
    #expect(denied.map(\.action) == ["s3:GetObject", "s3:PutObject"])
    #expect(denied.map(\.resources) == [[], ["arn:aws:s3:::b/two"]])
    #expect(denied.map(\.uses) == [1, 2] && denied[0].tasks == ["T7"])
    #expect(denied.map(\.owner) == ["team", "team"])
  }
}
