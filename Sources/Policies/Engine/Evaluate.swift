package import Model

/// Does independent pieces of work, on as many threads as it likes.
///
/// The engine knows no threads: whoever runs it gives it some.
package protocol PieceRunner: Sendable {
  /// How many pieces run at one time, at least 1.
  var threads: Int { get }

  /// What `body` makes of each number below `count`, in that order.
  func map<Value: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Value) -> [Value]
}

/// Does one piece after the other.
package struct OneThread: PieceRunner {
  /// One thread.
  package init() {}

  package var threads: Int { 1 }

  /// What `body` makes of each number below `count`.
  package func map<Value: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Value) -> [Value] {
    (0..<count).map(body)
  }
}

/// What a run of the engine is asked for.
enum Question: Sendable {
  /// Matches: with their witnesses, and all that there is to say of them.
  case matches
  /// Only which events break a policy, or may break it.
  case events
}

/// Judges the events of a review against policies.
///
/// - Parameters:
///   - from: Matches whose completing event is earlier are left out; their events still start chains.
///   - to: Matches whose completing event is later are left out.
///   - runner: Does the pieces that the work falls into; the answer does not depend on it.
package func evaluate(
  _ policies: [Policy], input: ReviewInput, from: Timestamp?, to: Timestamp?,
  on runner: some PieceRunner = OneThread()
) -> Evaluation {
  evaluate(policies, input: input, from: from, to: to, limits: .standard, on: runner)
}

/// As above, with bounds on the work for tied events, for tests.
func evaluate(
  _ policies: [Policy], input: ReviewInput, from: Timestamp?, to: Timestamp?,
  limits: TieOrders.Limits, on runner: some PieceRunner = OneThread()
) -> Evaluation {
  var engine = Engine(policies, input, counts: countActions(input))
  let tallies = engine.judgeAll(window: (from, to), limits, on: runner)
  var evaluation = Evaluation()
  evaluation.matches.reserveCapacity(tallies.reduce(0) { $0 + $1.matchCount })
  for tally in tallies { tally.finish(&evaluation) }
  evaluation.unwatched = engine.watch.unwatched
  return evaluation
}

/// How many events there are of each action, by its symbol: also those that intake did not keep.
func countActions(_ input: ReviewInput) -> [Int] {
  var counts = [Int](repeating: 0, count: input.symbols.count)
  for (action, count) in input.activity.eventsOfActions() { counts[Int(action.raw)] = count }
  return counts
}

/// The tables of one run: made once, then shared by all pieces.
struct Engine: Sendable {
  let fields: EventFields
  let conditions: Conditions
  let schemes: [KeyScheme]
  let policies: [CompiledPolicy]
  let roots: DelegationRoots
  let logStarts: LogStarts
  let watch: WatchTable
  /// Ids of watched events, once these are found.
  private(set) var ids = IDSet(symbols: 0)
  var asks = Question.matches
  private let symbols: Int

  /// - Parameter counts: Events of each action, by its symbol.
  init(_ policies: [Policy], _ input: ReviewInput, counts: [Int]) {
    var fields = EventFields(input, wanted: wantedAttributes(of: policies))
    var conditions = Conditions()
    var schemes: [KeyScheme] = []
    var compiled: [CompiledPolicy] = []
    for policy in policies {
      let known = schemes.firstIndex {
        $0.parts == policy.key && $0.delegation == policy.delegation
      }
      if known == nil {
        schemes.append(KeyScheme(parts: policy.key, delegation: policy.delegation, &fields))
      }
      compiled.append(
        CompiledPolicy(policy, scheme: known ?? schemes.count - 1, &conditions, &fields))
    }
    roots = DelegationRoots(
      input, links: Set(policies.compactMap { $0.delegation?.follow }), fields.facts)
    logStarts = LogStarts(input, policies, fields.facts)
    symbols = input.symbols.count
    watch = WatchTable(compiled, counts, fields.texts, input.vocabulary)
    self.fields = fields
    self.conditions = conditions
    self.schemes = schemes
    self.policies = compiled
  }

  /// Stretches of the table that are looked at one by one: as many as there are threads.
  private static func stretches(_ count: Int, _ threads: Int) -> [Range<Int>] {
    let number = max(1, min(threads, count))
    return (0..<number).map { $0 * count / number..<($0 + 1) * count / number }
  }

  /// Judges all groups; one tally for each policy.
  mutating func judgeAll(
    window: (from: Timestamp?, to: Timestamp?), _ limits: TieOrders.Limits,
    on runner: some PieceRunner
  ) -> [PolicyTally] {
    var tallies = policies.map { PolicyTally($0) }
    for batch in batches {
      let runs = gather(batch, on: runner)
      for (place, number) in batch.enumerated() {
        judge(number, runs.map { $0[place] }, window: window, limits, on: runner, &tallies)
      }
    }
    return tallies
  }

  /// The groups of policies whose records are held at one time.
  var batches: [[Int]] {
    var batches: [[Int]] = []
    var size = Int.max
    for (number, group) in watch.groups.enumerated() {
      if size > Self.recordsMax - min(group.eventsMax, Self.recordsMax) {
        batches.append([])
        size = 0
      }
      batches[batches.count - 1].append(number)
      size += group.eventsMax
    }
    return batches
  }

  private static let recordsMax = 8_000_000
  /// Events whose records are made together: as many as a core's own cache holds.
  private static let blockEvents = 2_048

  /// The records of some groups, by stretch of the table and group. The table is read once.
  mutating func gather(_ batch: [Int], on runner: some PieceRunner) -> [[RecordRun]] {
    let shared = self
    let stretches = Self.stretches(fields.table.events.count, runner.threads)
    let parts = runner.map(stretches.count) { shared.gather(batch, stretches[$0]) }
    var ids = parts[0].ids
    for part in parts.dropFirst() { ids.merge(part.ids) }
    self.ids = ids
    return parts.map(\.runs)
  }

  private func gather(_ batch: [Int], _ stretch: Range<Int>) -> (runs: [RecordRun], ids: IDSet) {
    var conditions = conditions
    var ids = IDSet(symbols: symbols)
    let room = Room(Self.blockEvents, repeating: Record.none)
    let share = Double(stretch.count) / Double(max(1, fields.table.events.count))
    var runs = batch.map { number in
      let group = watch.groups[number]
      let expected = min(group.eventsMax, fields.table.events.count)
      return RecordRun(group, eventsMax: Int(Double(expected) * share))
    }
    var start = stretch.lowerBound
    while start < stretch.upperBound {
      let end = min(start + Self.blockEvents, stretch.upperBound)
      let watched = WatchedEvents(start..<end, fields.table, watch, &ids)
      for (place, number) in batch.enumerated() {
        let group = watch.groups[number]
        runs[place].add(
          watched.events(of: number), group, schemes[group.scheme], self, &conditions, room)
      }
      start = end
    }
    return (runs, ids)
  }

  /// Judges one group by its records, one run for each stretch of the table.
  func judge(
    _ number: Int, _ gathered: [RecordRun], window: (from: Timestamp?, to: Timestamp?),
    _ limits: TieOrders.Limits, on runner: some PieceRunner, _ tallies: inout [PolicyTally]
  ) {
    let group = watch.groups[number]
    let runs = inBuckets(gathered, scheme: schemes[group.scheme], on: runner)
    let pieces = pieces(runs, threads: runner.threads)
    let attributesMax = runs.map(\.attributesMax).max() ?? 1
    let results = runner.map(pieces.count) { piece in
      group.withTables { tables in
        var judge = KeyPieceJudge(
          self, group, tables, pieces[piece], attributesMax: attributesMax, window: window,
          limits)
        return judge.run(pieces[piece].buckets, runs)
      }
    }
    for (local, policy) in group.policies.enumerated() {
      for run in runs { tallies[policy].add(run, group, local, policies[policy]) }
      for result in results { tallies[policy].add(result, local) }
    }
  }

  /// The same records, by bucket of keys.
  private func inBuckets(
    _ gathered: [RecordRun], scheme: KeyScheme, on runner: some PieceRunner
  ) -> [RecordRun] {
    var runs = gathered
    var keys: [KeyScheme.Key: UInt64] = [:]
    for part in runs.indices { runs[part].numberKeys(&keys, scheme, self) }
    let total = runs.reduce(0) { $0 + $1.records.count }
    var bits = 0
    while bits < 10, total >> bits > Self.bucketRecords || 1 << bits < runner.threads * 8 {
      bits += 1
    }
    let (parts, bucketBits) = (runs, bits)
    return runner.map(parts.count) { parts[$0].inBuckets(bits: bucketBits) }
  }

  /// Records of one bucket: as many as a core's own cache holds.
  private static let bucketRecords = 8_192

  /// The pieces of one group: some for each thread, of about equal size.
  func pieces(_ runs: [RecordRun], threads: Int) -> [KeyPiece] {
    let buckets = (runs.first?.starts.count ?? 1) - 1
    let sizes = (0..<buckets).map { bucket in
      runs.reduce(0) { $0 + $1.starts[bucket + 1] - $1.starts[bucket] }
    }
    let total = sizes.reduce(0, +)
    if threads <= 1 { return [KeyPiece(buckets: 0..<buckets)] }
    var pieces: [KeyPiece] = []
    var start = 0
    var size = 0
    for bucket in sizes.indices {
      if sizes[bucket] > total / threads / 2 {
        if start < bucket { pieces.append(KeyPiece(buckets: start..<bucket)) }
        for share in 0..<threads {
          pieces.append(KeyPiece(buckets: bucket..<bucket + 1, share: share, shares: threads))
        }
        start = bucket + 1
        size = 0
        continue
      }
      size += sizes[bucket]
      if size > total / threads / 8 {
        pieces.append(KeyPiece(buckets: start..<bucket + 1))
        start = bucket + 1
        size = 0
      }
    }
    if start < buckets { pieces.append(KeyPiece(buckets: start..<buckets)) }
    return pieces
  }
}
