internal import Model

/// Reads one element of an account's authorization details.
struct AuthorizationReader {
  private var fields: RecordFields
  private let policies: JSONDocument
  private var line: Int { fields.line }

  /// - Parameter policies: A parser for policy documents that are texts.
  init(_ root: JSONNode, line: Int, policies: JSONDocument) {
    fields = RecordFields(root, line: line)
    self.policies = policies
  }

  /// A user or role, or with no kind a group; nil, with a problem, when it has no name.
  mutating func principal(
    _ kind: AgentKind?, _ reading: inout Reading
  ) -> AuthorizationPrincipal? {
    guard let arn = fields.text("Arn", &reading) else {
      reading.problem(line: line, "`Arn` is missing", "not read")
      return nil
    }
    var agent = Agent(id: arn)
    agent.kind = kind
    agent.position = reading.position(line)
    agent.name =
      fields.text("UserName", &reading) ?? fields.text("RoleName", &reading)
      ?? fields.text("GroupName", &reading)
    agent.created = fields.time("CreateDate", &reading)
    describe(&agent, &reading)
    var principal = AuthorizationPrincipal(agent: agent, line: line)
    principal.groups = fields.texts("GroupList", &reading)
    for key in ["UserPolicyList", "RolePolicyList", "GroupPolicyList"] {
      for node in fields.node(key)?.elements ?? [] {
        principal.inline.append(policy(node, &reading))
      }
    }
    for node in fields.node("AttachedManagedPolicies")?.elements ?? [] {
      if let arn = node["PolicyArn"]?.filledText { principal.attached.append(arn) }
    }
    principal.boundary = fields.node("PermissionsBoundary")?["PermissionsBoundaryArn"]?.filledText
    if let trust = fields.node("AssumeRolePolicyDocument") {
      principal.trusts = trusts(trust, of: arn, &reading)
    }
    return principal
  }

  /// A managed policy with the statements of its default version.
  mutating func managedPolicy(_ reading: inout Reading) -> (arn: String, text: PolicyText)? {
    guard let arn = fields.text("Arn", &reading) else {
      reading.problem(line: line, "`Arn` is missing", "not read")
      return nil
    }
    let name = fields.text("PolicyName", &reading) ?? arn
    let versions = fields.node("PolicyVersionList")?.elements ?? []
    let defaultID = fields.text("DefaultVersionId", &reading)
    let chosen =
      versions.first { $0["IsDefaultVersion"]?.bool == true }
      ?? versions.first { defaultID != nil && $0["VersionId"]?.text == defaultID }
    guard let document = chosen?["Document"] else {
      reading.problem(
        line: line, "the policy \(quoted(name)) has no default version in the file",
        "its privileges are unknown")
      return nil
    }
    let grants = grants(document, policy: name, &reading)
    return (arn, PolicyText(name: name, grants: grants, position: reading.position(line)))
  }

  private func describe(_ agent: inout Agent, _ reading: inout Reading) {
    var attributes: [NamedValue] = []
    let path = fields.text("Path", &reading)
    if let path { attributes.append(NamedValue(name: "path", value: path)) }
    if path?.hasPrefix("/aws-service-role/") == true {
      attributes.append(NamedValue(name: "serviceLinked", value: "true"))
    }
    if let used = fields.node("RoleLastUsed") {
      for (key, name) in [("LastUsedDate", "roleLastUsed"), ("Region", "roleLastUsedRegion")] {
        if let value = used[key]?.filledText {
          attributes.append(NamedValue(name: name, value: value))
        }
      }
    }
    for tag in fields.node("Tags")?.elements ?? [] {
      guard let key = tag["Key"]?.filledText, let value = tag["Value"]?.filledText else { continue }
      attributes.append(NamedValue(name: "tags.\(key)", value: value))
      switch key.lowercased() {
      case "owner": agent.owner = agent.owner ?? value
      case "environment", "env": agent.environment = agent.environment ?? value
      case "purpose": agent.purpose = agent.purpose ?? value
      case "criticality": agent.criticality = agent.criticality ?? value
      default: break
      }
    }
    agent.attributes = attributes.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
  }

  private func policy(_ node: JSONNode, _ reading: inout Reading) -> PolicyText {
    let name = node["PolicyName"]?.filledText ?? "without a name"
    let grants = node["PolicyDocument"].map { self.grants($0, policy: name, &reading) } ?? []
    return PolicyText(name: name, grants: grants, position: reading.position(line))
  }

  private func grants(
    _ document: JSONNode, policy: String, _ reading: inout Reading
  ) -> [PolicyGrant] {
    let found = withPolicyDocument(document, policies) { root in
      policyStatements(root).enumerated().map { index, node in
        PolicyGrant.read(node, number: index + 1)
      }
    }
    guard let found else {
      reading.problem(
        line: line, "the document of the policy \(quoted(policy)) is not JSON",
        "its privileges are unknown")
      return []
    }
    var grants: [PolicyGrant] = []
    for result in found {
      switch result {
      case .success(let grant): grants.append(grant)
      case .failure(let flaw):
        reading.problem(
          line: line, "the policy \(quoted(policy)), \(flaw.reason)", "the statement is not read")
      }
    }
    return grants
  }

  private func trusts(
    _ document: JSONNode, of role: String, _ reading: inout Reading
  ) -> [Trust] {
    let position = reading.position(line)
    let found = withPolicyDocument(document, policies) { root in
      policyStatements(root).map { PolicyTrust.read($0, role: role, position: position) }
    }
    guard let found else {
      reading.problem(
        line: line, "the trust policy of \(quoted(role)) is not JSON",
        "who may assume it is unknown")
      return []
    }
    var trusts: [Trust] = []
    for result in found {
      switch result {
      case .success(let read): trusts += read
      case .failure(let flaw):
        reading.problem(
          line: line, "the trust policy of \(quoted(role)), \(flaw.reason)",
          "the statement is not read")
      }
    }
    return trusts
  }
}
