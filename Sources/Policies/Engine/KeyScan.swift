internal import Model

/// A first look at one key: whether judging it in full could find anything.
///
/// It leaves out whatever only makes matches fewer (registers, gaps, what prevents and excuses) and
/// keeps order and window, so it may say yes to a key in which there is nothing and never no to one
/// in which there is something. Most keys end here, at a few nanoseconds for each candidate.
struct KeyScan {
  private let policy: CompiledPolicy
  private let fields: EventFields
  /// The roles without which there is nothing to judge.
  let needed: UInt32
  private let isAlways: Bool
  /// The steps whose order is enough for a match: of three or more, all but the last.
  private let target: Int
  private let mask: UInt32
  private let within: Int64
  private let bindings: Int
  private let repeats: Bool
  /// The most values that a bound field of an agent has.
  private let agentValues: Int
  /// For each number of steps done, the latest start; nothing before any.
  private var starts: [Int64]
  private static let none = Int64.min

  /// Tied events of which every order is tried, whatever they are.
  static let tiesMax = 6

  init(_ policy: CompiledPolicy, _ fields: EventFields) {
    self.policy = policy
    self.fields = fields
    let total = policy.steps.count
    target = total >= 3 && policy.aggregate == nil ? total - 1 : total
    mask = policy.chainMask
    within = policy.policy.withinNanoseconds ?? Int64.max
    bindings = policy.roles.reduce(0) { count, role in
      if case .step = role.use { return count + role.bind.count }
      return count
    }
    agentValues = policy.registerFields.map { fields.valuesMax($0) }.max() ?? 1
    repeats = policy.steps.contains(where: \.repeats)
    starts = Array(repeating: Self.none, count: total + 1)
    switch policy.policy.rule {
    case .forbid:
      isAlways = total == 0
      needed = target == 0 ? 0 : UInt32.max >> UInt32(32 - target)
    case .limit:
      isAlways = false
      needed = policy.chainMask | policy.aggregateBit
    case .require, .order, .scope:
      isAlways = true
      needed = 0
    }
  }

  /// Candidates of a key from which on there may be more register assignments than are kept, where
  /// no event has more attributes.
  func candidatesMax(attributesMax: Int) -> Int {
    guard bindings > 0 else { return Int.max }
    if repeats || bindings > 20 { return 0 }
    let values = max(1, attributesMax, agentValues)
    var count = 1
    while !isOver(count.multipliedReportingOverflow(by: values).partialValue) { count *= 2 }
    return count / 2
  }

  /// Whether the choices of one of some values for each binding may be too many.
  private func isOver(_ values: Int) -> Bool {
    var choices = 1
    for _ in 0..<bindings {
      let (product, overflow) = choices.multipliedReportingOverflow(by: values)
      if overflow || product > ChainMachine.environmentsMax { return true }
      choices = product
    }
    return false
  }

  /// Whether the candidates of one key, in the table's order, may hold a match.
  mutating func mayMatch(
    _ candidates: UnsafeBufferPointer<Candidate>, isTimed: Bool
  ) -> Bool {
    if isAlways { return true }
    if bindings == 0, policy.aggregate == nil { return mayChain(candidates, isTimed: isTimed) }
    return fields.table.events.withUnsafeBufferPointer { events in
      if mayPassStateLimit(candidates, events) { return true }
      if let aggregate = policy.aggregate { return mayReach(aggregate, candidates, events) }
      return mayChain(candidates, isTimed: isTimed)
    }
  }

  /// Whether there may be more register assignments than are kept: each is a choice of an event and
  /// of one of its values for each binding.
  private func mayPassStateLimit(
    _ candidates: UnsafeBufferPointer<Candidate>, _ events: UnsafeBufferPointer<Event>
  ) -> Bool {
    guard bindings > 0 else { return false }
    if repeats { return true }
    var values = 0
    for candidate in candidates {
      let (sum, overflow) = values.addingReportingOverflow(
        max(agentValues, Int(events[Int(candidate.event)].attributesCount)))
      if overflow { return true }
      values = sum
    }
    return isOver(values)
  }

  // MARK: Chains

  private mutating func mayChain(
    _ candidates: UnsafeBufferPointer<Candidate>, isTimed: Bool
  ) -> Bool {
    let target = target
    let mask = mask
    let within = within
    return starts.withUnsafeMutableBufferPointer { starts in
      for index in starts.indices { starts[index] = Self.none }
      var place = 0
      while place < candidates.count {
        let time = candidates[place].time
        var end = place + 1
        while isTimed, end < candidates.count, candidates[end].time == time { end += 1 }
        let isTied = end - place > 1
        if isTied, end - place > Self.tiesMax,
          Self.needsEveryOrder(candidates, place..<end)
        {
          return true
        }
        // In any order: one round for each step that a tied event may serve.
        for _ in 0..<(isTied ? target : 1) {
          for index in place..<end {
            let serves = (candidates[index].possible | candidates[index].denied) & mask
            if serves != 0, Self.advance(starts, serves, time, target, within) { return true }
          }
        }
        place = end
      }
      return false
    }
  }

  /// Advances by one event, steps from last to first; true when it reaches the target.
  private static func advance(
    _ starts: UnsafeMutableBufferPointer<Int64>, _ serves: UInt32, _ time: Int64, _ target: Int,
    _ within: Int64
  ) -> Bool {
    var step = target - 1
    while step > 0 {
      if serves & (1 << UInt32(step)) != 0, starts[step] != none,
        span(from: starts[step], to: time) <= within
      {
        if step + 1 == target { return true }
        if starts[step] > starts[step + 1] { starts[step + 1] = starts[step] }
      }
      step -= 1
    }
    if serves & 1 != 0 {
      if target <= 1 { return true }
      starts[1] = time
    }
    return false
  }

  /// Whether a group of tied events is one whose orders may be too many to try.
  private static func needsEveryOrder(
    _ candidates: UnsafeBufferPointer<Candidate>, _ group: Range<Int>
  ) -> Bool {
    var union: UInt32 = 0
    for index in group { union |= candidates[index].possible }
    return group.count > TieOrders.comparedMax || union & (union &- 1) != 0
  }

  // MARK: Limits

  private func mayReach(
    _ aggregate: Aggregate, _ candidates: UnsafeBufferPointer<Candidate>,
    _ events: UnsafeBufferPointer<Event>
  ) -> Bool {
    let anchors = policy.steps.count
    var from = Int64.min
    if anchors > 0 {
      var served: UInt32 = 0
      var last: Int64?
      for candidate in candidates {
        served |= candidate.possible
        if last == nil, candidate.possible & (1 << UInt32(anchors - 1)) != 0 {
          last = candidate.time
        }
      }
      guard mask & ~served == 0, let last else { return false }
      from = last
    }
    var window = aggregate.windowNanoseconds ?? Int64.max
    if anchors == 0 { window = min(window, within) }
    let bit = policy.aggregateBit
    // Forgives the rounding of sums that slide.
    let bound = aggregate.threshold - 1e-6 * max(1, abs(aggregate.threshold))
    var low = 0
    var sum = 0.0
    for candidate in candidates where candidate.possible & bit != 0 {
      let time = candidate.time
      if time < from { continue }
      while true {
        let first = candidates[low]
        if first.possible & bit != 0, first.time >= from {
          if span(from: first.time, to: time) <= window { break }
          sum -= amount(aggregate, events[Int(first.event)]) ?? 0
        }
        low += 1
      }
      guard let amount = amount(aggregate, events[Int(candidate.event)]) else { return true }
      sum += amount
      if !(sum < bound) { return true }
    }
    return false
  }

  /// The most that an event adds; nil where it is not known.
  private func amount(_ aggregate: Aggregate, _ event: Event) -> Double? {
    switch (aggregate.measure, policy.measured) {
    case (.sum, let measured?):
      switch fields.values(measured, of: event) {
      case .none: return nil
      case .one(let value): return numberValue(value, fields).map { max(0, $0) }
      case .many: return nil
      }
    case (.distinct, .attribute?): return Double(max(1, event.attributesCount))
    case (.distinct, .agent?), (.distinct, .task?): return nil
    default: return 1
    }
  }
}
