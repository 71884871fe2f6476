internal import Model

/// Judges one key against one limit: each event that counts, as the one that crosses the bound.
///
/// Tied events are taken in one order favourable to a violation: anchors, then what counts, most
/// first, then what prevents.
struct AggregateJudge {
  private(set) var machine: ChainMachine
  private(set) var judgements: [Judgement] = []
  private let aggregate: Aggregate
  private let anchorTotal: Int
  /// The aggregated step's role.
  private let role: CompiledPolicy.Role
  private let bit: UInt32
  /// What each candidate counts for, by candidate.
  private let amounts: [Amount]
  private let keepsAllAnchors: Bool
  private var state: ChainState
  private var tallies: [Int32: Tally] = [:]
  private var tieTimes: [Int64] = []
  private let table: EventTable

  /// What one event adds.
  struct Amount {
    var sum = 0.0
    var values: [AttributeValue] = []
    /// Whether the measured field is missing.
    var isUnknown = false
  }

  init(
    _ policy: CompiledPolicy, _ aggregate: Aggregate, _ run: KeyRun, _ mode: ChainMachine.Mode,
    _ fields: EventFields
  ) {
    machine = ChainMachine(policy, run, mode, .violations)
    self.aggregate = aggregate
    anchorTotal = policy.steps.count
    role = policy.roles[policy.steps.count]
    bit = policy.aggregateBit
    state = machine.initial
    table = fields.table
    amounts = run.candidates.map { candidate in
      guard let access = policy.measured,
        candidate.possible & policy.aggregateBit != 0
      else { return Amount() }
      let values = fields.values(access, of: fields.table.events[Int(candidate.event)]).list
      return Amount(aggregate.measure, values, fields)
    }
    keepsAllAnchors = amounts.contains { $0.sum < 0 }
    if anchorTotal == 0 { tallies[0] = Tally() }
  }

  /// Judges all events of the key, in order.
  mutating func judgeAll() {
    let times = machine.run.times
    var start = 0
    var sequence: Int32 = 0
    while start < times.count {
      var end = start + 1
      while end < times.count, times[end] == times[start] { end += 1 }
      for candidate in order(of: start..<end) {
        judge(candidate, sequence)
        sequence += 1
      }
      start = end
    }
  }

  private mutating func order(of group: Range<Int>) -> [Int] {
    let events = Array(group)
    let run = machine.run
    guard events.count > 1, run.isTimed else { return events }
    let before = TieOrders.precedence(events, run, table)
    let masks = Set(events.map { run.candidates[$0].possible })
    if !before.isTotal, masks.count > 1 { tieTimes.append(run.times[group.lowerBound]) }
    // What only anchors comes first; of what counts, what adds most: a sum may fall again at once.
    let places = Dictionary(
      uniqueKeysWithValues: events.sorted { (-amounts[$0].sum, $0) < (-amounts[$1].sum, $1) }
        .enumerated().map { ($1, $0) })
    return TieOrders.sorted(events, before) { event in
      let counts = run.candidates[event].possible & bit != 0 ? 1 : 0
      let rank = TieOrders.stepRank(event, machine.policy, run) * 2 + counts
      return rank * (events.count + 1) + (places[event] ?? 0)
    }
  }

  private mutating func judge(_ candidate: Int, _ sequence: Int32) {
    let event = machine.run.candidates[candidate]
    let serves = machine.mode == .certain ? event.certain : event.possible
    if serves & bit != 0 { count(candidate, sequence) }
    machine.take(candidate, sequence: sequence, &state)
    machine.settle(&state)
    for completion in machine.completions {
      tallies[completion.environment, default: Tally()].anchor(
        completion.cell, keepsAll: keepsAllAnchors)
    }
    let kills = (machine.mode == .certain ? event.possible : event.certain)
    guard kills & machine.policy.untilMask != 0, let until = machine.policy.untilRole else {
      return
    }
    for environment in tallies.keys.sorted()
    where machine.isKilled([until], of: kills, environment, by: candidate) {
      tallies[environment]?.forget(startedBefore: Int32(truncatingIfNeeded: candidate))
    }
  }

  /// Counts an event in every tally that it belongs to and looks whether it crosses the bound.
  private mutating func count(_ candidate: Int, _ sequence: Int32) {
    let needed: Truth = machine.mode == .certain ? .yes : .unknown
    var best: Judgement?
    for environment in tallies.keys.sorted()
    where machine.truth(role, environment, candidate) >= needed {
      guard let judgement = count(candidate, sequence, environment) else { continue }
      if best.map({ judgement.verdict.isPreferred(to: $0.verdict) }) ?? true { best = judgement }
    }
    guard let best else { return }
    judgements.append(best)
    if best.verdict.rank == .excused, machine.policy.policy.excuse?.uses != nil {
      state.excuses.removeAll { $0.candidate == best.verdict.excuse }
    }
  }

  private mutating func count(
    _ candidate: Int, _ sequence: Int32, _ environment: Int32
  ) -> Judgement? {
    // Taken out while it changes, so that it is not copied.
    guard var tally = tallies.removeValue(forKey: environment) else { return nil }
    defer { tallies[environment] = tally }
    let time = machine.run.times[candidate]
    tally.slide(to: time, window: window, within: machine.policy.policy.withinNanoseconds)
    let wasOver = level(tally, environment, isExcusable: false) != nil
    let wasOverAll = wasOver || level(tally, environment, isExcusable: true) != nil
    tally.add(candidate, time, sequence, amounts[candidate], valuesMax: valuesMax)
    let over = level(tally, environment, isExcusable: false)
    let overAll = over ?? level(tally, environment, isExcusable: true)
    let isCrossing = over != nil && !(wasOver && tally.isOver)
    let isCrossingAll = overAll != nil && !(wasOverAll && tally.isOverAll)
    tally.isOver = over != nil
    tally.isOverAll = overAll != nil
    if isCrossing, let over {
      return judgement(tally, over, candidate, environment, .realised)
    }
    if isCrossingAll, over == nil, let overAll {
      return judgement(tally, overAll, candidate, environment, .excused)
    }
    return nil
  }

  /// The window of what counts: without anchors `within` bounds it too.
  private var window: Int64? {
    guard anchorTotal == 0, let within = machine.policy.policy.withinNanoseconds else {
      return aggregate.windowNanoseconds
    }
    return min(within, aggregate.windowNanoseconds ?? within)
  }

  /// Distinct values that are worth remembering: as many as the bound, and some to show.
  private var valuesMax: Int {
    let bound = max(0, min(aggregate.threshold, 1_000_000))
    return Int(bound) + Match.witnessEventsMax + 2
  }

  /// A start of what counts that reaches the bound.
  struct Level {
    /// The first counted event, by its place in the tally.
    var from: Int
    var cell: Cell
    var excuse: Int32
    var value: Double
  }

  /// The best start that reaches the bound; nil when none does. With `isExcusable` those that an
  /// event excuses are taken too.
  private func level(_ tally: Tally, _ environment: Int32, isExcusable: Bool) -> Level? {
    var best: Level?
    let starts: [(from: Int, cell: Cell)]
    if anchorTotal == 0 {
      guard let cell = tally.firstCounted else { return nil }
      starts = [(tally.low, cell)]
    } else {
      starts = tally.anchors.map { (max($0.from, tally.low), $0.cell) }
    }
    for (from, cell) in starts {
      let excuse = machine.excuse(of: cell, environment, state) ?? -1
      if excuse >= 0, !isExcusable { continue }
      if let value = reached(tally, from), value > best?.value ?? -Double.infinity {
        best = Level(from: from, cell: cell, excuse: excuse, value: value)
      }
      // An earlier anchor sees all that a later one sees: unless amounts are negative it suffices.
      if !keepsAllAnchors { break }
    }
    return best
  }

  /// The aggregate from a place on, where it reaches the bound.
  private func reached(_ tally: Tally, _ from: Int) -> Double? {
    if from >= tally.counted.count { return nil }
    let unknown = machine.mode == .possible ? tally.unknowns(from: from) : 0
    var value: Double
    switch aggregate.measure {
    case .count: value = Double(tally.counted.count - from)
    case .sum:
      value = tally.sum(from: from)
      if unknown > 0 { return max(value, aggregate.threshold) }
    case .distinct: value = Double(tally.distinct(from: from) + unknown)
    }
    // Sums are differences of running sums: forgive their rounding.
    let slack = 1e-9 * max(1, abs(aggregate.threshold))
    if case .sum = aggregate.measure {
      let isReached =
        aggregate.thresholdIsInclusive
        ? value >= aggregate.threshold - slack : value > aggregate.threshold + slack
      return isReached ? value : nil
    }
    let isReached =
      aggregate.thresholdIsInclusive ? value >= aggregate.threshold : value > aggregate.threshold
    return isReached ? value : nil
  }

  private func judgement(
    _ tally: Tally, _ level: Level, _ candidate: Int, _ environment: Int32, _ rank: Verdict.Rank
  ) -> Judgement {
    let verdict = Verdict(
      rank: rank, node: level.cell.node, startTime: level.cell.startTime, start: level.cell.start,
      excuse: rank == .excused ? level.excuse : -1, environment: environment)
    let counted = tally.counted[level.from...]
    var witness = anchorTotal == 0 ? [] : machine.witness(level.cell.node)
    for item in counted.suffix(Match.witnessEventsMax) {
      witness.append(
        ChainMachine.Node(
          candidate: item.candidate, step: Int32(truncatingIfNeeded: anchorTotal), parent: -1))
    }
    var value = level.value
    if case .sum = aggregate.measure {
      value = counted.reduce(0) { $0 + amounts[Int($1.candidate)].sum }
    }
    return Judgement(
      candidate: candidate, verdict: verdict,
      isOrderSensitive: tieTimes.last.map { $0 >= level.cell.startTime } ?? false,
      witness: witness, aggregateEvents: counted.count, aggregateValue: value,
      latestStart: rank == .realised ? latestStart(tally, environment) : -1)
  }

  /// The latest anchors that reach the bound and are not excused: those of which the log shows most.
  private func latestStart(_ tally: Tally, _ environment: Int32) -> Int32 {
    let latest = tally.anchors.reversed().first { anchor in
      reached(tally, max(anchor.from, tally.low)) != nil
        && machine.excuse(of: anchor.cell, environment, state) == nil
    }
    return latest?.cell.start ?? -1
  }
}

extension AggregateJudge.Amount {
  /// What the values of the measured field come to.
  init(_ measure: Aggregate.Measure, _ values: [AttributeValue], _ fields: EventFields) {
    switch measure {
    case .count: break
    case .distinct:
      self.values = values
      isUnknown = values.isEmpty
    case .sum:
      let numbers = values.compactMap { numberValue($0, fields) }
      sum = numbers.reduce(0, +)
      isUnknown = numbers.isEmpty
    }
  }
}
