/// What is asked of a Kubernetes API server.
package struct ClusterRequest: Hashable, Sendable {
  /// The verb, the API group (empty for the core group) and the type with its subresource; a path
  /// where it is no resource.
  package var verb: String
  package var group: String
  package var resource: String
  /// Where the object lies, and its name where the request says it.
  package var namespace: String?
  package var name: String?

  /// A request.
  package init(verb: String, group: String, resource: String, namespace: String?, name: String?) {
    self.verb = verb
    self.group = group
    self.resource = resource
    self.namespace = namespace
    self.name = name
  }
}

/// Decides requests as "Using RBAC Authorization" of the Kubernetes documentation says, from the
/// rules themselves and without anything of what is tested.
package enum ClusterReferee {
  /// One rule of a role.
  package struct Rule: Sendable {
    package var verbs: [String]
    package var groups: [String]
    package var resources: [String]
    package var names: [String]
    package var urls: [String]

    /// A rule.
    package init(
      verbs: [String], groups: [String], resources: [String], names: [String], urls: [String]
    ) {
      self.verbs = verbs
      self.groups = groups
      self.resources = resources
      self.names = names
      self.urls = urls
    }
  }

  /// Whether a rule, where it is bound, allows a request.
  package static func allows(_ rule: Rule, _ request: ClusterRequest) -> Bool {
    guard rule.verbs.contains("*") || rule.verbs.contains(request.verb) else { return false }
    if request.resource.hasPrefix("/") {
      return rule.urls.contains { url in
        url == request.resource
          || (url.hasSuffix("*") && request.resource.hasPrefix(url.dropLast()))
      }
    }
    let parts = request.resource.split(separator: "/")
    let ofAny = parts.count == 2 ? "*/\(parts[1])" : "*"
    return (rule.groups.contains("*") || rule.groups.contains(request.group))
      && (rule.resources.contains("*") || rule.resources.contains(request.resource)
        || rule.resources.contains(ofAny))
      && (rule.names.isEmpty || request.name.map(rule.names.contains) == true)
  }
}
