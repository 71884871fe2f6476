internal import Model

/// Advances the prefixes of one key by one event at a time.
///
/// It runs twice where a field is missing: once with unknown as false for steps and true for
/// excuses (what is certain), once the other way round (what is possible).
struct ChainMachine {
  /// How unknown predicates are read.
  enum Mode { case certain, possible }

  /// What a run looks for.
  enum Purpose {
    case violations
    /// Chains of which exactly one step was denied or failed.
    case nearMisses
  }

  /// One step of a witness and the one before it.
  struct Node {
    var candidate: Int32
    var step: Int32
    var parent: Int32
  }

  /// A chain that the last event completed.
  struct Completion {
    var plane: Int
    /// The register assignment before and after the last step.
    var source: Int32
    var environment: Int32
    var cell: Cell
  }

  private struct Insertion {
    var stage: Int
    var environment: Int32
    var cell: Cell
  }

  let policy: CompiledPolicy
  let run: KeyRun
  let mode: Mode
  let purpose: Purpose
  /// Whether the stage's prefixes are a queue, by stage.
  let hasGap: [Bool]
  private(set) var nodes: [Node] = []
  private(set) var environments: Environments
  private(set) var completions: [Completion] = []
  /// The prefixes of all steps but the last that the last event made, by environment.
  private(set) var prefixes: [(environment: Int32, cell: Cell)] = []
  /// Whether the number of live register assignments passed the bound.
  private(set) var hitStateLimit = false
  private var insertions: [Insertion] = []
  /// The last event, where it excuses chains completed after it.
  private var newMark: ChainState.ExcuseMark?
  private let stepTotal: Int
  private let planes: Int
  private let registers: Int

  /// Live register assignments of one stage and key.
  static let environmentsMax = 100_000

  init(_ policy: CompiledPolicy, _ run: KeyRun, _ mode: Mode, _ purpose: Purpose) {
    self.policy = policy
    self.run = run
    self.mode = mode
    self.purpose = purpose
    stepTotal = policy.steps.count
    environments = Environments.empty(registers: policy.registers.count)
    registers = policy.registers.count
    switch purpose {
    case .violations: planes = policy.excuseKills ? 2 : 1
    case .nearMisses: planes = 2
    }
    hasGap = policy.hasGap
  }

  /// The state before any event.
  var initial: ChainState { ChainState(stages: planes * 2 * (stepTotal + 1)) }

  func stage(_ plane: Int, _ done: Int, isOpen: Bool) -> Int {
    (plane * 2 + (isOpen ? 1 : 0)) * (stepTotal + 1) + done
  }

  /// Takes one event; what it completes is then in `completions`.
  ///
  /// The order matters: steps from last to first, so that an event serves one step of a chain; then
  /// kills, which spare what the event itself started.
  mutating func take(_ candidate: Int, sequence: Int32, _ state: inout ChainState) {
    completions.removeAll(keepingCapacity: true)
    insertions.removeAll(keepingCapacity: true)
    prefixes.removeAll(keepingCapacity: true)
    newMark = nil
    let event = run.candidates[candidate]
    let serves = (mode == .certain ? event.certain : event.possible) & policy.chainMask
    let denied = purpose == .nearMisses ? event.denied & policy.chainMask : 0
    for step in stride(from: stepTotal - 1, through: 0, by: -1) {
      let bit = UInt32(1) << UInt32(step)
      if serves & bit != 0 {
        for plane in 0..<planes {
          // A chain with a denied step began without one.
          let isFirstElsewhere = step == 0 && plane == 1 && purpose == .nearMisses
          if !isFirstElsewhere {
            advance(candidate, sequence, step: step, from: plane, to: plane, &state)
          }
        }
      }
      if denied & bit != 0 { advance(candidate, sequence, step: step, from: 0, to: 1, &state) }
    }
    let kills = (mode == .certain ? event.possible : event.certain) & policy.killMask
    if kills != 0 { kill(candidate, sequence, kills, &state) }
    for insertion in insertions {
      state.stages[insertion.stage].insert(
        insertion.cell, insertion.environment, hasGap: hasGap[insertion.stage])
      if insertion.environment != 0 { bound(insertion.stage, &state, at: run.times[candidate]) }
    }
  }

  private mutating func advance(
    _ candidate: Int, _ sequence: Int32, step: Int, from plane: Int, to target: Int,
    _ state: inout ChainState
  ) {
    if step == 0 {
      let time = run.times[candidate]
      let cell = Cell(
        start: Int32(truncatingIfNeeded: candidate), startTime: time, startSequence: sequence,
        lastTime: time, node: -1)
      extend(cell, 0, candidate, step: 0, to: target)
      return
    }
    let waiting = stage(plane, step, isOpen: false)
    advance(candidate, step: step, over: waiting, to: target, &state)
    if policy.steps[step].repeats {
      let open = stage(plane, step + 1, isOpen: true)
      advance(candidate, step: step, over: open, to: target, &state)
    }
  }

  private mutating func advance(
    _ candidate: Int, step: Int, over stage: Int, to target: Int, _ state: inout ChainState
  ) {
    if state.stages[stage].isEmpty { return }
    if state.stages[stage].fronts.isEmpty {
      advance(candidate, step: step, over: stage, 0, to: target, &state)
    } else if let only = onlyWaiting(stage, step: step, candidate, state) {
      if only > 0 { advance(candidate, step: step, over: stage, only, to: target, &state) }
    } else {
      for environment in waiting(stage, step: step, candidate, state) {
        advance(candidate, step: step, over: stage, environment, to: target, &state)
      }
    }
  }

  private mutating func advance(
    _ candidate: Int, step: Int, over stage: Int, _ environment: Int32, to target: Int,
    _ state: inout ChainState
  ) {
    let time = run.times[candidate]
    guard isMet(step: step, environment, candidate),
      let cell = state.stages[stage].first(
        environment, at: time, gap: policy.steps[step].gapNanoseconds)
    else { return }
    if let within = policy.policy.withinNanoseconds, span(from: cell.startTime, to: time) > within {
      return
    }
    extend(cell, environment, candidate, step: step, to: target)
  }

  /// Whether the register tests of a step hold as the mode asks.
  private func isMet(step: Int, _ environment: Int32, _ candidate: Int) -> Bool {
    if registers == 0 || !policy.roles[step].testsRegisters { return true }
    let truth = truth(policy.roles[step], environment, candidate)
    return truth >= (mode == .certain ? .yes : .unknown)
  }

  /// With one register: the assignment that the candidate's value names, 0 where no prefix has it;
  /// nil where it may advance others too.
  private func onlyWaiting(
    _ stage: Int, step: Int, _ candidate: Int, _ state: ChainState
  ) -> Int32? {
    guard registers == 1, mode == .certain, state.stages[stage].solo.isEmpty,
      policy.roles[step].same.count == 1, policy.roles[step].flow == nil,
      policy.liveRegisters[stage % (stepTotal + 1)][0],
      case .one(let value) = run.value(candidate, field: policy.roles[step].same[0].field)
    else { return nil }
    return environments.lookup(value) ?? 0
  }

  /// The register assignments of a stage that the candidate may advance. Where its own values name
  /// the assignment, only that one is looked at.
  private func waiting(
    _ stage: Int, step: Int, _ candidate: Int, _ state: ChainState
  ) -> [Int32] {
    let role = policy.roles[step]
    let isNamed = !role.same.isEmpty || role.flow != nil
    if mode == .certain, state.stages[stage].solo.isEmpty, isNamed,
      let named = named(by: candidate, role, live: policy.liveRegisters[stage % (stepTotal + 1)])
    {
      return named
    }
    return state.stages[stage].environments
  }

  /// The assignments that the candidate's own values name; nil where they do not name whole ones.
  private func named(
    by candidate: Int, _ role: CompiledPolicy.Role, live: [Bool]
  ) -> [Int32]? {
    var wanted = environments[0]
    for test in role.same {
      guard case .one(let value) = run.value(candidate, field: test.field) else { return nil }
      wanted[test.register] = value
    }
    var choices = [wanted]
    if let flow = role.flow {
      choices = run.value(candidate, field: flow.certain).list.map { token in
        var choice = wanted
        choice[flow.register] = token
        return choice
      }
    }
    guard let first = choices.first else { return [] }
    guard zip(live, first).allSatisfy({ !$0 || $1 != nil }) else { return nil }
    var numbers: Set<Int32> = []
    for choice in choices {
      var choice = choice
      for index in choice.indices where !live[index] { choice[index] = nil }
      if let number = environments.lookup(choice) { numbers.insert(number) }
    }
    return numbers.sorted()
  }

  private mutating func extend(
    _ cell: Cell, _ environment: Int32, _ candidate: Int, step: Int, to plane: Int
  ) {
    var cell = cell
    cell.lastTime = run.times[candidate]
    nodes.append(
      Node(
        candidate: Int32(truncatingIfNeeded: candidate), step: Int32(truncatingIfNeeded: step),
        parent: cell.node))
    cell.node = Int32(truncatingIfNeeded: nodes.count - 1)
    if let next = onlyBound(environment, candidate, step: step) {
      place(cell, environment, next, step: step, to: plane)
      return
    }
    for next in bound(environment, candidate, step: step) {
      place(cell, environment, next, step: step, to: plane)
    }
  }

  private mutating func place(
    _ cell: Cell, _ environment: Int32, _ next: Int32, step: Int, to plane: Int
  ) {
    if step + 1 == stepTotal {
      completions.append(
        Completion(plane: plane, source: environment, environment: next, cell: cell))
    } else {
      let waiting = stage(plane, step + 1, isOpen: false)
      insertions.append(Insertion(stage: waiting, environment: next, cell: cell))
      if step + 2 == stepTotal, plane == 0 { prefixes.append((next, cell)) }
    }
    if policy.steps[step].repeats, step > 0 {
      let open = stage(plane, step + 1, isOpen: true)
      insertions.append(Insertion(stage: open, environment: next, cell: cell))
    }
  }

  /// With at most one register: the assignment after a step; nil where there may be several.
  private mutating func onlyBound(
    _ environment: Int32, _ candidate: Int, step: Int
  ) -> Int32? {
    if registers == 0 { return 0 }
    guard registers == 1 else { return nil }
    let isLive = policy.liveRegisters[step + 1][0]
    switch policy.roles[step].bind.count {
    case 0: return isLive ? environment : 0
    case 1:
      switch run.value(candidate, field: policy.roles[step].bind[0].field) {
      case .none: return isLive ? environment : 0
      case .one(.token(0)), .many: return nil
      case .one(let value): return isLive ? environments.number(of: value) : 0
      }
    default: return nil
    }
  }

  /// The assignments after a step has bound its registers: one for each element of a list.
  private mutating func bound(
    _ environment: Int32, _ candidate: Int, step: Int
  ) -> [Int32] {
    var assignments = [environments[environment]]
    for item in policy.roles[step].bind {
      let values = run.value(candidate, field: item.field).list
      guard !values.isEmpty else { continue }
      assignments = assignments.flatMap { assignment in
        // A result without distinctive tokens has nothing that could flow.
        values.compactMap { value in
          if value == .token(0) { return nil }
          var next = assignment
          next[item.register] = value
          return next
        }
      }
    }
    let live = policy.liveRegisters[step + 1]
    var numbers: [Int32] = []
    for assignment in assignments {
      var next = assignment
      for index in next.indices where !live[index] { next[index] = nil }
      let number = environments.number(of: next)
      if !numbers.contains(number) { numbers.append(number) }
    }
    return numbers
  }

  /// Judges the register tests of a role: unknown where the register or the field is missing.
  func truth(_ role: CompiledPolicy.Role, _ environment: Int32, _ candidate: Int) -> Truth {
    guard role.testsRegisters else { return .yes }
    let assignment = environments[environment]
    var truth = Truth.yes
    for test in role.same {
      let values = run.value(candidate, field: test.field)
      guard let register = assignment[test.register], !values.isNone else {
        truth = min(truth, .unknown)
        continue
      }
      truth = min(truth, Truth(values.contains { $0 == register }))
    }
    for test in role.differs {
      let values = run.value(candidate, field: test.field)
      guard let register = assignment[test.register], !values.isNone else {
        truth = min(truth, .unknown)
        continue
      }
      truth = min(truth, Truth(!values.contains { $0 == register }))
    }
    guard let flow = role.flow else { return truth }
    let values = run.value(candidate, field: mode == .certain ? flow.certain : flow.possible)
    guard let register = assignment[flow.register], !values.isNone else {
      return min(truth, .unknown)
    }
    return min(truth, Truth(values.contains { $0 == register }))
  }

  /// Whether some of the roles, of those that the event may serve, holds for an assignment.
  func isKilled(
    _ roles: [Int], of mask: UInt32, _ environment: Int32, by candidate: Int
  ) -> Bool {
    let needed: Truth = mode == .certain ? .unknown : .yes
    return roles.contains { role in
      mask & (1 << UInt32(role)) != 0
        && truth(policy.roles[role], environment, candidate) >= needed
    }
  }

  private mutating func kill(
    _ candidate: Int, _ sequence: Int32, _ mask: UInt32, _ state: inout ChainState
  ) {
    if mask & policy.absentMask != 0 {
      for (step, roles) in policy.absentRoles.enumerated() where !roles.isEmpty {
        for plane in 0..<planes {
          remove(stage(plane, step, isOpen: false), roles, mask, candidate, &state)
          if policy.steps[step].repeats {
            remove(stage(plane, step + 1, isOpen: true), roles, mask, candidate, &state)
          }
        }
      }
    }
    if mask & policy.untilMask != 0, let until = policy.untilRole {
      killStarted([until], mask, candidate, planes: 0..<planes, &state)
    }
    guard mask & policy.excuseMask != 0 else { return }
    if policy.excuseKills {
      switch purpose {
      case .nearMisses: killStarted(policy.excuseRoles, mask, candidate, planes: 0..<2, &state)
      case .violations:
        killStarted(policy.excuseRoles, mask, candidate, planes: 0..<1, &state)
        markExcused(mask, candidate, &state)
      }
      return
    }
    newMark = ChainState.ExcuseMark(
      candidate: Int32(truncatingIfNeeded: candidate), time: run.times[candidate],
      sequence: sequence)
  }

  /// Remembers the last event where it excuses chains: once it was judged itself, since it cannot
  /// excuse what it completes.
  mutating func settle(_ state: inout ChainState) {
    guard let mark = newMark else { return }
    newMark = nil
    let needsAll = policy.policy.excuse?.uses != nil || purpose == .nearMisses
    if !needsAll, !policy.excuseRoles.contains(where: { policy.roles[$0].testsRegisters }) {
      state.excuses.removeAll(keepingCapacity: true)
    }
    state.excuses.append(mark)
  }

  /// Removes every prefix that started before the event, those that it has advanced included.
  private mutating func killStarted(
    _ roles: [Int], _ mask: UInt32, _ candidate: Int, planes: Range<Int>,
    _ state: inout ChainState
  ) {
    let width = stepTotal + 1
    for stage in planes.lowerBound * 2 * width..<planes.upperBound * 2 * width {
      remove(stage, roles, mask, candidate, &state)
    }
    insertions = insertions.filter { insertion in
      !planes.contains(insertion.stage / (2 * width)) || Int(insertion.cell.start) == candidate
        || !isKilled(roles, of: mask, insertion.environment, by: candidate)
    }
  }

  private mutating func markExcused(
    _ mask: UInt32, _ candidate: Int, _ state: inout ChainState
  ) {
    let event = Int32(truncatingIfNeeded: candidate)
    let width = stepTotal + 1
    for stage in 2 * width..<4 * width {
      for environment in state.stages[stage].environments
      where isKilled(policy.excuseRoles, of: mask, environment, by: candidate) {
        state.stages[stage][environment].markExcused(by: event, except: event)
      }
    }
    for index in insertions.indices
    where insertions[index].stage >= 2 * width && insertions[index].cell.start != event {
      let environment = insertions[index].environment
      if isKilled(policy.excuseRoles, of: mask, environment, by: candidate) {
        insertions[index].cell.excuse = event
      }
    }
  }

  private func remove(
    _ stage: Int, _ roles: [Int], _ mask: UInt32, _ candidate: Int, _ state: inout ChainState
  ) {
    if state.stages[stage].isEmpty { return }
    if !roles.contains(where: { policy.roles[$0].testsRegisters }) {
      if roles.contains(where: { mask & (1 << UInt32($0)) != 0 }) { state.stages[stage].clear() }
      return
    }
    for environment in state.stages[stage].environments
    where isKilled(roles, of: mask, environment, by: candidate) {
      state.stages[stage][environment] = Front()
    }
  }

  /// Keeps the number of live assignments bounded: first by dropping those whose window has passed.
  private mutating func bound(_ stage: Int, _ state: inout ChainState, at time: Int64) {
    let count = state.stages[stage].fronts.count
    guard count > 64, count & (count - 1) == 0 else { return }
    if let within = policy.policy.withinNanoseconds {
      for environment in state.stages[stage].environments {
        guard let best = state.stages[stage][environment].best else { continue }
        if span(from: best.startTime, to: time) > within {
          state.stages[stage][environment] = Front()
        }
      }
    }
    if state.stages[stage].fronts.count > Self.environmentsMax {
      hitStateLimit = true
      state.stages[stage].clear()
    }
  }
}
