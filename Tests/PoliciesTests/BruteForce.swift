import Model
import Policies

/// The formal semantics of chains written down as plainly as possible: every choice of events, every
/// order of ties. Slow, and the judge of the engine.
struct BruteForce {
  /// Unknown as false for steps and true for what prevents (certain), or the other way round.
  enum Mode { case certain, possible }

  /// How an event stands as a completion; the raw values grow with how bad it is.
  enum Rank: Int, Comparable {
    case none, excused, realised
    static func < (left: Rank, right: Rank) -> Bool { left.rawValue < right.rawValue }
  }

  /// What is expected of one event.
  struct Expected: Hashable {
    var line: Int
    var status: MatchStatus
    var isOrderSensitive: Bool
    /// Minutes of the first event of the witness.
    var start: Int?
  }

  let policy: Policy
  /// When the log begins, in minutes; nil where nothing is known of that.
  var logStart: Int?
  /// Tasks whose own request is in the log.
  var requested: Set<String> = []
  /// When the log ends, in nanoseconds.
  var logEnd = Int64.max
  /// The tokens of the requests of tasks, where they have arguments.
  var requestTokens: [String: Set<String>] = [:]

  // MARK: Choices

  /// A complete choice of events for all steps, by place in the order.
  struct Choice {
    var places: [Int]
    var registers: Registers
    /// The place of each step by its number; of one that repeats, the last.
    var stepPlaces: [Int: Int] = [:]
  }

  /// Every way to serve the steps with distinct events in order, the last of them at `last` (or
  /// anywhere before `limit` when nil), with gaps, absences and registers kept.
  func choices(
    _ steps: [Step], _ events: [BruteEvent], last: Int, _ mode: Mode, isTimed: Bool
  ) -> [Choice] {
    var found: [Choice] = []
    /// `step` is the next to serve; `isAgain` that the step before may be served once more.
    func extend(_ choice: Choice, _ step: Int) {
      if step == steps.count, choice.places.last == last { found.append(choice) }
      let from = (choice.places.last ?? -1) + 1
      guard from <= last else { return }
      for place in from...last {
        if step < steps.count { tryPlace(choice, step, place) }
        if step > 0, steps[step - 1].repeats { tryPlace(choice, step - 1, place) }
      }
    }
    func tryPlace(_ choice: Choice, _ step: Int, _ place: Int) {
      let event = events[place]
      guard serves(steps[step].selector, event, choice.registers, mode) else { return }
      if let flow = steps[step].flows {
        let from = choice.stepPlaces[flow.from].map { events[$0] }
        let truth = from.flatMap { flows(flow, from: $0, into: event) }
        guard mode == .certain ? truth == true : truth != false else { return }
      }
      if let previous = choice.places.last {
        let passed = event.nanoseconds - events[previous].nanoseconds
        if isTimed, let gap = steps[step].gapNanoseconds, passed > gap { return }
        for between in (previous + 1)..<max(place, previous + 1) {
          let isAbsent = steps[step].absent.contains {
            prevents($0, events[between], choice.registers, mode)
          }
          if isAbsent { return }
        }
      }
      for registers in bound(steps[step].selector, event, choice.registers) {
        var next = choice
        next.places.append(place)
        next.registers = registers
        next.stepPlaces[step] = place
        extend(next, step + 1)
      }
    }
    extend(Choice(places: [], registers: [:]), 0)
    return found
  }

  func bound(
    _ selector: Selector, _ event: BruteEvent, _ registers: Registers
  ) -> [Registers] {
    var all = [registers]
    for bind in selector.bind {
      let values = event.values(bind.field)
      if values.isEmpty { continue }
      all = all.flatMap { one in
        values.map { value in one.merging([bind.register: [value]]) { _, new in new } }
      }
    }
    return all
  }

  /// Whether a token of the result of one event turns up in another; nil where a field is missing, or
  /// the task's own request is needed and not there.
  private func flows(_ flow: Flow, from: BruteEvent, into: BruteEvent) -> Bool? {
    let results = from.fields.filter { $0.key == "result" }
    let arguments = into.fields.filter { name, _ in
      flow.into.contains { name == $0 || name.hasPrefix($0 + ".") }
    }
    let sent = Self.tokens(results)
    if !results.isEmpty, sent.isEmpty { return false }
    if results.isEmpty || arguments.isEmpty { return nil }
    var shared = sent.intersection(Self.tokens(arguments))
    if shared.isEmpty || !flow.isNotInRequest { return !shared.isEmpty }
    guard let task = into.task, let request = requestTokens[task] else { return nil }
    shared.subtract(request)
    return !shared.isEmpty
  }

  /// The distinctive tokens of some fields: here words of six digits.
  static func tokens(_ fields: [String: [BruteEvent.AttributeText]]) -> Set<String> {
    let words = fields.values.joined().flatMap { $0.text.split(separator: " ") }
    return Set(words.map(String.init).filter { $0.count == 6 && Int($0) != nil })
  }

  /// Whether the chain from `first` to `last` keeps the window and no `until` lies inside.
  func isInside(
    _ events: [BruteEvent], first: Int, last: Int, _ registers: Registers, _ mode: Mode,
    isTimed: Bool
  ) -> Bool {
    let passed = events[last].nanoseconds - events[first].nanoseconds
    if isTimed, let within = policy.withinNanoseconds, passed > within { return false }
    guard let until = policy.until, first + 1 < last else { return true }
    return !((first + 1)..<last).contains { prevents(until, events[$0], registers, mode) }
  }

  /// The places of events that excuse a chain, in order.
  func excuses(
    _ events: [BruteEvent], first: Int, last: Int, _ registers: Registers, _ mode: Mode
  ) -> [Int] {
    guard let excuse = policy.excuse else { return [] }
    return (0..<last).filter { place in
      let isNear: Bool
      if excuse.beforeNanoseconds == 0 {
        isNear = place > first
      } else {
        let ahead = events[first].nanoseconds - events[place].nanoseconds
        isNear = ahead <= excuse.beforeNanoseconds
      }
      return isNear
        && excuse.selectors.contains { prevents($0, events[place], registers, mode) }
    }
  }

  // MARK: Forbid

  /// How each event stands in one order, and the latest start that makes it so.
  func judge(
    _ steps: [Step], _ events: [BruteEvent], _ mode: Mode, isTimed: Bool
  ) -> [(rank: Rank, start: Int64)] {
    var spent: Set<Int> = []
    return events.indices.map { last in
      var best: (rank: Rank, start: Int64, first: Int, excuse: Int) = (.none, Int64.min, -1, -1)
      for choice in choices(steps, events, last: last, mode, isTimed: isTimed) {
        let first = choice.places[0]
        guard
          isInside(
            events, first: first, last: last, choice.registers, mode, isTimed: isTimed)
        else { continue }
        let excuse = excuses(events, first: first, last: last, choice.registers, mode)
          .last { !spent.contains($0) }
        let rank: Rank = excuse == nil ? .realised : .excused
        let start = events[first].nanoseconds
        if (rank.rawValue, start, first) > (best.rank.rawValue, best.start, best.first) {
          best = (rank, start, first, excuse ?? -1)
        }
      }
      if best.rank == .excused, policy.excuse?.uses != nil { spent.insert(best.excuse) }
      return (best.rank, best.start)
    }
  }

  /// Whether the event serves any selector at all.
  func isRelevant(_ event: BruteEvent) -> Bool {
    policy.selectors.contains { _, selector in
      // Registers are not known yet: whatever they may hold.
      var open = selector
      open.same = []
      open.differs = []
      return truth(open, event, [:]) != false
    }
  }

  /// The relevant events of a key. Of those that the policy looks at, a denied step included, only
  /// the first of each id counts.
  func relevant(_ events: [BruteEvent]) -> [BruteEvent] {
    var seen: Set<String> = []
    return events.filter { event in
      var allowed = event
      allowed.outcome = .allowed
      let isDenied = event.outcome == .denied || event.outcome == .failed
      let isLookedAt = isRelevant(event) || (isDenied && isDeniedStep(allowed))
      guard isLookedAt, let id = event.id, seen.insert(id).inserted else { return false }
      return isRelevant(event)
    }
  }

  private func isDeniedStep(_ event: BruteEvent) -> Bool {
    guard case .forbid(let steps) = policy.rule else { return false }
    return steps.contains { step in
      var open = step.selector
      open.same = []
      open.differs = []
      open.outcomes = [.allowed]
      return truth(open, event, [:]) == true
    }
  }

  /// What is expected of each event of one key, whose events are in the table's order.
  func expected(_ events: [BruteEvent], isTimed: Bool) -> [Expected] {
    guard case .forbid(let steps) = policy.rule else { return [] }
    let events = relevant(events)
    var most: [Mode: [Int: (Rank, Int64)]] = [:]
    var least: [Mode: [Int: Rank]] = [:]
    for order in BruteForce.orders(of: events, isTimed: isTimed) {
      for mode in [Mode.certain, .possible] {
        for (event, judged) in zip(order, judge(steps, order, mode, isTimed: isTimed)) {
          let known = most[mode]?[event.line] ?? (.none, Int64.min)
          if (judged.rank.rawValue, judged.start) > (known.0.rawValue, known.1) {
            most[mode, default: [:]][event.line] = judged
          }
          let low = least[mode]?[event.line] ?? .realised
          least[mode, default: [:]][event.line] = min(low, judged.rank)
        }
      }
    }
    return events.compactMap { event in
      func expected(_ mode: Mode, _ status: MatchStatus) -> Expected {
        let rank = most[mode]?[event.line]?.0 ?? .none
        let start = most[mode]?[event.line]?.1 ?? 0
        return Expected(
          line: event.line, status: status,
          isOrderSensitive: least[mode]?[event.line] != rank,
          start: isTimed ? Int(start / 60_000_000_000) : nil)
      }
      let certain = most[.certain]?[event.line]?.0 ?? .none
      let possible = most[.possible]?[event.line]?.0 ?? .none
      if certain == .realised {
        let realised = expected(.certain, .realised)
        let isCovered = starts(events, realised).contains { reachesBack($0) }
        return isCovered ? realised : expected(.certain, .indeterminate)
      }
      if possible == .realised { return expected(.possible, .indeterminate) }
      return certain == .excused ? expected(.certain, .excused) : nil
    }
  }

  /// The events that a chain with this start may begin with.
  private func starts(_ events: [BruteEvent], _ expected: Expected) -> [BruteEvent] {
    events.filter { expected.start == nil || $0.time == expected.start }
  }

  /// Whether the log reaches back as far as `unless` looks ahead of a chain that this event starts,
  /// or holds the beginning of its task.
  func reachesBack(_ first: BruteEvent) -> Bool {
    guard let logStart, let time = first.time, let before = policy.excuse?.beforeNanoseconds,
      before > 0, before < Int64.max
    else { return true }
    if let task = first.task, requested.contains(task) { return true }
    return Int64(time - logStart) * 60_000_000_000 >= before
  }

  /// Whether what the engine shows is a chain of one key in some order of ties, in some reading;
  /// for a near miss, a chain but for one step.
  func isChain(_ shown: Comparison.Chain, _ events: [BruteEvent], isTimed: Bool) -> Bool {
    guard case .forbid(let steps) = policy.rule,
      shown.lines.allSatisfy({ line in events.contains { $0.line == line } })
    else { return false }
    guard shown.status == .nearMiss, let missing = shown.missingStep else {
      return isChain(shown, steps, events, isTimed: isTimed)
    }
    var denied = steps
    denied[missing].selector.outcomes = [.denied, .failed]
    if isChain(shown, denied, events, isTimed: isTimed) { return true }
    let isPrefix = steps.count >= 3 && missing == steps.count - 1
    return isPrefix && isChain(shown, steps.dropLast(), events, isTimed: isTimed)
  }

  private func isChain(
    _ shown: Comparison.Chain, _ steps: [Step], _ events: [BruteEvent], isTimed: Bool
  ) -> Bool {
    var known = Set(relevant(events).map(\.line))
    known.formUnion(shown.lines)
    let events = events.filter { known.contains($0.line) }
    return BruteForce.orders(of: events, isTimed: isTimed).contains { order in
      let places = shown.lines.compactMap { line in order.firstIndex { $0.line == line } }
      guard let last = places.last else { return false }
      return [Mode.certain, .possible].contains { mode in
        choices(steps, order, last: last, mode, isTimed: isTimed).contains {
          $0.places == places
            && isInside(order, first: places[0], last: last, $0.registers, mode, isTimed: isTimed)
        }
      }
    }
  }

  // MARK: Orders

  /// Whether the source says that one event of equal time comes before another.
  static func isBefore(_ left: BruteEvent, _ right: BruteEvent) -> Bool {
    if left.order >= 0, right.order >= 0, left.order < right.order { return true }
    return left.id != nil && right.parent == left.id
  }

  /// Groups of equal time, in order.
  static func groups(of events: [BruteEvent], isTimed: Bool) -> [[BruteEvent]] {
    var groups: [[BruteEvent]] = []
    for event in events {
      if isTimed, let last = groups.last?.last, last.time == event.time {
        groups[groups.count - 1].append(event)
      } else {
        groups.append([event])
      }
    }
    return groups
  }

  /// Every order of all events that times and sources allow.
  static func orders(of events: [BruteEvent], isTimed: Bool) -> [[BruteEvent]] {
    var all: [[BruteEvent]] = [[]]
    for group in groups(of: events, isTimed: isTimed) {
      let orders = permutations(group)
      all = all.flatMap { head in orders.map { head + $0 } }
    }
    return all
  }

  private static func permutations(_ group: [BruteEvent]) -> [[BruteEvent]] {
    if group.count < 2 { return [group] }
    var all: [[BruteEvent]] = []
    for (index, first) in group.enumerated() {
      var rest = group
      rest.remove(at: index)
      if rest.contains(where: { isBefore($0, first) }) { continue }
      all += permutations(rest).map { [first] + $0 }
    }
    return all
  }
}
