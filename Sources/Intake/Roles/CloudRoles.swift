internal import Model

/// A role of a cloud: what it allows wherever it is given.
struct CloudRole: Sendable {
  /// The vocabulary's word of the cloud.
  var platform: String
  /// The id by which bindings name it, in lower case.
  var id: String
  var parts: [Part]

  /// Some of what it allows.
  struct Part: Sendable {
    /// Patterns of what it allows ...
    var actions: [String]
    /// ... but for these, which take nothing away from what another part or role allows.
    var notActions: [String] = []
  }
}

/// That a role is given to some identities on some resources.
struct CloudBinding: Sendable {
  /// Whom a role is given to.
  enum Member: Sendable, Hashable {
    /// An identity by its id.
    case identity(String)
    /// Identities that the input does not list, in words.
    case group(String)
    /// Whoever is given a role on resources, for example the owners of a project.
    case holders(role: String, resource: String)
  }

  /// The vocabulary's word of the cloud.
  var platform: String
  /// The role's id, in lower case.
  var role: String
  /// The role for people.
  var roleName: String
  var members: [Member]
  /// The patterns of the resources that it is given on.
  var resources: [String]
  /// The service account that it is given on, where it is one.
  var account: String?
  var condition: String?
  var expires: Timestamp?
  /// Where it stands, for people, for example `projects/shop`.
  var place: String
  var position: SourcePosition
}

/// The roles and bindings of clouds: what a binding grants is known only when all roles are read,
/// from whatever files.
struct CloudRoles: Sendable {
  var roles: [CloudRole] = []
  var bindings: [CloudBinding] = []

  /// Adds those of the next piece.
  mutating func absorb(_ other: CloudRoles) {
    roles += other.roles
    bindings += other.bindings
  }

  /// Adds what the bindings grant as statements of the agents that they name, and who may act as
  /// which service account.
  ///
  /// - Returns: What could not be resolved.
  func grant(
    knowing records: [AgentRecord], _ vocabulary: Vocabulary, into input: inout ReviewInput
  ) -> [Problem] {
    guard !bindings.isEmpty else { return [] }
    var granter = CloudGranter(self, knowing: records, vocabulary)
    for binding in bindings { granter.grant(binding, files: input.files) }
    for statement in granter.statements {
      let file = Int(statement.position.file)
      if input.files.indices.contains(file) { input.files[file].statements += 1 }
    }
    input.statements += granter.statements
    input.trusts += granter.trusts
    return granter.problems
  }
}

/// Works out what bindings grant.
private struct CloudGranter {
  private(set) var statements: [Statement] = []
  private(set) var trusts: [Trust] = []
  private(set) var problems: [Problem] = []

  private let bindings: [CloudBinding]
  private var roles: [String: CloudRole] = [:]
  private let catalogue: [CatalogueAction]
  /// The service accounts that the input names, sorted.
  private let accounts: [String]
  /// What a role allows, by its id; nil where that is unknown.
  private var grants: [String: Grant?] = [:]

  /// What a role allows, and whether that was taken from elsewhere than the input.
  private struct Grant {
    var parts: [CloudRole.Part]
    var isAssumed = false
  }

  init(_ objects: CloudRoles, knowing records: [AgentRecord], _ vocabulary: Vocabulary) {
    bindings = objects.bindings
    for role in objects.roles {
      // A role may be there in short, without what it allows, and in full.
      let isFuller = roles[role.id].map { $0.parts.count < role.parts.count } ?? true
      if isFuller { roles[role.id] = role }
    }
    let clouds = Set(objects.bindings.map(\.platform))
    catalogue = vocabulary.catalogue.filter { clouds.contains($0.platform) }
    var accounts = Set(records.map(\.agent.id).filter { GoogleNames.isServiceAccount($0) })
    for binding in objects.bindings {
      if let account = binding.account { accounts.insert(account) }
    }
    self.accounts = accounts.sorted()
  }

  mutating func grant(_ binding: CloudBinding, files: [InputFile]) {
    func note(_ reason: String, _ consequence: String) {
      let file = Int(binding.position.file)
      problems.append(
        Problem(
          file: files.indices.contains(file) ? files[file].path : "",
          line: Int(binding.position.line), reason: reason, consequence: consequence))
    }
    if grants[binding.role] == nil { grants[binding.role] = .some(grant(of: binding)) }
    let known = grants[binding.role] ?? nil
    if known == nil {
      note(
        "what the role \(quoted(binding.roleName)) allows is not in the input",
        "its privileges are unknown")
    } else if known?.isAssumed == true {
      note(
        "what the role \(quoted(binding.roleName)) allows is not in the input",
        "taken as it is documented, as far as the vocabulary goes")
    }
    for member in binding.members {
      switch member {
      case .identity(let id): give(known, binding, to: id, through: "")
      case .group(let group):
        note(
          "who is meant by \(quoted(group)) is not in the input",
          "what the role \(quoted(binding.roleName)) gives them is nobody's here")
      case .holders(let role, let resource):
        for id in holders(of: role, on: resource) { give(known, binding, to: id, through: role) }
      }
    }
  }

  /// Who is given a role on a resource, sorted.
  private func holders(of role: String, on resource: String) -> [String] {
    var found: Set<String> = []
    for binding in bindings where binding.role == role && binding.place == resource {
      for case .identity(let id) in binding.members { found.insert(id) }
    }
    return found.sorted()
  }

  private mutating func give(
    _ grant: Grant?, _ binding: CloudBinding, to agent: String, through role: String
  ) {
    let through = role.isEmpty ? "" : ", held through \(role)"
    for part in grant?.parts ?? [] {
      var statement = Statement(
        agent: agent, effect: .allow,
        origin: Origin(
          policy: "\(binding.roleName) on \(binding.place)\(through)", statement: nil),
        position: binding.position)
      statement.platform = binding.platform
      statement.actions = part.actions
      statement.notActions = part.notActions
      statement.resources = binding.resources
      statement.condition = binding.condition
      statement.expires = binding.expires
      statements.append(statement)
    }
    for account in reached(binding, grant) where account != agent {
      trusts.append(
        Trust(
          from: agent, to: account, condition: binding.condition, position: binding.position))
    }
  }

  /// The service accounts as which a binding lets its members act.
  private func reached(_ binding: CloudBinding, _ grant: Grant?) -> [String] {
    let allows =
      GoogleNames.impersonatingRoles.contains(binding.role)
      || grant?.parts.contains { part in
        part.actions.contains(where: GoogleNames.impersonating.contains)
      } == true
    guard allows else { return [] }
    if let account = binding.account { return [account] }
    guard binding.place.hasPrefix("projects/") else { return [] }
    let host = "@\(binding.place.dropFirst("projects/".count)).iam.gserviceaccount.com"
    return accounts.filter { $0.hasSuffix(host) }
  }

  /// What a binding's role allows; nil where nothing says it.
  private func grant(of binding: CloudBinding) -> Grant? {
    guard let role = roles[binding.role], !role.parts.isEmpty else { return documented(binding) }
    return Grant(parts: role.parts.map { written($0, of: role.platform) })
  }

  /// Patterns as they are, where nothing is taken out of them; all but a few, where everything else
  /// is allowed; else what the catalogue knows between the two.
  private func written(_ part: CloudRole.Part, of platform: String) -> CloudRole.Part {
    guard !part.notActions.isEmpty else { return part }
    let own = catalogue.filter { $0.platform == platform }
    if part.actions == ["\(platform):*"] {
      let others = Set(own.map(\.service)).subtracting([platform]).sorted()
      return CloudRole.Part(
        actions: [], notActions: part.notActions + others.map { "\($0):*" })
    }
    let allowed = part.actions.map { Glob($0.lowercased()) }
    let excepted = part.notActions.map { Glob($0.lowercased()) }
    var actions: [String] = []
    for entry in own {
      let name = entry.name.lowercased()
      if allowed.contains(where: { $0.matches(name) }),
        !excepted.contains(where: { $0.matches(name) })
      {
        actions.append(entry.name)
      }
    }
    let known = Set(actions)
    let named = part.actions.filter { action in
      !action.contains("*") && !known.contains(action)
        && !excepted.contains { $0.matches(action.lowercased()) }
    }
    return CloudRole.Part(actions: actions + named)
  }

  /// The few roles that a cloud has everywhere and documents.
  private func documented(_ binding: CloudBinding) -> Grant? {
    let parts: [CloudRole.Part]
    switch binding.role {
    case "roles/owner": parts = [CloudRole.Part(actions: ["gcp:*"])]
    case "roles/editor": parts = [ofGoogle([.list, .read, .tagging, .write])]
    case "roles/viewer", "roles/browser": parts = [ofGoogle([.list, .read])]
    case AzureNames.owner: parts = [CloudRole.Part(actions: ["azure:*"])]
    case AzureNames.contributor:
      let all = CloudRole.Part(
        actions: ["azure:*"], notActions: AzureNames.contributorNotActions)
      parts = [written(all, of: "azure")]
    case AzureNames.reader: parts = [CloudRole.Part(actions: ["azure:*/read"])]
    case AzureNames.accessAdministrator:
      let actions = [
        "azure:*/read", "azure:Microsoft.Authorization/*", "azure:Microsoft.Support/*",
      ]
      parts = [CloudRole.Part(actions: actions)]
    default: return nil
    }
    return Grant(parts: parts, isAssumed: true)
  }

  /// The permissions of some levels that the catalogue knows, but those that read secrets, which no
  /// basic role but the owner's has.
  private func ofGoogle(_ levels: Set<Level>) -> CloudRole.Part {
    let found = catalogue.filter { entry in
      entry.platform == GoogleNames.platform && levels.contains(entry.meaning.level)
        && !entry.meaning.capabilities.contains("secret.read")
    }
    return CloudRole.Part(actions: found.map(\.name))
  }
}

extension CatalogueAction {
  /// What stands before the colon of its name.
  fileprivate var service: String { String(name.prefix { $0 != ":" }) }
}
