import Model
import Policies

/// The formal semantics of limits, as plainly as possible.
extension BruteForce {
  /// Tied events in an order favourable to a violation: anchors, what counts, most first, what
  /// prevents.
  private func favourable(_ group: [BruteEvent], _ limit: Limit) -> [BruteEvent] {
    func opened(_ selector: Selector, _ event: BruteEvent) -> Bool {
      var open = selector
      open.same = []
      open.differs = []
      return truth(open, event, [:]) != false
    }
    func rank(_ event: BruteEvent) -> Int {
      let selectors = limit.anchors.map(\.selector) + [limit.aggregate.of]
      let first = selectors.firstIndex { opened($0, event) } ?? 99
      return first * 2 + (opened(limit.aggregate.of, event) ? 1 : 0)
    }
    var rest = group
    var order: [BruteEvent] = []
    while !rest.isEmpty {
      let free = rest.indices.filter { index in
        !rest.contains { Self.isBefore($0, rest[index]) }
      }
      func place(_ index: Int) -> (Int, Double) { (rank(rest[index]), -amount(rest[index], limit)) }
      guard let next = free.min(by: { place($0) < place($1) }) else { return group }
      order.append(rest.remove(at: next))
    }
    return order
  }

  private func amount(_ event: BruteEvent, _ limit: Limit) -> Double {
    guard case .sum(let field) = limit.aggregate.measure else { return 0 }
    return event.values(field).reduce(0) { sum, value in
      if case .number(let number) = value { return sum + number }
      return sum
    }
  }

  /// What is expected of each event of one key: realised, excused or indeterminate crossings.
  func expectedCrossings(_ all: [BruteEvent], isTimed: Bool) -> [Expected] {
    guard case .limit(let limit) = policy.rule else { return [] }
    let events = Self.groups(of: relevant(all), isTimed: isTimed)
      .flatMap { favourable($0, limit) }
    let certain = crossings(limit, events, .certain, isTimed: isTimed)
    let possible = crossings(limit, events, .possible, isTimed: isTimed)
    return events.indices.compactMap { place in
      let status: MatchStatus
      if certain[place].rank == .realised {
        let isCovered = certain[place].firsts.contains { reachesBack($0) }
        status = isCovered ? .realised : .indeterminate
      } else if possible[place].rank == .realised {
        status = .indeterminate
      } else if certain[place].rank == .excused {
        status = .excused
      } else {
        return nil
      }
      return Expected(
        line: events[place].line, status: status, isOrderSensitive: false, start: nil)
    }
  }

  /// Whether the bound was reached after the last event that counts, by lane.
  private struct Flags {
    var isOver = false
    var isOverAll = false
  }

  /// How an event stands as a crossing, and what the chains that it crosses for begin with.
  private struct Crossing {
    var rank = Rank.none
    var firsts: [BruteEvent] = []
  }

  private func crossings(
    _ limit: Limit, _ events: [BruteEvent], _ mode: Mode, isTimed: Bool
  ) -> [Crossing] {
    var flags: [Registers: Flags] = [:]
    return events.indices.map { place in
      var starts: [Registers: [(first: Int, last: Int)]] = [:]
      if limit.anchors.isEmpty {
        starts[[:]] = []
      } else {
        for last in 0..<place {
          for choice in choices(limit.anchors, events, last: last, mode, isTimed: isTimed) {
            let first = choice.places[0]
            let isKept = isInside(
              events, first: first, last: last, choice.registers, mode, isTimed: isTimed)
            // Registers that nothing tests any more make no difference.
            let registers = choice.registers.filter { isTestedLater($0.key, limit) }
            if isKept { starts[registers, default: []].append((first, last)) }
          }
        }
      }
      var crossing = Crossing()
      for (registers, chains) in starts
      where serves(limit.aggregate.of, events[place], registers, mode) {
        func over(including: Bool, excusable: Bool) -> [BruteEvent] {
          reaching(
            limit, events, place, registers, chains, including: including, excusable: excusable,
            mode, isTimed: isTimed)
        }
        var known = flags[registers] ?? Flags()
        if over(including: false, excusable: false).isEmpty { known.isOver = false }
        if over(including: false, excusable: true).isEmpty { known.isOverAll = false }
        let firsts = over(including: true, excusable: false)
        let isOver = !firsts.isEmpty
        let isOverAll = !over(including: true, excusable: true).isEmpty
        if isOver, !known.isOver {
          crossing.rank = .realised
          crossing.firsts += firsts
        }
        if isOverAll, !isOver, !known.isOverAll { crossing.rank = max(crossing.rank, .excused) }
        flags[registers] = Flags(isOver: isOver, isOverAll: isOverAll)
      }
      return crossing
    }
  }

  private func isTestedLater(_ register: String, _ limit: Limit) -> Bool {
    let selectors =
      [limit.aggregate.of] + (policy.excuse?.selectors ?? []) + (policy.until.map { [$0] } ?? [])
    return selectors.contains { selector in
      (selector.same + selector.differs).contains { $0.register == register }
    }
  }

  /// The first events of the chains that reach the bound at an event, with or without it.
  private func reaching(
    _ limit: Limit, _ events: [BruteEvent], _ place: Int, _ registers: Registers,
    _ chains: [(first: Int, last: Int)], including: Bool, excusable: Bool, _ mode: Mode,
    isTimed: Bool
  ) -> [BruteEvent] {
    let time = events[place].nanoseconds
    let end = including ? place : place - 1
    var window = limit.aggregate.windowNanoseconds
    if limit.anchors.isEmpty, let within = policy.withinNanoseconds {
      window = min(within, window ?? within)
    }
    func counted(after start: Int) -> [Int] {
      guard start + 1 <= end else { return [] }
      return ((start + 1)...end).filter { other in
        let isNear = !isTimed || window.map { time - events[other].nanoseconds <= $0 } ?? true
        return isNear && serves(limit.aggregate.of, events[other], registers, mode)
      }
    }
    if limit.anchors.isEmpty {
      // `until` forgets what started before it; what it is itself may start anew.
      var all = counted(after: -1)
      if let until = policy.until {
        let last = (0..<place).last { prevents(until, events[$0], registers, mode) }
        all = all.filter { $0 >= last ?? 0 }
      }
      guard let first = all.first else { return [] }
      let isExcused = !excuses(
        events, first: first, last: place, registers, mode
      ).isEmpty
      let isOver = reaches(limit.aggregate, all.map { events[$0] }, mode)
      return (excusable || !isExcused) && isOver ? [events[first]] : []
    }
    return chains.filter { chain in
      guard
        isInside(
          events, first: chain.first, last: place, registers, mode, isTimed: isTimed),
        excusable
          || excuses(events, first: chain.first, last: place, registers, mode).isEmpty
      else { return false }
      return reaches(limit.aggregate, counted(after: chain.last).map { events[$0] }, mode)
    }
    .map { events[$0.first] }
  }

  private func reaches(_ aggregate: Aggregate, _ events: [BruteEvent], _ mode: Mode) -> Bool {
    if events.isEmpty { return false }
    func isReached(_ value: Double) -> Bool {
      aggregate.thresholdIsInclusive ? value >= aggregate.threshold : value > aggregate.threshold
    }
    switch aggregate.measure {
    case .count: return isReached(Double(events.count))
    case .sum(let field):
      let lists = events.map { $0.values(field) }
      if mode == .possible, lists.contains(where: { $0.isEmpty }) { return true }
      return isReached(
        lists.joined().reduce(0) { sum, value in
          if case .number(let number) = value { return sum + number }
          return sum
        })
    case .distinct(let field):
      let lists = events.map { $0.values(field) }
      let unknown = mode == .possible ? lists.filter(\.isEmpty).count : 0
      return isReached(Double(Set(lists.joined()).count + unknown))
    }
  }
}
