internal import Model

/// The selectors of one policy, each a role with a bit, and the registers that they share.
struct RoleTable: Sendable {
  private(set) var roles: [CompiledPolicy.Role] = []
  private(set) var registers: [String] = []
  private(set) var registerFields: [FieldAccess] = []
  private(set) var registerPaths: [FieldPath] = []
  private(set) var liveRegisters: [[Bool]] = []
  private(set) var absentRoles: [[Int]] = []
  private(set) var excuseRoles: [Int] = []
  private(set) var untilRole: Int?
  private(set) var firstRole: Int?
  private(set) var stepMask: UInt32 = 0
  private(set) var absentMask: UInt32 = 0
  private(set) var excuseMask: UInt32 = 0
  private(set) var untilMask: UInt32 = 0
  private(set) var excuseKills = false
  /// For each role the register fields that it reads, but for those of flows.
  private(set) var readFields: [[Int]] = []

  init(
    _ policy: Policy, _ steps: [Step], _ aggregate: Aggregate?, _ conditions: inout Conditions,
    _ fields: inout EventFields
  ) {
    addRule(policy, &conditions, &fields)
    for (number, step) in steps.enumerated() {
      add(step.selector, .step(number), &conditions, &fields)
      addFlow(of: step, number, among: steps, &fields)
    }
    if let aggregate { add(aggregate.of, .step(steps.count), &conditions, &fields) }
    for (number, step) in steps.enumerated() {
      var bits: [Int] = []
      for selector in step.absent {
        bits.append(roles.count)
        add(selector, .absent(step: number), &conditions, &fields)
      }
      absentRoles.append(bits)
    }
    for selector in policy.excuse?.selectors ?? [] {
      excuseRoles.append(roles.count)
      add(selector, .excuse, &conditions, &fields)
    }
    if let until = policy.until {
      untilRole = roles.count
      add(until, .until, &conditions, &fields)
    }
    findLiveRegisters(steps)
    readFields = roles.map { role in (role.same + role.differs + role.bind).map(\.field) }
    excuseKills = aggregate == nil && isExcuseKill(policy.excuse)
  }

  private mutating func add(
    _ selector: Selector, _ use: CompiledPolicy.Use, _ conditions: inout Conditions,
    _ fields: inout EventFields
  ) {
    let bit = UInt32(1) << UInt32(roles.count & 31)
    switch use {
    case .step: stepMask |= bit
    case .absent: absentMask |= bit
    case .excuse: excuseMask |= bit
    case .until: untilMask |= bit
    case .first: break
    }
    for bound in selector.bind where !registers.contains(bound.register) {
      registers.append(bound.register)
    }
    func compile(_ list: [RegisterField]) -> [CompiledPolicy.Comparison] {
      list.compactMap { item in
        guard let register = registers.firstIndex(of: item.register) else { return nil }
        let field = registerField(fields.access(item.field), item.field)
        return CompiledPolicy.Comparison(register: register, field: field)
      }
    }
    roles.append(
      CompiledPolicy.Role(
        use: use, selector: selector,
        condition: conditions.compile(selector.condition, &fields),
        conditionNumber: conditions.number(of: selector.condition, &fields),
        same: compile(selector.same), differs: compile(selector.differs),
        bind: compile(selector.bind)))
  }

  /// The token registers that a step binds for those after it, and the one that it tests.
  private mutating func addFlow(
    of step: Step, _ number: Int, among steps: [Step], _ fields: inout EventFields
  ) {
    for later in steps {
      guard let flow = later.flows, flow.from == number else { continue }
      let field = registerField(fields.tokens(ofResultOf: flow), .attribute("result"))
      registers.append(Self.flowRegister(later))
      roles[number].bind.append(
        CompiledPolicy.Comparison(register: registers.count - 1, field: field))
    }
    guard let flow = step.flows,
      let register = registers.firstIndex(of: Self.flowRegister(step))
    else { return }
    let path = FieldPath.attribute(flow.into.joined(separator: "` or `"))
    let part = flow.isNotInRequest
    let certain = fields.tokens(intoWhich: flow, part ? .surelyNotInRequest : .all)
    let possible = fields.tokens(intoWhich: flow, part ? .maybeNotInRequest : .all)
    roles[number].flow = CompiledPolicy.FlowTest(
      register: register, certain: registerField(certain, path),
      possible: registerField(possible, path))
  }

  /// The register of the value that flows into a step; no register of a policy has such a name.
  private static func flowRegister(_ step: Step) -> String { "flows into \(step.id)" }

  /// The index of a field among `registerFields`.
  private mutating func registerField(_ access: FieldAccess, _ path: FieldPath) -> Int {
    if let known = registerFields.firstIndex(of: access) { return known }
    registerFields.append(access)
    registerPaths.append(path)
    return registerFields.count - 1
  }

  private mutating func findLiveRegisters(_ steps: [Step]) {
    liveRegisters = (0...steps.count).map { done in
      var live = [Bool](repeating: false, count: registers.count)
      for role in roles {
        let isLater: Bool
        switch role.use {
        case .step(let number), .absent(let number):
          // A repeating step is tested again after it was done.
          let repeats = number + 1 == done && steps[number].repeats
          isLater = number >= done || repeats
        case .excuse, .until, .first: isLater = true
        }
        guard isLater else { continue }
        for test in role.same + role.differs { live[test.register] = true }
        if let flow = role.flow { live[flow.register] = true }
      }
      return live
    }
  }

  /// The roles of the kinds that are no chains. The bits of steps come first.
  private mutating func addRule(
    _ policy: Policy, _ conditions: inout Conditions, _ fields: inout EventFields
  ) {
    switch policy.rule {
    case .forbid, .limit: break
    case .require(let requirement):
      add(requirement.trigger.selector, .step(0), &conditions, &fields)
      for needed in requirement.needed { add(needed.selector, .step(1), &conditions, &fields) }
    case .order(let order):
      for (number, named) in order.selectors.enumerated() {
        add(named.selector, .step(number), &conditions, &fields)
      }
      if order.accepting != nil {
        var end = Selector.anything
        end.does = ["task.end"]
        add(end, .step(order.selectors.count), &conditions, &fields)
      }
    case .scope(let scope):
      add(scope.of.selector, .step(0), &conditions, &fields)
      guard !scope.bind.isEmpty else { return }
      var first = Selector.anything
      first.outcomes = Outcome.allCases
      first.bind = scope.bind
      firstRole = roles.count
      add(first, .first, &conditions, &fields)
    }
  }

  private func isExcuseKill(_ excuse: Excuse?) -> Bool {
    guard let excuse, let first = roles.first else { return false }
    let bound = Set(first.bind.map(\.register))
    let isKnown = excuseRoles.allSatisfy { role in
      (roles[role].same + roles[role].differs).allSatisfy { bound.contains($0.register) }
    }
    return excuse.beforeNanoseconds == 0 && excuse.uses == nil && isKnown
  }
}
