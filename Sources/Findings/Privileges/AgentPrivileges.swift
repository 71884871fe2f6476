internal import Model

/// What one agent holds, laid beside what it did.
struct AgentPrivileges {
  /// Live statements, in the input's order; `PrivilegeBlock.grants` are places in these.
  let statements: ArraySlice<Statement>
  /// Statements that had ended before the review's end.
  let expiredStatements: Int
  /// What is held; each action is in one block.
  let blocks: [PrivilegeBlock]
  /// The held reach of each block.
  let reaches: [Double]
  /// For each block the place of the first statement, by position, that grants it; -1 for none.
  let firstGrants: [Int32]
  /// For each block a number that blocks of the same origin share.
  let originNumbers: [Int32]
  /// Uses of held actions, by action number.
  let uses: [Int: ActionUse]
  /// Unused reach of used actions, by action number.
  let unusedReachOfUsed: [Int: Double]
  /// Whether every action that some platform has is held on every resource.
  let isAdministrator: Bool
  let evidence: UsageEvidence
  /// What the logs could not have shown.
  let blindSpots: [EvidenceMaker.BlindSpot]

  /// Whether some source lists privileges of the agent at all.
  var isListed: Bool { !statements.isEmpty || expiredStatements > 0 }

  /// Actions held.
  var held: Int { blocks.reduce(0) { $0 + $1.actions.count } }

  /// Statements with a condition, or a deny under one, that could not be judged.
  var conditionalStatements: Int { statements.count { $0.condition != nil } }

  /// The block that holds an action.
  func block(of action: Int) -> Int? {
    blocks.firstIndex { $0.contains(action) }
  }

  /// A live statement by its place.
  func statement(_ place: Int) -> Statement { statements[statements.startIndex + place] }

  /// Where a block comes from: the first statement, by position, that grants it.
  func origin(of block: Int) -> Origin? {
    let place = Int(firstGrants[block])
    return place < 0 ? nil : statements[statements.startIndex + place].origin
  }

  /// Where the first statement that grants a block was read.
  func position(of block: Int) -> SourcePosition? {
    let place = Int(firstGrants[block])
    return place < 0 ? nil : statements[statements.startIndex + place].position
  }

  /// How an action of a block stands.
  func usage(of action: Int, _ catalogue: ActionCatalogue) -> HeldPrivilege.Usage {
    if uses[action] != nil {
      return (unusedReachOfUsed[action] ?? 0) > 0 ? .usedNarrower : .used
    }
    return isVisible(action, catalogue) ? .unused : .cannotBeSeen
  }

  /// Whether no use of an action means that it was not used.
  func isVisible(_ action: Int, _ catalogue: ActionCatalogue) -> Bool {
    evidence.isEnough && !blindSpots.contains { $0.covers(action, catalogue) }
  }

  /// Unused reach of an action of a block.
  func unusedReach(of action: Int, block: Int) -> Double {
    uses[action] == nil ? reaches[block] : unusedReachOfUsed[action] ?? 0
  }
}

/// Lays grants and activity of agents side by side.
struct PrivilegeMaker {
  var resolver: PrivilegeResolver
  var symbols: Symbols
  let scoring: Scoring
  let evidenceMaker: EvidenceMaker
  private let fileTypes: [String]
  private let bounds: ActivityTable.Bounds
  /// Uses that reports tell, by agent.
  private let reported: [String: [ReportedUse]]
  private var reachOfPattern: [String: Double] = [:]

  init(
    input: ReviewInput, scoring: Scoring, resolver: PrivilegeResolver, symbols: Symbols,
    usage: UsageTable
  ) {
    self.resolver = resolver
    self.symbols = symbols
    self.scoring = scoring
    evidenceMaker = EvidenceMaker(
      usage: usage, scoring: scoring, symbols: symbols, catalogue: resolver.catalogue)
    fileTypes = input.files.map { $0.type ?? "unknown" }
    bounds = input.activity.bounds
    reported = Dictionary(grouping: input.reportedUses, by: \.agent)
  }

  /// What an agent holds by its statements, at the review's end.
  mutating func privileges(
    of agent: String, statements: ArraySlice<Statement>
  ) -> AgentPrivileges {
    let live = live(statements)
    let activity = symbols.lookup(agent).flatMap { evidenceMaker.usage.activity(of: $0) }
    var blocks = resolver.blocks(of: live)
    var seen = uses(of: activity)
    for use in reported[agent] ?? [] { add(use, to: &seen) }
    var uses: [Int: ActionUse] = [:]
    var unusedReach: [Int: Double] = [:]
    let isAdministrator = isAdministrator(blocks)
    let wildcards = beyondCatalogue(seen, blocks: blocks, statements: live)
    blocks += wildcards
    let reaches = blocks.map { reach(of: $0.scope) }
    let types = grantTypes(of: statements)
    for (number, use) in seen {
      guard let block = blocks.firstIndex(where: { $0.contains(number) }) else { continue }
      uses[number] = use
      if wildcards.contains(where: { $0.contains(number) }) {
        unusedReach[number] = 0
      } else if resolver.catalogue.meanings[number].takesResource, use.unnamed == 0 {
        unusedReach[number] = max(0, reaches[block] - observedReach(use))
      }
    }
    let origins = Origins(of: blocks, live)
    return AgentPrivileges(
      statements: live, expiredStatements: statements.count - live.count, blocks: blocks,
      reaches: reaches, firstGrants: origins.first, originNumbers: origins.numbers, uses: uses,
      unusedReachOfUsed: unusedReach.filter { $0.value > 1e-9 },
      isAdministrator: isAdministrator,
      evidence: evidenceMaker.evidence(agent: agent, activity: activity, grantTypes: types),
      blindSpots: evidenceMaker.blindRules(
        activity: activity, grantTypes: types, realm: UsageTable.realm(of: agent)))
  }

  /// The statements that have not ended; the same storage where none has.
  private func live(_ statements: ArraySlice<Statement>) -> ArraySlice<Statement> {
    guard let end = evidenceMaker.usage.to else { return statements }
    func isLive(_ place: Int) -> Bool { statements[place].expires.map { end < $0 } ?? true }
    if statements.indices.allSatisfy(isLive) { return statements }
    return statements.indices.filter(isLive).map { statements[$0] }[...]
  }

  /// The types of the sources that grants were read from, sorted.
  private func grantTypes(of statements: ArraySlice<Statement>) -> [String] {
    var files: Set<Int32> = []
    var last: Int32 = -1
    for place in statements.indices where statements[place].position.file != last {
      last = statements[place].position.file
      files.insert(last)
    }
    return Set(files.map { type(of: $0) }).sorted()
  }

  private func type(of file: Int32) -> String {
    let file = Int(file)
    return fileTypes.indices.contains(file) ? fileTypes[file] : "unknown"
  }

  private mutating func reach(of scope: ResourceScope) -> Double {
    guard scope.granted.count == 1 else { return scoring.reach.reach(of: scope.granted) }
    if let known = reachOfPattern[scope.granted[0]] { return known }
    let reach = scoring.reach.reach(of: scope.granted)
    if reachOfPattern.count < PrivilegeMaker.patternsMax {
      reachOfPattern[scope.granted[0]] = reach
    }
    return reach
  }

  /// The most patterns whose reach is remembered: names differ from statement to statement.
  private static let patternsMax = 20_000

  /// Where the log does not say on what an action was used, nothing proves the grant too wide: its
  /// observed reach is never asked for.
  private func observedReach(_ use: ActionUse) -> Double {
    scoring.reach.reach(of: use.names.items.map { symbols.text($0.symbol) })
  }

  /// Allowed uses by action number: spellings that differ in case are one action.
  private mutating func uses(of activity: AgentUse?) -> [Int: ActionUse] {
    var uses: [Int: ActionUse] = [:]
    for (action, use) in activity?.actions ?? [] where use.count > 0 {
      let number = resolver.catalogue.number(of: symbols.text(action))
      if uses[number] == nil {
        uses[number] = use
      } else {
        uses[number]?.absorb(use, bounds, symbols) { $0 }
      }
    }
    return uses
  }

  /// Adds a use that only a report tells: in the window, and of what it does not say on what.
  private mutating func add(_ reported: ReportedUse, to uses: inout [Int: ActionUse]) {
    guard let last = reported.last, !reported.action.hasSuffix(":*") else { return }
    if let from = evidenceMaker.usage.from, last < from { return }
    if let to = evidenceMaker.usage.to, to < last { return }
    let number = resolver.catalogue.number(of: reported.action)
    guard uses[number] == nil else { return }
    var use = ActionUse()
    use.count = 1
    use.unnamed = 1
    use.last = last
    use.days = [last.dayNumber]
    uses[number] = use
  }

  /// Used actions that no catalogue has and no grant names, held by a wildcard. They weigh as used:
  /// a wildcard's unknown remainder cannot be counted, and use must never raise the index.
  private mutating func beyondCatalogue(
    _ seen: [Int: ActionUse], blocks: [PrivilegeBlock], statements: ArraySlice<Statement>
  ) -> [PrivilegeBlock] {
    var found: [PrivilegeBlock] = []
    for number in seen.keys.sorted() where number >= resolver.catalogue.catalogueCount {
      if blocks.contains(where: { $0.contains(number) }) { continue }
      if let block = resolver.decision(on: number, by: statements) { found.append(block) }
    }
    return found
  }

  /// Gives every action that the log or a report names its number, in the order of agents and names:
  /// makers that are copied afterwards agree on the numbers.
  mutating func learn(agents: [Agent], statements: [Statement]) {
    resolver.learn(statements)
    for agent in agents {
      let activity = symbols.lookup(agent.id).flatMap { evidenceMaker.usage.activity(of: $0) }
      var names = (activity?.actions ?? []).filter { $0.use.count > 0 }.map {
        symbols.text($0.action)
      }
      names += (reported[agent.id] ?? []).map(\.action)
      for name in names.sorted() { _ = resolver.catalogue.number(of: name) }
    }
  }

  private func isAdministrator(_ blocks: [PrivilegeBlock]) -> Bool {
    guard blocks.contains(where: { $0.scope.isEverything }) else { return false }
    let all = resolver.catalogue.catalogueCount
    var free = ActionSet(count: all)
    for block in blocks where block.scope.isEverything {
      for action in block.actions where action < all { free.insert(action) }
    }
    return resolver.catalogue.platforms.values.contains { free.isSuperset(of: $0) }
  }
}

/// Where blocks come from.
private struct Origins {
  private(set) var first: [Int32] = []
  private(set) var numbers: [Int32] = []

  init(of blocks: [PrivilegeBlock], _ statements: ArraySlice<Statement>) {
    first.reserveCapacity(blocks.count)
    numbers.reserveCapacity(blocks.count)
    var known: [Origin: Int32] = [:]
    statements.withUnsafeBufferPointer { statements in
      for block in blocks {
        var first = -1
        for grant in block.grants
        where first < 0 || statements[grant].position < statements[first].position {
          first = grant
        }
        self.first.append(Int32(truncatingIfNeeded: first))
        guard first >= 0 else {
          numbers.append(-1)
          continue
        }
        let next = Int32(truncatingIfNeeded: known.count)
        let number = known[statements[first].origin] ?? next
        if number == next { known[statements[first].origin] = number }
        numbers.append(number)
      }
    }
  }
}

extension PrivilegeBlock {
  /// Whether it holds an action.
  func contains(_ action: Int) -> Bool {
    guard let first = actions.first, let last = actions.last, first <= action, action <= last else {
      return false
    }
    var low = 0
    var high = actions.count
    while low < high {
      let middle = (low + high) / 2
      if actions[middle] < action { low = middle + 1 } else { high = middle }
    }
    return low < actions.count && actions[low] == action
  }
}
