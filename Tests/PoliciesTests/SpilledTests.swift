import Foundation
import Model
import TestSupport
import Testing

@testable import Policies

/// Events that do not fit in memory are judged as those that do.
@Suite struct SpilledTests {
  private static let vocabulary = Vocabulary(
    capabilities: RandomCase.capabilities, catalogue: [], meanings: [:], version: "test")

  /// The same input with its events put away, so many at a time.
  private func spilled(_ input: ReviewInput, pageEvents: Int, _ bytes: Int) -> ReviewInput {
    var away = SpilledEvents(MemoryBound(bytes: bytes, store: MemoryStore()))
    var rest = input.table.events[...]
    while !rest.isEmpty {
      var table = EventTable()
      for event in rest.prefix(pageEvents) {
        table.append(event, Array(input.table.attributes(of: event)))
      }
      away.append(table, input.symbols)
      rest = rest.dropFirst(pageEvents)
    }
    var input = input
    input.table = EventTable()
    input.spilled = away
    return input
  }

  /// The matches with lines in place of the places of events.
  private func byLine(_ evaluation: Evaluation, _ table: EventTable) -> [Match] {
    evaluation.matches.map { match in
      var match = match
      for index in match.chain.indices {
        match.chain[index].event = Int(table.events[match.chain[index].event].position.line)
      }
      match.excusedBy = match.excusedBy.map { Int(table.events[$0].position.line) }
      return match
    }
  }

  private func expectSame(
    _ policies: [Policy], _ input: ReviewInput, pageEvents: Int, _ bytes: Int, _ what: String
  ) -> Int {
    let whole = evaluate(policies, input: input, from: nil, to: nil)
    var away = spilled(input, pageEvents: pageEvents, bytes)
    let parts = evaluate(policies, spilled: &away, from: nil, to: nil)
    #expect(byLine(parts, away.table) == byLine(whole, input.table), "\(what)")
    #expect(parts.health == whole.health && parts.unwatched == whole.unwatched, "\(what)")
    #expect(parts.pairs == whole.pairs, "\(what)")
    #expect(away.table.events.count <= input.table.events.count)
    // Asked again, it finds the same events where they were.
    let count = away.table.events.count
    #expect(evaluate(policies, spilled: &away, from: nil, to: nil).matches == parts.matches)
    #expect(away.table.events.count == count)
    // Asked only which events break the policies, it names those of the matches.
    let named = brokenEvents(policies, spilled: &away, from: nil, to: nil)
    #expect(named == broken(parts, policies.count), "\(what)")
    var inMemory = input
    let from = input.table.events[input.table.events.count / 2].time
    for from in [nil, from] {
      let whole = evaluate(policies, input: input, from: from, to: nil)
      let named = brokenEvents(policies, spilled: &inMemory, from: from, to: nil)
      #expect(named == broken(whole, policies.count), "\(what)")
    }
    return whole.matches.count
  }

  /// The events of matches that break each policy, or may break it.
  private func broken(_ evaluation: Evaluation, _ policies: Int) -> [[Int]] {
    var events = [[Int]](repeating: [], count: policies)
    for match in evaluation.matches
    where match.status == .realised || match.status == .indeterminate {
      if let last = match.chain.last { events[match.policy].append(last.event) }
    }
    return events.map { $0.sorted() }
  }

  @Test func randomPoliciesAndTracesGiveTheSame() throws {
    let themes = try Language.themes()
    var matches = 0
    for seed in 0..<1_500 as Range<UInt64> {
      let random = RandomCase(seed: 5_000_000 + seed)
      if random.orderCount > 300 { continue }
      let policy = try readPolicies(
        text: random.policyText, file: "random.yaml", themes: themes,
        capabilities: RandomCase.capabilities)[0]
      var trace = ExampleTrace()
      trace.readEvents(random.events.map(\.exampleLine).joined(separator: "\n"))
      trace.readAgents(RandomCase.agents)
      let input = trace.input(vocabulary: Self.vocabulary)
      matches += expectSame(
        [policy], input, pageEvents: 1 + Int(seed % 4), 1 << (4 + Int(seed % 12)), "seed \(seed)")
    }
    #expect(matches > 500)
  }

  @Test func agentsByOtherNamesAreTheAgents() throws {
    var input = Kinds.input([
      "10:00 ops task=T1 ticket.read", "10:01 role/ops task=T2 secret.read",
      "10:02 other task=T1 secret.read",
    ])
    let policy = try Kinds.policy(
      """
      kind: forbid
      per: agent
      steps:
        - {id: a, does: ticket.read}
        - {id: b, does: secret.read}
      within: 1h
      """)
    var away = spilled(input, pageEvents: 1, 16)
    away.spilled?.aliases = ["role/ops": "ops"]
    let parts = evaluate([policy], spilled: &away, from: nil, to: nil)
    input.table.events[1].agent = input.table.events[0].agent
    let whole = evaluate([policy], input: input, from: nil, to: nil)
    #expect(whole.matches.count == 1)
    #expect(byLine(parts, away.table) == byLine(whole, input.table))
  }

  @Test func pageIsReadBackAsItWasWritten() throws {
    let input = Kinds.input([
      "10:00 ann task=T1 ticket.read args.n=7 args.list=[a,b] parent=x",
      "10:01 bot task=T1 secret.read args.yes=true outcome=denied",
    ])
    var numbering = EventPage.Numbering()
    let page = EventPage(
      input.table.events.indices, of: input.table, input.symbols, &numbering)
    let bytes = page.bytes
    var symbols = Symbols()
    _ = symbols.intern("another")
    var table = EventTable()
    table.absorb(try #require(EventPage(bytes: bytes)), &symbols)
    for (event, own) in zip(table.events, input.table.events) {
      for field in EventField.allCases {
        #expect(symbols.text(event.value(field)) == input.symbols.text(own.value(field)))
      }
      #expect(event.time == own.time && event.outcome == own.outcome)
      #expect(event.position == own.position)
      let values = table.attributes(of: event).map { symbols.text($0.path) }
      #expect(values == input.table.attributes(of: own).map { input.symbols.text($0.path) })
    }
    for cut in 0..<bytes.count { #expect(EventPage(bytes: Array(bytes[..<cut])) == nil) }
    #expect(EventPage(bytes: bytes + [0]) == nil)
  }
}
