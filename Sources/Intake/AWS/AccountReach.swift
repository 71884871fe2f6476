internal import Model

extension AccountPolicies {
  /// Makes statements of the policies for the identities that they reach.
  ///
  /// By "Policy evaluation logic" of the IAM user guide: inside an account the policy of a resource
  /// grants by itself; across accounts the identity's own account has to allow it too, so that it
  /// adds nothing here. An account as principal leaves it to the account's identities' own policies.
  /// A deny counts wherever it comes from.
  ///
  /// - Returns: What could not be settled.
  func reach(knowing records: [AgentRecord], into input: inout ReviewInput) -> [Problem] {
    guard !grants.isEmpty || !ceilings.isEmpty else { return [] }
    var reach = AccountReach(holders: input.statements, records, tree, files: input.files)
    for ceiling in ceilings { reach.apply(ceiling) }
    for grant in grants { reach.apply(grant) }
    for statement in reach.statements {
      let file = Int(statement.position.file)
      if input.files.indices.contains(file) { input.files[file].statements += 1 }
    }
    input.statements += reach.statements
    return reach.problems
  }
}

/// Works out whom policies reach.
private struct AccountReach {
  private(set) var statements: [Statement] = []
  private(set) var problems: [Problem] = []

  private let files: [InputFile]
  /// Users and roles that hold something, sorted.
  private let holders: [String]
  /// Users and roles of any source.
  private let known: Set<String>
  /// The one account that all of them are of; nil where there are several.
  private let onlyAccount: String?
  private let tree: OrganisationTree

  init(
    holders: [Statement], _ records: [AgentRecord], _ tree: OrganisationTree, files: [InputFile]
  ) {
    self.files = files
    self.tree = tree
    var known: Set<String> = []
    for record in records {
      known.formUnion(([record.agent.id] + record.agent.aliases).filter(AccountReach.isIdentity))
    }
    let holding = Set(holders.map(\.agent)).filter(AccountReach.isIdentity)
    known.formUnion(holding)
    self.known = known
    self.holders = holding.sorted()
    let accounts = Set(known.compactMap { account(ofARN: $0) })
    onlyAccount = accounts.count == 1 ? accounts.first : nil
    for (placement, other) in tree.contradictions {
      note(
        placement.position,
        "\(quoted(placement.child)) is in \(quoted(placement.parent)), and by another list in "
          + quoted(other), "taken to be in both")
    }
  }

  /// A ceiling bounds what is held and grants nothing.
  mutating func apply(_ ceiling: AccountPolicies.Ceiling) {
    let reached: [String]
    switch ceiling.target?.kind {
    case .root: reached = holders.filter { isBelow(root: ceiling.target?.id ?? "", $0) }
    case .account: reached = holders.filter { account(ofARN: $0) == ceiling.target?.id }
    case .unit:
      let unit = ceiling.target?.id ?? ""
      guard let accounts = tree.accounts(in: unit) else {
        return note(
          ceiling.position,
          "the policy \(quoted(ceiling.policy)) hangs on the unit \(quoted(unit)), and nothing "
            + "says which accounts are in it", "not weighed")
      }
      reached = holders.filter { account(ofARN: $0).map(accounts.contains) == true }
    case nil:
      note(
        ceiling.position, "nothing says what the policy \(quoted(ceiling.policy)) hangs on",
        "taken to bound every account of the input")
      reached = holders
    }
    for agent in reached where !isExempt(agent) {
      for grant in ceiling.grants {
        var statement = statement(
          grant, of: agent, policy: "organisation's policy \(ceiling.policy)", ceiling.position)
        statement.layer = .organisation
        statement.tier = ceiling.target.map { "\($0.kind.rawValue) \($0.id)" }
        statements.append(statement)
      }
    }
  }

  /// Neither the account that manages an organisation is bound by its policies, nor a role that AWS
  /// made for one of its services.
  private func isExempt(_ agent: String) -> Bool {
    agent.contains(":role/aws-service-role/")
      || account(ofARN: agent).map(tree.managers.contains) == true
  }

  /// Whether an identity's account is below a root, as far as the lists say: one that they leave out
  /// is taken to be.
  private func isBelow(root: String, _ agent: String) -> Bool {
    guard let accounts = tree.accounts(in: root), let account = account(ofARN: agent) else {
      return true
    }
    return accounts.contains(account) || !tree.placed.contains(account)
  }

  mutating func apply(_ grant: AccountPolicies.Grant) {
    switch grant.grant.effect {
    case .deny: deny(grant)
    case .allow: allow(grant)
    }
  }

  private mutating func deny(_ grant: AccountPolicies.Grant) {
    // Refusing what is not encrypted on its way binds nobody who encrypts it, as every client does.
    if grant.grant.condition == #"{"Bool":{"aws:SecureTransport":"false"}}"# { return }
    let reached = holders.filter { agent in
      switch grant.principal {
      case .everybody: return true
      case .account(let id): return account(ofARN: agent) == id
      case .identity(let id): return agent == id
      case .others(let exempt): return !exempt.contains(agent)
      }
    }
    for agent in reached { append(grant, to: agent, layer: .identity, account: nil) }
  }

  private mutating func allow(_ grant: AccountPolicies.Grant) {
    let own = grant.grant.resources.compactMap { account(ofARN: $0) }.first ?? onlyAccount
    switch grant.principal {
    case .account: break
    case .everybody, .others:
      let exempt: [String]
      if case .others(let names) = grant.principal { exempt = names } else { exempt = [] }
      for agent in holders where !exempt.contains(agent) {
        guard own == nil || account(ofARN: agent) == own else { continue }
        append(grant, to: agent, layer: .identity, account: own)
      }
    case .identity(let id):
      guard AccountReach.isIdentity(id) else { return }
      if let own, account(ofARN: id) != own {
        guard !known.contains(id) else { return }
        return note(
          grant.position,
          "\(quoted(grant.policy)) lets in \(quoted(id)) of another account",
          "what that account allows it is not in the input")
      }
      // A boundary bounds what a role is granted by name, and not what a user is.
      append(grant, to: id, layer: id.contains(":role/") ? .identity : .resource, account: own)
    }
  }

  /// - Parameter account: The resource's account, where it is known.
  private mutating func append(
    _ grant: AccountPolicies.Grant, to agent: String, layer: StatementLayer, account own: String?
  ) {
    var statement = statement(grant.grant, of: agent, policy: grant.policy, grant.position)
    statement.layer = layer
    statement.isOfResource = true
    if grant.grant.effect == .allow, own == nil, let account = account(ofARN: agent) {
      let place = "the resource lies in the account \(account)"
      statement.condition = statement.condition.map { "\($0), and \(place)" } ?? place
    }
    statements.append(statement)
  }

  private func statement(
    _ grant: PolicyGrant, of agent: String, policy: String, _ position: SourcePosition
  ) -> Statement {
    var statement = Statement(
      agent: agent, effect: grant.effect, origin: Origin(policy: policy, statement: grant.name),
      position: position)
    statement.platform = "aws"
    statement.actions = grant.actions
    statement.notActions = grant.notActions
    statement.resources = grant.resources
    statement.notResources = grant.notResources
    statement.condition = grant.condition
    return statement
  }

  private mutating func note(
    _ position: SourcePosition, _ reason: String, _ consequence: String
  ) {
    let file = Int(position.file)
    problems.append(
      Problem(
        file: files.indices.contains(file) ? files[file].path : "", line: Int(position.line),
        reason: reason, consequence: consequence))
  }

  private static func isIdentity(_ id: String) -> Bool {
    id.hasPrefix("arn:") && id.contains(":iam::")
      && (id.contains(":user/") || id.contains(":role/"))
  }
}
