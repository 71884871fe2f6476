package import Model

/// Judges the events of a review that did not fit in memory.
///
/// They are split by the keys of each scheme into buckets that fit, and each bucket is judged as
/// if it were all there is, beside what its events refer to. The answer is that of `evaluate` over
/// all of them. Afterwards `input.table` holds the events that some match names, and no others; asked
/// once more, for other policies, it keeps its events and gets theirs after them.
package func evaluate(
  _ policies: [Policy], spilled input: inout ReviewInput, from: Timestamp?, to: Timestamp?,
  on runner: some PieceRunner = OneThread()
) -> Evaluation {
  let (tallies, unwatched) = judge(
    policies, spilled: &input, window: (from, to), asking: .matches, on: runner)
  var evaluation = Evaluation()
  evaluation.matches.reserveCapacity(tallies.reduce(0) { $0 + $1.matchCount })
  for tally in tallies { tally.finish(&evaluation) }
  evaluation.unwatched = unwatched
  return evaluation
}

/// The events that break each of some policies, or may break it, in the table's order: where nothing
/// else is asked of a match, as of what would have waited at a gate. Events that did not fit in memory
/// are treated as by `evaluate`.
package func brokenEvents(
  _ policies: [Policy], spilled input: inout ReviewInput, from: Timestamp?, to: Timestamp?,
  on runner: some PieceRunner = OneThread()
) -> [[Int]] {
  judge(policies, spilled: &input, window: (from, to), asking: .events, on: runner)
    .tallies.map { $0.broken.map { Int($0) }.sorted() }
}

/// Judges all events; one tally for each policy.
private func judge(
  _ policies: [Policy], spilled input: inout ReviewInput,
  window: (from: Timestamp?, to: Timestamp?), asking asks: Question, on runner: some PieceRunner
) -> (tallies: [PolicyTally], unwatched: [NamedCount]) {
  guard let spilled = input.spilled else {
    var engine = Engine(policies, input, counts: countActions(input))
    engine.asks = asks
    return (engine.judgeAll(window: window, .standard, on: runner), engine.watch.unwatched)
  }
  let engine = Engine(policies, input, counts: countActions(input))
  let split = EventSplit(
    engine, policies, input, spilled, bucketBytes: spilled.bound.judgedBytesMax / runner.threads,
    on: runner)
  let judge = BucketJudge(
    split: split, spilled: spilled, policies: policies, input: input, window: window,
    asks: asks)
  let found = runner.map(split.parts.count * split.bucketCount) { number in
    judge.judge(number / split.bucketCount, bucket: number % split.bucketCount)
  }
  var tallies = engine.policies.map { PolicyTally($0) }
  var matched = MatchedEvents(input.table)
  for case .some(var found) in found {
    let places = matched.add(found.events, &input.symbols)
    let own = split.parts[found.part].policies
    for (number, policy) in own.enumerated() {
      found.tallies[number].renumber(policy: policy) { places[$0] }
      tallies[policy].merge(found.tallies[number])
    }
  }
  let knownCount = input.table.events.count
  input.table = matched.table
  let places = input.table.sortRenumbering(from: knownCount)
  for policy in tallies.indices { tallies[policy].renumber(policy: policy) { places[$0] } }
  return (tallies, engine.watch.unwatched)
}

/// Judges one bucket after the other.
private struct BucketJudge: Sendable {
  let split: EventSplit
  let spilled: SpilledEvents
  let policies: [Policy]
  let input: ReviewInput
  let window: (from: Timestamp?, to: Timestamp?)
  let asks: Question

  /// What one bucket gave.
  struct Found: Sendable {
    var part: Int
    /// One for each policy of the part; their matches name events of `events`.
    var tallies: [PolicyTally]
    var events: EventPage
  }

  /// Judges a bucket; nil where no event is in it.
  func judge(_ part: Int, bucket: Int) -> Found? {
    let pages = split.pages(ofPart: part, bucket: bucket)
    if pages.isEmpty { return nil }
    var own = ReviewInput(vocabulary: input.vocabulary)
    own.files = input.files
    own.agents = input.agents
    own.statements = input.statements
    own.activity = input.activity
    for place in pages {
      if let page = spilled.page(at: place) { own.table.absorb(page, &own.symbols) }
    }
    var counts = [Int](repeating: 0, count: own.symbols.count)
    for event in own.table.events { counts[Int(event.action.raw)] += 1 }
    addContext(split.parts[part], bucket, to: &own)
    counts.append(contentsOf: repeatElement(0, count: own.symbols.count - counts.count))
    own.table.sort()
    var engine = Engine(
      split.parts[part].policies.map { policies[$0] }, own, counts: counts)
    engine.asks = asks
    var tallies = engine.judgeAll(window: window, .standard, on: OneThread())
    var named: Set<Int> = []
    for tally in tallies { tally.forEachEvent { named.insert($0) } }
    let events = named.sorted()
    let places = Dictionary(uniqueKeysWithValues: zip(events, events.indices))
    for number in tallies.indices {
      tallies[number].renumber(policy: number) { places[$0] ?? 0 }
    }
    var numbering = EventPage.Numbering()
    return Found(
      part: part, tallies: tallies,
      events: EventPage(events, of: own.table, own.symbols, &numbering))
  }

  /// Adds what the events of a bucket refer to: where they came from, then what was asked for there.
  private func addContext(
    _ part: EventSplit.Part, _ bucket: Int, to own: inout ReviewInput
  ) {
    if part.usesLinks {
      if part.isWhole, bucket == 0 {
        for place in split.pages(of: .links) + split.pages(of: .parents) {
          guard let page = spilled.page(at: place) else { continue }
          own.table.absorb(page, &own.symbols, isContext: true)
        }
      } else {
        add(.links, \.task, to: &own)
        add(.parents, \.id, to: &own)
      }
    }
    add(.requests, \.task, to: &own)
  }

  /// Adds those events of a context whose field has a text that the bucket knows.
  private func add(
    _ context: EventSplit.Context, _ field: KeyPath<Event, Symbol>, to own: inout ReviewInput
  ) {
    for place in split.pages(of: context) {
      guard let page = spilled.page(at: place) else { continue }
      // 0 not asked yet, 1 known, 2 not.
      var known = [UInt8](repeating: 0, count: page.textCount)
      let events = page.table.events.indices.filter { index in
        let symbol = page.table.events[index][keyPath: field]
        guard symbol.isPresent else { return false }
        let raw = Int(symbol.raw)
        if known[raw] == 0 {
          known[raw] = page.withText(symbol) { own.symbols.lookup($0) } == nil ? 2 : 1
        }
        return known[raw] == 1
      }
      own.table.absorb(page, events, &own.symbols, isContext: true)
    }
  }
}

/// The events that matches name, each once.
private struct MatchedEvents {
  private(set) var table: EventTable
  private var places: [Event: Int] = [:]

  /// Those of a table.
  init(_ table: EventTable) {
    self.table = table
    for (index, event) in table.events.enumerated() { places[Self.bare(event)] = index }
  }

  /// An event without the place of its attributes, which differs from table to table.
  private static func bare(_ event: Event) -> Event {
    var event = event
    event.attributesStart = 0
    return event
  }

  /// Adds the events of a page; gives their places here.
  mutating func add(_ page: EventPage, _ symbols: inout Symbols) -> [Int] {
    var renamed = EventTable()
    renamed.absorb(page, &symbols)
    return renamed.events.map { event in
      let bare = Self.bare(event)
      if let known = places[bare] { return known }
      table.append(event, Array(renamed.attributes(of: event)))
      places[bare] = table.events.count - 1
      return table.events.count - 1
    }
  }
}
