internal import Model
internal import Policies

/// Finds gates: the fewest approval points that would have stopped every chain that happened.
///
/// What would have waited is not guessed: each action of each chain is tried as a gate, a sequence
/// policy of its own, by the engine, over all events of the window. An action that somebody had
/// approved does not wait, and so is no gate for its chain.
struct GateMaker<Runner: PieceRunner> {
  let input: ReviewInput
  let policies: [Policy]
  let evaluation: Evaluation
  let from: Timestamp?
  let to: Timestamp?
  let runner: Runner

  /// An action of one agent: what a gate may stand before.
  private struct Point: Hashable {
    let action: String
    let agent: Symbol
  }

  /// What would wait at one point.
  private struct Waiting {
    var events: Set<Int> = []
    var innocent: Set<Symbol> = []
    var violating: Set<Symbol> = []
  }

  /// A chain that happened, with the points at which it passed.
  private struct Chain {
    let match: Match
    let points: [Point]
    let finding: String
  }

  /// The gates for the chains that happened; nil when none did.
  ///
  /// - Parameter finding: The id of the finding that a match belongs to.
  func plan(finding: (Match) -> String?) -> GatePlan? {
    let chains = evaluation.matches.compactMap { match -> Chain? in
      guard match.status == .realised, let id = finding(match) else { return nil }
      return Chain(match: match, points: self.points(of: match), finding: id)
    }
    guard !chains.isEmpty else { return nil }
    let tried = gatePolicies(of: chains) { _ in true }
    let waiting = self.waiting(at: tried, chains)
    let points = waiting.keys.sorted(by: precedes)
    var numbers: [Point: Int] = [:]
    for (number, point) in points.enumerated() { numbers[point] = number }
    let stoppable = chains.map { chain in
      chain.points.filter { stops(chain, at: $0, waiting) }.compactMap { numbers[$0] }
    }
    let best = HittingSet(
      meeting: stoppable.filter { !$0.isEmpty },
      burdens: points.map { waiting[$0]?.innocent.count ?? 0 })
    let chosen = Set(best.chosen.map { points[$0] })
    var stopped: [Chain] = []
    // The chains that a gate before each action stops, by their places.
    var own: [String: [Int]] = [:]
    for chain in chains {
      let stopping = chain.points.filter { chosen.contains($0) && stops(chain, at: $0, waiting) }
      if stopping.isEmpty { continue }
      for action in Set(stopping.map(\.action)) { own[action, default: []].append(stopped.count) }
      stopped.append(chain)
    }
    let gates = gatePolicies(of: stopped) { chosen.contains($0) }.map { policy in
      let action = policy.action.lowercased()
      return gate(
        policy, chosen.filter { $0.action == action }, (own[action] ?? []).map { stopped[$0] },
        waiting)
    }
    let innocent = chosen.reduce(into: Set<Symbol>()) { $0.formUnion(waiting[$1]?.innocent ?? []) }
    let unstopped = Set(zip(chains, stoppable).filter { $1.isEmpty }.map(\.0.finding))
    return GatePlan(
      gates: gates.sorted { ($1.chains, $0.action) < ($0.chains, $1.action) },
      chains: chains.count, stopped: stopped.count, unstopped: unstopped.sorted(),
      isExact: best.isExact, weeks: weeks, innocentTasks: innocent.count)
  }

  /// Weeks of the window, by its days.
  private var weeks: Double? {
    guard let from, let to, from <= to else { return nil }
    return Double(to.dayNumber - from.dayNumber + 1) / 7
  }

  private func precedes(_ left: Point, _ right: Point) -> Bool {
    left.action == right.action
      ? input.symbols.text(left.agent) < input.symbols.text(right.agent)
      : left.action < right.action
  }

  private func point(_ event: Event, _ symbols: Symbols) -> Point {
    Point(action: symbols.text(event.action).lowercased(), agent: event.agent)
  }

  /// The permitted steps of a chain, each once. An approval is no step that could wait for one.
  private func points(of match: Match) -> [Point] {
    var points: [Point] = []
    for step in match.chain {
      let event = input.table.events[step.event]
      let meaning = input.vocabulary.meaning(of: input.symbols.text(event.action))
      let isApproval = meaning.capabilities.contains("approval.grant")
      let point = point(event, input.symbols)
      guard event.outcome == .allowed, !isApproval, !points.contains(point) else { continue }
      points.append(point)
    }
    return points
  }

  private func stops(_ chain: Chain, at point: Point, _ waiting: [Point: Waiting]) -> Bool {
    guard chain.points.contains(point), let events = waiting[point]?.events else { return false }
    return chain.match.chain.contains { events.contains($0.event) }
  }

  /// One policy for each action of some points of the chains, in order of action.
  private func gatePolicies(
    of chains: [Chain], where isMeant: (Point) -> Bool
  ) -> [GatePolicy] {
    var byAction: [String: GatePolicy] = [:]
    var stops: [String: Set<String>] = [:]
    var agents: [String: Set<Symbol>] = [:]
    for chain in chains {
      let policy = policies[chain.match.policy]
      for point in chain.points where isMeant(point) {
        let name = chain.match.chain.map { input.table.events[$0.event] }
          .first { self.point($0, input.symbols) == point }.map { input.symbols.text($0.action) }
        let action = name ?? point.action
        var gate =
          byAction[point.action] ?? GatePolicy(id: GateMaker.id(of: action), action: action)
        agents[point.action, default: []].insert(point.agent)
        stops[point.action, default: []].insert(policy.id)
        gate.severity = max(gate.severity, policy.severity)
        gate.delegation = gate.delegation ?? policy.delegation
        byAction[point.action] = gate
      }
    }
    return byAction.keys.sorted().compactMap { action in
      var gate = byAction[action]
      gate?.agents = (agents[action] ?? []).map { input.symbols.text($0) }.sorted()
      gate?.because =
        "An approval here would have stopped every chain of these policies that happened and passed "
        + "this point: \(listed((stops[action] ?? []).sorted(), max: 6))."
      return gate
    }
  }

  /// `gate-` and the words of the action; actions that differ in other signs only get a digest.
  private static func id(of action: String) -> String {
    var words = ""
    var wasLower = false
    for scalar in action.unicodeScalars {
      let isUpper = ("A"..."Z").contains(scalar)
      let isPlain = isUpper || ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
      if isUpper, wasLower { words.append("-") }
      if isPlain {
        words.append(String(scalar).lowercased())
      } else if !words.hasSuffix("-") {
        words.append("-")
      }
      wasLower = isPlain && !isUpper
    }
    while words.hasSuffix("-") { words.removeLast() }
    while words.hasPrefix("-") { words.removeFirst() }
    let isShort = !words.isEmpty && words.utf8.count <= 80
    return "gate-\(isShort ? words : digest([action.lowercased()], hexDigits: 12))"
  }

  /// What would wait at each point, by a run of the engine over all gates at once.
  private func waiting(at gates: [GatePolicy], _ chains: [Chain]) -> [Point: Waiting] {
    var violating: Set<Symbol> = []
    for chain in chains {
      for step in chain.match.chain { violating.insert(input.table.events[step.event].work) }
    }
    var waiting: [Waiting] = []
    var numbers: [Point: Int] = [:]
    var known: [UInt64: Int] = [:]
    func number(of event: Event, _ symbols: Symbols) -> Int {
      let key = UInt64(event.action.raw) << 32 | UInt64(event.agent.raw)
      if let number = known[key] { return number }
      let point = point(event, symbols)
      let number = numbers[point] ?? waiting.count
      if number == waiting.count { waiting.append(Waiting()) }
      numbers[point] = number
      known[key] = number
      return number
    }
    var input = input
    let broken = brokenEvents(
      gates.map(\.policy), spilled: &input, from: from, to: to, on: runner)
    // Where it cannot be told whether somebody had approved, the action waits.
    for index in broken.joined() {
      let event = input.table.events[index]
      let task = event.work
      let number = number(of: event, input.symbols)
      waiting[number].events.insert(index)
      if violating.contains(task) {
        waiting[number].violating.insert(task)
      } else {
        waiting[number].innocent.insert(task)
      }
    }
    return numbers.mapValues { waiting[$0] }
  }

  private func gate(
    _ policy: GatePolicy, _ points: Set<Point>, _ own: [Chain], _ waiting: [Point: Waiting]
  ) -> Gate {
    var all = Waiting()
    for point in points {
      all.events.formUnion(waiting[point]?.events ?? [])
      all.innocent.formUnion(waiting[point]?.innocent ?? [])
      all.violating.formUnion(waiting[point]?.violating ?? [])
    }
    return Gate(
      policy: policy.policy, text: policy.text, action: policy.action,
      capabilities: input.vocabulary.meaning(of: policy.action).capabilities,
      agents: policy.agents, findings: Set(own.map(\.finding)).sorted(), chains: own.count,
      uses: all.events.count, innocentTasks: all.innocent.count,
      violatingTasks: all.violating.count,
      innocentTasksPerWeek: weeks.map { Double(all.innocent.count) / $0 })
  }
}
