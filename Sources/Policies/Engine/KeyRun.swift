internal import Model

/// The candidates of one policy and one key, in the table's order, ready to be judged.
struct KeyRun {
  private(set) var candidates: [Candidate]
  /// Nanoseconds; 0 for all events of a source without a clock.
  private(set) var times: [Int64] = []
  /// For each candidate, the values of each of the policy's register fields.
  private(set) var values: [Values] = []
  private(set) var fieldCount = 0
  let isTimed: Bool
  /// Whether some predicate on some candidate is unknown.
  private(set) var hasUnknown = false
  private(set) var hasDenied = false

  init(
    _ all: UnsafeBufferPointer<Candidate>, isTimed: Bool, _ policy: CompiledPolicy,
    _ fields: EventFields
  ) {
    candidates = Array(all)
    self.isTimed = isTimed
    fieldCount = policy.registerFields.count
    times = candidates.map(\.time)
    values.reserveCapacity(candidates.count * fieldCount)
    for (index, candidate) in candidates.enumerated() {
      hasUnknown = hasUnknown || candidate.possible != candidate.certain
      hasDenied = hasDenied || candidate.denied != 0
      if let measured = policy.measured, candidate.possible & policy.aggregateBit != 0 {
        let event = fields.table.events[Int(candidate.event)]
        hasUnknown = hasUnknown || fields.values(measured, of: event).isNone
      }
      guard fieldCount > 0 else { continue }
      let event = fields.table.events[Int(candidate.event)]
      for access in policy.registerFields { values.append(fields.identities(access, of: event)) }
      hasUnknown = hasUnknown || lacksRegister(index, policy)
    }
    if policy.hasFlows { dropIdleTokens(policy) }
  }

  /// Whether a role of the candidate reads a register field that the event lacks.
  private func lacksRegister(_ candidate: Int, _ policy: CompiledPolicy) -> Bool {
    var mask = candidates[candidate].possible
    let hasFlows = policy.hasFlows
    while mask != 0 {
      let bit = mask.trailingZeroBitCount
      mask &= mask &- 1
      for field in policy.readFields[bit] where value(candidate, field: field).isNone {
        return true
      }
      guard hasFlows, let flow = policy.roles[bit].flow else { continue }
      let possible = value(candidate, field: flow.possible)
      if possible.isNone || possible != value(candidate, field: flow.certain) { return true }
    }
    return false
  }

  /// Leaves out the tokens of results that turn up nowhere: most tokens of most results. Where it is
  /// not known what some event holds one of them stays and stands for all.
  private mutating func dropIdleTokens(_ policy: CompiledPolicy) {
    var sources: Set<Int> = []
    var lacksField = false
    var wanted: Set<AttributeValue> = [.token(0)]
    for (bit, role) in policy.roles.enumerated() {
      guard let flow = role.flow else { continue }
      for (index, candidate) in candidates.enumerated()
      where (candidate.possible | candidate.denied) & (1 << UInt32(bit)) != 0 {
        let values = value(index, field: flow.possible)
        lacksField = lacksField || values.isNone
        wanted.formUnion(values.list)
      }
      for source in policy.roles {
        for item in source.bind where item.register == flow.register { sources.insert(item.field) }
      }
    }
    for field in sources {
      for candidate in candidates.indices {
        guard case .many(let list) = value(candidate, field: field) else { continue }
        let idle = lacksField ? list.first { !wanted.contains($0) } : nil
        values[candidate * fieldCount + field] = Values(
          list.filter { wanted.contains($0) || $0 == idle })
      }
    }
  }

  func value(_ candidate: Int, field: Int) -> Values { values[candidate * fieldCount + field] }
}
