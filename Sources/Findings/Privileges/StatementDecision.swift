internal import Model

extension Statement {
  /// Whether it bears on decisions as another does: who holds it and where it was read do not.
  func decidesAs(_ other: Statement) -> Bool {
    effect == other.effect && layer == other.layer && tier == other.tier
      && platform == other.platform
      && actions == other.actions && notActions == other.notActions
      && resources == other.resources && notResources == other.notResources
      && condition == other.condition
  }

  /// The resources that it speaks of.
  var regions: [Region] {
    Region.all(resources: resources, notResources: notResources, condition: condition)
  }

  /// Whether it gives something, and is no ceiling.
  var grants: Bool { effect == .allow && !isCeiling }

  /// Whether it bounds what others give.
  var isCeiling: Bool { layer == .boundary || layer == .organisation }

  /// Whether it grants an action by its whole name, given without case.
  func names(_ action: String) -> Bool {
    grants && actions.contains { $0.lowercased() == action }
  }

  /// Whether it may speak of what a statement of a platform names.
  func isOfOnePlatform(with other: String?) -> Bool {
    platform == nil || other == nil || platform == other
  }
}

/// Which statements speak of an action: those that name it are looked up, so that thousands of
/// statements of one tool each do not take the square of that. Statements go by their place.
struct Speakers {
  private var named: [String: [Int]] = [:]
  private var wildcards: [(statement: Int, glob: Glob)] = []
  /// Statements that speak of all actions but some.
  private var others: [(statement: Int, but: [Glob])] = []

  init(_ statements: ArraySlice<Statement>) {
    for (index, statement) in statements.enumerated() {
      guard statement.notActions.isEmpty else {
        others.append((index, statement.notActions.map { Glob($0.lowercased()) }))
        continue
      }
      for action in statement.actions.map({ $0.lowercased() }) {
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
    for (statement, glob) in wildcards where glob.matches(action) { speaking.insert(statement) }
    for (statement, but) in others where !but.contains(where: { $0.matches(action) }) {
      speaking.insert(statement)
    }
    return speaking.sorted()
  }
}

/// What was decided on actions of which the same statements speak.
struct Decision {
  var scope: ResourceScope
  var grants: [Int]
  var condition: String?
}

/// Decides for one agent.
struct Deciding {
  private let statements: ArraySlice<Statement>
  /// Whether anything bounds what is granted.
  private let hasCeilings: Bool
  /// The ceilings of the organisation: their order does not matter, all must allow.
  private let tiers: Set<String?>
  /// What each statement's resources come to, once somebody asked.
  private var regions: [[Region]?]

  init(_ statements: ArraySlice<Statement>) {
    self.statements = statements
    hasCeilings = statements.contains(where: \.isCeiling)
    tiers =
      hasCeilings ? Set(statements.lazy.filter { $0.layer == .organisation }.map(\.tier)) : []
    regions = Array(repeating: nil, count: statements.count)
  }

  private func statement(_ index: Int) -> Statement { statements[statements.startIndex + index] }

  private mutating func regions(of index: Int) -> [Region] {
    if let known = regions[index] { return known }
    let made = statement(index).regions
    regions[index] = made
    return made
  }

  /// The decision of some statements; nil when nothing is held.
  mutating func decision(_ speaking: [Int], _ scopes: inout ScopeCache) -> Decision? {
    if speaking.count == 1, !hasCeilings {
      // One grant alone, the usual case: nothing bounds it.
      let only = statement(speaking[0])
      guard only.grants else { return nil }
      guard let found = scopes.scope(of: only) else { return nil }
      return Decision(scope: found, grants: speaking, condition: only.condition)
    }
    let allowing = speaking.filter { statement($0).grants }
    var regions = granted(allowing, by: .identity)
    if !regions.isEmpty { bound(&regions, by: .boundary, nil, speaking, allowing) }
    regions += granted(allowing, by: .resource)
    for tier in tiers where !regions.isEmpty {
      bound(&regions, by: .organisation, tier, speaking, allowing)
    }
    guard !regions.isEmpty else { return nil }
    var unjudged: [String] = []
    for index in speaking where statement(index).effect == .deny {
      let deny = statement(index)
      if let condition = deny.condition {
        if Deciding.bears(self.regions(of: index), on: regions) {
          unjudged.append("not denied by \(condition)")
        }
      } else if deny.notResources.isEmpty {
        regions = Region.subtract(regions, self.regions(of: index).map(\.glob))
      } else {
        let kept = deny.notResources.map { Region(glob: Glob(Region.canonical($0))) }
        regions = Region.intersect(regions, with: kept)
      }
    }
    guard let result = Region.scope(of: regions) else { return nil }
    return Decision(
      scope: result.scope, grants: allowing,
      condition: ([result.condition].compactMap { $0 } + unjudged.sorted()).first)
  }

  private mutating func granted(_ allowing: [Int], by layer: StatementLayer) -> [Region] {
    allowing.filter { statement($0).layer == layer }.flatMap { regions(of: $0) }
  }

  private mutating func bound(
    _ regions: inout [Region], by layer: StatementLayer, _ tier: String?, _ speaking: [Int],
    _ allowing: [Int]
  ) {
    // INVARIANT: a ceiling that is present bounds every action, also those it does not speak of.
    guard hasCeilings, isPresent(layer, tier, over: allowing) else { return }
    let ceiling = speaking.filter {
      statement($0).layer == layer && statement($0).tier == tier && statement($0).effect == .allow
    }
    regions = Region.intersect(regions, with: ceiling.flatMap { self.regions(of: $0) })
  }

  /// An organisation that lists denies only lets the rest pass: the platform's own allow-all stands
  /// beside such a list and is often left out of an export. A boundary of denies allows nothing.
  private func isPresent(
    _ layer: StatementLayer, _ tier: String?, over allowing: [Int]
  ) -> Bool {
    statements.contains { other in
      guard other.layer == layer, other.tier == tier else { return false }
      guard layer == .boundary || other.effect == .allow else { return false }
      return allowing.contains { statement($0).isOfOnePlatform(with: other.platform) }
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

/// The scopes of statements that stand alone, by their resources: equal ones are one value.
struct ScopeCache {
  private var known: [String: ResourceScope] = [:]
  /// Names differ from statement to statement; beyond this nothing is gained by remembering.
  private static let knownMax = 20_000

  /// The scope of a statement; nil when it leaves nothing.
  mutating func scope(of statement: Statement) -> ResourceScope? {
    guard statement.notResources.isEmpty, statement.resources.count <= 1 else {
      return Region.scope(of: statement.regions)?.scope
    }
    let pattern = statement.resources.first ?? "*"
    if let scope = known[pattern] { return scope }
    let text = ScopeCache.isPlain(pattern) ? pattern : Glob(Region.canonical(pattern)).text
    let scope = ResourceScope(patterns: [text], granted: [text], except: [], limits: [])
    if known.count < ScopeCache.knownMax { known[pattern] = scope }
    return scope
  }

  /// Whether it is written as its canonical form is: no wildcard and no policy variable.
  private static func isPlain(_ pattern: String) -> Bool {
    !pattern.utf8.contains {
      $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "$")
    }
  }
}
