internal import Model

/// Judges one key against a requirement: each event that needs something, before it or after it.
///
/// A precondition is violated at the event when no event that serves `needs` comes before it, at
/// most `within` ahead, with no `until` event between. An obligation is violated at its deadline
/// when no event that serves `then` comes after it by then, and no `until` event has ended it.
struct RequireJudge {
  private typealias Mode = RuleView.Mode

  private let view: RuleView
  private let requirement: Requirement
  private let logStarts: LogStarts
  private let fields: EventFields
  private let needed: [NeededIndex]
  private let excuses: [Int]
  private let untils: [Int]
  private let within: Int64
  private let before: Int64
  private let isBackwards: Bool

  /// How tied events stand.
  private enum Order: Equatable {
    /// As they make a violation most likely: what need not come before the event comes after it,
    /// but for an `until` event that voids what was needed, and what must come before that.
    case worst(until: Int?)
    /// As they make a violation least likely.
    case best

    var isWorst: Bool { self != .best }

    var moved: Int? {
      if case .worst(let until) = self { until } else { nil }
    }
  }

  init(
    _ view: RuleView, _ requirement: Requirement, _ logStarts: LogStarts, _ fields: EventFields
  ) {
    self.view = view
    self.requirement = requirement
    self.logStarts = logStarts
    self.fields = fields
    let policy = view.policy
    needed = requirement.needed.indices.map { NeededIndex(view, role: 1 + $0) }
    excuses = view.candidates(of: policy.excuseRoles)
    untils = view.candidates(of: policy.untilRole.map { [$0] } ?? [])
    within = policy.policy.withinNanoseconds ?? Int64.max
    before = policy.policy.excuse?.beforeNanoseconds ?? 0
    isBackwards = requirement.direction == .precondition
  }

  func verdicts(_ conditions: inout Conditions) -> [RuleVerdict] {
    // Most keys hold nothing that is needed, that excuses or that ends: there is nothing to look for.
    if isBackwards, view.run.candidates.allSatisfy(\.isOnlyJudged) {
      return view.run.candidates.indices.map { lookedBack(realised($0), $0) }
    }
    var verdicts: [RuleVerdict] = []
    for candidate in view.run.candidates.indices {
      let event = view.run.candidates[candidate]
      if (event.possible | event.denied) & 1 == 0 { continue }
      if let verdict = verdict(of: candidate, &conditions) { verdicts.append(verdict) }
    }
    return verdicts
  }

  /// An event for which nothing was found.
  private func realised(_ candidate: Int) -> RuleVerdict {
    var verdict = RuleVerdict(.realised, chain: [(0, candidate)])
    verdict.sought = sought(candidate)
    return verdict
  }

  private func verdict(of candidate: Int, _ conditions: inout Conditions) -> RuleVerdict? {
    let assignments = view.assignments(0, candidate)
    let truth = view.truth(0, candidate)
    if truth == .no {
      // Denied or failed: what it would have been.
      guard isBackwards, worstRank(candidate, assignments, .certain).rank == .realised else {
        return nil
      }
      var verdict = RuleVerdict(.nearMiss, chain: [(0, candidate)])
      verdict.missingStep = 0
      return verdict
    }
    let certain: Ranked =
      truth == .yes ? worstRank(candidate, assignments, .certain) : Ranked(rank: .none)
    var verdict: RuleVerdict?
    if certain.rank != .none {
      verdict = RuleVerdict(
        certain.rank == .realised ? .realised : .excused, chain: [(0, candidate)])
      verdict?.excuse = certain.excuse
      verdict?.isOrderSensitive =
        view.hasTies && rank(candidate, assignments, .certain, .best).rank != certain.rank
    }
    if certain.rank == .realised {
      verdict?.sought = sought(candidate)
    } else if view.run.hasUnknown,
      worstRank(candidate, assignments, .possible).rank == .realised
    {
      var possible = RuleVerdict(.indeterminate, chain: [(0, candidate)])
      possible.isOrderSensitive =
        view.hasTies && rank(candidate, assignments, .possible, .best).rank != .realised
      possible.reason = MissingField(view.policy, view.run).text(
        ofEvent: candidate, fields, &conditions)
      verdict = possible
    }
    if isBackwards { return verdict.map { lookedBack($0, candidate) } }
    return verdict.map { dated($0, candidate) }
  }

  /// A precondition whose log starts too late cannot be judged.
  private func lookedBack(_ verdict: RuleVerdict, _ candidate: Int) -> RuleVerdict {
    guard verdict.status == .realised else { return verdict }
    var verdict = verdict
    let reason = logStarts.reason(
      lookingBack: max(within, before), from: candidate, what: "event", view.policy, view.run,
      fields)
    if let reason {
      verdict.status = .indeterminate
      verdict.reason = reason
    }
    return verdict
  }

  /// An obligation has its deadline; it is pending while the log has not passed that.
  private func dated(_ verdict: RuleVerdict, _ candidate: Int) -> RuleVerdict {
    var verdict = verdict
    // Nothing is overdue yet, whatever is not known of it.
    let isOpen = verdict.status == .realised || verdict.status == .indeterminate
    guard view.run.isTimed else {
      if isOpen { pend(&verdict) }
      return verdict
    }
    let (due, overflow) = view.run.times[candidate].addingReportingOverflow(within)
    verdict.due = overflow ? nil : due
    guard isOpen else { return verdict }
    let file = fields.table.events[Int(view.run.candidates[candidate].event)].position.file
    if overflow || due >= logStarts.end(ofFile: Int(file)) {
      pend(&verdict)
      return verdict
    }
    guard verdict.status == .realised else { return verdict }
    let reason = logStarts.reason(
      lookingBack: before, from: candidate, what: "event", view.policy, view.run, fields)
    if let reason {
      verdict.status = .indeterminate
      verdict.reason = reason
    }
    return verdict
  }

  private func pend(_ verdict: inout RuleVerdict) {
    verdict.status = .pending
    verdict.reason = nil
  }

  private struct Ranked {
    var rank: Verdict.Rank
    var excuse: Int?
  }

  /// The worst of an event in every order of tied events.
  private func worstRank(
    _ candidate: Int, _ assignments: [RuleView.Assignment], _ mode: Mode
  ) -> Ranked {
    var worst = rank(candidate, assignments, mode, .worst(until: nil))
    guard isBackwards, view.hasTies, !untils.isEmpty else { return worst }
    for until in view.tied(with: candidate) where view.comes(until, before: candidate) == .unknown {
      guard let role = view.policy.untilRole, view.truth(role, until) > .no else { continue }
      let moved = rank(candidate, assignments, mode, .worst(until: until))
      if moved.rank > worst.rank { worst = moved }
    }
    return worst
  }

  /// The worst of an event under all its assignments: a list needs something for each element.
  private func rank(
    _ candidate: Int, _ assignments: [RuleView.Assignment], _ mode: Mode, _ order: Order
  ) -> Ranked {
    var worst = Ranked(rank: .none)
    for assignment in assignments {
      if isAnswered(candidate, assignment, mode, order) { continue }
      if !isBackwards, isEnded(candidate, assignment, mode, order) { continue }
      let excuse = view.excuse(
        excuses, of: candidate, assignment, back: before, ahead: isBackwards ? nil : ahead,
        atLeast: mode == .certain ? .unknown : .yes, order: order.isWorst ? .yes : .unknown,
        moved: order.moved)
      guard let excuse else { return Ranked(rank: .realised) }
      if worst.rank == .none { worst = Ranked(rank: .excused, excuse: excuse) }
    }
    return worst
  }

  /// How far ahead an obligation looks; in a run without a clock to its end.
  private var ahead: Int64 { view.run.isTimed ? within : Int64.max }

  /// Whether what the event needs is there.
  private func isAnswered(
    _ event: Int, _ assignment: RuleView.Assignment, _ mode: Mode, _ order: Order
  ) -> Bool {
    needed.contains { index in
      index.lines(for: assignment).contains { line in
        isAnswered(event, by: line, role: index.role, assignment, mode, order)
      }
    }
  }

  private func isAnswered(
    _ event: Int, by line: NeededIndex.Line, role: Int, _ assignment: RuleView.Assignment,
    _ mode: Mode, _ order: Order
  ) -> Bool {
    let range = view.range(
      of: line.candidates, around: event, back: isBackwards ? max(within, 1) : 0,
      ahead: isBackwards ? 0 : ahead)
    let isInWindow = { (candidate: Int) -> Bool in
      !view.run.isTimed || !isBackwards
        || span(from: view.run.times[candidate], to: view.run.times[event]) <= within
    }
    let atLeast: Truth = mode == .certain ? .unknown : .yes
    var index = isBackwards ? range.upperBound - 1 : range.lowerBound
    while range.contains(index) {
      let candidate = line.candidates[index]
      let step = isBackwards ? index - 1 : index + 1
      let side =
        isBackwards
        ? view.comes(candidate, before: event, moving: order.moved)
        : view.comes(event, before: candidate)
      if candidate == event || side < (order.isWorst ? .yes : .unknown) || !isInWindow(candidate) {
        index = step
        continue
      }
      if view.truth(role, candidate, assignment) < atLeast {
        index = isBackwards ? line.earlier[index] : line.later[index]
        continue
      }
      guard isBackwards else { return true }
      switch voided(candidate, event, assignment, mode, order) {
      case .no: return true
      case .tied: index = step
      // What came earlier still was ended by the same event.
      case .after: return false
      }
    }
    return false
  }

  private enum Voided { case no, tied, after }

  /// Whether an `until` event between what was needed and the event has ended it.
  private func voided(
    _ candidate: Int, _ event: Int, _ assignment: RuleView.Assignment, _ mode: Mode, _ order: Order
  ) -> Voided {
    guard let role = view.policy.untilRole else { return .no }
    let atLeast: Truth = mode == .certain ? .yes : .unknown
    let side: Truth = order.isWorst ? .unknown : .yes
    let range = view.range(
      of: untils, around: event,
      back: max(1, span(from: view.run.times[candidate], to: view.run.times[event])), ahead: 0)
    for until in untils[range].reversed() where until != event && until != candidate {
      if view.place(until) < view.place(candidate) { break }
      guard view.comes(until, before: event, moving: order.moved) == .yes,
        view.comes(candidate, before: until) >= side,
        view.truth(role, until, assignment) >= atLeast
      else { continue }
      if order.isWorst, isFollowed(until, event, assignment, mode, order) { continue }
      return view.place(until) > view.place(candidate) ? .after : .tied
    }
    return .no
  }

  /// Whether something that is needed comes no earlier than an `until` event, however tied events
  /// stand: the event itself, or one that the source puts between it and the event.
  private func isFollowed(
    _ until: Int, _ event: Int, _ assignment: RuleView.Assignment, _ mode: Mode, _ order: Order
  ) -> Bool {
    if isNeeded(until, assignment, mode) { return true }
    guard view.hasTies else { return false }
    return view.tied(with: until).contains { other in
      view.comes(until, before: other) == .yes
        && view.comes(other, before: event, moving: order.moved) == .yes
        && isNeeded(other, assignment, mode)
    }
  }

  private func isNeeded(
    _ candidate: Int, _ assignment: RuleView.Assignment, _ mode: Mode
  ) -> Bool {
    let atLeast: Truth = mode == .certain ? .unknown : .yes
    return needed.contains { view.truth($0.role, candidate, assignment) >= atLeast }
  }

  /// Whether an `until` event has ended an obligation before its deadline.
  private func isEnded(
    _ event: Int, _ assignment: RuleView.Assignment, _ mode: Mode, _ order: Order
  ) -> Bool {
    guard let role = view.policy.untilRole else { return false }
    let atLeast: Truth = mode == .certain ? .unknown : .yes
    let side: Truth = order.isWorst ? .yes : .unknown
    return untils[view.range(of: untils, around: event, back: 0, ahead: ahead)].contains { until in
      until != event && view.comes(event, before: until) >= side
        && view.truth(role, until, assignment) >= atLeast
    }
  }

  /// What was looked for and not found, with the span of time looked at.
  private func sought(_ candidate: Int) -> [Sought] {
    let time = view.run.times[candidate]
    let span =
      isBackwards
      ? view.run.span(
        from: within == Int64.max ? nil : time.subtractingReportingOverflow(within).partialValue,
        to: time)
      : view.run.span(from: time, to: time.addingReportingOverflow(within).partialValue)
    var sought = view.policy.neededWords.map { Sought(what: $0, span) }
    for what in view.policy.excuseWords where before > 0 {
      let (back, overflow) = time.subtractingReportingOverflow(before)
      let isWhole = overflow || before == Int64.max
      sought.append(Sought(what: what, view.run.span(from: isWhole ? nil : back, to: time)))
    }
    return sought
  }
}
