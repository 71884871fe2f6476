import Documents
import Foundation
import Model
import TestSupport
import Testing

@testable import Intake

/// Fixtures and rules follow https://kubernetes.io/docs/reference/access-authn-authz/rbac/ and
/// https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/.
@Suite struct KubernetesTests {
  private static let types: [(group: String, resource: String, isInNamespace: Bool)] = [
    ("", "pods", true), ("", "pods/exec", true), ("", "secrets", true), ("", "nodes", false),
    ("apps", "deployments", true), ("apps", "deployments/scale", true),
    ("authorization.k8s.io", "localsubjectaccessreviews", true),
    ("rbac.authorization.k8s.io", "roles", true),
    ("rbac.authorization.k8s.io", "clusterroles", false), ("example.com", "widgets", true),
  ]
  private static let verbs = [
    "get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "escalate",
  ]

  /// Some of a list, at least one.
  private static func some<T>(_ all: [T], _ random: inout SeededGenerator) -> [T] {
    (0..<Int.random(in: 1...3, using: &random)).compactMap { _ in
      all.randomElement(using: &random)
    }
  }

  private static func rule(_ random: inout SeededGenerator) -> ClusterReferee.Rule {
    ClusterReferee.Rule(
      verbs: some(verbs + ["*", "*"], &random),
      groups: some(types.map(\.group) + ["*"], &random),
      resources: some(types.map(\.resource) + ["*", "*/scale"], &random),
      names: Bool.random(using: &random) ? [] : some(["a", "b"], &random), urls: [])
  }

  /// Every request of a type that there is: one that makes an object or is about many names none.
  private static func requests(_ vocabulary: Vocabulary) -> [ClusterRequest] {
    let known = Set(vocabulary.catalogue.map(\.name))
    var requests: [ClusterRequest] = []
    for type in types {
      for verb in verbs {
        let group = type.group.isEmpty ? "core" : type.group
        let isCustom = group == "example.com" && verb != "escalate"
        guard isCustom || known.contains("kubernetes:\(verb):\(group)/\(type.resource)") else {
          continue
        }
        let isNameless =
          ["list", "watch", "deletecollection"].contains(verb)
          || (verb == "create" && !type.resource.contains("/"))
        for namespace in type.isInNamespace ? ["shop", "watch"] : [nil] {
          for name in isNameless ? [nil] : ["a", "b", "c"] {
            requests.append(
              ClusterRequest(
                verb: verb, group: type.group, resource: type.resource, namespace: namespace,
                name: name))
          }
        }
      }
    }
    return requests
  }

  /// The event that an audit log has for a request, as action and resource.
  private static func event(_ request: ClusterRequest) -> (action: String, resource: String) {
    let parts = request.resource.split(separator: "/")
    let subresource = parts.count == 2 ? #","subresource":"\#(parts[1])""# : ""
    let namespace = request.namespace.map { #","namespace":"\#($0)""# } ?? ""
    let name = request.name.map { #","name":"\#($0)""# } ?? ""
    let group = request.group.isEmpty ? "" : #","apiGroup":"\#(request.group)""#
    let input = read(
      #"{"auditID":"1","stage":"ResponseComplete","verb":"\#(request.verb)","user":{"username":"u"},"#
        + #""objectRef":{"resource":"\#(parts[0])"\#(group)\#(namespace)\#(name)\#(subresource)},"#
        + #""responseStatus":{"code":200},"requestReceivedTimestamp":"2026-07-01T00:00:00Z"}"#)
    let event = input.table.events[0]
    return (input.symbols.text(event.action), input.symbols.text(event.resource))
  }

  private static func list(_ texts: [String]) -> String {
    "[\(texts.map { "\"\($0)\"" }.joined(separator: ","))]"
  }

  @Test func statementsAllowWhatTheRulesAllow() throws {
    let vocabulary = try VocabularyTests.shipped.get().emptyVocabulary
    let requests = Self.requests(vocabulary)
    let events = requests.map { Self.event($0) }
    var random = SeededGenerator(seed: 7)
    var allowed = 0
    for _ in 0..<40 {
      let rules = (0..<2).map { _ in Self.rule(&random) }
      let namespace = ["shop", nil].randomElement(using: &random) ?? nil
      let isRole = namespace != nil && Bool.random(using: &random)
      let place = namespace.map { #","namespace":"\#($0)""# } ?? ""
      let role = isRole ? "Role" : "ClusterRole"
      let written = rules.map { rule in
        #"{"verbs":\#(Self.list(rule.verbs)),"apiGroups":\#(Self.list(rule.groups)),"#
          + #""resources":\#(Self.list(rule.resources)),"resourceNames":\#(Self.list(rule.names))}"#
      }.joined(separator: ",")
      let text = """
        {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"\(role)","metadata":{"name":"r"\(isRole ? place : "")},"rules":[\(written)]}
        {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"\(namespace == nil ? "Cluster" : "")RoleBinding","metadata":{"name":"b"\(place)},"roleRef":{"kind":"\(role)","name":"r"},"subjects":[{"kind":"User","name":"u"}]}
        """
      let input = read([InputSource(path: "x", bytes: Array(text.utf8))]) {
        $0.vocabulary = vocabulary
      }
      #expect(input.problems.isEmpty, "\(input.problems)")
      let grants = input.statements.map { statement in
        (actions: statement.actions.map { Glob($0) }, on: statement.resources.map { Glob($0) })
      }
      for (request, event) in zip(requests, events) {
        let isReached = namespace == nil || request.namespace == namespace
        let expected = isReached && rules.contains { ClusterReferee.allows($0, request) }
        let found = grants.contains { grant in
          grant.on.contains { $0.matches(event.resource) }
            && grant.actions.contains { $0.matches(event.action) }
        }
        // Names restrict a list only where the caller asks for one object: the log does not say.
        if !expected, found, request.name == nil { continue }
        // A wildcard in a namespace is written out over known types.
        if expected, !found, request.group == "example.com", namespace != nil { continue }
        #expect(found == expected, "\(request) by \(rules) in \(namespace ?? "-")")
        if expected { allowed += 1 }
      }
    }
    #expect(allowed > 200, "\(allowed)")
  }

  @Test func readsARealLogToItsEnd() throws {
    guard let url = Project.sharedData("kubernetes/audit2rbac-demo-audit.ndjson") else { return }
    let input = read([try source(url)])
    #expect(input.files.first?.type == "kubernetes-audit")
    #expect(input.table.events.count == 37)
    #expect(input.table.events.count { $0.outcome == .denied } == 11)
    #expect(
      Set(input.table.events.map { input.symbols.text($0.agent) })
        == ["alice", "bob", "system:serviceaccount:ns1:sa1"])
    #expect(Set(input.table.events.map { input.symbols.text($0.actor) }) == ["system:admin"])
    #expect(input.problems.isEmpty, "\(input.problems)")
  }

  /// Every object of the cases that says who may do what is read, and what a case expects to be
  /// found there is held.
  @Test func readsRealObjects() throws {
    guard let url = Project.sharedData("kubernetes/kubescape-rbac-cases.ndjson") else { return }
    let vocabulary = try VocabularyTests.shipped.get().emptyVocabulary
    var cases: [String: [InputSource]] = [:]
    for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") {
      let entry = try #require(
        JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      let (rule, name) = (entry["rule"] as? String ?? "", entry["case"] as? String ?? "")
      let (file, content) = (entry["file"] as? String ?? "", entry["content"] as? String ?? "")
      guard file.hasPrefix("input/") else { continue }
      cases["\(rule) \(name)", default: []].append(
        InputSource(path: file, bytes: Array(content.utf8)))
    }
    var grants: [String: Int] = [:]
    for (name, sources) in cases.sorted(by: { $0.key < $1.key }) {
      let input = read(sources) { $0.vocabulary = vocabulary }
      for file in input.files where file.type == nil {
        #expect(!file.path.contains("role") && !file.path.contains("sa."), "\(name) \(file.path)")
      }
      grants[name] = input.statements.count
    }
    #expect(grants["access-container-service-account-v1 role-rolebinding"] ?? 0 > 0)
    #expect(grants["workload-with-cluster-takeover-roles fail-wl-gets-secrets"] ?? 0 > 0)
    #expect(grants["host-network-access pod"] == 0)
    #expect(grants.values.count { $0 > 0 } >= 12, "\(grants)")
  }
}
