internal import Model

/// The events of one key as the kinds that are no chains look at them: what is known of each, and
/// which came before which.
struct RuleView {
  /// How unknown predicates are read: as they make a violation least or most likely.
  typealias Mode = ChainMachine.Mode
  /// An assignment of the policy's registers; nil for one that no event has bound.
  typealias Assignment = [AttributeValue?]

  let policy: CompiledPolicy
  let run: KeyRun
  /// Which of tied events surely come first, by their common time.
  private var precedence: [Int64: TieOrders.Precedence] = [:]
  /// Groups of tied events whose order was assumed.
  private(set) var cutTies = 0

  init(_ policy: CompiledPolicy, _ run: KeyRun, _ table: EventTable) {
    self.policy = policy
    self.run = run
    guard run.isTimed, run.hasTies else { return }
    for group in run.tieGroups where group.count > 1 {
      let before = TieOrders.precedence(Array(group), run, table)
      if before.isAssumed { cutTies += 1 }
      precedence[run.times[group.lowerBound]] = before
    }
  }

  /// Whether some events of a clock have equal times.
  var hasTies: Bool { !precedence.isEmpty }

  /// The place of a candidate in time: tied events have one place.
  func place(_ candidate: Int) -> Int64 {
    run.isTimed ? run.times[candidate] : Int64(candidate)
  }

  /// Whether one candidate comes before another: unknown where they are tied and nothing orders
  /// them.
  func comes(_ left: Int, before right: Int) -> Truth {
    let first = place(left)
    let second = place(right)
    if first != second { return Truth(first < second) }
    guard let before = precedence[first] else { return Truth(left < right) }
    if before.contains(left, right) { return .yes }
    return before.contains(right, left) ? .no : .unknown
  }

  /// As above, where a tied event, and what must come before it, is taken to come first.
  func comes(_ left: Int, before right: Int, moving moved: Int?) -> Truth {
    let truth = comes(left, before: right)
    guard truth == .unknown, let moved else { return truth }
    return left == moved || comes(left, before: moved) == .yes ? .yes : .unknown
  }

  /// The candidates that have the time of one of them, itself included.
  func tied(with candidate: Int) -> Range<Int> {
    let time = place(candidate)
    var first = candidate
    var end = candidate + 1
    while first > 0, place(first - 1) == time { first -= 1 }
    while end < run.candidates.count, place(end) == time { end += 1 }
    return first..<end
  }

  /// Whether a candidate serves a role as far as its own fields go.
  func truth(_ role: Int, _ candidate: Int) -> Truth {
    let bit = UInt32(1) << UInt32(role)
    let event = run.candidates[candidate]
    if event.certain & bit != 0 { return .yes }
    return event.possible & bit != 0 ? .unknown : .no
  }

  /// As above, register tests included.
  func truth(_ role: Int, _ candidate: Int, _ assignment: Assignment) -> Truth {
    var truth = truth(role, candidate)
    for test in policy.roles[role].same where truth > .no {
      truth = min(truth, self.truth(test, candidate, assignment))
    }
    for test in policy.roles[role].differs where truth > .no {
      truth = min(truth, self.truth(test, candidate, assignment).negated)
    }
    return truth
  }

  private func truth(
    _ test: CompiledPolicy.Comparison, _ candidate: Int, _ assignment: Assignment
  ) -> Truth {
    let values = run.value(candidate, field: test.field)
    guard let register = assignment[test.register], !values.isNone else { return .unknown }
    return Truth(values.contains { $0 == register })
  }

  private static let noRegisters: [Assignment] = [[]]

  /// The assignments that a candidate makes in a role: one for each element of a list.
  func assignments(_ role: Int, _ candidate: Int) -> [Assignment] {
    if policy.registers.isEmpty { return Self.noRegisters }
    var assignments = [Assignment(repeating: nil, count: policy.registers.count)]
    for item in policy.roles[role].bind {
      let values = run.value(candidate, field: item.field).list
      guard !values.isEmpty else { continue }
      assignments = assignments.flatMap { assignment in
        values.map { value in
          var next = assignment
          next[item.register] = value
          return next
        }
      }
    }
    return assignments
  }

  /// The candidates that may serve one of some roles, in the table's order.
  func candidates(of roles: [Int]) -> [Int] {
    var mask: UInt32 = 0
    for role in roles { mask |= 1 << UInt32(role) }
    return run.candidates.indices.filter { run.candidates[$0].possible & mask != 0 }
  }

  /// The last event of `unless` that excuses what an event does, known to be so at least as far as
  /// wanted: from `back` ahead of it to `ahead` after it, nil where nothing after it excuses. Tied
  /// events are on the wanted side in some order only; `moved` is taken to come before the event.
  func excuse(
    _ excuses: [Int], of event: Int, _ assignment: Assignment, back: Int64, ahead: Int64?,
    atLeast: Truth, order: Truth, moved: Int? = nil
  ) -> Int? {
    let range = range(of: excuses, around: event, back: back, ahead: ahead ?? 0)
    for candidate in excuses[range].reversed() where candidate != event {
      if place(candidate) == place(event), back <= 0 || ahead == nil {
        let isAhead = back > 0 ? comes(candidate, before: event, moving: moved) : .no
        let isAfter = ahead == nil ? .no : comes(event, before: candidate)
        if max(isAhead, isAfter) < order { continue }
      }
      let isExcusing = policy.excuseRoles.contains { role in
        truth(role, candidate, assignment) >= atLeast
      }
      if isExcusing { return candidate }
    }
    return nil
  }

  /// The part of a rising list of candidates within spans of time of an event.
  func range(of list: [Int], around event: Int, back: Int64, ahead: Int64) -> Range<Int> {
    let time = run.times[event]
    func first(where isIn: (Int) -> Bool) -> Int {
      var low = 0
      var high = list.count
      while low < high {
        let middle = (low + high) / 2
        if isIn(list[middle]) { high = middle } else { low = middle + 1 }
      }
      return low
    }
    let low: Int
    let high: Int
    if run.isTimed {
      low = first { back > 0 ? span(from: run.times[$0], to: time) <= back : run.times[$0] >= time }
      high = first { span(from: time, to: run.times[$0]) > ahead }
    } else {
      low = back > 0 ? 0 : first { $0 >= event }
      high = ahead > 0 ? list.count : first { $0 > event }
    }
    return low..<max(low, high)
  }
}

extension KeyRun {
  /// Whether some events of a clock have equal times.
  var hasTies: Bool { times.indices.dropFirst().contains { times[$0] == times[$0 - 1] } }

  /// The candidates by their time, tied ones together.
  var tieGroups: [Range<Int>] {
    var groups: [Range<Int>] = []
    var start = 0
    while start < times.count {
      var end = start + 1
      if isTimed {
        while end < times.count, times[end] == times[start] { end += 1 }
      }
      groups.append(start..<end)
      start = end
    }
    return groups
  }
}
