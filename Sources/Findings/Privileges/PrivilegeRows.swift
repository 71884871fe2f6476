internal import Model

/// Actions that stand in one row: one action, or several that were never used.
struct PrivilegeUnit {
  var usage: HeldPrivilege.Usage
  /// The action that names class and level, and its block: the most hazardous, the first among
  /// equals.
  private(set) var leading: Int
  private(set) var block: Int
  /// Of several actions all, by block; empty for one action, the usual case, which needs no list.
  private var several: [Part] = []

  /// Actions of one block.
  struct Part {
    var block: Int
    var actions: [Int]
  }

  /// One action of a block.
  init(_ action: Int, block: Int, usage: HeldPrivilege.Usage) {
    self.usage = usage
    leading = action
    self.block = block
  }

  /// The blocks that hold its actions, rising, each with its actions of the row, rising.
  var parts: [Part] { several.isEmpty ? [Part(block: block, actions: [leading])] : several }

  /// How many actions it stands for.
  var count: Int { several.isEmpty ? 1 : several.reduce(0) { $0 + $1.actions.count } }

  /// Takes a further action; those of one block come one after the other.
  mutating func add(_ action: Int, block: Int, _ catalogue: ActionCatalogue) {
    if several.isEmpty { several = parts }
    if several[several.count - 1].block == block {
      several[several.count - 1].actions.append(action)
    } else {
      several.append(Part(block: block, actions: [action]))
    }
    if catalogue.hazard(of: action) > catalogue.hazard(of: leading) {
      leading = action
      self.block = block
    }
  }
}

/// Lays out what an agent holds in rows that a person can read.
///
/// What is held: an agent with up to `singlyMax` privileges has one row each. Beyond that, unused
/// actions of one block are taken together by service and class; and when that is still more than
/// `rowsMax` rows (an administrator holds over 400 services) by class alone. What could be taken
/// away has fewer rows: see `removable`. Used actions always stand alone.
struct PrivilegeRows {
  let catalogue: ActionCatalogue
  let scoring: Scoring
  let symbols: Symbols
  /// The most rows of one agent on what it never used: its share of what somebody can read.
  let removableMax: Int
  /// The place of each action's name among all names, in their order.
  let nameRanks: [Int32]
  /// What groups of privileges call services.
  let services: GroupServices

  static let singlyMax = 150
  static let rowsMax = 300
  /// Rows of the clean-up list on what was never used, over all agents, that are worth writing down.
  private static let removableOfAllMax = 50_000

  init(catalogue: ActionCatalogue, scoring: Scoring, symbols: Symbols, agents: Int) {
    self.catalogue = catalogue
    self.scoring = scoring
    self.symbols = symbols
    removableMax = min(
      PrivilegeRows.rowsMax, max(5, PrivilegeRows.removableOfAllMax / max(1, agents)))
    let names = catalogue.names
    var ranks = [Int32](repeating: 0, count: names.count)
    for (rank, action) in names.indices.sorted(by: { names[$0] < names[$1] }).enumerated() {
      ranks[action] = Int32(truncatingIfNeeded: rank)
    }
    nameRanks = ranks
    services = GroupServices(names)
  }

  /// What makes unused actions one row.
  private struct Group: Hashable {
    var block = -1
    var service: Int32 = -1
    var hazardClass = -1
    var isVisible = true
    /// See `AgentPrivileges.originNumbers`.
    var origin: Int32 = -1
  }

  /// The rows of what is held, in order of block and action.
  func held(_ privileges: AgentPrivileges) -> [PrivilegeUnit] {
    let (units, unused) = split(privileges)
    if privileges.held <= PrivilegeRows.singlyMax { return units + unused }
    // A block of one action has nothing to be taken together with.
    let alone = unused.filter { privileges.blocks[$0.block].actions.count == 1 }
    let others = unused.filter { privileges.blocks[$0.block].actions.count > 1 }
    func groups(byService: Bool) -> [PrivilegeUnit] {
      joined(others) { unit in
        Group(
          block: unit.block, service: byService ? catalogue.services[unit.leading] : -1,
          hazardClass: catalogue.classes[unit.leading], isVisible: unit.usage == .unused)
      }
    }
    var rows = groups(byService: true)
    if alone.count + rows.count > PrivilegeRows.rowsMax { rows = groups(byService: false) }
    return units + alone + rows
  }

  /// The rows of what could be taken away.
  ///
  /// Where the log could not have shown use, there is nothing to do but to switch the log on: one
  /// row for each statement. What was never used stands action by action; where that is more than
  /// `singlyMax` or the agent's share, by service of what the same statements grant; where that is
  /// more than its share, by block; then by statement, and at last all of it in one row.
  func removable(_ privileges: AgentPrivileges) -> [PrivilegeUnit] {
    let (used, unused) = split(privileges)
    let visible = unused.filter { $0.usage == .unused }
    var rows = visible
    if privileges.held > PrivilegeRows.singlyMax || rows.count > removableMax {
      if PrivilegeRows.blockCount(of: visible) > removableMax {
        rows = joined(visible) { Group(origin: privileges.originNumbers[$0.block]) }
        if rows.count > removableMax { rows = joined(visible) { _ in Group() } }
      } else {
        rows = joined(visible) { Group(block: $0.block, service: catalogue.services[$0.leading]) }
        if rows.count > removableMax { rows = joined(visible) { Group(block: $0.block) } }
      }
    }
    let blind = unused.filter { $0.usage == .cannotBeSeen }
    func why(_ unit: PrivilegeUnit, _ origin: Int32) -> Group {
      let spot = privileges.blindSpots.firstIndex { $0.covers(unit.leading, catalogue) }
      return Group(hazardClass: spot ?? -1, origin: origin)
    }
    var thin = joined(blind) { why($0, privileges.originNumbers[$0.block]) }
    if thin.count > removableMax { thin = joined(blind) { why($0, -1) } }
    return used + rows + thin
  }

  /// In how many blocks units of one action each lie; those of one block come one after the other.
  private static func blockCount(of units: [PrivilegeUnit]) -> Int {
    var count = 0
    var last = -1
    for unit in units where unit.block != last {
      last = unit.block
      count += 1
    }
    return count
  }

  /// One unit for each action: those that were used, and the others.
  private func split(
    _ privileges: AgentPrivileges
  ) -> (used: [PrivilegeUnit], unused: [PrivilegeUnit]) {
    var used: [PrivilegeUnit] = []
    var unused: [PrivilegeUnit] = []
    unused.reserveCapacity(privileges.held)
    for number in privileges.blocks.indices {
      for action in privileges.blocks[number].actions {
        let usage = privileges.usage(of: action, catalogue)
        let unit = PrivilegeUnit(action, block: number, usage: usage)
        if privileges.uses[action] != nil { used.append(unit) } else { unused.append(unit) }
      }
    }
    return (used, unused)
  }

  /// Units of one action each, joined by what they have in common, in order of their first.
  private func joined(
    _ units: [PrivilegeUnit], by group: (PrivilegeUnit) -> Group
  ) -> [PrivilegeUnit] {
    var places: [Group: Int] = [:]
    var rows: [PrivilegeUnit] = []
    for unit in units {
      let key = group(unit)
      if let place = places[key] {
        rows[place].add(unit.leading, block: unit.block, catalogue)
      } else {
        places[key] = rows.count
        rows.append(unit)
      }
    }
    return rows
  }

  /// The action's name, or the service with how many actions of it.
  func text(_ unit: PrivilegeUnit) -> String {
    let count = unit.count
    guard count > 1 else { return catalogue.names[unit.leading] }
    var services: Set<Int32> = []
    for part in unit.parts {
      for action in part.actions { services.insert(catalogue.services[action]) }
    }
    if services.count > 1 {
      return "* (\(grouped(count)) actions of \(services.count) services)"
    }
    let service = catalogue.service(of: unit.leading)
    return (service.isEmpty ? "*" : "\(service):*") + " (\(grouped(count)) actions)"
  }

  /// The most actions of one row that are named one by one.
  private static let namedMax = 60

  /// What a row of several actions is about: their names, or a wildcard where a service has too
  /// many; empty for a single action.
  func patterns(of unit: PrivilegeUnit) -> [String] {
    guard unit.count > 1 else { return [] }
    let actions = unit.parts.flatMap(\.actions)
    let services = Set(actions.map { catalogue.service(of: $0) })
    guard actions.count > PrivilegeRows.namedMax, !services.contains("") else {
      return actions.map { catalogue.names[$0] }.sorted()
    }
    return services.count > 1 ? ["*"] : services.map { "\($0):*" }
  }

  /// The used actions under wildcards, sorted.
  func used(under patterns: [String], _ privileges: AgentPrivileges) -> [String] {
    let globs = patterns.filter { $0.hasSuffix("*") }.map { Glob($0.lowercased()) }
    guard !globs.isEmpty else { return [] }
    return privileges.uses.keys.filter { action in
      globs.contains { $0.matches(catalogue.folded[action]) }
    }.map { catalogue.names[$0] }.sorted()
  }

  /// Capability words of some actions, sorted.
  func capabilities(of actions: some Sequence<Int>) -> [String] {
    var words: Set<String> = []
    for action in actions { words.formUnion(catalogue.meanings[action].capabilities) }
    return words.sorted()
  }

  /// Capability words of a row, sorted.
  func capabilities(of unit: PrivilegeUnit) -> [String] {
    unit.count == 1
      ? catalogue.meanings[unit.leading].capabilities
      : capabilities(of: unit.parts.lazy.flatMap(\.actions))
  }

  /// The resources on which an action was used, sorted.
  func observed(_ use: ActionUse?) -> [String] {
    guard let use else { return [] }
    return use.resources.items.map { symbols.text($0.symbol) }.sorted()
  }

  /// Units by falling hazard x unused reach, then action, then resources.
  func ordered(_ privileges: AgentPrivileges) -> [PrivilegeUnit] {
    let units = held(privileges)
    let weights = units.map { weight(of: $0, privileges) }
    // Most units are one action, whose name has its place among all names.
    let texts = units.map { $0.count > 1 ? text($0) : "" }
    func name(_ place: Int) -> String {
      texts[place].isEmpty ? catalogue.names[units[place].leading] : texts[place]
    }
    var order = Array(units.indices)
    order.sort { left, right in
      if weights[left] != weights[right] { return weights[left] > weights[right] }
      let (one, other) = (units[left], units[right])
      if texts[left].isEmpty, texts[right].isEmpty, one.leading != other.leading {
        return nameRanks[one.leading] < nameRanks[other.leading]
      }
      let (first, second) = (name(left), name(right))
      if first != second { return first < second }
      return privileges.blocks[one.block].scope.patterns
        .lexicographicallyPrecedes(privileges.blocks[other.block].scope.patterns)
    }
    return order.map { units[$0] }
  }

  /// Hazard x unused reach of a row's most hazardous action.
  func weight(of unit: PrivilegeUnit, _ privileges: AgentPrivileges) -> Double {
    catalogue.hazard(of: unit.leading)
      * privileges.unusedReach(of: unit.leading, block: unit.block)
  }

  /// One row of what an agent holds.
  func row(
    _ privileges: AgentPrivileges, _ unit: PrivilegeUnit, advice: CleanupRow.Advice?
  ) -> HeldPrivilege {
    let block = privileges.blocks[unit.block]
    let meaning = catalogue.meanings[unit.leading]
    let use = privileges.uses[unit.leading]
    return HeldPrivilege(
      action: text(unit), actions: unit.count, resources: block.scope.patterns,
      except: block.scope.except, limits: block.scope.limits, level: meaning.level,
      capabilities: capabilities(of: unit), meaningOrigin: meaning.origin,
      origin: privileges.origin(of: unit.block) ?? Origin(policy: "", statement: nil),
      position: privileges.position(of: unit.block) ?? SourcePosition(file: 0, line: 0),
      grants: block.grants.count,
      condition: block.condition, usage: unit.usage, uses: use?.count ?? 0, lastUse: use?.last,
      observedResources: observed(use), reach: privileges.reaches[unit.block],
      unusedReach: privileges.unusedReach(of: unit.leading, block: unit.block), advice: advice)
  }
}
