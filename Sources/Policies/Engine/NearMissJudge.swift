internal import Model

/// Finds what nearly completed a chain: one step denied or failed, or only the last step lacking.
struct NearMissJudge {
  /// One near miss.
  struct NearMiss {
    var witness: [ChainMachine.Node]
    var missingStep: Int
    var start: Int32
    /// The last event of it, as a candidate.
    var end: Int
    var environment: Int32
  }

  private struct Pending {
    var environment: Int32
    var cell: Cell
    var isDone = false
  }

  private struct Seen: Hashable {
    var start: Int32
    var missingStep: Int
  }

  private(set) var machine: ChainMachine
  private(set) var found: [NearMiss] = []
  private var state: ChainState
  private var pending: [Pending] = []
  private var seen: Set<Seen> = []
  private let stepTotal: Int

  init(_ policy: CompiledPolicy, _ run: KeyRun) {
    machine = ChainMachine(policy, run, .certain, .nearMisses)
    state = machine.initial
    stepTotal = policy.steps.count
  }

  /// Walks the key once, tied events in the order most favourable to a chain.
  mutating func judgeAll(_ table: EventTable) {
    let run = machine.run
    var start = 0
    while start < run.times.count {
      var end = start + 1
      while end < run.times.count, run.times[end] == run.times[start] { end += 1 }
      if end == start + 1 {
        take(start, start)
        start = end
        continue
      }
      var order = Array(start..<end)
      if run.isTimed, order.count > 1 {
        let before = TieOrders.precedence(order, run, table)
        order = TieOrders.favourable(order, machine.policy, run, before)
      }
      for (offset, candidate) in order.enumerated() { take(candidate, start + offset) }
      start = end
    }
    for item in pending { report(item) }
  }

  private mutating func take(_ candidate: Int, _ sequence: Int) {
    machine.take(candidate, sequence: Int32(truncatingIfNeeded: sequence), &state)
    var best: Cell?
    for completion in machine.completions {
      if completion.plane == 0 {
        for index in pending.indices where pending[index].environment == completion.source {
          pending[index].isDone = true
        }
      } else if machine.excuse(of: completion.cell, completion.environment, state) == nil {
        let cell = completion.cell
        if best.map({ ($0.startTime, $0.start) < (cell.startTime, cell.start) }) ?? true {
          best = cell
        }
      }
    }
    machine.settle(&state)
    if let best { keepDenied(best, candidate) }
    guard stepTotal >= 3 else { return }
    if machine.run.candidates[candidate].possible & machine.policy.killMask != 0 {
      dropKilled(at: machine.run.times[candidate])
    }
    for prefix in machine.prefixes { keepPrefix(prefix.environment, prefix.cell) }
  }

  private mutating func keepDenied(_ cell: Cell, _ candidate: Int) {
    let witness = machine.witness(cell.node)
    let denied = witness.first { node in
      let event = machine.run.candidates[Int(node.candidate)]
      let bit = UInt32(1) << UInt32(node.step)
      return event.denied & bit != 0 && event.certain & bit == 0
    }
    guard let denied else { return }
    add(
      NearMiss(
        witness: witness, missingStep: Int(denied.step), start: cell.start, end: candidate,
        environment: 0))
  }

  private mutating func add(_ miss: NearMiss) {
    let key = Seen(start: miss.start, missingStep: miss.missingStep)
    if seen.insert(key).inserted { found.append(miss) }
  }

  /// Forgets prefixes that `until`, `absent` or `unless` has ended; those whose time had run out
  /// before are near misses still.
  private mutating func dropKilled(at time: Int64) {
    let stage = machine.stage(0, stepTotal - 1, isOpen: false)
    var kept: [Pending] = []
    for item in pending {
      if item.isDone || state.stages[stage].holds(item.environment, { $0.start == item.cell.start })
      {
        kept.append(item)
      } else if deadline(item.cell) < time {
        report(item)
      }
    }
    pending = kept
  }

  private mutating func keepPrefix(_ environment: Int32, _ cell: Cell) {
    let stage = machine.stage(0, stepTotal - 1, isOpen: false)
    // The event itself may have ended it at once.
    let isAlive = state.stages[stage].holds(environment) { $0.node == cell.node }
    guard isAlive else { return }
    for item in pending where item.environment == environment {
      if deadline(item.cell) < cell.lastTime { report(item) }
    }
    pending.removeAll { $0.environment == environment }
    pending.append(Pending(environment: environment, cell: cell))
  }

  /// The last moment at which the last step could have come.
  private func deadline(_ cell: Cell) -> Int64 {
    let policy = machine.policy
    var deadline = Int64.max
    func bound(_ from: Int64, _ span: Int64?) {
      guard let span else { return }
      let (sum, overflow) = from.addingReportingOverflow(span)
      if !overflow { deadline = min(deadline, sum) }
    }
    bound(cell.startTime, policy.policy.withinNanoseconds)
    bound(cell.lastTime, policy.steps[stepTotal - 1].gapNanoseconds)
    return deadline
  }

  private mutating func report(_ item: Pending) {
    if item.isDone { return }
    let deadline = deadline(item.cell)
    if machine.excuse(of: item.cell, item.environment, state, upTo: deadline) != nil { return }
    let witness = machine.witness(item.cell.node)
    guard let last = witness.last else { return }
    add(
      NearMiss(
        witness: witness, missingStep: stepTotal - 1, start: item.cell.start,
        end: Int(last.candidate), environment: item.environment))
  }
}
