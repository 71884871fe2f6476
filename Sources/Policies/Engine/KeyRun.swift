internal import Model

/// The candidates of one policy and one key, in the table's order, ready to be judged.
struct KeyRun {
  let key: Int32
  private(set) var candidates: [Candidate] = []
  /// Nanoseconds; 0 for all events of a source without a clock.
  private(set) var times: [Int64] = []
  /// For each candidate, the values of each of the policy's register fields.
  private(set) var values: [Values] = []
  private(set) var fieldCount = 0
  private(set) var isTimed = true
  /// Whether some predicate on some candidate is unknown.
  private(set) var hasUnknown = false
  private(set) var hasDenied = false

  init(
    key: Int32, candidates all: ArraySlice<Candidate>, _ policy: CompiledPolicy,
    _ fields: EventFields, _ duplicates: inout DuplicateFilter
  ) {
    self.key = key
    fieldCount = policy.registerFields.count
    duplicates.begin()
    candidates.reserveCapacity(all.count)
    times.reserveCapacity(all.count)
    values.reserveCapacity(all.count * fieldCount)
    for candidate in all {
      let event = fields.table.events[Int(candidate.event)]
      if duplicates.isRepeated(event.id) { continue }
      candidates.append(candidate)
      times.append(event.isTimed ? event.time.nanoseconds : 0)
      isTimed = event.isTimed
      hasUnknown = hasUnknown || candidate.possible != candidate.certain
      hasDenied = hasDenied || candidate.denied != 0
      if let measured = policy.measured, candidate.possible & policy.aggregateBit != 0 {
        hasUnknown = hasUnknown || fields.values(measured, of: event).isNone
      }
      guard fieldCount > 0 else { continue }
      for access in policy.registerFields { values.append(fields.identities(access, of: event)) }
      hasUnknown = hasUnknown || lacksRegister(candidates.count - 1, policy)
    }
    if policy.hasFlows { dropIdleTokens(policy) }
  }

  /// Whether a role of the candidate reads a register field that the event lacks.
  private func lacksRegister(_ candidate: Int, _ policy: CompiledPolicy) -> Bool {
    let mask = candidates[candidate].possible
    for (bit, role) in policy.roles.enumerated() where mask & (1 << UInt32(bit)) != 0 {
      for item in role.same + role.differs + role.bind
      where value(candidate, field: item.field).isNone { return true }
      guard let flow = role.flow else { continue }
      let possible = value(candidate, field: flow.possible)
      if possible.isNone || possible != value(candidate, field: flow.certain) { return true }
    }
    return false
  }

  /// Leaves out the tokens of results that turn up nowhere: most tokens of most results.
  private mutating func dropIdleTokens(_ policy: CompiledPolicy) {
    var sources: Set<Int> = []
    var wanted: Set<AttributeValue> = [.token(0)]
    for (bit, role) in policy.roles.enumerated() {
      guard let flow = role.flow else { continue }
      for (index, candidate) in candidates.enumerated()
      where (candidate.possible | candidate.denied) & (1 << UInt32(bit)) != 0 {
        wanted.formUnion(value(index, field: flow.possible).list)
      }
      for source in policy.roles {
        for item in source.bind where item.register == flow.register { sources.insert(item.field) }
      }
    }
    for field in sources {
      for candidate in candidates.indices {
        guard case .many(let list) = value(candidate, field: field) else { continue }
        values[candidate * fieldCount + field] = Values(list.filter { wanted.contains($0) })
      }
    }
  }

  /// Whether the events may make a chain or a near miss of one, or be too many to judge in full;
  /// where not, judging the key would find nothing. Most keys lack a step.
  func mayMatch(_ policy: CompiledPolicy) -> Bool {
    guard policy.aggregate == nil else { return true }
    var served: UInt32 = 0
    for candidate in candidates { served |= candidate.possible | candidate.denied }
    let missing = policy.chainMask & ~served
    if missing == 0 { return true }
    let last = policy.steps.count - 1
    let first = missing.trailingZeroBitCount
    if first == last, policy.steps.count >= 3 { return true }
    return hasTies || !fewAssignments(policy, steps: first)
  }

  /// Whether events of a clock have equal times: their orders are counted where they are not tried.
  private var hasTies: Bool {
    isTimed && times.indices.dropFirst().contains { times[$0] == times[$0 - 1] }
  }

  /// Whether the register assignments after some steps of a chain are surely below the bound: no
  /// more than there are choices of an event for each step.
  private func fewAssignments(_ policy: CompiledPolicy, steps: Int) -> Bool {
    if policy.registers.isEmpty || steps == 0 { return true }
    let isSingle = values.allSatisfy { value in
      if case .many = value { false } else { true }
    }
    guard isSingle, !policy.steps.contains(where: \.repeats) else { return false }
    var choices = 1
    for _ in 0..<steps {
      let (product, overflow) = choices.multipliedReportingOverflow(by: candidates.count)
      if overflow || product > ChainMachine.environmentsMax { return false }
      choices = product
    }
    return true
  }

  func value(_ candidate: Int, field: Int) -> Values { values[candidate * fieldCount + field] }
}

/// Finds events whose id another event of the same key had before.
struct DuplicateFilter {
  private var stamps: [UInt32]
  private var stamp: UInt32 = 0

  /// Whether any two events of the whole review have one id.
  private(set) var hasRepeats = false

  init(_ input: ReviewInput) {
    stamps = Array(repeating: 0, count: input.symbols.count)
    begin()
    for event in input.table.events where isRepeated(event.id) {
      hasRepeats = true
      break
    }
  }

  mutating func begin() { stamp &+= 1 }

  mutating func isRepeated(_ id: Symbol) -> Bool {
    guard id.isPresent, Int(id.raw) < stamps.count else { return false }
    if stamps[Int(id.raw)] == stamp { return true }
    stamps[Int(id.raw)] = stamp
    return false
  }
}
