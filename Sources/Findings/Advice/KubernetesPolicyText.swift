/// An action that an agent used, and on what.
package struct UsedAction: Sendable, Equatable {
  /// The action's name.
  package var action: String
  /// The resources on which the log shows it.
  package var resources: [String]
  /// Whether these are all: false where there were more than are kept, or the log named none.
  package var isComplete: Bool

  /// A used action.
  package init(action: String, resources: [String], isComplete: Bool) {
    self.action = action
    self.resources = resources
    self.isComplete = isComplete
  }
}

/// Manifests of roles that allow an agent what it used and nothing else.
package struct KubernetesPolicyText: Sendable, Equatable {
  /// YAML: a Role and RoleBinding for each namespace, a ClusterRole and its binding for the rest.
  package var text: String
  /// What had to be allowed more widely than it was used, and why.
  package var notes: [String]

  /// Writes the roles of an agent; actions of other platforms are left out.
  ///
  /// Names of objects stand in a rule where the log shows them and the verb lets a rule ask for
  /// them: to make an object, to list, to watch and to delete a collection is on all of a type.
  package init(agent: String, uses: [UsedAction]) {
    var plan = RolePlan()
    for use in uses.sorted(by: { $0.action < $1.action }) { plan.add(use) }
    notes = plan.notes
    text = RoleWriter(agent: agent).text(plan)
  }
}

/// One verb on one type of object, or on paths where the type is `url`.
private struct RoleAction: Hashable {
  var verb: String
  var group: String
  var resource: String

  init?(_ action: String) {
    let parts = action.split(separator: ":", maxSplits: 2)
    guard parts.count == 3, parts[0] == "kubernetes" else { return nil }
    verb = String(parts[1])
    if parts[2] == "url" {
      group = ""
      resource = "url"
      return
    }
    guard let slash = parts[2].firstIndex(of: "/") else { return nil }
    group = parts[2][..<slash] == "core" ? "" : String(parts[2][..<slash])
    resource = String(parts[2][parts[2].index(after: slash)...])
  }

  var isURL: Bool { resource == "url" }

  /// Whether a request names the object, so that a rule may.
  var takesNames: Bool {
    switch verb {
    case "list", "watch", "deletecollection": return false
    case "create": return resource.contains("/")
    default: return true
    }
  }
}

/// What is to be allowed, by namespace; outside of namespaces under the empty name.
private struct RolePlan {
  /// Names of objects, or nil for all.
  private(set) var places: [String: [RoleAction: Set<String>?]] = [:]
  private(set) var notes: [String] = []

  mutating func add(_ use: UsedAction) {
    guard let action = RoleAction(use.action) else { return }
    guard use.isComplete, !use.resources.isEmpty else {
      if action.isURL { return allow(action, "*", in: "") }
      notes.append(
        "\(use.action): on all objects, as the log does not show all that it was used on")
      return allow(action, nil, in: "")
    }
    for resource in use.resources.sorted() {
      guard !action.isURL else {
        allow(action, resource, in: "")
        continue
      }
      let parts = resource.split(separator: "/", maxSplits: 3).map { String($0) }
      let isInNamespace = parts.count == 4 && parts[0] == "namespaces"
      let name = isInNamespace ? parts[3] : parts.dropFirst().joined(separator: "/")
      let isNamed = action.takesNames && !name.isEmpty && name != "*"
      allow(action, isNamed ? name : nil, in: isInNamespace ? parts[1] : "")
    }
  }

  private mutating func allow(_ action: RoleAction, _ name: String?, in place: String) {
    guard let known = places[place]?[action] else {
      places[place, default: [:]][action] = .some(name.map { [$0] })
      return
    }
    places[place]?[action] = .some(name.flatMap { known?.union([$0]) })
  }

  /// The rules of a place, without what is allowed everywhere.
  func rules(in place: String) -> [RoleRule] {
    let everywhere = places[""] ?? [:]
    /// Verbs by type and names.
    var verbs: [RoleRule.Objects: Set<String>] = [:]
    for (action, names) in places[place] ?? [:] {
      if !place.isEmpty, let wider = everywhere[action], wider == nil { continue }
      let objects = RoleRule.Objects(
        isURL: action.isURL, group: action.group, resources: [action.resource],
        names: names?.sorted() ?? [])
      verbs[objects, default: []].insert(action.verb)
    }
    /// Types of one group with the same verbs and names are one rule.
    var types: [RoleRule: Set<String>] = [:]
    for (objects, verbs) in verbs {
      var shared = objects
      shared.resources = []
      types[RoleRule(objects: shared, verbs: verbs.sorted()), default: []]
        .formUnion(objects.resources)
    }
    return types.map { rule, resources in
      var rule = rule
      rule.objects.resources = resources.sorted()
      return rule
    }.sorted { $0.order.lexicographicallyPrecedes($1.order) }
  }
}

/// One rule of a role.
private struct RoleRule: Hashable {
  /// What it is about.
  struct Objects: Hashable {
    var isURL: Bool
    var group: String
    var resources: [String]
    var names: [String]
  }

  var objects: Objects
  var verbs: [String]

  var order: [String] {
    [objects.isURL ? "1" : "0", objects.group] + objects.resources + [""] + verbs + [""]
      + objects.names
  }
}

/// Writes roles and their bindings as YAML.
private struct RoleWriter {
  let agent: String

  func text(_ plan: RolePlan) -> String {
    let namespaces = plan.places.keys.filter { !$0.isEmpty }.sorted()
    var documents = namespaces.compactMap { namespace -> String? in
      let rules = plan.rules(in: namespace)
      return rules.isEmpty ? nil : document("Role", namespace, rules)
    }
    let rules = plan.rules(in: "")
    // Without any rule a role is valid and allows nothing.
    if !rules.isEmpty || documents.isEmpty { documents.append(document("ClusterRole", nil, rules)) }
    return documents.joined(separator: "---\n")
  }

  private func document(_ kind: String, _ namespace: String?, _ rules: [RoleRule]) -> String {
    let place = namespace.map { "  namespace: \(quoted($0))\n" } ?? ""
    let head = "apiVersion: rbac.authorization.k8s.io/v1\n"
    let metadata = "metadata:\n  name: \(quoted(name))\n\(place)"
    var text = "\(head)kind: \(kind)\n\(metadata)"
    text += rules.isEmpty ? "rules: []\n" : "rules:\n"
    for rule in rules {
      if rule.objects.isURL {
        text += "- nonResourceURLs: \(list(rule.objects.names))\n"
      } else {
        text += "- apiGroups: \(list([rule.objects.group]))\n"
        text += "  resources: \(list(rule.objects.resources))\n"
        if !rule.objects.names.isEmpty {
          text += "  resourceNames: \(list(rule.objects.names))\n"
        }
      }
      text += "  verbs: \(list(rule.verbs))\n"
    }
    text += "---\n\(head)kind: \(kind)Binding\n\(metadata)"
    text += "roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: \(kind)\n"
    return text + "  name: \(quoted(name))\nsubjects:\n\(subject)"
  }

  private var subject: String {
    let parts = agent.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0] == "system", parts[1] == "serviceaccount" else {
      return "- apiGroup: rbac.authorization.k8s.io\n  kind: User\n  name: \(quoted(agent))\n"
    }
    return "- kind: ServiceAccount\n  name: \(quoted(String(parts[3])))\n"
      + "  namespace: \(quoted(String(parts[2])))\n"
  }

  /// A name as Kubernetes takes it for objects, told apart by the end of a digest.
  private var name: String {
    let last = agent.split(separator: ":").last.map { $0.lowercased() } ?? ""
    let kept = last.map { ($0.isASCII && ($0.isLetter || $0.isNumber)) ? $0 : "-" }
    let word = String(kept.prefix(40)).split(separator: "-").joined(separator: "-")
    return "used-by-\(word.isEmpty ? "" : "\(word)-")\(digest([agent], hexDigits: 8))"
  }

  private func list(_ texts: [String]) -> String {
    "[\(texts.map { quoted($0) }.joined(separator: ", "))]"
  }

  /// A text in double quotes, which YAML reads as JSON does.
  private func quoted(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": escaped += "\\\""
      case "\\": escaped += "\\\\"
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
        let digits = String(scalar.value, radix: 16)
        escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return "\"\(escaped)\""
  }
}
