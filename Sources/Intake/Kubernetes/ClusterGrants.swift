internal import Model

extension ClusterObjects {
  /// What the bindings grant, as statements of the agents that they name.
  ///
  /// A role is looked for in all files; a group grants to those who are known to be in it: by the
  /// rules of Kubernetes for its own groups, else by what a log says of an identity.
  ///
  /// - Returns: The identities that bindings name, and what could not be resolved.
  func grant(
    knowing records: [AgentRecord], _ vocabulary: Vocabulary, into input: inout ReviewInput
  ) -> (agents: [AgentRecord], problems: [Problem]) {
    guard !isEmpty else { return ([], []) }
    var granter = ClusterGranter(self, knowing: records, vocabulary)
    for binding in bindings { granter.grant(binding, files: input.files) }
    for statement in granter.statements {
      let file = Int(statement.position.file)
      if input.files.indices.contains(file) { input.files[file].statements += 1 }
    }
    input.statements += granter.statements
    return (granter.agents(), granter.problems)
  }
}

/// Works out what bindings grant.
private struct ClusterGranter {
  private(set) var statements: [Statement] = []
  private(set) var problems: [Problem] = []

  private let objects: ClusterObjects
  private var roles: [String: ClusterRole] = [:]
  /// Groups of identities that logs name.
  private var groups: [String: Set<String>] = [:]
  /// Identities of the cluster, sorted.
  private let known: [String]
  private let patterns: ClusterPatterns

  init(_ objects: ClusterObjects, knowing records: [AgentRecord], _ vocabulary: Vocabulary) {
    self.objects = objects
    patterns = ClusterPatterns(vocabulary)
    for role in objects.roles where roles[role.text] == nil { roles[role.text] = role }
    var known = Set(objects.accounts)
    for record in records where record.agent.isOfCluster {
      known.insert(record.agent.id)
      for value in record.agent.attributes where value.name == "groups" {
        groups[value.value, default: []].insert(record.agent.id)
      }
    }
    for binding in objects.bindings {
      for case .identity(let id) in binding.subjects { known.insert(id) }
    }
    self.known = known.sorted()
  }

  mutating func grant(_ binding: ClusterBinding, files: [InputFile]) {
    let reference =
      binding.isOfClusterRole
      ? "ClusterRole \(binding.role)" : "Role \(binding.namespace ?? "")/\(binding.role)"
    func note(_ reason: String, _ consequence: String) {
      let file = Int(binding.position.file)
      problems.append(
        Problem(
          file: files.indices.contains(file) ? files[file].path : "",
          line: Int(binding.position.line), reason: reason, consequence: consequence))
    }
    var role = roles[reference]
    if role == nil, reference == "ClusterRole cluster-admin" {
      // The one shipped role that is the same in every cluster.
      let everything = [
        ClusterRule(verbs: ["*"], groups: ["*"], resources: ["*"]),
        ClusterRule(verbs: ["*"], urls: ["*"]),
      ]
      role = ClusterRole(
        namespace: nil, name: "cluster-admin", labels: [], rules: everything, selectors: [],
        position: binding.position)
      note("the role \(quoted(reference)) is not in the input", "taken as Kubernetes ships it")
    }
    guard let role else {
      note(
        "the role \(quoted(reference)) of the binding \(quoted(binding.name)) is not in the input",
        "its privileges are unknown")
      return
    }
    let rules = rules(of: role)
    for subject in Set(binding.subjects).sorted(by: { $0.order < $1.order }) {
      switch subject {
      case .identity(let id): grant(rules, role, binding, to: id, through: "")
      case .group(let group):
        let members = members(of: group)
        if members.isEmpty, !binding.isBuiltIn {
          note(
            "who is in the group \(quoted(group)) is not in the input",
            "what the binding \(quoted(binding.name)) grants it is nobody's here")
        }
        for id in members { grant(rules, role, binding, to: id, through: "group \(group), ") }
      }
    }
  }

  /// A role's rules with those that it gathers from others.
  private func rules(of role: ClusterRole) -> [ClusterRule] {
    var rules = role.rules
    guard !role.selectors.isEmpty else { return rules }
    for other in objects.roles.sorted(by: { $0.name < $1.name })
    where other.namespace == nil && role.selectors.contains(where: { $0.fits(other.labels) }) {
      for rule in other.rules where !rules.contains(rule) { rules.append(rule) }
    }
    return rules
  }

  /// Who is known to be in a group, sorted.
  private func members(of group: String) -> [String] {
    let prefix = "system:serviceaccounts"
    var found = groups[group] ?? []
    switch group {
    case prefix: found.formUnion(known.filter { ClusterNames.namespace(ofAccount: $0) != nil })
    case "system:authenticated": found.formUnion(known.filter { $0 != "system:anonymous" })
    case "system:unauthenticated": found.formUnion(known.filter { $0 == "system:anonymous" })
    case "system:nodes": found.formUnion(known.filter { $0.hasPrefix("system:node:") })
    case _ where group.hasPrefix("\(prefix):"):
      let namespace = String(group.dropFirst(prefix.count + 1))
      found.formUnion(known.filter { ClusterNames.namespace(ofAccount: $0) == namespace })
    default: break
    }
    return found.sorted()
  }

  private mutating func grant(
    _ rules: [ClusterRule], _ role: ClusterRole, _ binding: ClusterBinding, to agent: String,
    through: String
  ) {
    for (index, rule) in rules.enumerated() {
      for grant in patterns.grants(of: rule, in: binding.namespace) {
        var statement = Statement(
          agent: agent, effect: .allow,
          origin: Origin(
            policy: "\(through)\(binding.text), \(role.text)", statement: "\(index + 1)"),
          position: role.position)
        statement.platform = ClusterNames.platform
        statement.actions = grant.actions
        statement.resources = grant.resources
        statements.append(statement)
      }
    }
  }

  /// The identities that bindings name, as far as a cluster knows them.
  func agents() -> [AgentRecord] {
    var byOthers: Set<String> = []
    var builtIn: Set<String> = []
    var positions: [String: SourcePosition] = [:]
    for binding in objects.bindings {
      for case .identity(let id) in binding.subjects {
        if binding.isBuiltIn { builtIn.insert(id) } else { byOthers.insert(id) }
        positions[id] = min(positions[id] ?? binding.position, binding.position)
      }
    }
    return positions.sorted { $0.key < $1.key }.map { id, position in
      var agent = Agent(id: id)
      agent.describeClusterIdentity()
      agent.position = position
      // Users are no objects: a binding is all that a cluster has of one. A service account that
      // only a binding names may not exist, where the accounts are in the input.
      agent.isInInventory =
        objects.accounts.isEmpty || ClusterNames.namespace(ofAccount: id) == nil
      if builtIn.contains(id), !byOthers.contains(id) {
        agent.attributes.append(NamedValue(name: "serviceLinked", value: "true"))
      }
      return AgentRecord(agent: agent, rank: .platform)
    }
  }
}

extension ClusterBinding.Subject {
  /// Identities before groups, each by name.
  fileprivate var order: String {
    switch self {
    case .identity(let id): return "0\(id)"
    case .group(let group): return "1\(group)"
    }
  }
}

extension Agent {
  /// Whether a log of a cluster, or its objects, name it.
  fileprivate var isOfCluster: Bool {
    attributes.contains { $0.name == "principalType" && $0.value.hasPrefix("Kubernetes") }
  }

  /// Says what its id tells: whether it is a service account, a part of the cluster, or a user,
  /// of whom nothing says whether it is a person.
  mutating func describeClusterIdentity() {
    let isAccount = ClusterNames.namespace(ofAccount: id) != nil
    if isAccount {
      kind = .serviceAccount
      name = id.split(separator: ":").last.map { String($0) }
    } else if id.hasPrefix("system:") {
      kind = .workload
    }
    attributes.append(
      NamedValue(
        name: "principalType", value: isAccount ? "KubernetesServiceAccount" : "KubernetesUser"))
  }
}
