internal import Model

/// Judges one key against an order: each event as what may or may not follow.
///
/// Where conditions are unknown the key may be in one of several states; a violation is certain when
/// it is one in all of them. Where tied events may have come in several orders, what is believed
/// under each is kept apart.
struct OrderJudge {
  /// What is believed after some events: the states that the key may be in, and how each came about.
  private struct Belief: Equatable {
    var states: UInt64
    /// The last transition into each state in the arena; -1 before any.
    var paths: [Int32]
    /// Whether some action was taken since the start or the last end.
    var hasBegun = false

    static func == (left: Belief, right: Belief) -> Bool {
      left.states == right.states && left.hasBegun == right.hasBegun
    }
  }

  /// One transition that was taken, and the one before it.
  private struct Taken {
    var candidate: Int32
    var step: Int32
    var parent: Int32
  }

  /// What one event does to what is believed.
  private struct Ruling {
    var truth = Truth.no
    /// The state that the violation is told from.
    var state = 0
    var path: Int32 = -1
    var isAtEnd = false
    /// How it stands in the two readings, and what excuses it.
    var certain = Verdict.Rank.none
    var possible = Verdict.Rank.none
    var excuse: Int?

    /// Violations first, those that are certain before those that are possible.
    func isPreferred(to other: Ruling) -> Bool {
      let mine = [certain == .realised, possible == .realised, certain == .excused]
      let theirs = [
        other.certain == .realised, other.possible == .realised, other.certain == .excused,
      ]
      return zip(mine, theirs).first { $0 != $1 }?.0 ?? false
    }
  }

  private let view: RuleView
  private let order: StateOrder
  private let limits: TieOrders.Limits
  private let fields: EventFields
  private let excuses: [Int]
  private let before: Int64
  private let endBit: UInt32
  /// The selectors of all transitions, and those that leave each state.
  private let namedMask: UInt32
  private let ownMasks: [UInt32]
  private var taken: [Taken] = []
  private var beliefs: [Belief]
  private(set) var cutTies = 0
  /// Whether orders of earlier ties were left out.
  private var isUnsure = false

  /// Beliefs told apart at one time, and tied events of which several orders are tried.
  private static let beliefsMax = 64
  private static let groupMax = 64

  init(_ view: RuleView, _ order: StateOrder, _ limits: TieOrders.Limits, _ fields: EventFields) {
    self.view = view
    self.order = order
    self.limits = limits
    self.fields = fields
    let policy = view.policy
    excuses = view.candidates(of: policy.excuseRoles)
    before = policy.policy.excuse?.beforeNanoseconds ?? 0
    endBit = order.accepting == nil ? 0 : 1 << UInt32(order.selectors.count & 31)
    namedMask = policy.stepMask & ~endBit
    ownMasks = order.transitions.map { own in
      own.reduce(0) { $0 | 1 << UInt32($1.selector & 31) }
    }
    beliefs = [Self.beginning(order)]
  }

  private static func beginning(_ order: StateOrder) -> Belief {
    Belief(
      states: 1 << UInt64(order.start),
      paths: [Int32](repeating: -1, count: order.states.count))
  }

  mutating func verdicts(_ conditions: inout Conditions) -> [RuleVerdict] {
    var verdicts: [RuleVerdict] = []
    for group in view.run.tieGroups {
      for candidate in group { addNearMiss(candidate, &verdicts) }
      verdicts += judge(group, &conditions)
    }
    addPending(&verdicts, &conditions)
    return verdicts
  }

  /// Judges events of one time in every order that they may have had.
  private mutating func judge(
    _ group: Range<Int>, _ conditions: inout Conditions
  ) -> [RuleVerdict] {
    let (orders, alike, isComplete) = orders(of: group)
    var worst: [Int: Ruling] = [:]
    var least: [Int: (certain: Verdict.Rank, possible: Verdict.Rank)] = [:]
    var leaving: [Belief] = []
    for entering in beliefs {
      for sequence in orders {
        var belief = entering
        for (position, candidate) in sequence.enumerated() {
          var outcome = take(candidate, &belief)
          rate(&outcome, candidate, after: sequence[..<position])
          if outcome.isPreferred(to: worst[candidate] ?? Ruling()) { worst[candidate] = outcome }
          let known = least[candidate] ?? (.realised, .realised)
          least[candidate] = (
            min(known.certain, outcome.certain), min(known.possible, outcome.possible)
          )
        }
        if !leaving.contains(belief) { leaving.append(belief) }
      }
    }
    if leaving.count > Self.beliefsMax {
      leaving.removeSubrange(Self.beliefsMax...)
      isUnsure = true
      cutTies += 1
    }
    if !isComplete {
      isUnsure = true
      cutTies += 1
    }
    beliefs = leaving
    for members in alike {
      let most = members.compactMap { worst[$0] }.max { $1.isPreferred(to: $0) }
      let known = members.compactMap { least[$0] }
      guard let certain = known.map(\.certain).min(), let possible = known.map(\.possible).min()
      else { continue }
      for member in members {
        worst[member] = most
        least[member] = (certain, possible)
      }
    }
    return group.compactMap { candidate in
      guard let outcome = worst[candidate], let fewest = least[candidate] else { return nil }
      return verdict(candidate, outcome, fewest, &conditions)
    }
  }

  /// The orders of a group, its events that are just like each other, and whether all were tried.
  private func orders(
    of group: Range<Int>
  ) -> (orders: [[Int]], alike: [[Int]], isComplete: Bool) {
    let events = group.filter { view.run.candidates[$0].possible != 0 }
    if events.count < 2 || !view.run.isTimed { return ([events], [], true) }
    if events.count > Self.groupMax {
      let before = TieOrders.precedence(events, view.run, fields.table)
      if before.isTotal { return ([events], [], !before.isAssumed) }
      let forwards = TieOrders.sorted(events, before) { _ in 0 }
      return ([forwards, TieOrders.sorted(events, before) { -$0 }], [], false)
    }
    var limits = limits
    limits.eventsMax = Int.max
    // An action that leads on once may be a violation when it comes again.
    let ties = TieOrders(
      of: group, view.policy, view.run, fields.table, limits, evenOfOneStep: true)
    return (ties.orders, ties.alike, ties.isComplete)
  }

  /// Takes one event; the answer says how it stands with the order.
  private mutating func take(_ candidate: Int, _ belief: inout Belief) -> Ruling {
    let event = view.run.candidates[candidate]
    var next = Belief(states: 0, paths: belief.paths, hasBegun: belief.hasBegun)
    var outcome = Ruling(truth: .yes)
    var choices = Choices()
    for state in order.states.indices where belief.states & (1 << UInt64(state)) != 0 {
      let hadBroken = choices.breaksOrder
      follow(state, candidate, event, belief, &next, &choices)
      if choices.breaksOrder, !hadBroken {
        outcome.state = state
        outcome.path = belief.paths[state]
      }
    }
    outcome.truth = choices.truth
    if event.possible & namedMask != 0 { next.hasBegun = true }
    if event.possible & endBit != 0 { end(event, &next, choices, &outcome) }
    if let until = view.policy.untilRole {
      switch view.truth(until, candidate) {
      case .no: break
      case .unknown: next.states |= 1 << UInt64(order.start)
      case .yes: next = Self.beginning(order)
      }
    }
    belief = next
    return outcome
  }

  /// What an event is under each state that the key may be in and each way to take what is unknown.
  private struct Choices {
    private var violates = false
    private var conforms = false
    /// Whether some choice breaks the order itself, and not what the task may end in.
    private(set) var breaksOrder = false

    var truth: Truth { violates ? conforms ? .unknown : .yes : .no }

    mutating func add(breaksOrder: Bool, endsWrong: Bool) {
      if breaksOrder { self.breaksOrder = true }
      if breaksOrder || endsWrong { violates = true } else { conforms = true }
    }
  }

  /// Adds the states that an event may lead to from one state, and what it is there.
  private mutating func follow(
    _ state: Int, _ candidate: Int, _ event: Candidate, _ belief: Belief, _ next: inout Belief,
    _ choices: inout Choices
  ) {
    func reach(_ target: Int, _ path: Int32) {
      let bit = UInt64(1) << UInt64(target)
      if next.states & bit == 0 { next.paths[target] = path }
      next.states |= bit
    }
    let isEnd = event.certain & endBit != 0
    func endsWrong(_ target: Int) -> Bool { isEnd && order.accepting?[target] == false }
    for transition in order.transitions[state] {
      let bit = UInt32(1) << UInt32(transition.selector)
      guard event.possible & bit != 0 else { continue }
      taken.append(
        Taken(
          candidate: Int32(truncatingIfNeeded: candidate),
          step: Int32(truncatingIfNeeded: transition.selector), parent: belief.paths[state]))
      reach(transition.next, Int32(truncatingIfNeeded: taken.count - 1))
      choices.add(breaksOrder: false, endsWrong: endsWrong(transition.next))
      if event.certain & bit != 0 { return }
    }
    reach(state, belief.paths[state])
    // An action counts when some selector of the policy is satisfied, though none of this state.
    let others = order.otherwise == .violation ? namedMask & ~ownMasks[state] : 0
    if event.possible & others != 0 {
      choices.add(breaksOrder: true, endsWrong: endsWrong(state))
    }
    if event.certain & others == 0 {
      choices.add(breaksOrder: false, endsWrong: endsWrong(state))
    }
  }

  /// A task ends: it must be in a state that accepts, and what comes after begins anew.
  private func end(
    _ event: Candidate, _ next: inout Belief, _ choices: Choices, _ outcome: inout Ruling
  ) {
    let refused = order.states.indices.first { state in
      next.states & (1 << UInt64(state)) != 0 && order.accepting?[state] == false
    }
    if let refused, outcome.truth > .no, !choices.breaksOrder {
      outcome.state = refused
      outcome.path = next.paths[refused]
      outcome.isAtEnd = true
    }
    let beginning = Self.beginning(order)
    if event.certain & endBit != 0 {
      next = beginning
    } else {
      next.states |= beginning.states
    }
  }

  /// Says how an event stands in one order of its group: what excuses it must come before it.
  private func rate(_ ruling: inout Ruling, _ candidate: Int, after ahead: ArraySlice<Int>) {
    guard ruling.truth > .no else { return }
    ruling.possible = excuse(candidate, ahead, .yes) == nil ? .realised : .excused
    guard ruling.truth == .yes else { return }
    ruling.excuse = excuse(candidate, ahead, .unknown)
    ruling.certain = ruling.excuse == nil ? .realised : .excused
  }

  private func excuse(_ candidate: Int, _ ahead: ArraySlice<Int>, _ atLeast: Truth) -> Int? {
    guard before > 0 else { return nil }
    let none = [AttributeValue?](repeating: nil, count: view.policy.registers.count)
    let tied = ahead.last { event in
      view.policy.excuseRoles.contains { view.truth($0, event, none) >= atLeast }
    }
    return tied
      ?? view.excuse(
        excuses, of: candidate, none, back: before, ahead: nil, atLeast: atLeast, order: .yes)
  }

  private func verdict(
    _ candidate: Int, _ outcome: Ruling, _ least: (certain: Verdict.Rank, possible: Verdict.Rank),
    _ conditions: inout Conditions
  ) -> RuleVerdict? {
    var verdict = RuleVerdict(.realised, chain: chain(candidate, outcome))
    if outcome.certain == .realised {
      verdict.sought = [Sought(what: words(outcome))]
      verdict.isOrderSensitive = isUnsure || least.certain != .realised
      return verdict
    }
    if outcome.possible == .realised {
      verdict.status = .indeterminate
      verdict.isOrderSensitive = isUnsure || least.possible != .realised
      verdict.reason = MissingField(view.policy, view.run).text(
        ofEvent: candidate, fields, &conditions)
      return verdict
    }
    guard outcome.certain == .excused else { return nil }
    verdict.status = .excused
    verdict.excuse = outcome.excuse
    verdict.isOrderSensitive = isUnsure || least.certain != .excused
    return verdict
  }

  /// The transitions that led to the state, the latest of them, and the event.
  private func chain(_ candidate: Int, _ outcome: Ruling) -> [(step: Int, candidate: Int)] {
    var chain = path(outcome.path)
    chain.append((outcome.isAtEnd ? order.selectors.count : step(of: candidate), candidate))
    return chain
  }

  private func path(_ last: Int32) -> [(step: Int, candidate: Int)] {
    var chain: [(step: Int, candidate: Int)] = []
    var index = last
    while index >= 0, chain.count < Match.witnessEventsMax - 1 {
      chain.append((Int(taken[Int(index)].step), Int(taken[Int(index)].candidate)))
      index = taken[Int(index)].parent
    }
    return chain.reversed()
  }

  /// The step under which an event is shown: the first selector that it satisfies.
  private func step(of candidate: Int) -> Int {
    let event = view.run.candidates[candidate]
    let certain = (event.certain | event.denied) & namedMask
    let served = certain != 0 ? certain : event.possible & namedMask
    return served == 0 ? 0 : served.trailingZeroBitCount
  }

  private func words(_ outcome: Ruling) -> String {
    let state = order.states[outcome.state]
    if outcome.isAtEnd {
      let accepting = zip(order.states, order.accepting ?? []).filter(\.1).map { "`\($0.0)`" }
      return "the task ended in state `\(state)`, may end in \(accepting.joined(separator: ", "))"
    }
    let allowed = order.transitions[outcome.state].map { order.selectors[$0.selector].id }
    let list = allowed.isEmpty ? "nothing" : allowed.joined(separator: ", ")
    return "in state `\(state)` only \(list) may follow"
  }

  /// An event that would have broken the order, and was denied or failed.
  private func addNearMiss(_ candidate: Int, _ verdicts: inout [RuleVerdict]) {
    var event = view.run.candidates[candidate]
    guard event.denied & namedMask != 0, event.possible & namedMask == 0,
      order.otherwise == .violation, let belief = beliefs.first
    else { return }
    event.possible = event.denied
    for state in order.states.indices where belief.states & (1 << UInt64(state)) != 0 {
      let follows = order.transitions[state].contains {
        event.possible & (1 << UInt32($0.selector)) != 0
      }
      if follows { return }
    }
    let state = belief.states.trailingZeroBitCount
    let outcome = Ruling(truth: .yes, state: state, path: belief.paths[state])
    var verdict = RuleVerdict(.nearMiss, chain: chain(candidate, outcome))
    verdict.missingStep = step(of: candidate)
    verdicts.append(verdict)
  }

  /// A key that has begun and does not accept when the log ends is pending.
  private func addPending(_ verdicts: inout [RuleVerdict], _ conditions: inout Conditions) {
    guard let accepting = order.accepting else { return }
    func states(of belief: Belief) -> [Int] {
      order.states.indices.filter { belief.states & (1 << UInt64($0)) != 0 }
    }
    // Where it surely does not accept in some order of tied events, it is pending.
    let begun = beliefs.filter(\.hasBegun)
    let worst = begun.first { states(of: $0).allSatisfy { !accepting[$0] } }
    for belief in worst.map({ [$0] }) ?? begun {
      let states = states(of: belief)
      guard let refused = states.first(where: { !accepting[$0] }) else { continue }
      var chain = path(belief.paths[refused])
      if chain.isEmpty {
        let named = view.run.candidates.indices.last {
          view.run.candidates[$0].possible & namedMask != 0
        }
        chain = named.map { [(step(of: $0), $0)] } ?? []
      }
      guard let last = chain.last else { continue }
      let isCertain = states.allSatisfy { !accepting[$0] }
      var verdict = RuleVerdict(isCertain ? .pending : .indeterminate, chain: chain)
      verdict.isOrderSensitive = beliefs.count > 1
      if !isCertain {
        verdict.reason = MissingField(view.policy, view.run).text(
          ofEvent: last.candidate, fields, &conditions)
      }
      verdicts.append(verdict)
      return
    }
  }
}
