internal import Model

extension Source {
  /// Policies, roles and service accounts of Google Cloud, as `gcloud` and exports of Cloud Asset
  /// Inventory give them.
  static let googleIAM = values(
    name: "gcp-iam",
    summary: "Google Cloud: policies, roles and service accounts from `gcloud`, asset exports",
    recognise: { sketch in
      let place = GooglePolicyPlace.allCases.first { place in
        sketch.records.contains { place.fits($0) }
      }
      return place.map { "has \($0.words)" }
    },
    under: { _ in nil },
    reader: { reading in
      let reader = GoogleIAMReader(path: reading.path)
      return { reader.read($0, line: $1, &$2) }
    })
}

/// Where a record has what it says.
private enum GooglePolicyPlace: CaseIterable {
  case bare, searched, exported, exportedREST, role, account, asset

  var words: String {
    switch self {
    case .bare: return "`bindings` with `role` and `members`"
    case .searched: return "`policy.bindings` with `role` and `members`"
    case .exported, .exportedREST: return "an asset's policy with `role` and `members`"
    case .role: return "`includedPermissions` of a role"
    case .account: return "`email` and `uniqueId` of a service account"
    case .asset: return "an asset of `iam.googleapis.com`"
    }
  }

  func fits(_ record: JSONSketch) -> Bool {
    func hasBindings(_ prefix: String) -> Bool {
      record.has("\(prefix)bindings.role") && record.has("\(prefix)bindings.members", .array)
    }
    switch self {
    case .bare: return hasBindings("")
    case .searched: return hasBindings("policy.")
    case .exported: return hasBindings("iam_policy.")
    case .exportedREST: return hasBindings("iamPolicy.")
    case .role:
      return record.has("includedPermissions", .array) && record.has("name", .text)
        && record.texts["name"]?.contains { $0.contains("roles/") } == true
    case .account:
      return record.has("email", .text) && record.has("uniqueId", .text)
        && record.has("projectId", .text) && record.has("name", .text)
    case .asset:
      let types = (record.texts["asset_type"] ?? []) + (record.texts["assetType"] ?? [])
      return record.has("resource.data", .object)
        && types.contains { $0.hasPrefix("iam.googleapis.com/") }
    }
  }
}

/// Reads policies ("Policy" of the IAM REST reference), roles, service accounts, and assets
/// ("Asset" of the Cloud Asset Inventory reference) of cloud.google.com.
struct GoogleIAMReader {
  /// The project that a policy is taken to be of which does not say: the file's name without its
  /// endings.
  private let fallback: String

  init(path: String) {
    let name = path.split(separator: "/").last ?? ""
    fallback = "projects/\(name.prefix { $0 != "." })"
  }

  /// Reads one object: a policy, a result with one, a role, a service account, or an asset.
  func read(_ root: JSONNode, line: Int, _ reading: inout Reading) {
    guard root.isObject else {
      reading.problem(
        line: line, "\(root.kindWord) where an object was expected", "not read")
      return
    }
    let policy = root["policy"] ?? root["iam_policy"] ?? root["iamPolicy"]
    if let bindings = policy?["bindings"] ?? root["bindings"] {
      return readBindings(bindings, of: place(root), line: line, &reading)
    }
    // A policy may have no binding at all.
    if policy != nil || (root["etag"] != nil && root["version"] != nil && root["name"] == nil) {
      return
    }
    let type = root["asset_type"]?.filledText ?? root["assetType"]?.filledText ?? ""
    let data = root["resource"]?["data"]
    if !type.isEmpty, let data {
      if type == "iam.googleapis.com/Role" { readRole(data, line: line, &reading) }
      if type == "iam.googleapis.com/ServiceAccount" { readAccount(data, line: line, &reading) }
      return
    }
    if root["includedPermissions"] != nil || root["stage"] != nil {
      readRole(root, line: line, &reading)
    } else if root["email"] != nil {
      readAccount(root, line: line, &reading)
    } else if type.isEmpty {
      reading.problem(
        line: line, "neither a policy with `bindings`, nor a role, nor a service account",
        "not read")
    }
  }

  /// The name of the resource that a policy is on.
  private func place(_ root: JSONNode) -> String {
    if let id = root["id"]?.scalarText, let type = root["type"]?.filledText {
      return "\(type)s/\(id)"
    }
    return root["resource"]?.filledText ?? root["name"]?.filledText ?? fallback
  }

  private func readBindings(
    _ bindings: JSONNode, of resource: String, line: Int, _ reading: inout Reading
  ) {
    guard bindings.isArray else {
      reading.problem(
        line: line, "`bindings` must be a list, not \(bindings.kindWord)", "not read")
      return
    }
    let place = resource.hasPrefix("//") ? GoogleIAMReader.withoutService(resource) : resource
    for node in bindings.elements {
      let fields = RecordFields(node, line: line)
      guard let role = fields.text("role", &reading) else {
        reading.problem(line: line, "`role` of a binding is missing", "not read")
        continue
      }
      var binding = CloudBinding(
        platform: GoogleNames.platform, role: role.lowercased(), roleName: role, members: [],
        resources: GoogleNames.patterns(of: resource),
        account: GoogleNames.account(ofResource: resource), place: place,
        position: reading.position(line))
      if let expression = fields.node("condition")?["expression"]?.filledText {
        binding.expires = GoogleNames.expiry(expression)
        if binding.expires == nil { binding.condition = expression }
      }
      for text in fields.texts("members", &reading) {
        guard let member = GoogleNames.member(text) else {
          reading.problem(
            line: line, "the member \(quoted(text)) of \(quoted(role)) was deleted",
            "it is granted nothing")
          continue
        }
        binding.members.append(member)
        if case .identity(let id) = member { note(id, line: line, &reading) }
      }
      reading.cloud.bindings.append(binding)
    }
  }

  /// Notes an identity that a binding names. One of another system is only named here: that system
  /// knows what it is, and by which name.
  private func note(_ id: String, line: Int, _ reading: inout Reading) {
    guard reading.isFirstSight(of: reading.symbols.intern(id)) else { return }
    var agent = Agent(id: id)
    GoogleNames.describe(&agent)
    let isForeign = id.contains(".svc.id.goog[") || id.hasPrefix("principal:")
    agent.isInInventory = !isForeign
    if !isForeign { agent.position = reading.position(line) }
    reading.agents.append(AgentRecord(agent: agent, rank: isForeign ? .event : .platform))
  }

  private func readRole(_ node: JSONNode, line: Int, _ reading: inout Reading) {
    let fields = RecordFields(node, line: line)
    guard let name = fields.text("name", &reading) else {
      reading.problem(line: line, "`name` of a role is missing", "not read")
      return
    }
    let permissions = fields.texts("includedPermissions", &reading)
    if permissions.isEmpty, node["deleted"]?.bool != true {
      reading.problem(
        line: line, "the role \(quoted(name)) has no `includedPermissions`",
        "what it allows is unknown")
    }
    let isDeleted = node["deleted"]?.bool == true
    let actions = permissions.map { "\(GoogleNames.platform):\($0)" }
    reading.cloud.roles.append(
      CloudRole(
        platform: GoogleNames.platform, id: name.lowercased(),
        parts: permissions.isEmpty && !isDeleted
          ? [] : [CloudRole.Part(actions: isDeleted ? [] : actions)]))
  }

  private func readAccount(_ node: JSONNode, line: Int, _ reading: inout Reading) {
    let fields = RecordFields(node, line: line)
    guard let email = fields.text("email", &reading) else {
      reading.problem(line: line, "`email` of a service account is missing", "not read")
      return
    }
    var agent = Agent(id: email)
    agent.name = fields.text("displayName", &reading)
    agent.purpose = fields.text("description", &reading)
    if let id = fields.text("uniqueId", &reading) { agent.aliases = [id] }
    agent.position = reading.position(line)
    if let project = fields.text("projectId", &reading) {
      agent.attributes.append(NamedValue(name: "project", value: project))
    }
    if node["disabled"]?.bool == true {
      agent.attributes.append(NamedValue(name: "disabled", value: "true"))
    }
    GoogleNames.describe(&agent)
    reading.agents.append(AgentRecord(agent: agent, rank: .platform))
  }

  /// `projects/shop` of `//cloudresourcemanager.googleapis.com/projects/shop`.
  private static func withoutService(_ name: String) -> String {
    let rest = name.dropFirst(2).drop { $0 != "/" }.dropFirst()
    return rest.isEmpty ? name : String(rest)
  }
}
