internal import Model

/// Actions of one block that stand in one row: one used action, or unused ones granted alike.
struct PrivilegeUnit {
  var block: Int
  /// Action numbers, rising; the first is the only one when it was used.
  var actions: [Int]
  var usage: HeldPrivilege.Usage
  /// The action that names class and level: the most hazardous, the first by number among equals.
  var leading: Int
  /// The action's name, or the service with how many actions of it.
  var text: String
  var unusedReach: Double
}

/// Lays out what an agent holds in rows that a person can read.
///
/// An agent with up to `singlyMax` privileges has one row each. Beyond that, unused actions of one
/// block are taken together by service and class; and when that is still more than `rowsMax` rows
/// (an administrator holds over 400 services) by class alone. Used actions always stand alone.
struct PrivilegeRows {
  let catalogue: ActionCatalogue
  let scoring: Scoring
  let symbols: Symbols

  static let singlyMax = 150
  static let rowsMax = 300

  /// How finely rows of unused actions are cut.
  enum Grain {
    /// By service and class: what is held.
    case held
    /// By service: what could be taken away.
    case removable
  }

  /// All units of an agent, in order of block, service, class, action.
  func units(_ privileges: AgentPrivileges, grain: Grain) -> [PrivilegeUnit] {
    var units: [PrivilegeUnit] = []
    let isSingle = privileges.held <= PrivilegeRows.singlyMax
    for block in privileges.blocks.indices {
      let actions = privileges.blocks[block].actions
      for action in actions where isSingle || privileges.uses[action] != nil {
        units.append(unit(privileges, block: block, actions: [action]))
      }
    }
    if isSingle { return units }
    var groups = self.groups(privileges) { action in
      let service = catalogue.service(of: action)
      return grain == .held ? "\(service) \(catalogue.classes[action])" : service
    }
    if groups.count > PrivilegeRows.rowsMax {
      groups = self.groups(privileges) { action in
        grain == .held ? "\(catalogue.classes[action])" : ""
      }
    }
    return units + groups
  }

  private func groups(
    _ privileges: AgentPrivileges, by key: (Int) -> String
  ) -> [PrivilegeUnit] {
    var units: [PrivilegeUnit] = []
    for block in privileges.blocks.indices {
      var groups: [String: [Int]] = [:]
      for action in privileges.blocks[block].actions where privileges.uses[action] == nil {
        let isVisible = privileges.isVisible(catalogue.folded[action])
        groups["\(key(action)) \(isVisible)", default: []].append(action)
      }
      for name in groups.keys.sorted() {
        units.append(unit(privileges, block: block, actions: groups[name] ?? []))
      }
    }
    return units
  }

  private func unit(
    _ privileges: AgentPrivileges, block: Int, actions: [Int]
  ) -> PrivilegeUnit {
    var leading = actions.first ?? 0
    for action in actions where catalogue.hazard(of: action) > catalogue.hazard(of: leading) {
      leading = action
    }
    return PrivilegeUnit(
      block: block, actions: actions,
      usage: privileges.usage(of: leading, folded: catalogue.folded[leading]), leading: leading,
      text: text(actions), unusedReach: privileges.unusedReach(of: leading, block: block))
  }

  private func text(_ actions: [Int]) -> String {
    guard let first = actions.first, actions.count > 1 else {
      return actions.first.map { catalogue.names[$0] } ?? ""
    }
    let services = Set(actions.map { catalogue.service(of: $0) })
    if services.count > 1 {
      return "* (\(grouped(actions.count)) actions of \(services.count) services)"
    }
    let service = catalogue.service(of: first)
    return (service.isEmpty ? "*" : "\(service):*") + " (\(grouped(actions.count)) actions)"
  }

  /// The most actions of one row that are named one by one.
  private static let namedMax = 60

  /// What a row of several actions is about: their names, or a wildcard where a service has too
  /// many; empty for a single action.
  func patterns(of unit: PrivilegeUnit) -> [String] {
    guard unit.actions.count > 1 else { return [] }
    let services = Set(unit.actions.map { catalogue.service(of: $0) })
    guard unit.actions.count > PrivilegeRows.namedMax, !services.contains("") else {
      return unit.actions.map { catalogue.names[$0] }.sorted()
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
  func capabilities(of actions: [Int]) -> [String] {
    var words: Set<String> = []
    for action in actions { words.formUnion(catalogue.meanings[action].capabilities) }
    return words.sorted()
  }

  /// The resources on which an action was used, sorted.
  func observed(_ use: ActionUse?) -> [String] {
    (use?.resources.items ?? []).map { symbols.text($0.symbol) }.sorted()
  }

  /// What an agent holds, by falling hazard x unused reach, then action, then resources.
  func held(_ privileges: AgentPrivileges) -> [HeldPrivilege] {
    let rows = units(privileges, grain: .held).map { unit in
      (weight: catalogue.hazard(of: unit.leading) * unit.unusedReach, row: row(privileges, unit))
    }
    return rows.sorted { left, right in
      if left.weight != right.weight { return left.weight > right.weight }
      if left.row.action != right.row.action { return left.row.action < right.row.action }
      return left.row.resources.lexicographicallyPrecedes(right.row.resources)
    }.map(\.row)
  }

  private func row(_ privileges: AgentPrivileges, _ unit: PrivilegeUnit) -> HeldPrivilege {
    let block = privileges.blocks[unit.block]
    let meaning = catalogue.meanings[unit.leading]
    let use = privileges.uses[unit.leading]
    let origin = privileges.origin(of: unit.block)
    return HeldPrivilege(
      action: unit.text, actions: unit.actions.count, resources: block.scope.patterns,
      except: block.scope.except, limits: block.scope.limits, level: meaning.level,
      capabilities: capabilities(of: unit.actions), meaningOrigin: meaning.origin,
      origin: origin?.origin ?? Origin(policy: "", statement: nil),
      position: origin?.position ?? SourcePosition(file: 0, line: 0), grants: block.grants.count,
      condition: block.condition, usage: unit.usage, uses: use?.count ?? 0, lastUse: use?.last,
      observedResources: observed(use), reach: privileges.reaches[unit.block],
      unusedReach: unit.unusedReach)
  }
}
