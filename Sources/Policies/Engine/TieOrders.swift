internal import Model

/// The orders that a group of events of equal time may have had.
struct TieOrders {
  /// Bounds on the work spent on one group.
  struct Limits: Sendable {
    /// Orders of one group that are tried.
    var ordersMax: Int
    /// Events of one group whose every order is tried without first joining equal ones.
    var eventsMax: Int

    static let standard = Limits(ordersMax: 1_000, eventsMax: 6)
  }

  /// Each order, as candidates.
  private(set) var orders: [[Int]] = []
  /// Candidates that are just like each other: only one order of them is tried, and what holds for
  /// one of them holds for all.
  private(set) var alike: [[Int]] = []
  /// Whether every order was tried, and no event that prevents a chain was left out.
  private(set) var isComplete = true
  /// Whether some order was left out that might break the policy.
  private(set) var isCut = false

  private let policy: CompiledPolicy
  private let run: KeyRun
  private let table: EventTable

  init(
    of group: Range<Int>, _ policy: CompiledPolicy, _ run: KeyRun, _ table: EventTable,
    _ limits: Limits
  ) {
    self.policy = policy
    self.run = run
    self.table = table
    var events = group.filter { run.candidates[$0].possible != 0 }
    let before = TieOrders.precedence(events, run, table)
    if events.count < 2 || !mattersOrder(events) || before.isTotal {
      orders = [TieOrders.sorted(events, before, by: { _ in 0 })]
      isCut = before.isAssumed
      isComplete = !before.isAssumed
      return
    }
    let kinds = before.isEmpty ? joinAlike(&events, limits) : events
    enumerate(events, kinds, before, limits)
  }

  /// Whether the order of the events can make a difference: not when all serve one step only.
  private func mattersOrder(_ events: [Int]) -> Bool {
    var union: UInt32 = 0
    for event in events { union |= run.candidates[event].possible }
    return union & (union &- 1) != 0
  }

  /// Which events of a group surely come before which.
  struct Precedence {
    fileprivate var pairs: Set<Int> = []
    fileprivate var count = 0
    /// Whether the table's order is the order.
    fileprivate(set) var isTableOrder = false
    /// Whether the group was too large to compare every event with every other.
    fileprivate(set) var isAssumed = false

    fileprivate static func code(_ left: Int, _ right: Int) -> Int { left << 32 | right }

    func contains(_ left: Int, _ right: Int) -> Bool {
      isTableOrder ? left < right : pairs.contains(Self.code(left, right))
    }

    var isEmpty: Bool { pairs.isEmpty && !isTableOrder }
    var isTotal: Bool { isTableOrder || pairs.count >= count * (count - 1) / 2 }
  }

  /// Events of one group that are compared one with each other.
  static let comparedMax = 64

  /// The order that the source gives inside a group: `order` within one file and run, and parents
  /// before their children; closed under "before and before".
  static func precedence(_ events: [Int], _ run: KeyRun, _ table: EventTable) -> Precedence {
    var before = Precedence()
    before.count = events.count
    let all = events.map { table.events[Int(run.candidates[$0].event)] }
    if !run.isTimed || isOrderedBySource(all) {
      before.isTableOrder = true
      return before
    }
    guard all.contains(where: { $0.order >= 0 || $0.parent.isPresent }) else { return before }
    if events.count > comparedMax {
      before.isTableOrder = true
      before.isAssumed = true
      return before
    }
    for (left, first) in zip(events, all) {
      for (right, second) in zip(events, all) where right != left {
        let isSameSource =
          first.position.file == second.position.file && first.run == second.run
        let isOrdered = first.order >= 0 && first.order < second.order && isSameSource
        let isParent = first.id.isPresent && second.parent == first.id
        if isOrdered || isParent { before.pairs.insert(Precedence.code(left, right)) }
      }
    }
    close(&before, events)
    return before
  }

  /// Whether one source numbers all of the events, as transcripts do; the table is sorted so.
  private static func isOrderedBySource(_ events: [Event]) -> Bool {
    zip(events, events.dropFirst()).allSatisfy { first, second in
      first.order >= 0 && first.order < second.order && first.run == second.run
        && first.position.file == second.position.file
    }
  }

  private static func close(_ before: inout Precedence, _ events: [Int]) {
    guard !before.isEmpty else { return }
    for middle in events {
      for left in events where before.contains(left, middle) {
        for right in events where before.contains(middle, right) && left != right {
          before.pairs.insert(Precedence.code(left, right))
        }
      }
    }
  }

  /// The events in an order that the precedence allows: by rank, then by the table's order. A cycle
  /// of parents is cut at its first event.
  static func sorted(
    _ events: [Int], _ before: Precedence, by rank: (Int) -> Int
  ) -> [Int] {
    if before.isTableOrder { return events }
    let ranked = events.sorted { (rank($0), $0) < (rank($1), $1) }
    if before.isEmpty { return ranked }
    var rest = ranked
    var order: [Int] = []
    while !rest.isEmpty {
      let free = rest.firstIndex { event in
        !rest.contains { $0 != event && before.contains($0, event) }
      }
      order.append(rest.remove(at: free ?? 0))
    }
    return order
  }

  /// The order most favourable to a violation: steps as the policy has them, then what prevents.
  static func favourable(
    _ events: [Int], _ policy: CompiledPolicy, _ run: KeyRun, _ before: Precedence
  ) -> [Int] {
    sorted(events, before) { stepRank($0, policy, run) }
  }

  /// The first step that an event may serve; 99 for what only prevents.
  static func stepRank(_ event: Int, _ policy: CompiledPolicy, _ run: KeyRun) -> Int {
    let candidate = run.candidates[event]
    let steps = (candidate.possible | candidate.denied) & policy.stepMask
    return steps == 0 ? 99 : steps.trailingZeroBitCount
  }

  /// Finds events that are just like each other and gives each its model. In large groups those are
  /// left out of which a chain could not use one more.
  private mutating func joinAlike(_ events: inout [Int], _ limits: Limits) -> [Int] {
    struct Kind: Hashable {
      var certain: UInt32
      var possible: UInt32
      var values: [[AttributeValue]]
    }
    var places: [Kind: Int] = [:]
    var members: [[Int]] = []
    var kept: [Int] = []
    var models: [Int] = []
    let isLarge = events.count > limits.eventsMax
    for event in events {
      let candidate = run.candidates[event]
      let kind = Kind(
        certain: candidate.certain, possible: candidate.possible,
        values: (0..<run.fieldCount).map { run.value(event, field: $0).list })
      let place = places[kind] ?? members.count
      if place == members.count {
        places[kind] = place
        members.append([])
      }
      let steps = (candidate.possible & policy.stepMask).nonzeroBitCount
      let kills = candidate.possible & policy.killMask != 0
      let most = isLarge ? max(1, steps + (kills && steps > 0 ? 1 : 0)) : Int.max
      members[place].append(event)
      if members[place].count <= most {
        kept.append(event)
        models.append(members[place][0])
      } else if kills {
        isComplete = false
      }
    }
    alike = members.filter { $0.count > 1 }
    events = kept
    return models
  }

  /// Every order that the precedence allows; when they are too many, the favourable one, the
  /// table's and its reverse.
  private mutating func enumerate(
    _ events: [Int], _ models: [Int], _ before: Precedence, _ limits: Limits
  ) {
    var order: [Int] = []
    var isUsed = [Bool](repeating: false, count: events.count)
    var isOver = false
    func extend() {
      if isOver { return }
      if order.count == events.count {
        if orders.count >= limits.ordersMax {
          isOver = true
        } else {
          orders.append(order)
        }
        return
      }
      for (index, event) in events.enumerated() where !isUsed[index] {
        let waits = events.indices.contains { other in
          if isUsed[other] || other == index { return false }
          let isAlikeAndFirst = other < index && models[other] == models[index]
          return isAlikeAndFirst || before.contains(events[other], event)
        }
        if waits { continue }
        isUsed[index] = true
        order.append(event)
        extend()
        order.removeLast()
        isUsed[index] = false
      }
    }
    extend()
    guard isOver || orders.isEmpty else { return }
    isComplete = false
    isCut = true
    let favourable = TieOrders.favourable(events, policy, run, before)
    let table = TieOrders.sorted(events, before) { _ in 0 }
    let reverse = TieOrders.sorted(events, before) { -$0 }
    orders = [favourable, table, reverse]
  }
}
