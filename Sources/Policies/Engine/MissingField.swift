internal import Model

/// Names the field whose absence leaves a chain possible and not certain.
struct MissingField {
  private let policy: CompiledPolicy
  private let run: KeyRun

  init(_ policy: CompiledPolicy, _ run: KeyRun) {
    self.policy = policy
    self.run = run
  }

  /// The reason: the first field missing along the chain, else in what may have prevented it.
  func text(
    _ judgement: Judgement, _ machine: ChainMachine, _ fields: EventFields,
    _ conditions: inout Conditions
  ) -> String {
    for node in judgement.witness {
      let candidate = Int(node.candidate)
      let place = "step `\(policy.policy.stepIDs[Int(node.step)])`"
      if let reason = reason(candidate, role: Int(node.step), place, fields, &conditions) {
        return reason
      }
      if let access = policy.measured, Int(node.step) == policy.steps.count,
        fields.values(access, of: event(candidate, fields)).isNone,
        case .sum(let path)? = policy.aggregate?.measure
      {
        return missing(path, place, candidate, fields)
      }
    }
    let back = policy.policy.excuse?.beforeNanoseconds ?? 0
    for candidate in (0..<judgement.candidate).reversed() {
      let start = judgement.verdict.startTime
      let time = run.times[candidate]
      if run.isTimed, time < start, span(from: time, to: start) > back { break }
      let mask = run.candidates[candidate].possible & policy.killMask
      for role in policy.roles.indices where mask & (1 << UInt32(role)) != 0 {
        let place = placeWords(policy.roles[role].use)
        if let reason = reason(candidate, role: role, place, fields, &conditions) { return reason }
      }
    }
    return "a field that the policy needs is missing"
  }

  /// The reason for an event that is judged by itself: the first field missing in it, else in what
  /// it may depend on.
  func text(
    ofEvent candidate: Int, _ fields: EventFields, _ conditions: inout Conditions
  ) -> String {
    let others = run.candidates.indices.filter { $0 != candidate }.prefix(Self.othersMax)
    for other in [candidate] + others {
      let mask = run.candidates[other].possible
      for role in policy.roles.indices where mask & (1 << UInt32(role)) != 0 {
        let place = placeWords(policy.roles[role].use)
        if let reason = reason(other, role: role, place, fields, &conditions) { return reason }
      }
    }
    return "a field that the policy needs is missing"
  }

  /// Events looked through for the field that is missing.
  private static let othersMax = 1_000

  private func placeWords(_ use: CompiledPolicy.Use) -> String {
    switch use {
    case .step(let number): return "step `\(policy.policy.stepIDs[number])`"
    case .absent(let number): return "`absent` of step `\(policy.policy.stepIDs[number])`"
    case .excuse: return "`unless`"
    case .until: return "`until`"
    case .first: return "the policy"
    }
  }

  private func event(_ candidate: Int, _ fields: EventFields) -> Event {
    fields.table.events[Int(run.candidates[candidate].event)]
  }

  private func reason(
    _ candidate: Int, role: Int, _ place: String, _ fields: EventFields,
    _ conditions: inout Conditions
  ) -> String? {
    let event = event(candidate, fields)
    let compiled = policy.roles[role]
    let bit = UInt32(1) << UInt32(role)
    if run.candidates[candidate].certain & bit == 0,
      let field = conditions.missingField(compiled.condition, event, fields)
    {
      return missing(field, place, candidate, fields)
    }
    for item in compiled.same + compiled.differs + compiled.bind
    where run.value(candidate, field: item.field).isNone {
      return missing(policy.registerPaths[item.field], place, candidate, fields)
    }
    guard let flow = compiled.flow else { return nil }
    let possible = run.value(candidate, field: flow.possible)
    if possible.isNone {
      return missing(policy.registerPaths[flow.possible], place, candidate, fields)
    }
    if possible != run.value(candidate, field: flow.certain) {
      return "the log does not hold the task's request, which \(place) compares with"
    }
    return nil
  }

  private func missing(
    _ field: FieldPath, _ place: String, _ candidate: Int, _ fields: EventFields
  ) -> String {
    guard case .agent = field else {
      return "`\(field.text)` is missing in the event of \(place)"
    }
    let agent = fields.texts.text(event(candidate, fields).agent)
    return "no inventory gives `\(field.text)` of `\(shown(agent))`, needed by \(place)"
  }
}
