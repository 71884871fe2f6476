internal import Model

/// A policy as the tables that the engine walks. Each selector is a role: one bit of a mask.
///
/// A class, since every key's judges hold it: to copy a struct of a dozen arrays for each key costs
/// more than most keys. It does not change once it is made.
final class CompiledPolicy {
  /// What a selector is for.
  enum Use: Equatable {
    /// The step of this number; the aggregated step comes after the anchors.
    case step(Int)
    /// Kills prefixes that wait for this step.
    case absent(step: Int)
    case excuse
    case until
    /// `order`: names an action, whatever the conditions of its transitions.
    case named
    /// `scope`: may be the key's first event.
    case first
  }

  /// A comparison of a register with a field of the event.
  struct Comparison {
    var register: Int
    /// The index in `registerFields`.
    var field: Int
  }

  /// A value that an earlier step bound to a register must be among the tokens of the event: of
  /// those surely not in the task's request, and of those that may not be in it.
  struct FlowTest {
    var register: Int
    /// The indexes in `registerFields`.
    var certain: Int
    var possible: Int
  }

  /// One selector.
  struct Role {
    var use: Use
    var selector: Selector
    var condition: Conditions.Condition
    var same: [Comparison]
    var differs: [Comparison]
    var bind: [Comparison]
    var flow: FlowTest?

    var testsRegisters: Bool { !same.isEmpty || !differs.isEmpty || flow != nil }
  }

  let policy: Policy
  /// The steps of the chain, or the anchors of an aggregate.
  let steps: [Step]
  /// Roles by bit: steps first, then the aggregated step.
  private(set) var roles: [Role] = []
  private(set) var registers: [String] = []
  /// The fields that registers are bound to and compared with.
  private(set) var registerFields: [FieldAccess] = []
  private(set) var registerPaths: [FieldPath] = []
  /// For each number of steps done: which registers are tested later.
  private(set) var liveRegisters: [[Bool]] = []
  /// For each step: the roles whose events must not come while it is waited for.
  private(set) var absentRoles: [[Int]] = []
  private(set) var excuseRoles: [Int] = []
  private(set) var untilRole: Int?
  private(set) var stepMask: UInt32 = 0
  private(set) var absentMask: UInt32 = 0
  private(set) var excuseMask: UInt32 = 0
  private(set) var untilMask: UInt32 = 0
  /// Whether an excuse counts only after the chain's first event and needs no register that a later
  /// step binds: then it is a kill, not a look backwards when the chain completes.
  private(set) var excuseKills = false
  let scheme: Int
  /// What is added up, for a limit.
  let aggregate: Aggregate?
  /// The field that a sum or a distinct count reads.
  let measured: FieldAccess?

  init(
    _ policy: Policy, scheme: Int, _ conditions: inout Conditions, _ fields: inout EventFields
  ) {
    self.policy = policy
    self.scheme = scheme
    switch policy.rule {
    case .forbid(let chain):
      steps = chain
      aggregate = nil
      measured = nil
    case .limit(let limit):
      steps = limit.anchors
      aggregate = limit.aggregate
      switch limit.aggregate.measure {
      case .count: measured = nil
      case .sum(let field), .distinct(let field): measured = fields.access(field)
      }
    case .require, .order, .scope:
      steps = []
      aggregate = nil
      measured = nil
    }
    addRule(&conditions, &fields)
    for (number, step) in steps.enumerated() {
      add(step.selector, .step(number), &conditions, &fields)
      addFlow(of: step, number, &fields)
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
    findLiveRegisters()
    excuseKills = isExcuseKill
  }

  private func add(
    _ selector: Selector, _ use: Use, _ conditions: inout Conditions, _ fields: inout EventFields
  ) {
    let bit = UInt32(1) << UInt32(roles.count & 31)
    switch use {
    case .step: stepMask |= bit
    case .absent: absentMask |= bit
    case .excuse: excuseMask |= bit
    case .until: untilMask |= bit
    case .named, .first: break
    }
    for bound in selector.bind where !registers.contains(bound.register) {
      registers.append(bound.register)
    }
    func compile(_ list: [RegisterField]) -> [Comparison] {
      list.compactMap { item in
        guard let register = registers.firstIndex(of: item.register) else { return nil }
        let field = registerField(fields.access(item.field), item.field)
        return Comparison(register: register, field: field)
      }
    }
    roles.append(
      Role(
        use: use, selector: selector,
        condition: conditions.compile(selector.condition, &fields),
        same: compile(selector.same), differs: compile(selector.differs),
        bind: compile(selector.bind)))
  }

  /// The token registers that a step binds for those after it, and the one that it tests.
  private func addFlow(of step: Step, _ number: Int, _ fields: inout EventFields) {
    for later in steps {
      guard let flow = later.flows, flow.from == number else { continue }
      let field = registerField(fields.tokens(ofResultOf: flow), .attribute("result"))
      registers.append(Self.flowRegister(later))
      roles[number].bind.append(Comparison(register: registers.count - 1, field: field))
    }
    guard let flow = step.flows,
      let register = registers.firstIndex(of: Self.flowRegister(step))
    else { return }
    let path = FieldPath.attribute(flow.into.joined(separator: "` or `"))
    let part = flow.isNotInRequest
    let certain = fields.tokens(intoWhich: flow, part ? .surelyNotInRequest : .all)
    let possible = fields.tokens(intoWhich: flow, part ? .maybeNotInRequest : .all)
    roles[number].flow = FlowTest(
      register: register, certain: registerField(certain, path),
      possible: registerField(possible, path))
  }

  /// The register of the value that flows into a step; no register of a policy has such a name.
  private static func flowRegister(_ step: Step) -> String { "flows into \(step.id)" }

  /// The index of a field among `registerFields`.
  private func registerField(_ access: FieldAccess, _ path: FieldPath) -> Int {
    if let known = registerFields.firstIndex(of: access) { return known }
    registerFields.append(access)
    registerPaths.append(path)
    return registerFields.count - 1
  }

  private func findLiveRegisters() {
    liveRegisters = (0...steps.count).map { done in
      var live = [Bool](repeating: false, count: registers.count)
      for role in roles {
        let isLater: Bool
        switch role.use {
        case .step(let number), .absent(let number):
          // A repeating step is tested again after it was done.
          let repeats = number + 1 == done && steps[number].repeats
          isLater = number >= done || repeats
        case .excuse, .until, .named, .first: isLater = true
        }
        guard isLater else { continue }
        for test in role.same + role.differs { live[test.register] = true }
        if let flow = role.flow { live[flow.register] = true }
      }
      return live
    }
  }

  /// The roles of the kinds that are no chains. The bits of steps come first.
  private func addRule(_ conditions: inout Conditions, _ fields: inout EventFields) {
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
      for named in order.selectors where named.selector.condition != .always {
        var selector = named.selector
        selector.condition = .always
        add(selector, .named, &conditions, &fields)
      }
    case .scope(let scope):
      add(scope.of.selector, .step(0), &conditions, &fields)
      guard !scope.bind.isEmpty else { return }
      var first = Selector.anything
      first.outcomes = Outcome.allCases
      first.bind = scope.bind
      add(first, .first, &conditions, &fields)
    }
  }

  /// Whether values flow from one step into another.
  var hasFlows: Bool { steps.contains { $0.flows != nil } }

  /// Whether it is judged as a chain of steps, with or without an aggregate.
  var isChain: Bool { !steps.isEmpty || aggregate != nil }

  /// The number of steps that `Policy.stepIDs` counts.
  var stepCount: Int { policy.stepIDs.count }

  /// The step that the role of a bit serves.
  func step(ofBit bit: Int) -> Int {
    if case .step(let number) = roles[bit].use { return number }
    return 0
  }

  /// The roles of the mask that serve steps of the chain or anchors, the aggregated step left out.
  var chainMask: UInt32 { steps.isEmpty ? 0 : UInt32.max >> UInt32(32 - steps.count) }

  /// The bit of the aggregated step.
  var aggregateBit: UInt32 { aggregate == nil ? 0 : 1 << UInt32(steps.count & 31) }

  var killMask: UInt32 { absentMask | excuseMask | untilMask }

  private var isExcuseKill: Bool {
    guard let excuse = policy.excuse, aggregate == nil, let first = roles.first else {
      return false
    }
    let bound = Set(first.bind.map(\.register))
    let isKnown = excuseRoles.allSatisfy { role in
      (roles[role].same + roles[role].differs).allSatisfy { bound.contains($0.register) }
    }
    return excuse.beforeNanoseconds == 0 && excuse.uses == nil && isKnown
  }
}
