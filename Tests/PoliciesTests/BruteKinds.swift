import Model
import Policies

/// The formal semantics of `require`, `order` and `scope`, as plainly as possible.
extension BruteForce {
  /// How one event stands in one order of ties and one reading.
  struct Standing {
    var rank = Rank.none
    /// An obligation whose deadline the log does not pass, a key that ends outside `accept`.
    var isOpen = false
  }

  /// What is expected of each event of one key.
  func expectedOfKinds(_ all: [BruteEvent], isTimed: Bool) -> [Expected] {
    let judge: ([BruteEvent], Mode) -> [Standing]
    switch policy.rule {
    case .forbid, .limit: return []
    case .require(let requirement):
      judge = { self.standings(requirement, $0, $1, isTimed: isTimed) }
    case .order(let order): judge = { self.standings(order, $0, $1, isTimed: isTimed) }
    case .scope(let scope):
      // Registers come from the key's first event, whatever it does.
      judge = { self.standings(scope, $0, $1, all, isTimed: isTimed) }
    }
    var most: [Mode: [Int: Rank]] = [:]
    var least: [Mode: [Int: Rank]] = [:]
    var open: [Mode: Set<Int>] = [:]
    let events = relevant(all)
    for order in BruteForce.orders(of: events, isTimed: isTimed) {
      for mode in [Mode.certain, .possible] {
        for (event, standing) in zip(order, judge(order, mode)) {
          let rank = standing.rank
          most[mode, default: [:]][event.line] = max(most[mode]?[event.line] ?? .none, rank)
          least[mode, default: [:]][event.line] = min(least[mode]?[event.line] ?? .realised, rank)
          if standing.isOpen { open[mode, default: []].insert(event.line) }
        }
      }
    }
    return events.compactMap { event -> Expected? in
      func expected(_ status: MatchStatus, _ mode: Mode) -> Expected {
        let isSensitive = least[mode]?[event.line] != most[mode]?[event.line]
        return Expected(
          line: event.line, status: status, isOrderSensitive: isSensitive, start: nil)
      }
      let certain = most[.certain]?[event.line] ?? .none
      let possible = most[.possible]?[event.line] ?? .none
      if certain == .realised {
        return expected(isBeginningKnown(event) ? .realised : .indeterminate, .certain)
      }
      if possible == .realised { return expected(.indeterminate, .possible) }
      if certain == .excused { return expected(.excused, .certain) }
      if open[.possible]?.contains(event.line) == true {
        return Expected(
          line: event.line, status: .pending, isOrderSensitive: false, start: nil)
      }
      return nil
    }
  }

  /// Whether nothing that a violation at this event looked back for can lie ahead of the log.
  private func isBeginningKnown(_ event: BruteEvent) -> Bool {
    guard reachesBack(event) else { return false }
    guard case .require(let requirement) = policy.rule, requirement.direction == .precondition,
      let logStart, let time = event.time
    else { return true }
    if let task = event.task, requested.contains(task) { return true }
    guard let within = policy.withinNanoseconds else { return false }
    return Int64(time - logStart) * 60_000_000_000 >= within
  }

  /// Realised or excused, for a chain of one event that nothing else prevents; an excuse lies before
  /// `end`.
  private func rank(
    _ events: [BruteEvent], first: Int, end: Int, _ registers: Registers, _ mode: Mode
  ) -> Rank {
    let isExcused = !excuses(events, first: first, last: end, registers, mode).isEmpty
    return isExcused ? .excused : .realised
  }

  // MARK: Require

  private func standings(
    _ requirement: Requirement, _ events: [BruteEvent], _ mode: Mode, isTimed: Bool
  ) -> [Standing] {
    events.indices.map { place in
      var standing = Standing()
      guard serves(requirement.trigger.selector, events[place], [:], mode) else { return standing }
      for registers in bound(requirement.trigger.selector, events[place], [:]) {
        let one: Standing
        switch requirement.direction {
        case .precondition:
          one = precondition(requirement, events, place, registers, mode, isTimed: isTimed)
        case .obligation:
          one = obligation(requirement, events, place, registers, mode, isTimed: isTimed)
        }
        standing.rank = max(standing.rank, one.rank)
        standing.isOpen = standing.isOpen || one.isOpen
      }
      return standing
    }
  }

  private func precondition(
    _ requirement: Requirement, _ events: [BruteEvent], _ place: Int, _ registers: Registers,
    _ mode: Mode, isTimed: Bool
  ) -> Standing {
    let isMet = (0..<place).contains { other in
      let passed = events[place].nanoseconds - events[other].nanoseconds
      if isTimed, let within = policy.withinNanoseconds, passed > within { return false }
      let isNeeded = requirement.needed.contains {
        prevents($0.selector, events[other], registers, mode)
      }
      guard isNeeded, let until = policy.until else { return isNeeded }
      // What was forgotten does not help: here `until` makes the violation.
      return !((other + 1)..<place).contains { serves(until, events[$0], registers, mode) }
    }
    if isMet { return Standing() }
    return Standing(rank: rank(events, first: place, end: place, registers, mode))
  }

  private func obligation(
    _ requirement: Requirement, _ events: [BruteEvent], _ place: Int, _ registers: Registers,
    _ mode: Mode, isTimed: Bool
  ) -> Standing {
    let within = policy.withinNanoseconds ?? 0
    let due = events[place].nanoseconds + within
    // The first place that is too late.
    let end = isTimed ? events.firstIndex { $0.nanoseconds > due } ?? events.count : events.count
    for other in (place + 1)..<max(end, place + 1) {
      let isForgotten = policy.until.map { prevents($0, events[other], registers, mode) } ?? false
      let isMet = requirement.needed.contains {
        prevents($0.selector, events[other], registers, mode)
      }
      if isForgotten || isMet { return Standing() }
    }
    let rank = rank(events, first: place, end: end, registers, mode)
    let isClosed = isTimed && logEnd > due
    if isClosed { return Standing(rank: rank) }
    return Standing(rank: .none, isOpen: rank == .realised)
  }

  // MARK: Order

  private func standings(
    _ order: StateOrder, _ events: [BruteEvent], _ mode: Mode, isTimed: Bool
  ) -> [Standing] {
    var states: Set<Int> = [order.start]
    var standings: [Standing] = []
    for (place, event) in events.enumerated() {
      var next: Set<Int> = []
      var verdicts: [Bool] = []
      for state in states.sorted() {
        for outcome in outcomes(order, state, event) {
          next.insert(outcome.next)
          verdicts.append(outcome.isViolation)
        }
      }
      let isViolation = mode == .certain ? !verdicts.contains(false) : verdicts.contains(true)
      var standing = Standing()
      if isViolation { standing.rank = rank(events, first: place, end: place, [:], mode) }
      standings.append(standing)
      if let until = policy.until {
        switch truth(until, event, [:]) {
        case true: next = [order.start]
        case false: break
        case nil: next.insert(order.start)
        }
      }
      states = next
    }
    guard let accepting = order.accepting, let last = events.last else { return standings }
    let ended = events.contains { isEnd($0) }
    if !ended, states.contains(where: { !accepting[$0] }), !isEnd(last) {
      standings[events.count - 1].isOpen = true
    }
    return standings
  }

  private func isEnd(_ event: BruteEvent) -> Bool {
    event.action == "task.end" && event.outcome == .allowed
  }

  /// What an event may lead to from one state, over every resolution of what is unknown.
  private func outcomes(
    _ order: StateOrder, _ state: Int, _ event: BruteEvent
  ) -> [(next: Int, isViolation: Bool)] {
    let truths = order.selectors.map { truth($0.selector, event, [:]) }
    var found: [(next: Int, isViolation: Bool)] = []
    for resolved in Self.resolutions(truths) {
      let taken = order.transitions[state].first { resolved[$0.selector] }
      let next = taken?.next ?? state
      var isViolation = false
      if taken == nil, resolved.contains(true), order.otherwise == .violation { isViolation = true }
      if isEnd(event), let accepting = order.accepting, !accepting[next] { isViolation = true }
      found.append((next, isViolation))
    }
    return found
  }

  private static func resolutions(_ truths: [Bool?]) -> [[Bool]] {
    truths.reduce([[]]) { all, truth in
      all.flatMap { head in (truth.map { [$0] } ?? [false, true]).map { head + [$0] } }
    }
  }

  // MARK: Scope

  private func standings(
    _ scope: Scope, _ events: [BruteEvent], _ mode: Mode, _ all: [BruteEvent], isTimed: Bool
  ) -> [Standing] {
    // The order of ties among all events of the key is not tried: the first of the table binds.
    var registers: Registers = [:]
    for bind in scope.bind {
      if let first = all.first { registers[bind.register] = first.values(bind.field) }
    }
    return events.indices.map { place in
      let event = events[place]
      let isOutside = scope.allow.map { allowed in
        Self.isOutside(allowed, event, registers)
      }
      let any = Self.and(isOutside.map { $0.map { !$0 } }).map { !$0 }
      let truth = Self.and([truth(scope.of.selector, event, [:]), any])
      let isViolation = mode == .certain ? truth == true : truth != false
      if !isViolation { return Standing() }
      return Standing(rank: rank(events, first: place, end: place, [:], mode))
    }
  }

  /// Whether some value of the field is inside no bound.
  private static func isOutside(
    _ allowed: Scope.Allowed, _ event: BruteEvent, _ registers: Registers
  ) -> Bool? {
    let values = event.values(allowed.field)
    if values.isEmpty { return nil }
    let outside = values.map { value -> Bool? in
      let inside = allowed.bounds.map { bound -> Bool? in
        switch bound {
        case .like(let glob): return isLike(glob, value.text)
        case .register(let name):
          let wanted = registers[name] ?? []
          return wanted.isEmpty ? nil : wanted.contains(value)
        case .field(let field):
          let globs = event.values(field)
          return globs.isEmpty ? nil : globs.contains { isLike($0.text, value.text) }
        }
      }
      return and(inside.map { $0.map { !$0 } })
    }
    return and(outside.map { $0.map { !$0 } }).map { !$0 }
  }
}
