internal import Model

/// Judges one key against a scope: each event, whether it stays inside the bounds.
struct ScopeJudge {
  private let view: RuleView
  private let scope: Scope
  private let delegators: Delegators
  private let fields: EventFields
  private let excuses: [Int]
  private let before: Int64

  init(_ view: RuleView, _ scope: Scope, _ delegators: Delegators, _ fields: EventFields) {
    self.view = view
    self.scope = scope
    self.delegators = delegators
    self.fields = fields
    excuses = view.candidates(of: view.policy.excuseRoles)
    before = view.policy.policy.excuse?.beforeNanoseconds ?? 0
  }

  func verdicts(_ conditions: inout Conditions) -> [RuleVerdict] {
    var verdicts: [RuleVerdict] = []
    let firsts = firsts
    for candidate in view.run.candidates.indices {
      let event = view.run.candidates[candidate]
      if (event.possible | event.denied) & 1 == 0 || isRequest(candidate) { continue }
      var worst: Judged?
      var isSensitive = false
      for first in firsts {
        let judged = judge(candidate, first)
        isSensitive = isSensitive || judged.isTied
        if let known = worst {
          isSensitive = isSensitive || known.rank != judged.rank
          if judged.rank > known.rank { worst = judged }
        } else {
          worst = judged
        }
      }
      guard let worst, worst.rank != .none else { continue }
      var verdict = verdict(worst, candidate, &conditions)
      verdict.isOrderSensitive = isSensitive
      verdicts.append(verdict)
    }
    return verdicts
  }

  private struct Judged {
    enum Rank: Int, Comparable {
      case none, nearMiss, excused, indeterminate, realised

      static func < (left: Rank, right: Rank) -> Bool { left.rawValue < right.rawValue }
    }
    var rank = Rank.none
    var excuse: Int?
    /// The field that is outside or not known.
    var reason = ""
    /// Whether a tied event would excuse it, had it come before.
    var isTied = false
  }

  /// The events that may be the key's first; one without a value where no register is bound.
  private var firsts: [Int?] {
    guard !scope.bind.isEmpty, let group = view.run.tieGroups.first else { return [nil] }
    return group.filter { candidate in
      !group.contains { $0 != candidate && view.comes($0, before: candidate) == .yes }
    }
  }

  /// Whether the event is the request that says what the bounds are.
  private func isRequest(_ candidate: Int) -> Bool {
    guard view.policy.boundsNameTask else { return false }
    let index = Int(view.run.candidates[candidate].event)
    return fields.request(of: fields.table.events[index]) == index
  }

  private func judge(_ candidate: Int, _ first: Int?) -> Judged {
    let event = view.run.candidates[candidate]
    let (inside, reason) = inside(candidate, first)
    let outside = inside.negated
    if event.possible & 1 == 0 {
      return outside == .yes ? Judged(rank: .nearMiss, reason: reason) : Judged()
    }
    let truth = min(outside, view.truth(0, candidate))
    guard truth > .no else { return Judged() }
    if truth == .yes {
      guard let excuse = excuse(candidate, first, .unknown) else {
        return Judged(
          rank: .realised, reason: reason,
          isTied: self.excuse(candidate, first, .unknown, order: .unknown) != nil)
      }
      if self.excuse(candidate, first, .yes) != nil {
        return Judged(rank: .excused, excuse: excuse, reason: reason)
      }
    } else if excuse(candidate, first, .yes) != nil {
      return Judged()
    }
    return Judged(
      rank: .indeterminate, reason: inside == .unknown ? reason : "",
      isTied: excuse(candidate, first, .yes, order: .unknown) != nil)
  }

  /// An event that excuses the candidate; where events are tied, the key's first is the first.
  private func excuse(
    _ candidate: Int, _ first: Int?, _ atLeast: Truth, order: Truth = .yes
  ) -> Int? {
    let assignment = assignment(first)
    let found = view.excuse(
      excuses, of: candidate, assignment, back: before, ahead: nil, atLeast: atLeast, order: order)
    guard found == nil, let first, first != candidate, before > 0,
      view.run.times[first] == view.run.times[candidate]
    else { return found }
    let isExcusing = view.policy.excuseRoles.contains { role in
      view.truth(role, first, assignment) >= atLeast
    }
    return isExcusing ? first : nil
  }

  /// The registers of the key's first event, each with its first value.
  private func assignment(_ first: Int?) -> RuleView.Assignment {
    var assignment = RuleView.Assignment(repeating: nil, count: view.policy.registers.count)
    guard let first, let role = view.policy.firstRole else { return assignment }
    for item in view.policy.roles[role].bind {
      assignment[item.register] = view.run.value(first, field: item.field).list.first
    }
    return assignment
  }

  /// Whether the event stays inside its own bounds and those of the task that it was delegated
  /// from; with the field that decides it, in words.
  private func inside(_ candidate: Int, _ first: Int?) -> (Truth, String) {
    let event = fields.table.events[Int(view.run.candidates[candidate].event)]
    var truth = Truth.yes
    var reason = ""
    func add(_ other: Truth, _ words: @autoclosure () -> String) {
      guard other < truth else { return }
      truth = other
      reason = words()
    }
    for field in view.policy.scopeFields {
      let own = inside(field, event, first, parent: nil)
      add(own.truth, own.reason)
    }
    guard scope.forbidsWidening, event.task.isPresent,
      let parent = delegators.parent(of: event.task)
    else { return (truth, reason) }
    let declared = view.policy.scopeFields.filter { $0.namesTask }
    var asked = event
    asked.task = parent.task
    let isDeclared =
      !declared.isEmpty && parent.task.isPresent
      && declared.allSatisfy { $0.isDeclared(asked, fields) }
    if isDeclared {
      for field in declared {
        let its = inside(field, event, first, parent: asked)
        add(its.truth, its.reason + " of the task that it was delegated from")
      }
      return (truth, reason)
    }
    let agent = fields.texts.text(parent.agent)
    let may = delegators.mayDo(
      parent.agent, fields.texts.text(event.action),
      event.resource.isPresent ? fields.texts.text(event.resource) : nil)
    add(
      may,
      may == .unknown
        ? "what `\(agent)`, which delegated it, may do is not known"
        : "`\(agent)`, which delegated it, may not do it")
    return (truth, reason)
  }

  private func inside(
    _ field: ScopeField, _ event: Event, _ first: Int?, parent: Event?
  ) -> (truth: Truth, reason: String) {
    let values = fields.values(field.access, of: event).list
    guard !values.isEmpty else { return (.unknown, "`\(field.path.text)` is missing") }
    let same = fields.identities(field.access, of: event).list
    var all = Truth.yes
    var reason = ""
    for (value, identity) in zip(values, same) {
      var any = Truth.no
      var missing = ""
      for bound in field.bounds where parent == nil || bound.namesTask {
        let truth = admits(bound, value, identity, parent ?? event, first)
        if truth == .unknown { missing = bound.missingWords }
        any = max(any, truth)
        if any == .yes { break }
      }
      if any < all {
        all = any
        reason =
          any == .unknown
          ? missing
          : "`\(field.path.text)` is \(fields.texts.text(value)), outside of what is allowed"
      }
    }
    return (all, reason)
  }

  private func admits(
    _ bound: ScopeField.Bound, _ value: AttributeValue, _ identity: AttributeValue,
    _ event: Event, _ first: Int?
  ) -> Truth {
    switch bound {
    case .like(let glob): return Truth(glob.matches(fields.texts.text(value)))
    case .register(let item, _):
      guard let first else { return .unknown }
      let values = view.run.value(first, field: item.field)
      return values.isNone ? .unknown : Truth(values.contains { $0 == identity })
    case .field(let access, _):
      let text = fields.texts.text(value)
      let globs = fields.values(access, of: event)
      return globs.isNone
        ? .unknown : Truth(globs.contains { Glob(fields.texts.text($0)).matches(text) })
    }
  }

  private func verdict(
    _ judged: Judged, _ candidate: Int, _ conditions: inout Conditions
  ) -> RuleVerdict {
    let status: MatchStatus
    switch judged.rank {
    case .none, .realised: status = .realised
    case .nearMiss: status = .nearMiss
    case .excused: status = .excused
    case .indeterminate: status = .indeterminate
    }
    var verdict = RuleVerdict(status, chain: [(0, candidate)])
    verdict.excuse = judged.excuse
    switch status {
    case .nearMiss: verdict.missingStep = 0
    case .realised: verdict.sought = [Sought(what: judged.reason)]
    case .indeterminate:
      verdict.reason =
        judged.reason.isEmpty
        ? MissingField(view.policy, view.run).text(ofEvent: candidate, fields, &conditions)
        : judged.reason
    case .excused, .pending: break
    }
    return verdict
  }
}
