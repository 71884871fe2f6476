import Foundation
import Model
import TestSupport
import Testing

@testable import Policies

/// The engine against the brute force on random policies and traces.
///
/// `SEQUITUR_PAIRS` sets how many pairs, `SEQUITUR_SEED` where they begin.
@Suite struct DifferentialTests {
  private let vocabulary = Vocabulary(
    capabilities: RandomCase.capabilities, catalogue: [], meanings: [:], version: "test")

  private func setting(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap(UInt64.init)
  }

  /// What the engine says, in the brute force's terms.
  private func found(
    _ policy: Policy, _ random: RandomCase, witnesses: inout [[Int]]
  ) -> Set<BruteForce.Expected> {
    var trace = ExampleTrace()
    trace.readEvents(random.events.map(\.exampleLine).joined(separator: "\n"))
    let input = trace.input(vocabulary: vocabulary)
    let evaluation = evaluate([policy], input: input, from: nil, to: nil)
    let isChain = policy.rule.word == "forbid"
    let zero = Timestamp(rfc3339: "2026-01-01T10:00:00Z")?.nanoseconds ?? 0
    var found: Set<BruteForce.Expected> = []
    for match in evaluation.matches where match.status != .nearMiss {
      guard let first = match.chain.first, let last = match.chain.last else { continue }
      let event = input.table.events[last.event]
      let start = input.table.events[first.event]
      let minutes = Int((start.time.nanoseconds - zero) / 60_000_000_000)
      let line = random.events[Int(event.position.line) - 1].line
      if isChain {
        witnesses.append(
          match.chain.map { step in
            random.events[Int(input.table.events[step.event].position.line) - 1].line
          })
      }
      found.insert(
        BruteForce.Expected(
          line: line, status: match.status, isOrderSensitive: isChain && match.isOrderSensitive,
          start: isChain && random.isTimed ? minutes : nil))
    }
    return found
  }

  @Test func engineAgreesWithBruteForce() throws {
    let pairs = setting("SEQUITUR_PAIRS") ?? 5_000
    let firstSeed = setting("SEQUITUR_SEED") ?? 20_260_701
    let themes = try Language.themes()
    var judged: UInt64 = 0
    var completions = 0
    var byStatus: [String: Int] = [:]
    var sensitive = 0
    var mismatches = 0
    var seed = firstSeed
    while judged < pairs {
      let random = RandomCase(seed: seed)
      seed += 1
      if random.orderCount > 300 { continue }
      judged += 1
      let policy = try readPolicies(
        text: random.policyText, file: "random.yaml", themes: themes,
        capabilities: RandomCase.capabilities)[0]
      let brute = BruteForce(policy: policy)
      var expected: Set<BruteForce.Expected> = []
      for events in random.keys {
        expected.formUnion(brute.expected(events, isTimed: random.isTimed))
        expected.formUnion(brute.expectedCrossings(events, isTimed: random.isTimed))
      }
      var witnesses: [[Int]] = []
      let found = found(policy, random, witnesses: &witnesses)
      if !witnesses.isEmpty, judged % 4 == 0 {
        let chains = random.keys.reduce(into: Set<[Int]>()) { chains, events in
          chains.formUnion(brute.chains(events, isTimed: random.isTimed))
        }
        let wrong = witnesses.filter { !chains.contains($0) }
        #expect(wrong.isEmpty, "seed \(seed - 1): no chain \(wrong)\n\(random.text)")
      }
      completions += expected.count
      for item in expected {
        byStatus["\(policy.rule.word) \(item.status.rawValue)", default: 0] += 1
        if item.isOrderSensitive { sensitive += 1 }
      }
      if found == expected { continue }
      mismatches += 1
      if mismatches <= 4 {
        Issue.record(
          """
          seed \(seed - 1)
          \(random.text)
          missed \(expected.subtracting(found).sorted { $0.line < $1.line })
          too many \(found.subtracting(expected).sorted { $0.line < $1.line })
          """)
      }
    }
    let counts = byStatus.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    print(
      "differential: \(judged) pairs from seed \(firstSeed), \(completions) judged events "
        + "(\(counts.joined(separator: ", "))), \(sensitive) order-sensitive, "
        + "\(mismatches) mismatches")
    #expect(mismatches == 0)
    #expect(completions * 3 > Int(judged), "too few completions to mean anything")
  }
}
