internal import Model

/// Replays the window against proposed privileges.
///
/// What an agent would hold is resolved anew from the proposed statements, and every action that the
/// log shows as allowed is looked up in it; nothing of the way in which the proposal was made is used.
struct ReplayMaker {
  let input: ReviewInput
  let agents: [Agent]
  /// What agents hold now, as `agents`.
  let held: [AgentPrivileges]
  let catalogue: ActionCatalogue
  /// Makes privileges of statements.
  var maker: PrivilegeMaker

  /// What agents would hold with some statements in place of those of their identity; nil leaves an
  /// agent as it is.
  mutating func privileges(with proposed: [[Statement]?]) -> [AgentPrivileges] {
    var all = held
    for (number, statements) in proposed.enumerated() {
      guard let statements else { continue }
      let others = held[number].statements.filter { $0.layer != .identity && !$0.isOfResource }
      let whole = statements + others
      all[number] = maker.privileges(of: agents[number].id, statements: whole[...])
    }
    return all
  }

  /// What agents would hold when some actions are denied to them.
  mutating func privileges(denying members: [HeldAction]) -> [AgentPrivileges] {
    var denied: [Int: [Statement]] = [:]
    for member in members {
      let block = held[member.agent].blocks[member.block]
      var statement = Statement(
        agent: agents[member.agent].id, effect: .deny,
        origin: Origin(policy: "cut set", statement: nil),
        position: SourcePosition(file: 0, line: 0))
      statement.actions = [catalogue.names[member.action]]
      statement.resources = block.scope.patterns
      denied[member.agent, default: []].append(statement)
    }
    var proposed: [[Statement]?] = Array(repeating: nil, count: agents.count)
    for (agent, statements) in denied {
      proposed[agent] =
        held[agent].statements.filter { $0.layer == .identity || $0.isOfResource }
        + ReplayMaker.joined(statements)
    }
    return privileges(with: proposed)
  }

  /// Denies of the same resources as one statement.
  private static func joined(_ statements: [Statement]) -> [Statement] {
    var joined: [[String]: Statement] = [:]
    for statement in statements {
      var whole = joined[statement.resources] ?? statement
      if joined[statement.resources] != nil { whole.actions += statement.actions }
      joined[statement.resources] = whole
    }
    return joined.values.sorted { $0.resources.lexicographicallyPrecedes($1.resources) }
  }

  /// Allowed uses of what agents hold now.
  var uses: Int {
    held.reduce(0) { sum, own in own.uses.values.reduce(sum) { $0 + $1.count } }
  }

  /// What was used and would not have been allowed, by agent and action.
  func denied(by after: [AgentPrivileges]) -> [DeniedUse] {
    var denied: [DeniedUse] = []
    for (number, before) in held.enumerated() {
      for action in before.uses.keys.sorted(by: { catalogue.names[$0] < catalogue.names[$1] }) {
        guard let use = before.uses[action], let block = before.block(of: action) else { continue }
        let old = before.blocks[block].scope
        let new = after[number].block(of: action).map { after[number].blocks[$0].scope }
        let resources = refused(use, old, new)
        if let new, resources.isEmpty, !isUnnamedRefused(use, old, new) { continue }
        denied.append(
          DeniedUse(
            agent: agents[number].id, owner: agents[number].owner,
            action: catalogue.names[action], resources: resources, uses: use.count,
            tasks: tasks(of: agents[number].id, action)))
      }
    }
    return denied.sorted { ($0.agent, $0.action) < ($1.agent, $1.action) }
  }

  /// Named resources that the old scope held and the new one does not; none where all are gone.
  private func refused(
    _ use: ActionUse, _ old: ResourceScope, _ new: ResourceScope?
  ) -> [String] {
    guard let new else { return [] }
    return use.resources.items.map { input.symbols.text($0.symbol) }
      .filter { old.holds($0) && !new.holds($0) }.sorted()
  }

  /// Whether uses of which the log does not say on what may have been refused.
  private func isUnnamedRefused(
    _ use: ActionUse, _ old: ResourceScope, _ new: ResourceScope
  ) -> Bool {
    guard use.unnamed > 0 || use.resources.count >= HeldPrivilege.observedResourcesMax else {
      return false
    }
    return !old.patterns.allSatisfy { pattern in
      let glob = Glob(pattern)
      return new.patterns.contains { Glob($0).covers(glob) }
    }
  }

  private func tasks(of agent: String, _ action: Int) -> [String] {
    guard let symbol = input.symbols.lookup(agent) else { return [] }
    var tasks: Set<String> = []
    for event in input.table.events where event.agent == symbol && event.outcome == .allowed {
      let name = input.symbols.text(event.action)
      if catalogue.knownNumber(of: name) == action { tasks.insert(input.symbols.text(event.work)) }
    }
    return Array(tasks.sorted().prefix(DeniedUse.tasksMax))
  }
}

extension ResourceScope {
  /// Whether it includes a named resource.
  func holds(_ resource: String) -> Bool {
    patterns.contains { Glob($0).matches(resource) }
      && !except.contains { Glob($0).matches(resource) }
      && limits.allSatisfy { Glob($0).matches(resource) }
  }
}
