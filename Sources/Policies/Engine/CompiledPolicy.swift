internal import Model

/// A policy as the tables that the engine walks. Each selector is a role: one bit of a mask.
///
/// A class, since every key's judges hold it: to copy a struct of a dozen arrays for each key costs
/// more than most keys. It does not change once it is made, so that threads may share it.
final class CompiledPolicy: Sendable {
  /// What a selector is for.
  enum Use: Equatable, Sendable {
    /// The step of this number; the aggregated step comes after the anchors.
    case step(Int)
    /// Kills prefixes that wait for this step.
    case absent(step: Int)
    case excuse
    case until
    /// `scope`: may be the key's first event.
    case first
  }

  /// A comparison of a register with a field of the event.
  struct Comparison: Sendable {
    var register: Int
    /// The index in `registerFields`.
    var field: Int
  }

  /// A value that an earlier step bound to a register must be among the tokens of the event: of
  /// those surely not in the task's request, and of those that may not be in it.
  struct FlowTest: Sendable {
    var register: Int
    /// The indexes in `registerFields`.
    var certain: Int
    var possible: Int
  }

  /// One selector.
  struct Role: Sendable {
    var use: Use
    var selector: Selector
    var condition: Conditions.Condition
    /// The condition's number among those of all policies; nil where it always holds.
    var conditionNumber: Int?
    var same: [Comparison]
    var differs: [Comparison]
    var bind: [Comparison]
    var flow: FlowTest?

    var testsRegisters: Bool { !same.isEmpty || !differs.isEmpty || flow != nil }
  }

  let policy: Policy
  /// The steps of the chain, or the anchors of an aggregate.
  let steps: [Step]
  private let table: RoleTable
  /// Whether the prefixes of a stage are a queue, by stage of a machine with two planes.
  let hasGap: [Bool]
  /// The link that the policy's own tests make along all of its steps.
  let joinedLink: LinkStrength?
  let scheme: Int
  /// What is added up, for a limit.
  let aggregate: Aggregate?
  /// The field that a sum or a distinct count reads.
  let measured: FieldAccess?
  /// The selectors that excuse, that each step must not be preceded by, and that a requirement
  /// needs, in words: made once, not for each match.
  let excuseWords: [String]
  let absentWords: [[String]]
  let neededWords: [String]
  /// The bounded fields, for a scope.
  let scopeFields: [ScopeField]

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
    excuseWords = policy.excuse?.selectors.map(\.words) ?? []
    absentWords = steps.map { $0.absent.map(\.words) }
    if case .require(let requirement) = policy.rule {
      neededWords = requirement.needed.map(\.selector.words)
    } else {
      neededWords = []
    }
    hasGap = Self.gaps(steps) + Self.gaps(steps)
    table = RoleTable(policy, steps, aggregate, &conditions, &fields)
    joinedLink = LinkStrength.joined(by: table, steps: policy.stepIDs.count)
    if case .scope(let scope) = policy.rule {
      scopeFields = ScopeField.all(of: scope, table, &fields)
    } else {
      scopeFields = []
    }
  }

  /// Stages that wait for the next step, then those in which the last step may repeat.
  private static func gaps(_ steps: [Step]) -> [Bool] {
    let own = steps.map { $0.gapNanoseconds != nil }
    return own + [false] + [false] + own
  }

  /// Roles by bit: steps first, then the aggregated step.
  var roles: [Role] { table.roles }
  /// Whether each event that it judges needs something ahead of it.
  var needsBefore: Bool {
    guard case .require(let requirement) = policy.rule else { return false }
    return requirement.direction == .precondition
  }
  var registers: [String] { table.registers }
  /// The fields that registers are bound to and compared with.
  var registerFields: [FieldAccess] { table.registerFields }
  /// For each role those of them that it reads, but for those of flows.
  var readFields: [[Int]] { table.readFields }
  var registerPaths: [FieldPath] { table.registerPaths }
  /// For each number of steps done: which registers are tested later.
  var liveRegisters: [[Bool]] { table.liveRegisters }
  /// For each step: the roles whose events must not come while it is waited for.
  var absentRoles: [[Int]] { table.absentRoles }
  var excuseRoles: [Int] { table.excuseRoles }
  var untilRole: Int? { table.untilRole }
  /// The role of the event that binds a scope's registers.
  var firstRole: Int? { table.firstRole }
  var stepMask: UInt32 { table.stepMask }
  var absentMask: UInt32 { table.absentMask }
  var excuseMask: UInt32 { table.excuseMask }
  var untilMask: UInt32 { table.untilMask }
  /// Whether an excuse counts only after the chain's first event and needs no register that a later
  /// step binds: then it is a kill, not a look backwards when the chain completes.
  var excuseKills: Bool { table.excuseKills }

  /// Whether a scope's bounds are what the task declares.
  var boundsNameTask: Bool { scopeFields.contains { $0.namesTask } }

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
}
