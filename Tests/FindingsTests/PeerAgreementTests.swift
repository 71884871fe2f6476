import Foundation
import Intake
import Model
import TestSupport
import Testing

@testable import Findings

/// What another tool reports of an account is held in our result too.
///
/// Its results file describes a version of the account whose roles and users have other policies
/// attached than the account's own file; so principals are given the policies that the results name,
/// whose documents they carry.
@Suite struct PeerAgreementTests {
  private struct Peer {
    let principals: [(arn: String, policies: Set<String>)]
    /// By the policy's key: actions without case, by category.
    let actions: [String: [String: Set<String>]]
    /// By the policy's key: what it says.
    let statements: [String: [Statement]]

    static let categories = [
      "PrivilegeEscalation", "ResourceExposure", "DataExfiltration", "CredentialsExposure",
      "InfrastructureModification",
    ]
    private static let lists = [
      "inline_policies", "customer_managed_policies", "aws_managed_policies",
    ]

    init(_ url: URL) throws {
      let root =
        try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any] ?? [:]
      func each(_ key: String) -> [String: [String: Any]] {
        root[key] as? [String: [String: Any]] ?? [:]
      }
      func policies(of holder: [String: Any]) -> Set<String> {
        Set(Peer.lists.flatMap { (holder[$0] as? [String: Any] ?? [:]).keys })
      }
      principals = (Array(each("users").values) + Array(each("roles").values)).map { holder in
        let groups = (holder["groups"] as? [String: [String: Any]] ?? [:]).values
        let all = groups.reduce(into: policies(of: holder)) { $0.formUnion(policies(of: $1)) }
        return (holder["arn"] as? String ?? "", all)
      }.sorted { $0.arn < $1.arn }
      var actions: [String: [String: Set<String>]] = [:]
      for (key, policy) in Peer.lists.flatMap({ Array(each($0)) }) {
        for category in Peer.categories {
          var found: Set<String> = []
          for entry in policy[category] as? [Any] ?? [] {
            if let action = entry as? String { found.insert(action.lowercased()) }
            let path = (entry as? [String: Any])?["actions"] as? [String] ?? []
            found.formUnion(path.map { $0.lowercased() })
          }
          actions[key, default: [:]][category] = found
        }
      }
      self.actions = actions
      var statements: [String: [Statement]] = [:]
      for (key, policy) in Peer.lists.flatMap({ Array(each($0)) }) {
        let versions = policy["PolicyVersionList"] as? [[String: Any]] ?? []
        let chosen = versions.first { $0["IsDefaultVersion"] as? Bool == true } ?? versions.first
        let document = policy["PolicyDocument"] ?? chosen?["Document"]
        let parts = (document as? [String: Any])?["Statement"]
        let all = parts as? [[String: Any]] ?? [parts as? [String: Any] ?? [:]]
        statements[key] = all.map(Peer.statement)
      }
      self.statements = statements
    }

    private static func statement(_ node: [String: Any]) -> Statement {
      func texts(_ key: String) -> [String] {
        (node[key] as? String).map { [$0] } ?? node[key] as? [String] ?? []
      }
      var statement = Statement(
        agent: "a", effect: node["Effect"] as? String == "Deny" ? .deny : .allow,
        origin: Origin(policy: "p", statement: nil), position: SourcePosition(file: 0, line: 0))
      statement.actions = texts("Action")
      statement.notActions = texts("NotAction")
      statement.resources = texts("Resource")
      statement.notResources = texts("NotResource")
      if node["Condition"] != nil { statement.condition = "{}" }
      return statement
    }
  }

  @Test func everyActionThatThePeerReportsIsHeld() throws {
    guard let results = Project.sharedData("aws/cloudsplaining-example-results.json") else {
      return
    }
    let peer = try Peer(results)
    let scoring = try SampleEstate.scoring()
    let input = ReviewInput(vocabulary: try RealInputTests.builder().emptyVocabulary)
    var catalogue = ActionCatalogue(vocabulary: input.vocabulary, scoring: scoring)
    let escalations = Escalations(scoring.escalationPaths, catalogue: &catalogue)
    var maker = PrivilegeMaker(
      input: input, scoring: scoring, resolver: PrivilegeResolver(catalogue: catalogue),
      symbols: input.symbols, usage: UsageTable(input: input, from: nil, to: nil))
    var compared = 0
    #expect(peer.principals.count == 5)
    for (arn, policies) in peer.principals {
      let statements = policies.sorted().flatMap { peer.statements[$0] ?? [] }
      let own = maker.privileges(of: arn, statements: statements[...])
      let held = Set(own.blocks.flatMap(\.actions).map { maker.resolver.catalogue.folded[$0] })
      for category in Peer.categories {
        let reported = policies.reduce(into: Set<String>()) {
          $0.formUnion(peer.actions[$1]?[category] ?? [])
        }
        for action in reported.sorted() where !held.contains(action) {
          // The action table has no such action any more; the statement speaks of it all the same.
          let number = maker.resolver.catalogue.number(of: action)
          let isSpokenOf =
            number >= catalogue.catalogueCount
            && maker.resolver.decision(on: number, by: statements[...]) != nil
          #expect(isSpokenOf, "\(arn): \(category): \(action)")
        }
        compared += reported.count
      }
      let escalates = policies.contains {
        !(peer.actions[$0]?["PrivilegeEscalation"] ?? []).isEmpty
      }
      let open = escalations.open(to: own, reach: scoring.reach) { _, _ in false }
      #expect(!escalates || own.isAdministrator || !open.isEmpty, "\(arn) escalates by the peer")
    }
    #expect(compared > 500, "compared \(compared) actions")
  }
}
