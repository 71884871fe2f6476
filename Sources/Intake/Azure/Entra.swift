internal import Model

extension Source {
  /// What Microsoft Entra knows of applications: service principals, what they were granted, who
  /// holds directory roles, and the logs of sign-ins and changes.
  static let entra: Source = {
    let logs = [
      log(EntraLog<EntraRoot>.self, in: ""), log(EntraLog<EntraProperties>.self, in: "properties."),
    ]
    @Sendable func reading(_ sketch: Sketch) -> Source? {
      logs.first { $0.recognise(sketch) != nil }
    }
    return Source(
      name: "entra",
      summary:
        "Microsoft Entra: service principals, app roles, directory roles, sign-in and audit logs",
      recognise: { sketch in
        EntraKind(sketch).map { "has \($0.words)" } ?? reading(sketch)?.recognise(sketch)
      },
      layout: { sketch in
        EntraKind(sketch) == nil
          ? reading(sketch)?.layout(sketch) ?? .lines
          : sketch.layout(under: EntraKind.key(sketch))
      },
      read: { input, sketch, into in
        guard EntraKind(sketch) != nil else {
          reading(sketch)?.read(input, sketch, &into)
          return
        }
        readValues(input, sketch.layout(under: EntraKind.key(sketch)), into: &into) {
          root, line, into in
          EntraObject(root: root, fields: RecordFields(root, line: line)).read(&into)
        }
      },
      lineReading: { sketch in
        EntraKind(sketch) == nil ? reading(sketch)?.lineReading(sketch) : nil
      })
  }()

  private static func log<Place: EntraPlace>(
    _ format: EntraLog<Place>.Type, in place: String
  ) -> Source {
    log(
      format, name: "entra", summary: "", under: ["value", "records"],
      fields: "the fields of a sign-in or of a directory audit"
    ) { record, prefix in
      let at = prefix + place
      let isSignIn =
        record.has("\(at)createdDateTime", .text) && record.has("\(at)appId", .text)
        && (record.has("\(at)status.errorCode") || record.has("\(at)signInEventTypes"))
      return isSignIn
        || (record.has("\(at)activityDisplayName", .text)
          && record.has("\(at)activityDateTime", .text) && record.has("\(at)initiatedBy", .object))
    }
  }
}

/// What kind of objects a file has.
private enum EntraKind: CaseIterable {
  case servicePrincipals, appRoles, delegated, roleAssignments, roleDefinitions

  init?(_ sketch: Sketch) {
    guard let (kind, _) = EntraKind.found(sketch) else { return nil }
    self = kind
  }

  /// The key under which the objects stand; empty for the root.
  static func key(_ sketch: Sketch) -> String? { found(sketch)?.1 }

  private static func found(_ sketch: Sketch) -> (EntraKind, String)? {
    guard sketch.isJSON else { return nil }
    for kind in allCases {
      for key in ["", "value"] {
        let prefix = key.isEmpty ? "" : "\(key)."
        let isThere = sketch.records.contains { record in
          kind.fields.allSatisfy { record.has(prefix + $0, .text) }
            && kind.lists.allSatisfy { record.has(prefix + $0, .array) }
        }
        if isThere { return (kind, key) }
      }
    }
    return nil
  }

  private var fields: [String] {
    switch self {
    case .servicePrincipals: return ["id", "appId", "servicePrincipalType"]
    case .appRoles: return ["appRoleId", "principalId", "resourceId"]
    case .delegated: return ["clientId", "consentType", "resourceId", "scope"]
    case .roleAssignments: return ["principalId", "roleDefinitionId", "directoryScopeId"]
    case .roleDefinitions: return ["id", "displayName"]
    }
  }

  private var lists: [String] {
    switch self {
    case .roleDefinitions: return ["rolePermissions.allowedResourceActions"]
    case .servicePrincipals, .appRoles, .delegated, .roleAssignments: return []
    }
  }

  var words: String {
    let names = fields + lists
    return names.map { quoted($0) }.joined(separator: ", ")
  }
}

/// One object of Microsoft Graph.
private struct EntraObject {
  static let platform = "entra"

  let root: JSONNode
  let fields: RecordFields
  private var line: Int { fields.line }

  init(root: JSONNode, fields: RecordFields) {
    self.root = root
    self.fields = fields
  }

  func read(_ reading: inout Reading) {
    guard root.isObject else {
      return reading.problem(
        line: line, "\(root.kindWord) where an object was expected", "not read")
    }
    if fields.node("appRoleId") != nil {
      readAppRole(&reading)
    } else if fields.node("consentType") != nil {
      readDelegated(&reading)
    } else if fields.node("rolePermissions") != nil {
      readDefinition(&reading)
    } else if fields.node("roleDefinitionId") != nil {
      readAssignment(&reading)
    } else if fields.node("appId") != nil {
      readPrincipal(&reading)
    } else {
      reading.problem(
        line: line, "no service principal, grant, role assignment or role definition", "not read")
    }
  }

  private func readPrincipal(_ reading: inout Reading) {
    guard let id = fields.text("id", &reading) else {
      reading.problem(line: line, "`id` is missing", "not read")
      return
    }
    var agent = Agent(id: id)
    agent.position = reading.position(line)
    agent.name = fields.text("displayName", &reading)
    agent.purpose = fields.text("description", &reading) ?? fields.text("notes", &reading)
    agent.created = fields.time("createdDateTime", &reading)
    if let app = fields.text("appId", &reading), app != id { agent.aliases = [app] }
    let owner = fields.node("owners")?.elements.first
    agent.owner = owner?["userPrincipalName"]?.filledText ?? owner?["displayName"]?.filledText
    let word = fields.text("servicePrincipalType", &reading) ?? "ServicePrincipal"
    let isAgent = root["@odata.type"]?.text?.lowercased().contains("agentidentity") == true
    AzureNames.describe(&agent, type: word == "Application" ? "ServicePrincipal" : word)
    if isAgent { agent.kind = .agent }
    if fields.node("accountEnabled")?.bool == false {
      agent.attributes.append(NamedValue(name: "disabled", value: "true"))
      agent.attributes.sort { $0.name < $1.name }
    }
    reading.agents.append(AgentRecord(agent: agent, rank: .platform))
    let isGraph = fields.text("appId", &reading) == "00000003-0000-0000-c000-000000000000"
    let service = isGraph ? "graph" : "entra-app:\(agent.name ?? id)"
    for (key, kind) in [("appRoles", "roles"), ("oauth2PermissionScopes", "scopes")] {
      for node in fields.node(key)?.elements ?? [] {
        guard let value = node["value"]?.filledText else { continue }
        let name = kind == "roles" ? node["id"]?.filledText ?? value : value
        reading.cloud.roles.append(
          CloudRole(
            platform: EntraObject.platform, id: EntraObject.role(id, kind, name),
            parts: [CloudRole.Part(actions: ["\(service):\(value)"])]))
      }
    }
  }

  /// The id under which a role or scope of an application is given.
  private static func role(_ resource: String, _ kind: String, _ name: String) -> String {
    "\(resource)/\(kind)/\(name)".lowercased()
  }

  private func readAppRole(_ reading: inout Reading) {
    guard let role = fields.text("appRoleId", &reading),
      let principal = fields.text("principalId", &reading),
      let resource = fields.text("resourceId", &reading)
    else {
      reading.problem(
        line: line, "`principalId` or `resourceId` of an app role assignment is missing", "not read"
      )
      return
    }
    let name = fields.text("resourceDisplayName", &reading) ?? resource
    // Access without any role of its own.
    guard !role.allSatisfy({ $0 == "0" || $0 == "-" }) else { return }
    let type = fields.text("principalType", &reading)
    give(
      EntraObject.role(resource, "roles", role), named: "app role \(role)", on: name, to: principal,
      isGroup: type == "Group", condition: nil, &reading)
    guard type != "Group" else { return }
    var agent = Agent(id: principal)
    agent.position = reading.position(line)
    agent.name = fields.text("principalDisplayName", &reading)
    if let type { AzureNames.describe(&agent, type: type) }
    reading.agents.append(AgentRecord(agent: agent, rank: .platform))
  }

  private func readDelegated(_ reading: inout Reading) {
    guard let client = fields.text("clientId", &reading),
      let resource = fields.text("resourceId", &reading)
    else {
      reading.problem(
        line: line, "`clientId` or `resourceId` of a delegated grant is missing", "not read")
      return
    }
    let user = fields.text("principalId", &reading)
    let condition = "on behalf of \(user.map { "the user \($0)" } ?? "any user who signs in")"
    for scope in (fields.text("scope", &reading) ?? "").split(separator: " ") {
      give(
        EntraObject.role(resource, "scopes", String(scope)), named: "delegated \(scope)",
        on: resource, to: client, isGroup: false, condition: condition, &reading)
    }
  }

  private func readDefinition(_ reading: inout Reading) {
    guard let id = fields.text("id", &reading) else {
      reading.problem(line: line, "`id` is missing", "not read")
      return
    }
    var actions: [String] = []
    for node in fields.node("rolePermissions")?.elements ?? [] {
      let permission = RecordFields(node, line: line)
      actions += permission.texts("allowedResourceActions", &reading).map { "entra:\($0)" }
    }
    let parts = actions.isEmpty ? [] : [CloudRole.Part(actions: actions)]
    for name in Set([id, fields.text("templateId", &reading) ?? id]).sorted() {
      reading.cloud.roles.append(
        CloudRole(platform: EntraObject.platform, id: name.lowercased(), parts: parts))
    }
  }

  private func readAssignment(_ reading: inout Reading) {
    guard let principal = fields.text("principalId", &reading),
      let role = fields.text("roleDefinitionId", &reading)
    else {
      reading.problem(
        line: line, "`principalId` or `roleDefinitionId` of a role assignment is missing",
        "not read")
      return
    }
    let name = fields.node("roleDefinition")?["displayName"]?.filledText ?? role
    let scope = fields.text("directoryScopeId", &reading) ?? "/"
    give(
      role.lowercased(), named: name, on: scope == "/" ? "the directory" : scope, to: principal,
      isGroup: false, condition: nil, &reading)
  }

  private func give(
    _ role: String, named name: String, on place: String, to principal: String, isGroup: Bool,
    condition: String?, _ reading: inout Reading
  ) {
    let member: CloudBinding.Member =
      isGroup ? .group("the group \(principal)") : .identity(principal)
    var binding = CloudBinding(
      platform: EntraObject.platform, role: role, roleName: name, members: [member],
      resources: place.hasPrefix("/") ? [place, "\(place)/*"] : ["*"], place: place,
      position: reading.position(line))
    binding.condition = condition
    reading.cloud.bindings.append(binding)
  }
}
