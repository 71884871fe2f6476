import Documents
import Findings
import Foundation
import Intake
import Model
import Policies
import TestSupport
import Testing

/// Reviews of real input, read with the shipped vocabulary.
@Suite struct RealInputTests {
  static func builder() throws -> VocabularyBuilder {
    let folder = "mappings/vocabulary"
    let names = try Project.names(in: folder).filter { !$0.hasSuffix(".md") }
    return try VocabularyBuilder(
      files: names.map { (name: $0, text: try Project.text("\(folder)/\($0)")) })
  }

  static func review(_ sources: [InputSource]) throws -> (input: ReviewInput, review: Review) {
    let builder = try builder()
    let scoring = try SampleEstate.scoring()
    var options = ReadingOptions(vocabulary: builder.emptyVocabulary) {
      builder.meaning(action: $0, description: $1, annotations: $2)
    }
    options.activity = ActivityTable.Bounds(
      namesMax: scoring.reach.manyCount, resourcesMax: HeldPrivilege.observedResourcesMax,
      from: nil, to: nil, names: scoring.reach.resourceNames)
    let input = readInput(sources, options)
    let review = Findings.review(
      input: input, policies: [], evaluation: Evaluation(), scoring: scoring,
      from: nil, to: nil, extent: .findings, on: OneThread())
    return (input, review)
  }

  @Test func aRealAccount() throws {
    guard let url = Project.sharedData("aws/cloudsplaining-test-authz.json") else { return }
    let bytes = [UInt8](try Data(contentsOf: url))
    let (input, review) = try Self.review([InputSource(path: "authz.json", bytes: bytes)])
    let administrator = try #require(review.agent("arn:aws:iam::012345678901:user/obama"))
    #expect(administrator.held == input.vocabulary.catalogue.count { $0.platform == "aws" })
    #expect(administrator.privilegeIndex.floor == 100)
    // No log was given: what is held is proven, that it is unused is not.
    #expect(administrator.privilegeIndex.score.statusWord == "at least")
    #expect(administrator.unseen == administrator.held)
    #expect(administrator.privileges.count <= 300)
    #expect(review.cleanup.count { $0.agent == administrator.agent.id } <= 300)
    #expect(review.cleanup.allSatisfy { $0.advice == .keepEvidenceThin })
    for agent in review.agents {
      #expect(agent.privileges.reduce(0) { $0 + $1.actions } == agent.held)
      #expect(agent.held == agent.used + agent.unused + agent.unseen)
    }
    let role = try #require(review.agent("arn:aws:iam::012345678901:role/MyRole"))
    #expect(role.privileges.contains { $0.action == "iam:PassRole" && $0.resources == ["*"] })
  }
}
