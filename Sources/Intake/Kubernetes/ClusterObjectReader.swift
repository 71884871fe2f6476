internal import Model

/// Reads one object of a cluster, or a list of them; kinds that grant nothing are passed over.
func readClusterObject(
  _ root: JSONNode, kind listed: String? = nil, line: Int, _ reading: inout Reading
) {
  guard root.isObject else {
    reading.problem(
      line: line, "\(root.kindWord) where an object was expected", "not read")
    return
  }
  let kind = root["kind"]?.filledText ?? listed ?? ""
  if let items = root["items"], kind.hasSuffix("List") {
    let single = String(kind.dropLast("List".count))
    for item in items.elements {
      readClusterObject(item, kind: single.isEmpty ? nil : single, line: line, &reading)
    }
    return
  }
  guard clusterKinds.contains(kind) else { return }
  let metadata = RecordFields(root["metadata"] ?? root, line: line)
  guard root["metadata"] != nil, let name = metadata.text("name", &reading) else {
    reading.problem(line: line, "`metadata.name` is missing", "not read")
    return
  }
  let reader = ClusterObjectReader(root: root, metadata: metadata, kind: kind, name: name)
  switch kind {
  case "ServiceAccount": reader.readAccount(&reading)
  case "Role", "ClusterRole": reader.readRole(&reading)
  default: reader.readBinding(&reading)
  }
}

/// The kinds that say who may do what.
let clusterKinds: Set<String> = [
  "ServiceAccount", "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding",
]

private struct ClusterObjectReader {
  let root: JSONNode
  let metadata: RecordFields
  let kind: String
  let name: String
  private var line: Int { metadata.line }

  init(root: JSONNode, metadata: RecordFields, kind: String, name: String) {
    self.root = root
    self.metadata = metadata
    self.kind = kind
    self.name = name
  }

  private func namespace(_ reading: inout Reading) -> String {
    if let namespace = metadata.text("namespace", &reading) { return namespace }
    reading.problem(
      line: line, "`metadata.namespace` of the \(kind) \(quoted(name)) is missing",
      "taken as `default`")
    return "default"
  }

  private func named(_ key: String) -> [NamedValue] {
    var found: [NamedValue] = []
    for member in metadata.node(key)?.members ?? [] {
      if let value = member.value.scalarText {
        found.append(NamedValue(name: member.name, value: value))
      }
    }
    return found.sorted { $0.name < $1.name }
  }

  func readAccount(_ reading: inout Reading) {
    let namespace = namespace(&reading)
    var agent = Agent(id: ClusterNames.account(namespace: namespace, name: name))
    agent.name = name
    agent.kind = .serviceAccount
    agent.position = reading.position(line)
    agent.created = metadata.time("creationTimestamp", &reading)
    var attributes = [NamedValue(name: "namespace", value: namespace)]
    for (key, values) in [("labels", named("labels")), ("annotations", named("annotations"))] {
      for value in values {
        // What `kubectl apply` keeps for itself is the whole object once more.
        if value.name == "kubectl.kubernetes.io/last-applied-configuration" { continue }
        attributes.append(NamedValue(name: "\(key).\(value.name)", value: value.value))
        let word = value.name.split(separator: "/").last.map { $0.lowercased() } ?? ""
        switch word {
        case "owner", "team": agent.owner = agent.owner ?? value.value
        case "environment", "env": agent.environment = agent.environment ?? value.value
        case "purpose": agent.purpose = agent.purpose ?? value.value
        case "criticality": agent.criticality = agent.criticality ?? value.value
        default: break
        }
      }
    }
    agent.attributes = attributes.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
    reading.agents.append(AgentRecord(agent: agent, rank: .platform))
    reading.cluster.accounts.append(agent.id)
  }

  func readRole(_ reading: inout Reading) {
    var role = ClusterRole(
      namespace: kind == "Role" ? namespace(&reading) : nil, name: name, labels: named("labels"),
      rules: [], selectors: [], position: reading.position(line))
    let object = RecordFields(root, line: line)
    let rules = object.node("rules")
    if let rules, !rules.isArray { object.wrongType("rules", "a list", rules, &reading) }
    for (index, node) in (rules?.elements ?? []).enumerated() {
      let fields = RecordFields(node, line: line)
      let rule = ClusterRule(
        verbs: fields.texts("verbs", &reading), groups: groups(node),
        resources: fields.texts("resources", &reading),
        names: fields.texts("resourceNames", &reading),
        urls: fields.texts("nonResourceURLs", &reading))
      role.rules.append(rule)
      for resource in rule.resources where !resource.isClusterPattern {
        reading.problem(
          line: line,
          "the resource \(quoted(resource)) of \(quoted(role.text)): `*` stands for all of them",
          "it grants nothing")
      }
      if !node.isObject || rule.verbs.isEmpty || (rule.resources.isEmpty && rule.urls.isEmpty) {
        reading.problem(
          line: line, "rule \(index + 1) of \(quoted(role.text)) names no verbs or no resources",
          "it grants nothing")
      }
    }
    for node in root["aggregationRule"]?["clusterRoleSelectors"]?.elements ?? [] {
      role.selectors.append(selector(node))
    }
    reading.cluster.roles.append(role)
  }

  /// The core group's name is the empty text.
  private func groups(_ rule: JSONNode) -> [String] {
    (rule["apiGroups"]?.oneOrMany ?? []).compactMap(\.text)
  }

  private func selector(_ node: JSONNode) -> ClusterRole.Selector {
    var selector = ClusterRole.Selector()
    for member in node["matchLabels"]?.members ?? [] {
      guard let value = member.value.scalarText else { continue }
      selector.labels.append(NamedValue(name: member.name, value: value))
    }
    for node in node["matchExpressions"]?.elements ?? [] {
      selector.expressions.append(
        ClusterRole.Expression(
          key: node["key"]?.text ?? "", word: node["operator"]?.text ?? "",
          values: (node["values"]?.elements ?? []).compactMap(\.text)))
    }
    return selector
  }

  func readBinding(_ reading: inout Reading) {
    let namespace = kind == "RoleBinding" ? namespace(&reading) : nil
    let reference = root["roleRef"]
    let role = reference?["name"]?.filledText
    let roleKind = reference?["kind"]?.filledText
    guard let role, roleKind == "ClusterRole" || (roleKind == "Role" && namespace != nil) else {
      reading.problem(
        line: line, "`roleRef` of the \(kind) \(quoted(name)) names no role that it can give",
        "not read")
      return
    }
    let bootstrapping = named("labels").contains {
      $0 == NamedValue(name: "kubernetes.io/bootstrapping", value: "rbac-defaults")
    }
    var binding = ClusterBinding(
      namespace: namespace, name: name, isOfClusterRole: roleKind == "ClusterRole", role: role,
      subjects: [], isBuiltIn: bootstrapping, position: reading.position(line))
    for node in root["subjects"]?.elements ?? [] {
      if let subject = subject(node, namespace, &reading) { binding.subjects.append(subject) }
    }
    reading.cluster.bindings.append(binding)
  }

  private func subject(
    _ node: JSONNode, _ namespace: String?, _ reading: inout Reading
  ) -> ClusterBinding.Subject? {
    let name = node["name"]?.filledText
    switch (node["kind"]?.filledText, name) {
    case ("User", .some(let name)): return .identity(name)
    case ("Group", .some(let name)): return .group(name)
    case ("ServiceAccount", .some(let name)):
      if let own = node["namespace"]?.filledText ?? namespace {
        return .identity(ClusterNames.account(namespace: own, name: name))
      }
    default: break
    }
    reading.problem(
      line: line,
      "a subject of the \(kind) \(quoted(self.name)) is no user, group or service account by name",
      "it is granted nothing")
    return nil
  }
}
