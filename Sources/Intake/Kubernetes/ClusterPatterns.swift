internal import Model

/// Turns rules of roles into patterns of actions and resources.
///
/// The rules are those of the API reference: `*` stands only for a whole verb, group or resource
/// and covers subresources; `*/scale` is one subresource of every resource; a name in
/// `resourceNames` never fits a request that names no object.
struct ClusterPatterns {
  /// What a rule allows on the same resources.
  struct Grant: Equatable {
    var actions: [String]
    var resources: [String]
  }

  /// The catalogue's actions, each split into verb, group and resource.
  private let catalogue: [Action]

  private struct Action {
    var name: String
    var verb: Substring
    var group: Substring
    var resource: Substring
  }

  init(_ vocabulary: Vocabulary) {
    catalogue = vocabulary.catalogue.compactMap { action in
      guard action.platform == ClusterNames.platform else { return nil }
      let parts = action.name.split(separator: ":", maxSplits: 2)
      guard parts.count == 3, let slash = parts[2].firstIndex(of: "/") else { return nil }
      return Action(
        name: action.name, verb: parts[1], group: parts[2][..<slash],
        resource: parts[2][parts[2].index(after: slash)...])
    }
  }

  /// What a rule allows, everywhere or in one namespace.
  func grants(of rule: ClusterRule, in namespace: String?) -> [Grant] {
    var grants: [Grant] = []
    // A path lies in no namespace: a binding inside of one grants none.
    if !rule.urls.isEmpty, namespace == nil {
      let actions = rule.verbs.map { ClusterNames.urlAction(verb: $0) }
      // A star stands only for the rest of a path.
      let urls = rule.urls.filter { !$0.dropLast().contains("*") }
      add(Grant(actions: actions, resources: urls), to: &grants)
    }
    let resources = rule.resources.filter(\.isClusterPattern)
    guard rule.names.isEmpty else {
      for resource in resources { addNamed(rule, resource, namespace, to: &grants) }
      return grants
    }
    var actions: [String] = []
    for verb in rule.verbs {
      for group in rule.groups {
        for resource in resources {
          actions += self.actions(verb, group, resource, isInNamespace: namespace != nil)
        }
      }
    }
    let scope = namespace.map { "namespaces/\($0)/*" } ?? "*"
    add(Grant(actions: unique(actions), resources: [scope]), to: &grants)
    return grants
  }

  private func add(_ grant: Grant, to grants: inout [Grant]) {
    if !grant.actions.isEmpty, !grant.resources.isEmpty { grants.append(grant) }
  }

  private func unique(_ texts: [String]) -> [String] {
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }
  }

  /// The patterns of one verb, group and resource. In a namespace a wildcard is written out as far
  /// as the catalogue knows the types: it does not cover those that lie outside of namespaces.
  private func actions(
    _ verb: String, _ group: String, _ resource: String, isInNamespace: Bool
  ) -> [String] {
    let pattern = ClusterNames.action(verb: verb, group: group, resource: resource)
    guard isInNamespace else { return [pattern] }
    if resource.hasPrefix("*") || group == "*" {
      let own = group.isEmpty ? "core" : group
      let isKnown = catalogue.contains { group == "*" || $0.group == own }
      guard isKnown else { return [pattern] }
      return catalogue.filter { action in
        (verb == "*" || action.verb == verb) && (group == "*" || action.group == own)
          && fits(action.resource, resource)
          && !ClusterNames.isOutsideNamespaces(
            group: String(action.group), resource: String(action.resource))
      }.map(\.name)
    }
    return ClusterNames.isOutsideNamespaces(group: group, resource: resource) ? [] : [pattern]
  }

  private func fits(_ resource: Substring, _ pattern: String) -> Bool {
    if pattern == "*" || resource == pattern { return true }
    guard pattern.hasPrefix("*/") else { return false }
    if pattern == "*/*" { return resource.contains("/") }
    return resource.drop { $0 != "/" }.dropFirst() == pattern.dropFirst(2)
  }

  /// What names allow: never to make an object, whose name a request does not say, nor to delete a
  /// whole collection.
  private func addNamed(
    _ rule: ClusterRule, _ resource: String, _ namespace: String?, to grants: inout [Grant]
  ) {
    let isTop = !resource.contains("/")
    let verbs = rule.verbs.filter { verb in
      verb != "deletecollection" && !(verb == "create" && isTop)
    }
    let type = resource.prefix { $0 != "/" }
    for group in rule.groups {
      let isOutside = ClusterNames.isOutsideNamespaces(group: group, resource: resource)
      if isOutside, namespace != nil { continue }
      var scopes: [String] = []
      for name in rule.names where !name.contains("*") {
        // Of a type that a wildcard names it is open whether it lies in namespaces.
        let isOpen = namespace == nil && (group == "*" || type == "*")
        if isOutside || isOpen { scopes.append("\(type)/\(name)") }
        if !isOutside { scopes.append("namespaces/\(namespace ?? "*")/\(type)/\(name)") }
      }
      var actions: [String] = []
      for verb in verbs {
        actions += named(verb, group, resource, isInNamespace: namespace != nil)
      }
      if resource == "*", rule.verbs.contains("create") || rule.verbs.contains("*") {
        // To make what lies inside an object, the request names the object.
        actions += self.actions("create", group, "*/*", isInNamespace: namespace != nil)
      }
      add(Grant(actions: unique(actions), resources: scopes), to: &grants)
    }
  }

  /// The verb `*` on names is every verb but those that names do not allow.
  private func named(
    _ verb: String, _ group: String, _ resource: String, isInNamespace: Bool
  ) -> [String] {
    guard verb == "*", !resource.contains("/") else {
      return actions(verb, group, resource, isInNamespace: isInNamespace)
    }
    let own = group.isEmpty ? "core" : group
    let known = catalogue.filter {
      (group == "*" || $0.group == own) && (resource == "*" || $0.resource == resource)
    }
    var verbs = Set(known.map { String($0.verb) }).subtracting(["create", "deletecollection"])
    verbs.formUnion(["delete", "get", "list", "patch", "update", "watch"])
    return verbs.sorted().flatMap {
      actions($0, group, resource, isInNamespace: isInNamespace)
    }
  }
}

extension String {
  /// Whether it is a resource as a rule may name it: by its name, `*`, or `*/scale`.
  var isClusterPattern: Bool {
    guard contains("*") else { return true }
    return self == "*" || (hasPrefix("*/") && !dropFirst().contains("*"))
  }
}
