import Documents
import Foundation
import Intake
import Model
import TestSupport
import Testing

@testable import Findings

/// Roles are judged by a referee that knows nothing of how they were written: what was used must be
/// allowed, and nothing else of all that could be asked.
@Suite struct KubernetesPolicyTextTests {
  /// The rules of a manifest, with the namespace in which each is bound to a subject.
  private static func rules(
    _ text: String, subject: String
  ) throws -> [(namespace: String?, rule: ClusterReferee.Rule)] {
    func texts(_ node: Node?) -> [String] { (node?.sequence ?? []).compactMap(\.text) }
    let roots = try Document.all(text: text, file: "role.yaml").map(\.root)
    var bound: [(namespace: String?, rule: ClusterReferee.Rule)] = []
    for binding in roots where binding["kind"]?.text?.hasSuffix("Binding") == true {
      let namespace = binding["metadata"]?["namespace"]?.text
      let name = try #require(binding["roleRef"]?["name"]?.text)
      let kind = try #require(binding["roleRef"]?["kind"]?.text)
      let role = try #require(
        roots.first { root in
          root["kind"]?.text == kind && root["metadata"]?["name"]?.text == name
            && root["metadata"]?["namespace"]?.text == namespace
        })
      let of = binding["subjects"]?.sequence?.first
      let who =
        of?["kind"]?.text == "User"
        ? of?["name"]?.text
        : "system:serviceaccount:\(of?["namespace"]?.text ?? ""):\(of?["name"]?.text ?? "")"
      #expect(who == subject)
      for node in role["rules"]?.sequence ?? [] {
        bound.append(
          (
            namespace,
            ClusterReferee.Rule(
              verbs: texts(node["verbs"]), groups: texts(node["apiGroups"]),
              resources: texts(node["resources"]), names: texts(node["resourceNames"]),
              urls: texts(node["nonResourceURLs"]))
          ))
      }
    }
    return bound
  }

  private static func allows(
    _ bound: [(namespace: String?, rule: ClusterReferee.Rule)], _ request: ClusterRequest
  ) -> Bool {
    bound.contains { entry in
      (entry.namespace == nil || entry.namespace == request.namespace)
        && ClusterReferee.allows(entry.rule, request)
    }
  }

  /// What the agents of an input used.
  private static func uses(_ input: ReviewInput) -> [String: [UsedAction]] {
    var uses: [String: [UsedAction]] = [:]
    input.activity.forEachUse { agent, action, use in
      guard use.count > 0 else { return }
      uses[input.symbols.text(agent), default: []].append(
        UsedAction(
          action: input.symbols.text(action),
          resources: use.resources.items.map { input.symbols.text($0.symbol) },
          isComplete: use.unnamed == 0))
    }
    return uses
  }

  private static func read(_ bytes: [UInt8]) -> ReviewInput {
    let vocabulary = Vocabulary(capabilities: [], catalogue: [], meanings: [:], version: "test")
    return readInput(
      [InputSource(path: "audit.ndjson", bytes: bytes)],
      ReadingOptions(vocabulary: vocabulary) { _, _, _ in .unknown })
  }

  /// A request as the log's own line has it.
  private static func request(_ event: [String: Any]) -> (ClusterRequest, user: String, code: Int) {
    let object = event["objectRef"] as? [String: String] ?? [:]
    let path = (event["requestURI"] as? String ?? "").split(separator: "?")[0]
    let type = object["resource"].map { type in
      object["subresource"].map { "\(type)/\($0)" } ?? type
    }
    let user = (event["impersonatedUser"] ?? event["user"]) as? [String: Any]
    let status = event["responseStatus"] as? [String: Any]
    return (
      ClusterRequest(
        verb: event["verb"] as? String ?? "", group: object["apiGroup"] ?? "",
        resource: type ?? String(path), namespace: object["namespace"], name: object["name"]),
      user?["username"] as? String ?? "", status?["code"] as? Int ?? 0
    )
  }

  @Test func aRealLogGivesRolesThatAllowExactlyWhatWasUsed() throws {
    guard let url = Project.sharedData("kubernetes/audit2rbac-demo-audit.ndjson") else { return }
    let data = try Data(contentsOf: url)
    let requests = try data.split(separator: 0x0A).map { line in
      Self.request(try #require(JSONSerialization.jsonObject(with: line) as? [String: Any]))
    }
    let uses = Self.uses(Self.read([UInt8](data)))
    let users = Set(requests.map(\.user)).sorted()
    #expect(users == ["alice", "bob", "system:serviceaccount:ns1:sa1"])
    // Everything that anybody asked for, and the same with other verbs and in other places.
    var asked = Set(requests.map(\.0))
    for request in asked where !request.resource.hasPrefix("/") {
      for verb in ["get", "list", "watch", "create", "delete", "deletecollection"] {
        for namespace in ["default", "ns1", "ns2", nil] {
          for name in ["x", nil] {
            var other = request
            (other.verb, other.namespace, other.name) = (verb, namespace, name)
            asked.insert(other)
          }
        }
      }
    }
    for user in users {
      let made = KubernetesPolicyText(agent: user, uses: uses[user] ?? [])
      #expect(made.notes.isEmpty)
      let bound = try Self.rules(made.text, subject: user)
      let used = Set(requests.filter { $0.user == user && $0.code < 400 }.map(\.0))
      // Who may list in all namespaces may list in each: no role can say less.
      let everywhere = used.filter { $0.namespace == nil && $0.name == nil }
      for request in asked {
        let isPart = everywhere.contains { whole in
          (whole.verb, whole.group, whole.resource)
            == (request.verb, request.group, request.resource)
        }
        let isUsed = used.contains(request) || isPart
        // To list by a field selector is to list: the request's name is no part of the log here.
        if request.name != nil,
          ["list", "watch", "create", "deletecollection"].contains(request.verb)
        {
          continue
        }
        #expect(Self.allows(bound, request) == isUsed, "\(user) \(request)")
      }
    }
    let bob = KubernetesPolicyText(agent: "bob", uses: uses["bob"] ?? []).text
    try expectGolden(bob, "Tests/FindingsTests/Golden/kubernetes-bob.yaml")
  }

  @Test func randomUseIsAllowedAndNothingElse() throws {
    var random = SmallRandom(seed: 11)
    let types = [("", "pods"), ("", "pods/log"), ("", "secrets"), ("apps", "deployments")]
    let verbs = ["get", "list", "create", "patch", "deletecollection"]
    var universe: [(request: ClusterRequest, use: UsedAction)] = []
    for (group, resource) in types {
      for verb in verbs {
        let isNameless =
          verb == "list" || verb == "deletecollection"
          || (verb == "create" && !resource.contains("/"))
        for namespace in ["a", "b"] {
          for name in isNameless ? [nil] : ["x", "y", "z"] {
            let type = resource.split(separator: "/")[0]
            universe.append(
              (
                ClusterRequest(
                  verb: verb, group: group, resource: resource, namespace: namespace, name: name),
                UsedAction(
                  action: "kubernetes:\(verb):\(group.isEmpty ? "core" : group)/\(resource)",
                  resources: ["namespaces/\(namespace)/\(type)/\(name ?? "*")"], isComplete: true)
              ))
          }
        }
      }
    }
    for round in 0..<200 {
      let used = universe.filter { _ in random.below(2 + round % 5) == 0 }
      let text = KubernetesPolicyText(agent: "u", uses: used.map(\.use)).text
      #expect(text == KubernetesPolicyText(agent: "u", uses: used.map(\.use).reversed()).text)
      let bound = try Self.rules(text, subject: "u")
      let requests = Set(used.map(\.request))
      for (request, _) in universe {
        #expect(Self.allows(bound, request) == requests.contains(request), "\(request)\n\(text)")
      }
    }
  }

  @Test func whatTheLogDoesNotShowIsAllowedOnAllAndSaid() throws {
    let made = KubernetesPolicyText(
      agent: "system:serviceaccount:shop:Deploy \"er\"",
      uses: [
        UsedAction(action: "kubernetes:get:core/pods", resources: [], isComplete: false),
        UsedAction(
          action: "kubernetes:get:url", resources: ["/healthz", "/\"\u{1}"], isComplete: true),
        UsedAction(action: "s3:GetObject", resources: ["arn:aws:s3:::b/k"], isComplete: true),
      ])
    #expect(made.notes.count == 1)
    #expect(!made.text.contains("s3"))
    let bound = try Self.rules(
      made.text, subject: "system:serviceaccount:shop:Deploy \"er\"")
    #expect(bound.count == 2)
    #expect(bound.contains { $0.rule.urls == ["/\"\u{1}", "/healthz"] })
    let nobody = KubernetesPolicyText(agent: "u", uses: [])
    #expect(try Self.rules(nobody.text, subject: "u").isEmpty)
    #expect(nobody.text.contains("rules: []"))
  }
}
