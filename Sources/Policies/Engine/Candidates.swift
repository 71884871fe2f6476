internal import Model

/// One event that some selector of a policy can match, with the roles that it can serve.
struct Candidate {
  /// The number of its key.
  var key: Int32
  /// The index in the event table.
  var event: Int32
  /// Roles that hold whatever a missing field would say.
  var certain: UInt32
  /// Roles that hold or may hold.
  var possible: UInt32
  /// Steps that it would serve, had it not been denied or failed.
  var denied: UInt32
}

/// The first pass: from events to candidates of each policy.
///
/// For each distinct action the selectors that can match it are found once; an event whose action
/// no policy names costs one read of `rows`.
struct CandidateSearch {
  /// One selector that can match events of an action.
  private struct Entry {
    var policy: Int32
    var role: UInt8
    var outcomes: UInt8
    /// Outcomes that make a near miss of it, 0 where it is no step of a chain.
    var denied: UInt8
    var condition: Conditions.Condition
    var isAlways: Bool
  }

  private struct Pattern {
    var entry: Entry
    var does: [Glob]
    var actions: [Glob]
  }

  private var patterns: [Pattern] = []
  /// Rows of entries; row 0 is empty.
  private var entries: [[Entry]] = [[]]
  /// The row of each action by symbol; -1 before its first event.
  private var rows: [Int32]
  private let vocabulary: Vocabulary
  private(set) var candidates: [[Candidate]]
  private(set) var unkeyed: [Int]
  private(set) var matchedPerStep: [[Int]]
  /// Events of actions that no policy looks at, by the action's symbol; 0 for all others.
  private var unwatchedOfAction: [Int]

  init(_ policies: [CompiledPolicy], _ input: ReviewInput) {
    vocabulary = input.vocabulary
    rows = Array(repeating: -1, count: input.symbols.count)
    unwatchedOfAction = Array(repeating: 0, count: input.symbols.count)
    candidates = Array(repeating: [], count: policies.count)
    unkeyed = Array(repeating: 0, count: policies.count)
    matchedPerStep = policies.map { Array(repeating: 0, count: $0.stepCount) }
    for (index, policy) in policies.enumerated() {
      for (bit, role) in policy.roles.enumerated() {
        patterns.append(
          Self.pattern(policy: index, bit: bit, role, isChain: policy.aggregate == nil))
      }
    }
  }

  private static func pattern(
    policy: Int, bit: Int, _ role: CompiledPolicy.Role, isChain: Bool
  ) -> Pattern {
    var outcomes: UInt8 = 0
    for outcome in role.selector.outcomes { outcomes |= 1 << outcome.rawValue }
    var denied: UInt8 = 0
    if case .step = role.use, isChain {
      denied = (1 << Outcome.denied.rawValue | 1 << Outcome.failed.rawValue) & ~outcomes
    }
    var isAlways = false
    if case .always = role.condition { isAlways = true }
    return Pattern(
      entry: Entry(
        policy: Int32(truncatingIfNeeded: policy), role: UInt8(truncatingIfNeeded: bit),
        outcomes: outcomes, denied: denied, condition: role.condition, isAlways: isAlways),
      does: role.selector.does.map { Glob($0) },
      actions: role.selector.actions.map { Glob($0.lowercased()) })
  }

  /// Walks the table once, in its order.
  mutating func run(
    _ policies: [CompiledPolicy], _ schemes: inout [KeyScheme], _ conditions: inout Conditions,
    _ fields: EventFields, _ roots: DelegationRoots
  ) {
    for index in fields.table.events.indices {
      let event = fields.table.events[index]
      let row = row(of: event.action, fields)
      if row == 0 {
        unwatchedOfAction[Int(event.action.raw)] += 1
        continue
      }
      var found = Candidate(
        key: 0, event: Int32(truncatingIfNeeded: index), certain: 0, possible: 0, denied: 0)
      var policy: Int32 = -1
      for entry in entries[row] {
        if entry.policy != policy {
          keep(found, policy, policies, &schemes, fields, roots)
          policy = entry.policy
          found.certain = 0
          found.possible = 0
          found.denied = 0
        }
        let outcome = UInt8(1) << event.outcome.rawValue
        guard (entry.outcomes | entry.denied) & outcome != 0 else { continue }
        let truth = entry.isAlways ? .yes : conditions.truth(entry.condition, event, fields)
        let bit = UInt32(1) << UInt32(entry.role)
        if entry.outcomes & outcome == 0 {
          if truth == .yes { found.denied |= bit }
          continue
        }
        if truth != .no { found.possible |= bit }
        if truth == .yes { found.certain |= bit }
      }
      keep(found, policy, policies, &schemes, fields, roots)
    }
  }

  private mutating func keep(
    _ found: Candidate, _ policy: Int32, _ policies: [CompiledPolicy],
    _ schemes: inout [KeyScheme], _ fields: EventFields, _ roots: DelegationRoots
  ) {
    guard policy >= 0, found.possible | found.denied != 0 else { return }
    let number = Int(policy)
    var steps = found.certain & policies[number].stepMask
    while steps != 0 {
      matchedPerStep[number][policies[number].step(ofBit: steps.trailingZeroBitCount)] += 1
      steps &= steps &- 1
    }
    let scheme = policies[number].scheme
    guard let key = schemes[scheme].key(of: Int(found.event), fields, roots) else {
      unkeyed[number] += 1
      return
    }
    var found = found
    found.key = key
    candidates[number].append(found)
  }

  private mutating func row(of action: Symbol, _ fields: EventFields) -> Int {
    let raw = Int(action.raw)
    if rows[raw] >= 0 { return Int(rows[raw]) }
    let name = fields.texts.text(action)
    let lowered = name.lowercased()
    let capabilities = vocabulary.meaning(of: name).capabilities
    var found: [Entry] = []
    for pattern in patterns {
      let isWanted =
        (pattern.does.isEmpty && pattern.actions.isEmpty)
        || pattern.actions.contains { $0.matches(lowered) }
        || pattern.does.contains { glob in capabilities.contains { glob.matches($0) } }
      if isWanted { found.append(pattern.entry) }
    }
    if found.isEmpty {
      rows[raw] = 0
      return 0
    }
    entries.append(found)
    rows[raw] = Int32(truncatingIfNeeded: entries.count - 1)
    return entries.count - 1
  }

  /// Events that no policy looked at, counted once each by the first capability of their action.
  func unwatched(_ fields: EventFields) -> [NamedCount] {
    var counts: [String: Int] = [:]
    for (raw, count) in unwatchedOfAction.enumerated() where count > 0 {
      let action = fields.texts.text(Symbol(raw: UInt32(truncatingIfNeeded: raw)))
      let capabilities = vocabulary.meaning(of: action).capabilities
      counts[capabilities.first ?? "unclassified", default: 0] += count
    }
    return counts.map { NamedCount(name: $0.key, count: $0.value) }.sorted { $0.name < $1.name }
  }
}
