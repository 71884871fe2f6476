internal import Model

/// One event that some selector of a policy can match, with the roles that it can serve.
struct Candidate {
  /// The index in the event table.
  var event: Int32
  /// Roles that hold whatever a missing field would say.
  var certain: UInt32
  /// Roles that hold or may hold.
  var possible: UInt32
  /// Steps that it would serve, had it not been denied or failed.
  var denied: UInt32
  /// Nanoseconds; 0 for all events of a source without a clock.
  var time: Int64

  /// Whether it surely serves the first role, and no other.
  var isOnlyJudged: Bool { certain == 1 && possible == 1 && denied == 0 }

  static let none = Candidate(event: 0, certain: 0, possible: 0, denied: 0, time: 0)
}

/// Which policies look at which actions, and what an event of an action and outcome can be to them.
///
/// Found once for each distinct action, before the events are looked at: an event whose action no
/// policy names costs one read of `numbers`.
struct WatchTable: Sendable {
  /// What an event of one action and outcome is to one policy.
  struct Entry: Sendable {
    /// The index in the group's policies.
    var policy: Int32
    /// Roles without conditions.
    var certain: UInt32 = 0
    var denied: UInt32 = 0
    /// Roles with conditions, in `Group.tests`.
    var tests: Int32 = 0
    var testCount: Int32 = 0
  }

  /// One role with a condition.
  struct RoleTest: Sendable {
    /// Where the condition's truth lies in `Record.truths`.
    var shift: UInt8
    var isDenied: Bool
    var bit: UInt32
  }

  /// All that an event of one action and outcome can be to the policies of a group.
  struct Profile: Sendable {
    var entries: Range<Int32>
    /// The conditions to judge, as numbers in `Group.conditions`.
    var conditions: Range<Int32>
  }

  /// Policies that share a key. An event has at most `conditionsMax` conditions in one group.
  struct Group: Sendable {
    var scheme: Int
    var policies: [Int]
    /// The first of an action's profiles, one for each outcome, by the action's number; -1 for none.
    var profileOfAction: [Int32] = []
    var profiles: [Profile] = []
    var entries: [Entry] = []
    var tests: [RoleTest] = []
    var conditions: [Int] = []
    /// Events in the table that it looks at, at most.
    var eventsMax = 0
  }

  /// A number for each action that some policy looks at, from 1, by the action's symbol; else 0.
  private(set) var numbers: [Int32]
  /// The groups that look at an action, by its number.
  private(set) var groupsOfAction: [[Int]] = [[]]
  private(set) var groups: [Group] = []
  /// Events of actions that no policy looks at, by capability.
  private(set) var unwatched: [NamedCount] = []

  /// Truths of one record: two bits each.
  static let conditionsMax = 32

  /// One selector that can match events of an action.
  fileprivate struct Pattern {
    var policy: Int
    var role: Int
    var outcomes: UInt8
    /// Outcomes that make a near miss of it, 0 where it is no step of a chain.
    var denied: UInt8
    var condition: Int?
    var does: [Glob]
    var actions: [Glob]
  }

  init(_ policies: [CompiledPolicy], _ counts: [Int], _ texts: Texts, _ vocabulary: Vocabulary) {
    numbers = Array(repeating: 0, count: counts.count)
    let patterns = Patterns(policies)
    var unwatchedCounts: [String: Int] = [:]
    var watched: [(patterns: [Pattern], count: Int)] = [([], 0)]
    for (raw, count) in counts.enumerated() where count > 0 {
      let name = texts.text(Symbol(raw: UInt32(truncatingIfNeeded: raw)))
      let capabilities = vocabulary.meaning(of: name).capabilities
      let found = patterns.matching(name, capabilities)
      if found.isEmpty {
        unwatchedCounts[capabilities.first ?? "unclassified", default: 0] += count
        continue
      }
      numbers[raw] = Int32(truncatingIfNeeded: watched.count)
      watched.append((found, count))
      groupsOfAction.append([])
    }
    unwatched = unwatchedCounts.map { NamedCount(name: $0.key, count: $0.value) }
      .sorted { $0.name < $1.name }
    let groupOfPolicy = makeGroups(policies, watched.map(\.patterns))
    for index in groups.indices {
      groups[index].profileOfAction = Array(repeating: -1, count: watched.count)
    }
    for (number, action) in watched.enumerated() {
      for (group, patterns) in Dictionary(
        grouping: action.patterns, by: { groupOfPolicy[$0.policy] }
      )
      .sorted(by: { $0.key < $1.key }) {
        groupsOfAction[number].append(group)
        groups[group].eventsMax += action.count
        add(patterns, group: group, action: number)
      }
    }
  }

  /// The patterns of all policies, those without wildcards by their name.
  private struct Patterns {
    private var byAction: [String: [Int]] = [:]
    private var byCapability: [String: [Int]] = [:]
    private var others: [Int] = []
    private var all: [Pattern] = []

    init(_ policies: [CompiledPolicy]) {
      for (index, policy) in policies.enumerated() {
        for (bit, role) in policy.roles.enumerated() {
          add(Pattern(index, bit, role, policy), role)
        }
      }
    }

    private mutating func add(_ pattern: Pattern, _ role: CompiledPolicy.Role) {
      let index = all.count
      all.append(pattern)
      let isPlain = (pattern.does + pattern.actions).allSatisfy(\.isLiteral)
      guard isPlain, !pattern.does.isEmpty || !pattern.actions.isEmpty else {
        others.append(index)
        return
      }
      for action in role.selector.actions {
        byAction[action.lowercased(), default: []].append(index)
      }
      for capability in role.selector.does { byCapability[capability, default: []].append(index) }
    }

    func matching(_ action: String, _ capabilities: [String]) -> [Pattern] {
      let lowered = action.lowercased()
      var found = Set(byAction[lowered] ?? [])
      for capability in capabilities { found.formUnion(byCapability[capability] ?? []) }
      for index in others {
        let pattern = all[index]
        let isWanted =
          (pattern.does.isEmpty && pattern.actions.isEmpty)
          || pattern.actions.contains { $0.matches(lowered) }
          || pattern.does.contains { glob in capabilities.contains { glob.matches($0) } }
        if isWanted { found.insert(index) }
      }
      return found.sorted().map { all[$0] }
    }
  }

  /// Puts policies of one key scheme together, as long as no action has too many conditions.
  private mutating func makeGroups(
    _ policies: [CompiledPolicy], _ watched: [[Pattern]]
  ) -> [Int] {
    var conditionsOfPolicy: [[Int: Set<Int>]] = policies.map { _ in [:] }
    for (number, patterns) in watched.enumerated() {
      for pattern in patterns {
        if let condition = pattern.condition {
          conditionsOfPolicy[pattern.policy][number, default: []].insert(condition)
        }
      }
    }
    var groupOfPolicy: [Int] = []
    var conditionsOfGroup: [[Int: Set<Int>]] = []
    for (index, policy) in policies.enumerated() {
      let own = conditionsOfPolicy[index]
      let known = groups.indices.first { group in
        groups[group].scheme == policy.scheme
          && own.allSatisfy { number, conditions in
            conditions.union(conditionsOfGroup[group][number] ?? []).count <= Self.conditionsMax
          }
      }
      let group = known ?? groups.count
      if known == nil {
        groups.append(Group(scheme: policy.scheme, policies: []))
        conditionsOfGroup.append([:])
      }
      groups[group].policies.append(index)
      groupOfPolicy.append(group)
      conditionsOfGroup[group].merge(own) { $0.union($1) }
    }
    return groupOfPolicy
  }

  /// Adds the profiles of one action, one for each outcome.
  private mutating func add(_ patterns: [Pattern], group: Int, action: Int) {
    groups[group].profileOfAction[action] = Int32(truncatingIfNeeded: groups[group].profiles.count)
    for outcome in Outcome.allCases {
      groups[group].add(patterns.filter { ($0.outcomes | $0.denied) & outcome.bit != 0 }, outcome)
    }
  }
}

extension Outcome {
  fileprivate var bit: UInt8 { 1 << rawValue }
}

extension WatchTable.Pattern {
  fileprivate init(
    _ index: Int, _ bit: Int, _ role: CompiledPolicy.Role, _ compiled: CompiledPolicy
  ) {
    policy = index
    self.role = bit
    outcomes = role.selector.outcomes.reduce(0) { $0 | $1.bit }
    denied = 0
    if case .step = role.use, compiled.aggregate == nil {
      denied = (Outcome.denied.bit | Outcome.failed.bit) & ~outcomes
    }
    condition = role.conditionNumber
    does = role.selector.does.map { Glob($0) }
    actions = role.selector.actions.map { Glob($0.lowercased()) }
  }
}

extension WatchTable.Group {
  /// Adds the profile of one action and outcome.
  fileprivate mutating func add(_ patterns: [WatchTable.Pattern], _ outcome: Outcome) {
    var places: [Int: Int] = [:]
    let firstEntry = entries.count
    let firstCondition = conditions.count
    for pattern in patterns {
      let local = policies.firstIndex(of: pattern.policy) ?? 0
      if entries.count == firstEntry || Int(entries[entries.count - 1].policy) != local {
        entries.append(
          WatchTable.Entry(
            policy: Int32(truncatingIfNeeded: local),
            tests: Int32(truncatingIfNeeded: tests.count)))
      }
      let bit = UInt32(1) << UInt32(pattern.role)
      let isDenied = pattern.outcomes & outcome.bit == 0
      guard let condition = pattern.condition else {
        if isDenied {
          entries[entries.count - 1].denied |= bit
        } else {
          entries[entries.count - 1].certain |= bit
        }
        continue
      }
      let place = places[condition] ?? places.count
      if places[condition] == nil {
        places[condition] = place
        conditions.append(condition)
      }
      tests.append(
        WatchTable.RoleTest(
          shift: UInt8(truncatingIfNeeded: place * 2), isDenied: isDenied, bit: bit))
      entries[entries.count - 1].testCount += 1
    }
    profiles.append(
      WatchTable.Profile(
        entries: Int32(truncatingIfNeeded: firstEntry)..<Int32(truncatingIfNeeded: entries.count),
        conditions: Int32(
          truncatingIfNeeded: firstCondition)..<Int32(
            truncatingIfNeeded: conditions.count)))
  }
}
