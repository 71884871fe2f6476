internal import Model

/// Privileges as a person takes them away: an action, or a wildcard, of certain statements on one
/// scope, from every agent that holds it by them and does not use it.
struct CutPrivileges {
  /// One such privilege.
  struct Unit {
    let key: Key
    /// All that goes with it, of all agents.
    let members: [HeldAction]
    /// Agents that lose it, rising, and those that keep it.
    let holders: [Int]
    let keepers: [Int]
    let isNarrowing: Bool
  }

  struct Key: Hashable {
    /// The action without case, or the wildcard as written.
    var action: String
    var patterns: [String]
    var except: [String]
    var limits: [String]
    var origins: [String]
  }

  let agents: [Agent]
  let privileges: [AgentPrivileges]
  let catalogue: ActionCatalogue
  private(set) var units: [Unit] = []
  private var numbers: [Key: Int] = [:]
  /// All blocks by a digest of the statements that grant them; empty until the first unit is made.
  private var granted: [Int: [(agent: Int32, block: Int32)]] = [:]

  init(agents: [Agent], privileges: [AgentPrivileges], catalogue: ActionCatalogue) {
    self.agents = agents
    self.privileges = privileges
    self.catalogue = catalogue
  }

  /// Whether taking an action from an agent is known to break nothing that was observed.
  func isRemovable(_ held: HeldAction) -> Bool {
    let own = privileges[held.agent]
    return own.uses[held.action] == nil && own.isVisible(held.action, catalogue)
      && !agents[held.agent].isServiceLinked
  }

  /// The number of the unit that a privilege goes with; nil when it cannot go.
  mutating func unit(of held: HeldAction) -> Int? {
    guard isRemovable(held) else { return nil }
    let key = key(of: held)
    if let known = numbers[key] { return known }
    numbers[key] = units.count
    if granted.isEmpty { indexGrants() }
    units.append(make(key, held))
    return units.count - 1
  }

  private func key(of held: HeldAction) -> Key {
    let own = privileges[held.agent]
    let scope = own.blocks[held.block].scope
    return Key(
      action: written(catalogue.folded[held.action], held.agent, held.block),
      patterns: scope.patterns, except: scope.except, limits: scope.limits,
      origins: origins(held.agent, held.block))
  }

  private func origins(_ agent: Int, _ block: Int) -> [String] {
    let own = privileges[agent]
    return Set(own.blocks[block].grants.map { own.statement($0).origin.text }).sorted()
  }

  /// How the grants of a block write an action, given without case. Several statements that write
  /// it differently are edited one by one: it goes by its own name.
  private func written(_ folded: String, _ agent: Int, _ block: Int) -> String {
    let own = privileges[agent]
    var written: String?
    for grant in own.blocks[block].grants {
      let pattern = own.statement(grant).pattern(for: folded)
      if let known = written, known != pattern { return folded }
      written = pattern
    }
    return written ?? folded
  }

  private mutating func indexGrants() {
    for (agent, own) in privileges.enumerated() {
      for block in own.blocks.indices {
        granted[digest(agent, block), default: []].append((Int32(agent), Int32(block)))
      }
    }
  }

  /// The same for blocks that statements of equal names grant.
  private func digest(_ agent: Int, _ block: Int) -> Int {
    let own = privileges[agent]
    let grants = own.blocks[block].grants
    guard grants.count > 1 else {
      return grants.first.map { own.statement($0).origin.text.hashValue } ?? 0
    }
    return Set(grants.map { own.statement($0).origin.text }).reduce(0) { $0 ^ $1.hashValue }
  }

  /// Everybody who holds the same by the same statements.
  private func make(_ key: Key, _ held: HeldAction) -> Unit {
    let isWildcard = key.action != catalogue.folded[held.action]
    var members: [HeldAction] = []
    var holders: [Int] = []
    var keepers: [Int] = []
    var isNarrowing = false
    var last = -1
    var before = 0
    var stays = 0
    func close() {
      guard last >= 0 else { return }
      let goes = members.count - before
      if goes > 0 { holders.append(last) } else if stays > 0 { keepers.append(last) }
      if goes > 0, stays > 0 { isNarrowing = true }
    }
    // In order of agents and blocks, as they were indexed.
    for place in granted[digest(held.agent, held.block)] ?? [] {
      let (agent, number) = (Int(place.agent), Int(place.block))
      let block = privileges[agent].blocks[number]
      if !isWildcard, !block.contains(held.action) { continue }
      guard
        block.scope.patterns == key.patterns, block.scope.except == key.except,
        block.scope.limits == key.limits, origins(agent, number) == key.origins
      else { continue }
      if agent != last {
        close()
        (last, before, stays) = (agent, members.count, 0)
      }
      for action in isWildcard ? block.actions : [held.action] {
        guard written(catalogue.folded[action], agent, number) == key.action else { continue }
        let other = HeldAction(agent: agent, block: number, action: action)
        if isRemovable(other) { members.append(other) } else { stays += 1 }
      }
    }
    close()
    return Unit(
      key: key, members: members, holders: holders, keepers: keepers, isNarrowing: isNarrowing)
  }
}

extension Statement {
  /// How it writes an action, given without case: the action itself, else its longest wildcard for
  /// it, else `all but` what it leaves out.
  func pattern(for folded: String) -> String {
    guard notActions.isEmpty else { return "all but \(listed(notActions.sorted(), max: 3))" }
    var longest: String?
    for pattern in actions {
      let own = pattern.lowercased()
      if own == folded { return folded }
      guard own.utf8.count > longest?.utf8.count ?? -1, Glob(own).matches(folded) else { continue }
      longest = pattern
    }
    return longest ?? folded
  }
}
