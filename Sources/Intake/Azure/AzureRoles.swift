internal import Model

extension Source {
  /// Role assignments and role definitions of Azure, from `az role` or the REST interface.
  static let azureRoleAssignments = values(
    name: "azure-role-assignments",
    summary: "Azure role assignments and role definitions: `az role`, the REST interface",
    recognise: { sketch in
      azurePlace(sketch).map { place in
        place.isDefinition
          ? "has `permissions` with `actions` of a role" : "has `principalId`, `roleDefinitionId`"
      }
    },
    under: { azurePlace($0)?.key },
    reader: { _ in { readAzureRole($0, line: $1, &$2) } })

  /// Under which key assignments or definitions stand.
  private static func azurePlace(_ sketch: Sketch) -> (key: String, isDefinition: Bool)? {
    for key in ["", "value"] {
      let start = key.isEmpty ? "" : "\(key)."
      for prefix in [start, "\(start)properties."] {
        for record in sketch.records {
          let isAssignment =
            record.has("\(prefix)principalId", .text)
            && record.has("\(prefix)roleDefinitionId", .text) && record.has("\(prefix)scope", .text)
          if isAssignment { return (key, false) }
          let isDefinition =
            record.has("\(prefix)permissions.actions", .array)
            && record.has("\(prefix)assignableScopes", .array)
          if isDefinition { return (key, true) }
        }
      }
    }
    return nil
  }
}

/// Reads an assignment or a definition of a role ("Role Assignments - List" and "Role Definitions -
/// List" of learn.microsoft.com); the command line lifts what lies in `properties`.
private func readAzureRole(_ root: JSONNode, line: Int, _ reading: inout Reading) {
  guard root.isObject else {
    reading.problem(line: line, "\(root.kindWord) where an object was expected", "not read")
    return
  }
  let fields = RecordFields(root["properties"] ?? root, line: line)
  if fields.node("permissions") != nil {
    readAzureDefinition(root, fields, &reading)
  } else {
    readAzureAssignment(root, fields, &reading)
  }
}

private func readAzureDefinition(
  _ root: JSONNode, _ fields: RecordFields, _ reading: inout Reading
) {
  guard let id = root["name"]?.filledText ?? root["id"]?.filledText else {
    reading.problem(line: fields.line, "`name` of a role definition is missing", "not read")
    return
  }
  var parts: [CloudRole.Part] = []
  for node in fields.node("permissions")?.elements ?? [] {
    let permission = RecordFields(node, line: fields.line)
    func texts(_ name: String, as service: String) -> [String] {
      permission.texts(name, &reading).map { "\(service):\($0)" }
    }
    let control = CloudRole.Part(
      actions: texts("actions", as: "azure"), notActions: texts("notActions", as: "azure"))
    let data = CloudRole.Part(
      actions: texts("dataActions", as: "azure-data"),
      notActions: texts("notDataActions", as: "azure-data"))
    parts += [control, data].filter { !$0.actions.isEmpty }
  }
  reading.cloud.roles.append(
    CloudRole(platform: AzureNames.platform, id: AzureNames.lastPart(id), parts: parts))
}

private func readAzureAssignment(
  _ root: JSONNode, _ fields: RecordFields, _ reading: inout Reading
) {
  guard let principal = fields.text("principalId", &reading),
    let definition = fields.text("roleDefinitionId", &reading)
  else {
    let missing = fields.node("principalId") == nil ? "principalId" : "roleDefinitionId"
    reading.problem(line: fields.line, "`\(missing)` is missing", "not read")
    return
  }
  let role = AzureNames.lastPart(definition)
  guard let scope = fields.text("scope", &reading) else {
    reading.problem(
      line: fields.line, "`scope` of the role \(quoted(role)) is missing", "not read")
    return
  }
  let type = fields.text("principalType", &reading) ?? ""
  let name = fields.text("principalName", &reading)
  let isGroup = type == "Group"
  var binding = CloudBinding(
    platform: AzureNames.platform, role: role,
    roleName: fields.text("roleDefinitionName", &reading) ?? role,
    members: isGroup ? [.group("the group \(name ?? principal)")] : [.identity(principal)],
    resources: AzureNames.patterns(ofScope: scope), place: scope,
    position: reading.position(fields.line))
  binding.condition = fields.text("condition", &reading)
  binding.expires = fields.time("endDateTime", &reading)
  reading.cloud.bindings.append(binding)
  guard !isGroup else { return }
  var agent = Agent(id: principal)
  agent.position = reading.position(fields.line)
  if let name, name != principal {
    if AzureNames.isID(name) || name.contains("@") { agent.aliases = [name] }
    if !AzureNames.isID(name) { agent.name = name }
  }
  if !type.isEmpty { AzureNames.describe(&agent, type: type) }
  reading.agents.append(AgentRecord(agent: agent, rank: .platform))
}
