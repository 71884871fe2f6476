internal import Model

/// What one piece of the work found: matches by policy and key, and counts that add up.
struct PieceResult: Sendable {
  /// The matches of one policy and key.
  struct Found: Sendable {
    /// The index in the group's policies.
    var policy: Int
    var matches: [Match]
  }

  /// What is counted for one policy.
  struct Counts: Sendable {
    var keys = 0
    /// Events of the policy that have the key.
    var keyed = 0
    var cutTies = 0
    var hitStateLimit = false

    mutating func add(_ other: Counts) {
      keys += other.keys
      keyed += other.keyed
      cutTies += other.cutTies
      hitStateLimit = hitStateLimit || other.hitStateLimit
    }
  }

  var found: [Found] = []
  /// By the index in the group's policies.
  var counts: [Counts]
}

/// A piece of the work: some buckets of keys of one group, and of its policies all or a share.
struct KeyPiece: Sendable {
  var buckets: Range<Int>
  /// The policies whose number leaves this rest: of one bucket with most of the events, several
  /// pieces are made.
  var share = 0
  var shares = 1
}

/// Judges the keys of one piece, one after the other.
struct KeyPieceJudge {
  private let engine: Engine
  private let group: WatchTable.Group
  private let policies: [CompiledPolicy]
  private let from: Timestamp?
  private let to: Timestamp?
  private let limits: TieOrders.Limits
  private var conditions: Conditions
  private var scans: [KeyScan]
  private var result: PieceResult

  // Of the present bucket.
  private var records: [Record] = []
  private var sorted: [Int32] = []
  private var slots: [Int32] = []
  private var keyOfRecord: [Int32] = []
  private var keyCodes: [UInt64] = []
  private var keyStarts: [Int32] = []

  // Of the present key, by the index in the group's policies.
  private var states: [PolicyState]
  private var touched: [Int32] = []
  private var candidates: [Candidate] = []
  private let isWhole: Bool
  private let share: Int
  private let shares: Int

  /// What is known of one policy and the present key.
  private struct PolicyState {
    var count: Int32 = 0
    /// Where its candidates begin, -1 when it is not judged.
    var start: Int32 = -1
    var served: UInt32 = 0
    var certain: UInt32 = 0
    /// The roles without which there is nothing to judge.
    var needed: UInt32
    /// Candidates from which on there may be too many register assignments.
    var countMax: Int32
  }

  init(
    _ engine: Engine, _ group: WatchTable.Group, _ piece: KeyPiece, attributesMax: Int,
    from: Timestamp?, to: Timestamp?, _ limits: TieOrders.Limits
  ) {
    self.engine = engine
    self.group = group
    self.from = from
    self.to = to
    self.limits = limits
    conditions = engine.conditions
    policies = group.policies.map { engine.policies[$0] }
    scans = policies.map { KeyScan($0, engine.fields) }
    result = PieceResult(counts: policies.map { _ in PieceResult.Counts() })
    states = scans.map { scan in
      PolicyState(
        needed: scan.needed,
        countMax: Int32(clamping: scan.candidatesMax(attributesMax: attributesMax)))
    }
    share = piece.share
    shares = piece.shares
    isWhole = piece.shares == 1
  }

  /// Judges all keys of some buckets; `runs` hold the stretches of the table in their order.
  mutating func run(_ buckets: Range<Int>, _ runs: [RecordRun]) -> PieceResult {
    for bucket in buckets {
      records.removeAll(keepingCapacity: true)
      for run in runs {
        records.append(contentsOf: run.records[run.starts[bucket]..<run.starts[bucket + 1]])
      }
      if records.isEmpty { continue }
      sortByKey()
      for key in keyCodes.indices {
        judge(Int(keyStarts[key])..<Int(keyStarts[key + 1]))
      }
    }
    return result
  }

  /// Fills `sorted` with the records of each key side by side, in the table's order.
  private mutating func sortByKey() {
    var bits = 4
    while 1 << bits < records.count * 2 { bits += 1 }
    slots.removeAll(keepingCapacity: true)
    slots.append(contentsOf: repeatElement(-1, count: 1 << bits))
    keyOfRecord.removeAll(keepingCapacity: true)
    keyCodes.removeAll(keepingCapacity: true)
    keyStarts.removeAll(keepingCapacity: true)
    let mask = slots.count - 1
    for record in records {
      // The bucket took the upper bits.
      let code = record.code
      var slot = Int(truncatingIfNeeded: (code ^ code >> 29) &* 0xBF58_476D_1CE4_E5B9 >> 20) & mask
      while slots[slot] >= 0, keyCodes[Int(slots[slot])] != code { slot = (slot + 1) & mask }
      if slots[slot] < 0 {
        slots[slot] = Int32(truncatingIfNeeded: keyCodes.count)
        keyCodes.append(code)
        keyStarts.append(0)
      }
      keyOfRecord.append(slots[slot])
      keyStarts[Int(slots[slot])] += 1
    }
    var start: Int32 = 0
    for key in keyStarts.indices {
      let count = keyStarts[key]
      keyStarts[key] = start
      start += count
    }
    keyStarts.append(start)
    sorted.removeAll(keepingCapacity: true)
    sorted.append(contentsOf: repeatElement(0, count: records.count))
    for (place, key) in keyOfRecord.enumerated() {
      sorted[Int(keyStarts[Int(key)])] = Int32(truncatingIfNeeded: place)
      keyStarts[Int(key)] += 1
    }
    // The starts are the ends now: one place to the right.
    for key in stride(from: keyStarts.count - 1, to: 0, by: -1) {
      keyStarts[key] = keyStarts[key - 1]
    }
    keyStarts[0] = 0
  }

  // MARK: One key

  private mutating func judge(_ range: Range<Int>) {
    look(range)
    let isDoubled = hasRepeatedIDs(range)
    let isTied = hasManyTies(range)
    var total: Int32 = 0
    for policy in touched {
      let number = Int(policy)
      let state = states[number]
      if !isDoubled {
        result.counts[number].keyed += Int(state.count)
        if state.certain & 1 != 0 { result.counts[number].keys += 1 }
      }
      let isJudged =
        state.needed & ~state.served == 0 || isTied || state.count >= state.countMax || isDoubled
      if isJudged {
        states[number].start = total
        total += state.count
      }
    }
    if total > 0 {
      let isTimed = records[Int(sorted[range.lowerBound])].isTimed
      collect(range, total: Int(total))
      for policy in touched where states[Int(policy)].start >= 0 {
        judge(Int(policy), isTimed: isTimed, isDoubled: isDoubled)
      }
    }
    for policy in touched {
      states[Int(policy)].count = 0
      states[Int(policy)].start = -1
      states[Int(policy)].served = 0
      states[Int(policy)].certain = 0
    }
    touched.removeAll(keepingCapacity: true)
  }

  /// Which policies look at events of the key, and which of their roles are there.
  private mutating func look(_ range: Range<Int>) {
    let (group, share, shares) = (group, share, shares)
    Self.forEach(range, records, sorted, group) { record, entry in
      let policy = Int(entry.policy)
      if shares > 1, policy % shares != share { return }
      let masks = group.masks(entry, record.pointee.truths)
      let served = masks.possible | masks.denied
      if served == 0 { return }
      states.withUnsafeMutableBufferPointer { states in
        if states[policy].count == 0 { touched.append(entry.policy) }
        states[policy].count += 1
        states[policy].served |= served
        states[policy].certain |= masks.certain
      }
    }
  }

  /// Every record of the key with every entry of its profile.
  @inline(__always)
  private static func forEach(
    _ range: Range<Int>, _ records: [Record], _ sorted: [Int32], _ group: WatchTable.Group,
    _ body: (UnsafePointer<Record>, WatchTable.Entry) -> Void
  ) {
    records.withUnsafeBufferPointer { records in
      sorted.withUnsafeBufferPointer { sorted in
        group.profiles.withUnsafeBufferPointer { profiles in
          group.entries.withUnsafeBufferPointer { entries in
            for place in range {
              let record = records.baseAddress.unsafelyUnwrapped + Int(sorted[place])
              let own = profiles[record.pointee.profile].entries
              for index in Int(own.lowerBound)..<Int(own.upperBound) {
                body(record, entries[index])
              }
            }
          }
        }
      }
    }
  }

  /// Puts the candidates of the policies that are judged side by side.
  private mutating func collect(_ range: Range<Int>, total: Int) {
    if candidates.count < total {
      let none = Candidate(event: 0, certain: 0, possible: 0, denied: 0, time: 0)
      candidates.append(contentsOf: repeatElement(none, count: total - candidates.count))
    }
    let group = group
    Self.forEach(range, records, sorted, group) { record, entry in
      states.withUnsafeMutableBufferPointer { states in
        let state = states.baseAddress.unsafelyUnwrapped + Int(entry.policy)
        if state.pointee.start < 0 { return }
        let masks = group.masks(entry, record.pointee.truths)
        if masks.possible | masks.denied == 0 { return }
        candidates[Int(state.pointee.start)] = Candidate(
          event: record.pointee.event, certain: masks.certain, possible: masks.possible,
          denied: masks.denied, time: record.pointee.time)
        state.pointee.start += 1
      }
    }
    for policy in touched where states[Int(policy)].start >= 0 {
      states[Int(policy)].start -= states[Int(policy)].count
    }
  }

  /// Whether two events of the key may have one id.
  private func hasRepeatedIDs(_ range: Range<Int>) -> Bool {
    guard engine.ids.hasRepeats else { return false }
    return range.count { records[Int(sorted[$0])].isRepeated } > 1
  }

  /// Whether so many events of the key are tied that their orders may be too many to try.
  private func hasManyTies(_ range: Range<Int>) -> Bool {
    guard range.count > KeyScan.tiesMax, records[Int(sorted[range.lowerBound])].isTimed else {
      return false
    }
    let reach = KeyScan.tiesMax
    for place in range.lowerBound..<range.upperBound - reach
    where records[Int(sorted[place])].time == records[Int(sorted[place + reach])].time {
      return true
    }
    return false
  }

  private mutating func judge(_ policy: Int, isTimed: Bool, isDoubled: Bool) {
    let start = Int(states[policy].start)
    var slice = candidates[start..<start + Int(states[policy].count)]
    let compiled = policies[policy]
    if isDoubled {
      slice = withoutRepeats(slice)
      result.counts[policy].keyed += Int(states[policy].count)
      if slice.contains(where: { $0.certain & 1 != 0 }) { result.counts[policy].keys += 1 }
    }
    guard scans[policy].mayMatch(slice, isTimed: isTimed) else { return }
    let run = KeyRun(slice, isTimed: isTimed, compiled, engine.fields)
    let first = Int(run.candidates[0].event)
    let key = engine.schemes[group.scheme].named(first, engine.fields, engine.roots)
    var judge = KeyJudge(compiled, group.policies[policy], run, key)
    judge.judge(engine.fields, &conditions, engine.logStarts, limits)
    result.counts[policy].cutTies += judge.cutTies
    if judge.hitStateLimit { result.counts[policy].hitStateLimit = true }
    let kept = judge.matches.filter { isReported($0) }
    if !kept.isEmpty { result.found.append(PieceResult.Found(policy: policy, matches: kept)) }
  }

  /// The candidates without those whose id an earlier one has.
  private func withoutRepeats(_ all: ArraySlice<Candidate>) -> ArraySlice<Candidate> {
    var seen: Set<Symbol> = []
    return all.filter { candidate in
      let id = engine.fields.table.events[Int(candidate.event)].id
      return !id.isPresent || seen.insert(id).inserted
    }[...]
  }

  private func isReported(_ match: Match) -> Bool {
    guard !match.isUntimed, let last = match.chain.last else { return true }
    let time = match.due ?? engine.fields.table.events[last.event].time
    return from.map { time >= $0 } ?? true && to.map { time <= $0 } ?? true
  }
}
