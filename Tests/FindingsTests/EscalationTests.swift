import Documents
import Foundation
import Model
import TestSupport
import Testing

@testable import Findings

@Suite struct EscalationTests {
  /// An estate whose catalogue has every action that some path needs, and one agent with some.
  private static func estate(_ scoring: Scoring, holding: [String], on resources: [String])
    -> SampleEstate
  {
    let actions = Set(scoring.escalationPaths.flatMap(\.needs)).sorted()
    var estate = SampleEstate(
      SampleEstate.vocabulary(catalogue: actions.map { ($0, .write, []) } + [("x:Y", .list, [])]))
    estate.agent("a")
    estate.grant("a", holding, on: resources)
    estate.log(days: 60)
    return estate
  }

  private static func paths(_ review: Review) -> Set<String> {
    Set(review.findings(of: "escalation-path").flatMap(\.privileges).map(\.step))
  }

  @Test func everyPathIsFoundByWhatItNeedsAndNotWithLess() throws {
    let scoring = try SampleEstate.scoring()
    #expect(scoring.escalationPaths.count >= 115)
    for path in scoring.escalationPaths {
      var only = scoring
      only.escalationPaths = scoring.escalationPaths
      let review = try Self.estate(only, holding: path.needs, on: ["*"]).review(scoring: only)
      #expect(Self.paths(review).contains(path.id), "\(path.id)")
      #expect(review.agent("a")?.privilegeIndex.floor == 75)
      for lacking in path.needs {
        let rest = path.needs.filter { $0 != lacking }
        let less = try Self.estate(only, holding: rest, on: ["*"]).review(scoring: only)
        #expect(!Self.paths(less).contains(path.id), "\(path.id) without \(lacking)")
      }
    }
  }

  /// The published list of the paths' needs, where the development data is there.
  @Test func everyPublishedPathIsCovered() throws {
    guard let url = Project.sharedData("aws/privilege-escalation-paths.ndjson") else { return }
    let scoring = try SampleEstate.scoring()
    var found = 0
    for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") {
      // A line of JSON is YAML as well.
      let node = try Document.one(text: String(line), file: "paths").root
      let needs = Set((node["required"]?.sequence ?? []).compactMap { $0["permission"]?.text })
      #expect(!needs.isEmpty)
      #expect(scoring.escalationPaths.contains { Set($0.needs) == needs }, "\(needs.sorted())")
      found += 1
    }
    #expect(found == 40)
  }

  @Test func namedTargetsAreNoPath() throws {
    let scoring = try SampleEstate.scoring()
    let review = try Self.estate(
      scoring, holding: ["sts:AssumeRole"], on: ["arn:aws:iam::1:role/reader"]
    ).review(scoring: scoring)
    #expect(Self.paths(review).isEmpty)
    #expect(review.agent("a")?.privilegeIndex.floor == nil)
  }

  /// In a namespace of its own an agent reaches no controller of the cluster.
  @Test(
    arguments: [
      ("kubernetes:create:core/pods", "namespaces/shop/*", false),
      ("kubernetes:create:core/pods", "namespaces/kube-system/*", true),
      ("kubernetes:create:core/pods", "*", true),
      ("kubernetes:get:core/secrets", "namespaces/kube-system/secrets/one", false),
      ("kubernetes:get:core/secrets", "namespaces/*/secrets/one", false),
      ("kubernetes:get:core/secrets", "namespaces/kube-*", true),
      ("kubernetes:patch:core/configmaps", "namespaces/kube-system/configmaps/aws-auth", true),
      ("kubernetes:patch:core/configmaps", "namespaces/kube-system/configmaps/dns", false),
    ])
  func aTargetMustBeReached(action: String, resource: String, isPath: Bool) throws {
    let scoring = try SampleEstate.scoring()
    let review = try Self.estate(scoring, holding: [action], on: [resource])
      .review(scoring: scoring)
    #expect(Self.paths(review).isEmpty != isPath)
  }

  @Test func useOfStepsLowersTheFloor() throws {
    let scoring = try SampleEstate.scoring()
    let needs = ["iam:PassRole", "ec2:RunInstances"]
    var estate = Self.estate(scoring, holding: needs, on: ["*"])
    estate.event("a", "EC2:RunInstances", day: 3)
    #expect(try estate.review().agent("a")?.privilegeIndex.floor == 50)
    estate.event("a", "iam:PassRole", day: 4)
    let review = try estate.review()
    #expect(review.agent("a")?.privilegeIndex.floor == nil)
    #expect(review.findings(of: "escalation-path").first?.severity == .moderate)
  }

  @Test func mistakesNameTheirPlace() throws {
    let text = """
      platform: x
      paths:
        - {id: a, needs: [p:Q], freely: [p:R], because: why}
        - {id: a, needs: [], because: why, neds: 1}
      """
    let error = #expect(throws: DocumentProblems.self) {
      try readEscalationPaths(text: text, file: "f.yaml")
    }
    let problems = try #require(error).problems.map { "\($0.line): \($0.reason)" }
    #expect(
      problems == [
        "3: `p:R` is not among `needs`",
        "4: unknown key `neds` in a path; did you mean `needs`?",
        "4: the path `a` is given twice",
        "4: `needs` must name at least one action",
      ])
  }
}
