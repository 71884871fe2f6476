internal import Documents
internal import Model

extension Policy {
  /// What is suspect in the kinds that are no chains.
  var kindWarnings: [LintWarning] {
    switch rule {
    case .forbid, .limit: return []
    case .require(let requirement): return warnings(of: requirement)
    case .order(let order): return warnings(of: order)
    case .scope(let scope): return warnings(of: scope)
    }
  }

  private func warnings(of requirement: Requirement) -> [LintWarning] {
    var warnings: [LintWarning] = []
    for (number, named) in requirement.needed.enumerated() {
      let earlier = requirement.needed[..<number]
      if earlier.contains(where: { $0.selector.covers(named.selector) }) {
        warnings.append(
          LintWarning(
            "`\(named.id)`", "one of `\(named.id)` is covered by another and adds nothing"))
      }
    }
    if requirement.direction == .precondition, let until,
      requirement.needed.allSatisfy({ until.covers($0.selector) })
    {
      warnings.append(
        LintWarning("`until`", "`until` ends all that is needed at once: only the last one counts"))
    }
    if requirement.direction == .obligation, let until, until.covers(requirement.trigger.selector) {
      warnings.append(
        LintWarning("`until`", "each new event of `\(requirement.trigger.id)` ends the one before"))
    }
    return warnings
  }

  private func warnings(of order: StateOrder) -> [LintWarning] {
    var warnings: [LintWarning] = []
    var reached: Set<Int> = [order.start]
    var waiting = [order.start]
    while let state = waiting.popLast() {
      for transition in order.transitions[state] where reached.insert(transition.next).inserted {
        waiting.append(transition.next)
      }
    }
    for (state, name) in order.states.enumerated() {
      if !reached.contains(state) {
        warnings.append(LintWarning("state `\(name)`", "state `\(name)` is never reached"))
      }
      let own = order.transitions[state]
      for (number, transition) in own.enumerated() {
        let selector = order.selectors[transition.selector]
        let taker = own[..<number].first {
          order.selectors[$0.selector].selector.covers(selector.selector)
        }
        guard let taker else { continue }
        warnings.append(
          LintWarning(
            "state `\(name)`",
            "action `\(selector.id)` of state `\(name)` is never taken: "
              + "`\(order.selectors[taker.selector].id)` before it takes every such event"))
      }
    }
    let accepts = reached.allSatisfy { order.accepting?[$0] ?? true }
    let allowsAll = reached.allSatisfy { state in
      order.selectors.indices.allSatisfy { selector in
        order.transitions[state].contains {
          order.selectors[$0.selector].selector.covers(order.selectors[selector].selector)
        }
      }
    }
    if accepts, allowsAll || order.otherwise == .ignore {
      warnings.append(
        LintWarning("`states`", "it can never be broken: every state allows every action"))
    }
    return warnings
  }

  private func warnings(of scope: Scope) -> [LintWarning] {
    var warnings: [LintWarning] = []
    for allowed in scope.allow {
      for case .like(let glob) in allowed.bounds where Glob(glob).isEverything {
        warnings.append(
          LintWarning(
            "`allow`", "`\(allowed.field.text)` may be anything: `\(glob)` bounds nothing"))
      }
      for case .register(let register) in allowed.bounds {
        let isItself = scope.bind.contains {
          $0.register == register && $0.field == allowed.field
            && allowed.field == key.first?.firstOf[0]
        }
        if isItself {
          warnings.append(
            LintWarning(
              "`allow`", "`\(allowed.field.text)` is the key: it is the same in every event"))
        }
      }
    }
    return warnings
  }

  /// Fields that are nearly the name of a known one.
  var fieldWarnings: [LintWarning] {
    let known = EventField.allCases.map(\.word) + ["outcome"]
    let ofAgents = [
      "id", "name", "kind", "owner", "sponsor", "purpose", "environment", "criticality", "created",
      "expires", "mayDelegateTo",
    ]
    var warnings: [LintWarning] = []
    for field in Set(fields).sorted(by: { $0.text < $1.text }) {
      let place = "field `\(field.text)`"
      switch field {
      case .event, .outcome, .task: break
      case .attribute(let path):
        guard !path.contains("."), let near = nearest(to: path, among: known) else { continue }
        warnings.append(
          LintWarning(
            place, "field `\(shown(path))` is an attribute of the source; did you mean `\(near)`?"))
      case .agent(let path):
        guard !path.contains("."), !ofAgents.contains(path),
          let near = nearest(to: path, among: ofAgents)
        else { continue }
        warnings.append(
          LintWarning(
            place, "no inventory has `agent.\(shown(path))`; did you mean `agent.\(near)`?"))
      }
    }
    return warnings
  }

  /// Whether every violation of another policy is one of this one, where that is plain to see.
  func shadows(_ other: Policy) -> Bool {
    guard id != other.id, key == other.key, delegation == other.delegation, until == nil,
      excuse == nil || excuse == other.excuse, isAsSevere(as: other),
      withinNanoseconds.map({ mine in other.withinNanoseconds.map { $0 <= mine } ?? false }) ?? true
    else { return false }
    switch (rule, other.rule) {
    case (.forbid(let mine), .forbid(let theirs)): return Policy.isPart(mine, of: theirs)
    case (.limit(let mine), .limit(let theirs)):
      guard mine.anchors.isEmpty, theirs.anchors.isEmpty,
        mine.aggregate.of.covers(theirs.aggregate.of),
        mine.aggregate.measure == theirs.aggregate.measure,
        mine.aggregate.threshold <= theirs.aggregate.threshold,
        mine.aggregate.thresholdIsInclusive || !theirs.aggregate.thresholdIsInclusive
      else { return false }
      if case .sum = mine.aggregate.measure { return false }
      guard let window = mine.aggregate.windowNanoseconds else { return true }
      return theirs.aggregate.windowNanoseconds.map { $0 <= window } ?? false
    case (.forbid, _), (.limit, _), (.require, _), (.order, _), (.scope, _): return false
    }
  }

  /// At least as severe; of two alike the first by id is kept.
  private func isAsSevere(as other: Policy) -> Bool {
    let all = Severity.allCases
    let mine = all.firstIndex(of: severity) ?? 0
    let its = all.firstIndex(of: other.severity) ?? 0
    return mine > its || mine == its && id < other.id
  }

  /// Whether a chain is part of another: each of its steps covers one there, in order, the last one
  /// the last.
  private static func isPart(_ mine: [Step], of theirs: [Step]) -> Bool {
    let isPlain = mine.allSatisfy { step in
      step.gapNanoseconds == nil && step.absent.isEmpty && step.flows == nil
    }
    guard isPlain, let myLast = mine.last, let theirLast = theirs.last,
      myLast.selector.covers(theirLast.selector)
    else { return false }
    var rest = theirs.dropLast()[...]
    for step in mine.dropLast() {
      guard let place = rest.firstIndex(where: { step.selector.covers($0.selector) }) else {
        return false
      }
      rest = rest[(place + 1)...]
    }
    return true
  }
}

extension Selector {
  /// Whether every event that the other selects is selected by this one, where that is plain to see.
  func covers(_ other: Selector) -> Bool {
    guard same.isEmpty, differs.isEmpty, condition == .always || condition == other.condition,
      other.outcomes.allSatisfy({ outcomes.contains($0) })
    else { return false }
    if does.isEmpty && actions.isEmpty { return true }
    let isWithin =
      other.does.allSatisfy { word in does.contains { Glob($0).matches(word) } }
      && other.actions.allSatisfy { word in
        actions.contains { Glob($0.lowercased()).matches(word.lowercased()) }
      }
    return isWithin && !(other.does.isEmpty && other.actions.isEmpty)
  }

  /// Whether it asks for the impossible: a register both same and different, or one field equal to
  /// two constants.
  var isContradiction: Bool {
    if same.contains(where: { differs.contains($0) }) { return true }
    return condition.isContradiction
  }
}

extension Predicate {
  /// Whether no event can satisfy it, where that is plain to see.
  fileprivate var isContradiction: Bool {
    guard case .all(let parts) = self else { return false }
    var constants: [FieldPath: Literal] = [:]
    var floors: [FieldPath: Double] = [:]
    var ceilings: [FieldPath: Double] = [:]
    var absent: Set<FieldPath> = []
    var tested: Set<FieldPath> = []
    for case .test(let field, let test) in parts {
      switch test {
      case .exists(false): absent.insert(field)
      case .exists: tested.insert(field)
      case .equals(let literal):
        if let other = constants[field], other != literal { return true }
        constants[field] = literal
        tested.insert(field)
      case .greater(let bound), .greaterOrEqual(let bound):
        floors[field] = max(floors[field] ?? bound, bound)
        tested.insert(field)
      case .less(let bound), .lessOrEqual(let bound):
        ceilings[field] = min(ceilings[field] ?? bound, bound)
        tested.insert(field)
      case .oneOf, .like, .matches, .equalsField: tested.insert(field)
      }
    }
    // A list may have one value above and another below: only what one value cannot be is told.
    let isEmptyRange = floors.contains { field, floor in
      ceilings[field].map { $0 < floor } ?? false
    }
    return isEmptyRange || !absent.isDisjoint(with: tested)
      || parts.contains { $0.isContradiction }
  }
}
