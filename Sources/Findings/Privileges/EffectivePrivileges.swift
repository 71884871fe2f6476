internal import Model

/// Actions that an agent holds for the same reasons: decided by the same statements, and so on the
/// same resources under the same conditions.
struct PrivilegeBlock: Sendable {
  /// Action numbers, rising.
  var actions: [Int]
  var scope: ResourceScope
  /// Indices, into the agent's statements, of those that allow it.
  var grants: [Int]
  /// The condition under which it holds, which could not be judged; nil when unconditional.
  var condition: String?
}

/// Works out what agents hold: allowed by an identity statement, denied by none, and allowed by
/// every other layer that the agent has.
///
/// Actions that the same statements speak of are decided together, and agents with equal lists of
/// statements share one answer, so that the cost follows the number of different statements.
struct PrivilegeResolver {
  var catalogue: ActionCatalogue
  private var shapes: [StatementShape: Int] = [:]
  private var reach: [StatementShape: ActionSet] = [:]
  private var answers: [[Int]: [PrivilegeBlock]] = [:]

  init(catalogue: ActionCatalogue) { self.catalogue = catalogue }

  /// What an agent holds by its statements, in their order; expired ones must be gone already.
  mutating func blocks(of statements: [Statement]) -> [PrivilegeBlock] {
    var key: [Int] = []
    for statement in statements { key.append(number(of: StatementShape(statement))) }
    if let known = answers[key] { return known }
    let blocks = resolve(statements.map { StatementShape($0) })
    answers[key] = blocks
    return blocks
  }

  private mutating func number(of shape: StatementShape) -> Int {
    if let known = shapes[shape] { return known }
    shapes[shape] = shapes.count
    return shapes.count - 1
  }

  private mutating func resolve(_ shapes: [StatementShape]) -> [PrivilegeBlock] {
    var partition = Partition(count: catalogue.catalogueCount)
    for (index, shape) in shapes.enumerated() {
      partition.refine(by: actionSet(of: shape), statement: index)
    }
    var members = partition.members()
    let speakers = Speakers(shapes)
    for action in namedActions(of: shapes) {
      let folded = catalogue.folded[action]
      let all = speakers.of(folded)
      let platforms = Set(all.filter { shapes[$0].names(folded) }.map { shapes[$0].platform })
      let speaking = all.filter { index in
        platforms.contains { shapes[index].isOfOnePlatform(with: $0) }
      }
      members[speaking, default: []].append(action)
    }
    let regionsOf = shapes.map(\.regions)
    let tiers = StatementShape.tiers(shapes)
    var blocks: [PrivilegeBlock] = []
    for speaking in members.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      guard let decision = Decision(speaking, of: shapes, regionsOf: regionsOf, tiers: tiers)
      else { continue }
      blocks.append(
        PrivilegeBlock(
          actions: (members[speaking] ?? []).sorted(), scope: decision.scope,
          grants: decision.grants, condition: decision.condition))
    }
    return blocks
  }

  /// The blocks' answer for one action that no catalogue has and no statement names: held, for
  /// example by `*`, only where the agent was seen to use it.
  mutating func decision(on action: Int, by statements: [Statement]) -> PrivilegeBlock? {
    let shapes = statements.map { StatementShape($0) }
    let speaking = Speakers(shapes).of(catalogue.folded[action])
    let decision = Decision(
      speaking, of: shapes, regionsOf: shapes.map(\.regions), tiers: StatementShape.tiers(shapes))
    guard let decision else { return nil }
    return PrivilegeBlock(
      actions: [action], scope: decision.scope, grants: decision.grants,
      condition: decision.condition)
  }

  /// Literal actions of identity grants that the catalogue lacks: tools, or actions newer than it.
  private mutating func namedActions(of shapes: [StatementShape]) -> [Int] {
    var actions: Set<Int> = []
    for shape in shapes where shape.grants {
      for action in shape.actions where !action.contains(where: { $0 == "*" || $0 == "?" }) {
        let number = catalogue.number(of: action)
        if number >= catalogue.catalogueCount { actions.insert(number) }
      }
    }
    return actions.sorted()
  }

  private mutating func actionSet(of shape: StatementShape) -> ActionSet {
    if let known = reach[shape] { return known }
    var set = ActionSet(count: catalogue.catalogueCount)
    if shape.notActions.isEmpty {
      for pattern in shape.actions { set.formUnion(catalogue.expand(pattern)) }
    } else {
      set = catalogue.expand("*")
      for pattern in shape.notActions { set.subtract(catalogue.expand(pattern)) }
    }
    if let platform = shape.platform {
      set.formIntersection(
        catalogue.platforms[platform] ?? ActionSet(count: catalogue.catalogueCount))
    }
    reach[shape] = set
    return set
  }
}

/// What of a statement bears on a decision: not who holds it, nor where it was read.
private struct StatementShape: Hashable {
  let effect: Effect
  let layer: StatementLayer
  let tier: String?
  let platform: String?
  let actions: [String]
  let notActions: [String]
  let resources: [String]
  let notResources: [String]
  let condition: String?

  init(_ statement: Statement) {
    effect = statement.effect
    layer = statement.layer
    tier = statement.tier
    platform = statement.platform
    actions = statement.actions
    notActions = statement.notActions
    resources = statement.resources
    notResources = statement.notResources
    condition = statement.condition
  }

  var regions: [Region] {
    Region.all(resources: resources, notResources: notResources, condition: condition)
  }

  /// Whether it gives something, and is no ceiling.
  var grants: Bool { effect == .allow && (layer == .identity || layer == .resource) }

  /// Whether it grants an action by its whole name, given without case.
  func names(_ action: String) -> Bool {
    grants && actions.contains { $0.lowercased() == action }
  }

  /// The ceilings of the organisation: their order does not matter, all must allow.
  static func tiers(_ shapes: [StatementShape]) -> Set<String?> {
    Set(shapes.lazy.filter { $0.layer == .organisation }.map(\.tier))
  }

  /// Whether it may speak of what a statement of a platform names.
  func isOfOnePlatform(with other: String?) -> Bool {
    platform == nil || other == nil || platform == other
  }
}

/// Which statements speak of an action: those that name it are looked up, so that thousands of
/// statements of one tool each do not take the square of that.
private struct Speakers {
  private var named: [String: [Int]] = [:]
  private var wildcards: [(shape: Int, glob: Glob)] = []
  /// Statements that speak of all actions but some.
  private var others: [(shape: Int, but: [Glob])] = []

  init(_ shapes: [StatementShape]) {
    for (index, shape) in shapes.enumerated() {
      guard shape.notActions.isEmpty else {
        others.append((index, shape.notActions.map { Glob($0.lowercased()) }))
        continue
      }
      for action in shape.actions.map({ $0.lowercased() }) {
        if action.contains(where: { $0 == "*" || $0 == "?" }) {
          wildcards.append((index, Glob(action)))
        } else {
          named[action, default: []].append(index)
        }
      }
    }
  }

  /// The statements that speak of an action, given without case, rising.
  func of(_ action: String) -> [Int] {
    var speaking = Set(named[action] ?? [])
    for (shape, glob) in wildcards where glob.matches(action) { speaking.insert(shape) }
    for (shape, but) in others where !but.contains(where: { $0.matches(action) }) {
      speaking.insert(shape)
    }
    return speaking.sorted()
  }
}

/// The decision for the actions of which the same statements speak.
private struct Decision {
  let scope: ResourceScope
  let grants: [Int]
  let condition: String?

  /// - Parameters:
  ///   - regionsOf: The regions of each shape.
  ///   - tiers: The organisation's ceilings.
  init?(
    _ speaking: [Int], of shapes: [StatementShape], regionsOf: [[Region]], tiers: Set<String?>
  ) {
    let allowing = speaking.filter { shapes[$0].grants }
    func granted(by layer: StatementLayer) -> [Region] {
      allowing.filter { shapes[$0].layer == layer }.flatMap { regionsOf[$0] }
    }
    func bound(_ regions: inout [Region], by layer: StatementLayer, _ tier: String?) {
      // INVARIANT: a ceiling that is present bounds every action, also those it does not speak of.
      guard Decision.isPresent(layer, tier, in: shapes, over: allowing) else { return }
      let ceiling = speaking.filter {
        shapes[$0].layer == layer && shapes[$0].tier == tier && shapes[$0].effect == .allow
      }
      regions = Region.intersect(regions, with: ceiling.flatMap { regionsOf[$0] })
    }
    var regions = granted(by: .identity)
    if !regions.isEmpty { bound(&regions, by: .boundary, nil) }
    regions += granted(by: .resource)
    for tier in tiers where !regions.isEmpty { bound(&regions, by: .organisation, tier) }
    guard !regions.isEmpty else { return nil }
    var unjudged: [String] = []
    for index in speaking where shapes[index].effect == .deny {
      let shape = shapes[index]
      if let condition = shape.condition {
        if Decision.bears(regionsOf[index], on: regions) {
          unjudged.append("not denied by \(condition)")
        }
      } else if shape.notResources.isEmpty {
        regions = Region.subtract(regions, regionsOf[index].map(\.glob))
      } else {
        let kept = shape.notResources.map { Region(glob: Glob(Region.canonical($0))) }
        regions = Region.intersect(regions, with: kept)
      }
    }
    guard let result = Region.scope(of: regions) else { return nil }
    scope = result.scope
    grants = allowing
    condition = ([result.condition].compactMap { $0 } + unjudged.sorted()).first
  }

  /// An organisation that lists denies only lets the rest pass: the platform's own allow-all stands
  /// beside such a list and is often left out of an export. A boundary of denies allows nothing.
  private static func isPresent(
    _ layer: StatementLayer, _ tier: String?, in shapes: [StatementShape], over allowing: [Int]
  ) -> Bool {
    shapes.indices.contains { index in
      guard shapes[index].layer == layer, shapes[index].tier == tier else { return false }
      guard layer == .boundary || shapes[index].effect == .allow else { return false }
      return allowing.contains { shapes[index].isOfOnePlatform(with: shapes[$0].platform) }
    }
  }

  private static func bears(_ deny: [Region], on regions: [Region]) -> Bool {
    deny.contains { denied in
      regions.contains { region in
        denied.glob.intersects(region.glob)
          && !denied.except.contains { $0.covers(region.glob) }
      }
    }
  }
}

/// Splits the catalogue into sets of actions of which exactly the same statements speak.
private struct Partition {
  private var labels: [Int32]
  private var statements: [[Int]] = [[]]

  init(count: Int) { labels = Array(repeating: 0, count: count) }

  mutating func refine(by set: ActionSet, statement: Int) {
    var renamed = [Int32](repeating: -1, count: statements.count)
    // Taken out, so that adding to it does not copy all of it.
    var statements = self.statements
    self.statements = []
    labels.withUnsafeMutableBufferPointer { labels in
      set.forEach { action in
        let old = Int(labels[action])
        if renamed[old] < 0 {
          renamed[old] = Int32(statements.count)
          statements.append(statements[old] + [statement])
        }
        labels[action] = renamed[old]
      }
    }
    self.statements = statements
  }

  /// The actions by the statements that speak of them; those of which none speaks are left out.
  func members() -> [[Int]: [Int]] {
    var byLabel = [[Int]](repeating: [], count: statements.count)
    for (action, label) in labels.enumerated() where label != 0 {
      byLabel[Int(label)].append(action)
    }
    var members: [[Int]: [Int]] = [:]
    for (label, actions) in byLabel.enumerated() where !actions.isEmpty {
      members[statements[label]] = actions
    }
    return members
  }
}
