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
  /// Where only events were asked for: those of each policy, by the index in the group's policies.
  var broken: [[Int32]]
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
struct KeyPieceJudge: ~Copyable {
  private let engine: Engine
  private let scheme: KeyScheme
  private let tables: GroupTables
  private let numbers: [Int]
  private let policies: [CompiledPolicy]
  private let window: (from: Timestamp?, to: Timestamp?)
  private let limits: TieOrders.Limits
  private let share: Int
  private let shares: Int
  private var conditions: Conditions
  private var scans: [KeyScan]
  private var result: PieceResult
  private var keys = KeyOrder()

  // Of the present key, by the index in the group's policies.
  private let states: Room<PolicyState>
  private let touched: Room<Int32>
  private var touchedCount = 0
  private var candidates = Room(1_024, repeating: Candidate.none)

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

  /// - Parameter tables: Those of the group, which live longer than the judge.
  init(
    _ engine: Engine, _ group: WatchTable.Group, _ tables: GroupTables, _ piece: KeyPiece,
    attributesMax: Int, window: (from: Timestamp?, to: Timestamp?), _ limits: TieOrders.Limits
  ) {
    self.engine = engine
    self.tables = tables
    self.window = window
    self.limits = limits
    scheme = engine.schemes[group.scheme]
    numbers = group.policies
    conditions = engine.conditions
    let policies = group.policies.map { engine.policies[$0] }
    self.policies = policies
    scans = policies.map { KeyScan($0, engine.fields) }
    result = PieceResult(
      broken: policies.map { _ in [] }, counts: policies.map { _ in PieceResult.Counts() })
    states = Room(policies.count, repeating: PolicyState(needed: 0, countMax: 0))
    touched = Room(policies.count, repeating: 0)
    share = piece.share
    shares = piece.shares
    for (number, scan) in scans.enumerated() {
      states[number] = PolicyState(
        needed: scan.needed,
        countMax: Int32(clamping: scan.candidatesMax(attributesMax: attributesMax)))
    }
  }

  /// Judges all keys of some buckets; `runs` hold the stretches of the table in their order.
  mutating func run(_ buckets: Range<Int>, _ runs: [RecordRun]) -> PieceResult {
    for bucket in buckets {
      let stretches = runs.map { $0.records[$0.starts[bucket]..<$0.starts[bucket + 1]] }
      let count = stretches.reduce(0) { $0 + $1.count }
      if count == 0 { continue }
      if stretches.count == 1 {
        stretches[0].withUnsafeBufferPointer { judgeAll($0) }
      } else {
        Array(stretches.joined()).withUnsafeBufferPointer { judgeAll($0) }
      }
    }
    return result
  }

  private mutating func judgeAll(_ records: UnsafeBufferPointer<Record>) {
    keys.sort(records)
    for key in 0..<keys.count { judge(Events(records: records, places: keys.places(key))) }
  }

  // MARK: One key

  /// The records of one key: their places among those of the bucket, in the table's order.
  private struct Events {
    var records: UnsafeBufferPointer<Record>
    var places: UnsafeBufferPointer<Int32>

    subscript(_ index: Int) -> UnsafePointer<Record> {
      @inline(__always) get { records.baseAddress.unsafelyUnwrapped + Int(places[index]) }
    }
  }

  private mutating func judge(_ events: Events) {
    look(events)
    let isDoubled = hasRepeatedIDs(events)
    let isTied = hasManyTies(events)
    var total: Int32 = 0
    for place in 0..<touchedCount {
      let number = Int(touched[place])
      let state = states[number]
      if !isDoubled {
        result.counts[number].keyed += Int(state.count)
        if state.certain & 1 != 0 { result.counts[number].keys += 1 }
      }
      let isJudged =
        state.needed & ~state.served == 0 || isTied || state.count >= state.countMax || isDoubled
      if isJudged {
        states.elements[number].start = total
        total += state.count
      }
    }
    if total > 0 {
      candidates.reserve(Int(total), repeating: Candidate.none)
      collect(events)
      for place in 0..<touchedCount where states[Int(touched[place])].start >= 0 {
        judge(Int(touched[place]), isTimed: events[0].pointee.isTimed, isDoubled: isDoubled)
      }
    }
    for place in 0..<touchedCount {
      let state = states.elements.baseAddress.unsafelyUnwrapped + Int(touched[place])
      state.pointee.count = 0
      state.pointee.start = -1
      state.pointee.served = 0
      state.pointee.certain = 0
    }
    touchedCount = 0
  }

  /// Which policies look at events of the key, and which of their roles are there.
  private mutating func look(_ events: Events) {
    let states = states.elements.baseAddress.unsafelyUnwrapped
    var seen = 0
    for place in events.places.indices {
      let record = events[place]
      let truths = record.pointee.truths
      let own = tables.profiles[record.pointee.profile].entries
      for index in Int(own.lowerBound)..<Int(own.upperBound) {
        let entry = tables.entries.baseAddress.unsafelyUnwrapped + index
        let policy = entry.pointee.policy
        if shares > 1, Int(policy) % shares != share { continue }
        let masks = tables.masks(entry, truths)
        let served = masks.possible | masks.denied
        if served == 0 { continue }
        let state = states + Int(policy)
        if state.pointee.count == 0 {
          touched[seen] = policy
          seen += 1
        }
        state.pointee.count += 1
        state.pointee.served |= served
        state.pointee.certain |= masks.certain
      }
    }
    touchedCount = seen
  }

  /// Puts the candidates of the policies that are judged side by side.
  private func collect(_ events: Events) {
    let states = states.elements.baseAddress.unsafelyUnwrapped
    let room = candidates.elements
    for place in events.places.indices {
      let record = events[place]
      let truths = record.pointee.truths
      let own = tables.profiles[record.pointee.profile].entries
      for index in Int(own.lowerBound)..<Int(own.upperBound) {
        let entry = tables.entries.baseAddress.unsafelyUnwrapped + index
        let state = states + Int(entry.pointee.policy)
        if state.pointee.start < 0 { continue }
        let masks = tables.masks(entry, truths)
        if masks.possible | masks.denied == 0 { continue }
        room[Int(state.pointee.start)] = Candidate(
          event: record.pointee.event, certain: masks.certain, possible: masks.possible,
          denied: masks.denied, time: record.pointee.time)
        state.pointee.start += 1
      }
    }
    for place in 0..<touchedCount {
      let state = states + Int(touched[place])
      if state.pointee.start >= 0 { state.pointee.start -= state.pointee.count }
    }
  }

  /// Whether two events of the key may have one id.
  private func hasRepeatedIDs(_ events: Events) -> Bool {
    guard engine.ids.hasRepeats else { return false }
    let repeated = events.places.indices.count { index in
      engine.ids.isRepeated(engine.fields.table.events[Int(events[index].pointee.event)].id)
    }
    return repeated > 1
  }

  /// Whether so many events of the key are tied that their orders may be too many to try.
  private func hasManyTies(_ events: Events) -> Bool {
    let reach = KeyScan.tiesMax
    guard events.places.count > reach, events[0].pointee.isTimed else { return false }
    for place in 0..<events.places.count - reach
    where events[place].pointee.time == events[place + reach].pointee.time { return true }
    return false
  }

  private mutating func judge(_ policy: Int, isTimed: Bool, isDoubled: Bool) {
    let start = Int(states[policy].start)
    var own = UnsafeBufferPointer(
      rebasing: candidates.elements[start..<start + Int(states[policy].count)])
    let kept = isDoubled ? withoutRepeats(own) : []
    if isDoubled {
      result.counts[policy].keyed += own.count
      if kept.contains(where: { $0.certain & 1 != 0 }) { result.counts[policy].keys += 1 }
    }
    kept.withUnsafeBufferPointer { kept in
      if isDoubled { own = kept }
      if engine.asks == .events, policies[policy].needsBefore, own.allSatisfy(\.isOnlyJudged) {
        // Nothing that is needed or that excuses has the key.
        for candidate in own where isReported(candidate.event) {
          result.broken[policy].append(candidate.event)
        }
        return
      }
      if scans[policy].mayMatch(own, isTimed: isTimed) {
        judge(policy, KeyRun(own, isTimed: isTimed, policies[policy], engine.fields))
      }
    }
  }

  private mutating func judge(_ policy: Int, _ run: KeyRun) {
    let first = Int(run.candidates[0].event)
    var judge = KeyJudge(
      policies[policy], numbers[policy], run, scheme.named(first, engine.fields, engine.roots))
    judge.judge(engine.fields, &conditions, engine.logStarts, limits)
    result.counts[policy].cutTies += judge.cutTies
    if judge.hitStateLimit { result.counts[policy].hitStateLimit = true }
    let isOpen = window.from == nil && window.to == nil
    let isWhole = isOpen || judge.matches.allSatisfy { isReported($0) }
    let kept = isWhole ? judge.matches : judge.matches.filter { isReported($0) }
    if kept.isEmpty { return }
    guard engine.asks == .events else {
      result.found.append(PieceResult.Found(policy: policy, matches: kept))
      return
    }
    for match in kept where match.status == .realised || match.status == .indeterminate {
      guard let last = match.chain.last else { continue }
      result.broken[policy].append(Int32(truncatingIfNeeded: last.event))
    }
  }

  /// Whether an event lies in the window.
  private func isReported(_ event: Int32) -> Bool {
    let event = engine.fields.table.events[Int(event)]
    return !event.isTimed || isInWindow(event.time)
  }

  private func isInWindow(_ time: Timestamp) -> Bool {
    window.from.map { time >= $0 } ?? true && window.to.map { time <= $0 } ?? true
  }

  /// The candidates without those whose id an earlier one has.
  private func withoutRepeats(_ all: UnsafeBufferPointer<Candidate>) -> [Candidate] {
    var seen: Set<Symbol> = []
    return all.filter { candidate in
      let id = engine.fields.table.events[Int(candidate.event)].id
      return !id.isPresent || seen.insert(id).inserted
    }
  }

  private func isReported(_ match: Match) -> Bool {
    guard !match.isUntimed, let last = match.chain.last else { return true }
    let time = match.due ?? engine.fields.table.events[last.event].time
    return isInWindow(time)
  }
}

/// The records of one bucket by key, each key's in the table's order.
struct KeyOrder: ~Copyable {
  /// The number of keys.
  private(set) var count = 0
  private var sorted = Room<Int32>(0, repeating: 0)
  /// The number of each record's key.
  private var numbers = Room<Int32>(0, repeating: 0)
  /// The first record of each key, and the end.
  private var starts = Room<Int32>(0, repeating: 0)
  private var codes = Room<UInt64>(0, repeating: 0)
  /// Keys by code: open addressing.
  private var slots = Room<Int32>(0, repeating: 0)

  /// The places of a key's records.
  func places(_ key: Int) -> UnsafeBufferPointer<Int32> {
    UnsafeBufferPointer(rebasing: sorted.elements[Int(starts[key])..<Int(starts[key + 1])])
  }

  /// Takes the records of a bucket.
  mutating func sort(_ records: UnsafeBufferPointer<Record>) {
    sorted.reserve(records.count, repeating: 0)
    numbers.reserve(records.count, repeating: 0)
    codes.reserve(records.count, repeating: 0)
    starts.reserve(records.count + 2, repeating: 0)
    number(records)
    let (starts, numbers, sorted) = (starts.elements, numbers.elements, sorted.elements)
    // Counts lie two places to the right, so that the starts lie in their own places in the end.
    for key in 0..<count { starts[key + 2] += starts[key + 1] }
    for place in records.indices {
      let key = Int(numbers[place])
      sorted[Int(starts[key + 1])] = Int32(truncatingIfNeeded: place)
      starts[key + 1] += 1
    }
  }

  /// Gives each key a number, in order of its first record, and counts its records.
  private mutating func number(_ records: UnsafeBufferPointer<Record>) {
    var bits = 4
    while 1 << bits < records.count * 2 { bits += 1 }
    slots.reserve(1 << bits, repeating: -1)
    let mask = 1 << bits - 1
    let (slots, codes, numbers, starts) = (
      slots.elements, codes.elements, numbers.elements, starts.elements
    )
    for slot in 0...mask { slots[slot] = -1 }
    starts[0] = 0
    starts[1] = 0
    var made = 0
    for place in records.indices {
      // The bucket took the upper bits.
      let code = records[place].code
      var slot = Int(truncatingIfNeeded: (code ^ code >> 29) &* 0xBF58_476D_1CE4_E5B9 >> 20) & mask
      while slots[slot] >= 0, codes[Int(slots[slot])] != code { slot = (slot + 1) & mask }
      if slots[slot] < 0 {
        slots[slot] = Int32(truncatingIfNeeded: made)
        codes[made] = code
        made += 1
        starts[made + 1] = 0
      }
      numbers[place] = slots[slot]
      starts[Int(slots[slot]) + 2] += 1
    }
    count = made
  }
}
