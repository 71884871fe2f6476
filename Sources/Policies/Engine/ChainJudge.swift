internal import Model

/// Judges one key against one chain: each event as a completion, over every order of tied events.
struct ChainJudge {
  private(set) var machine: ChainMachine
  private(set) var judgements: [Judgement] = []
  /// The time of the last group of tied events of which not all orders were tried.
  private(set) var cutTies = 0
  private var state: ChainState
  /// States that some order of earlier ties leads to; empty when all orders led to `state`.
  private var alternatives: [ChainState] = []
  /// Chains started no later than this may depend on orders that were not told apart.
  private var unsureUntil = Int64.min
  private let table: EventTable
  private let limits: TieOrders.Limits

  private var spendsExcuses: Bool { machine.policy.policy.excuse?.uses != nil }

  /// Whether it matters on which side of a start an excuse came.
  private var excusesFollow: Bool {
    let policy = machine.policy
    return policy.policy.excuse?.beforeNanoseconds == 0 && !policy.excuseKills
  }

  /// Whether what tied events did to excuses cannot be joined in one state: which excuses are spent,
  /// or came after a start, belongs to one order.
  private var needsApart: Bool { spendsExcuses || excusesFollow }

  /// States told apart at one time.
  private static let alternativesMax = 16

  init(
    _ policy: CompiledPolicy, _ run: KeyRun, _ mode: ChainMachine.Mode, _ table: EventTable,
    _ limits: TieOrders.Limits
  ) {
    machine = ChainMachine(policy, run, mode, .violations)
    state = machine.initial
    self.table = table
    self.limits = limits
  }

  /// Judges all events of the key, in order.
  mutating func judgeAll() {
    let times = machine.run.times
    var start = 0
    while start < times.count {
      var end = start + 1
      while end < times.count, times[end] == times[start] { end += 1 }
      if end == start + 1 || !machine.run.isTimed {
        for candidate in start..<end { judgeAlone(candidate) }
      } else {
        judgeGroup(start..<end)
      }
      start = end
    }
  }

  private mutating func judgeAlone(_ candidate: Int) {
    let sequence = Int32(truncatingIfNeeded: candidate)
    machine.take(candidate, sequence: sequence, &state)
    var verdict = machine.judge(&state)
    var least = verdict.rank
    if needsApart, !alternatives.isEmpty {
      verdict = Verdict()
      least = .realised
    }
    for index in alternatives.indices {
      machine.take(candidate, sequence: sequence, &alternatives[index])
      let other = machine.judge(&alternatives[index])
      least = min(least, other.rank)
      if needsApart, other.isPreferred(to: verdict) { verdict = other }
    }
    join()
    keep(candidate, verdict, least, model: candidate)
  }

  private mutating func judgeGroup(_ group: Range<Int>) {
    // Events of one step alike differ where an excuse is good for one chain only.
    let ties = TieOrders(
      of: group, machine.policy, machine.run, table, limits, evenOfOneStep: spendsExcuses)
    if ties.orders.count == 1, ties.isComplete, ties.alike.isEmpty {
      for candidate in ties.orders[0] { judgeAlone(candidate) }
      return
    }
    if ties.isCut { cutTies += 1 }
    var worst: [Int: Verdict] = [:]
    var least: [Int: Verdict.Rank] = [:]
    let entering = state
    var joined: ChainState?
    var leaving: [ChainState] = []
    for order in ties.orders {
      var next = entering
      for (offset, candidate) in order.enumerated() {
        let verdict = take(candidate, at: group.lowerBound + offset, &next)
        let counts = alternatives.isEmpty || !needsApart
        if counts, verdict.isPreferred(to: worst[candidate] ?? Verdict()) {
          worst[candidate] = verdict
        }
        if alternatives.isEmpty {
          least[candidate] = min(least[candidate] ?? .realised, verdict.rank)
        }
      }
      if alternatives.isEmpty { remember(next, among: &leaving) }
      if joined == nil {
        joined = next
      } else {
        joined?.merge(next, hasGap: machine.hasGap, spendsExcuses: spendsExcuses)
      }
    }
    for alternative in alternatives {
      for order in ties.orders {
        var next = alternative
        for (offset, candidate) in order.enumerated() {
          let verdict = take(candidate, at: group.lowerBound + offset, &next)
          least[candidate] = min(least[candidate] ?? .realised, verdict.rank)
          if needsApart, verdict.isPreferred(to: worst[candidate] ?? Verdict()) {
            worst[candidate] = verdict
          }
        }
        remember(next, among: &leaving)
      }
    }
    state = joined ?? entering
    alternatives = leaving
    let time = machine.run.times[group.lowerBound]
    if alternatives.count > Self.alternativesMax || !ties.isComplete {
      alternatives = []
      unsureUntil = time
    }
    join()
    var models: [Int: Int] = [:]
    for members in ties.alike { share(members, &worst, &least, &models) }
    for candidate in group {
      guard let verdict = worst[candidate] else { continue }
      let rank = ties.isComplete ? least[candidate] ?? .none : .none
      keep(candidate, verdict, rank, model: models[candidate] ?? candidate)
    }
  }

  /// Gives all of the events that are just like each other the worst and the least of them.
  private func share(
    _ members: [Int], _ worst: inout [Int: Verdict], _ least: inout [Int: Verdict.Rank],
    _ models: inout [Int: Int]
  ) {
    var model = members[0]
    for member in members {
      guard let verdict = worst[member] else { continue }
      if verdict.isPreferred(to: worst[model] ?? Verdict()) { model = member }
    }
    let verdict = worst[model]
    let rank = members.compactMap { least[$0] }.min()
    for member in members {
      worst[member] = verdict
      least[member] = rank
      models[member] = model
    }
  }

  private mutating func take(
    _ candidate: Int, at sequence: Int, _ state: inout ChainState
  ) -> Verdict {
    machine.take(candidate, sequence: Int32(truncatingIfNeeded: sequence), &state)
    return machine.judge(&state)
  }

  private func remember(_ state: ChainState, among states: inout [ChainState]) {
    if states.count > Self.alternativesMax { return }
    let isKnown = states.contains {
      $0.hasSameFuture(
        as: state, spendsExcuses: spendsExcuses, excusesFollow: excusesFollow)
    }
    if !isKnown { states.append(state) }
  }

  /// Forgets the alternatives once they all lead where the state leads.
  private mutating func join() {
    guard let first = alternatives.first else { return }
    let common = needsApart ? first : state
    let isOne = alternatives.allSatisfy {
      $0.hasSameFuture(
        as: common, spendsExcuses: spendsExcuses, excusesFollow: excusesFollow)
    }
    guard isOne else { return }
    state = common
    alternatives = []
  }

  /// Keeps a judgement whose witness was found for `model`, which is just like the candidate: where
  /// the candidate serves an earlier step there, the two change places.
  private mutating func keep(
    _ candidate: Int, _ verdict: Verdict, _ least: Verdict.Rank, model: Int
  ) {
    guard verdict.rank != .none else { return }
    var witness = machine.witness(verdict.node)
    for index in witness.indices {
      if Int(witness[index].candidate) == model {
        witness[index].candidate = Int32(truncatingIfNeeded: candidate)
      } else if Int(witness[index].candidate) == candidate {
        witness[index].candidate = Int32(truncatingIfNeeded: model)
      }
    }
    judgements.append(
      Judgement(
        candidate: candidate, verdict: verdict,
        isOrderSensitive: least != verdict.rank || verdict.startTime <= unsureUntil,
        witness: witness, aggregateEvents: nil, aggregateValue: nil))
  }
}
