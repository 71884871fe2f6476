import Documents
import Foundation
import Model
import TestSupport
import Testing

@testable import Policies

/// The engine against the brute force on random policies and traces.
///
/// `SEQUITUR_DIFFERENTIAL_PAIRS` sets how many pairs, `SEQUITUR_DIFFERENTIAL_SEED` where they begin.
@Suite struct DifferentialTests {
  private func setting(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment["SEQUITUR_DIFFERENTIAL_" + name].flatMap(UInt64.init)
  }

  @Test func engineAgreesWithBruteForce() throws {
    let pairs = setting("PAIRS") ?? 5_000
    let firstSeed = setting("SEED") ?? 20_260_701
    var tally = DifferentialTally(firstSeed: firstSeed)
    var seed = firstSeed
    while tally.judged < pairs {
      let random = RandomCase(seed: seed)
      seed += 1
      if random.orderCount > 300 { continue }
      let comparison = try Comparison(random)
      tally.add(comparison)
      if comparison.isAgreement { continue }
      if tally.mismatches <= 4 {
        let shrinker = CaseShrinker { smaller in
          (try? Comparison(smaller))?.isAgreement == false
        }
        let smaller = shrinker.shrink(random)
        try Issue.record("seed \(random.seed)\n\(smaller.text)\n\(Comparison(smaller).difference)")
      }
    }
    print(tally.text)
    #expect(tally.mismatches == 0)
    #expect(tally.completions * 3 > Int(tally.judged), "too few completions to mean anything")
  }
}

/// What a differential run counts.
struct DifferentialTally {
  let firstSeed: UInt64
  private(set) var judged: UInt64 = 0
  private(set) var completions = 0
  private(set) var mismatches = 0
  private var byKind: [String: [String: Int]] = [:]

  init(firstSeed: UInt64) { self.firstSeed = firstSeed }

  mutating func add(_ comparison: Comparison) {
    judged += 1
    let kind = comparison.random.kind
    byKind[kind, default: [:]]["pairs", default: 0] += 1
    completions += comparison.expected.count
    if !comparison.isAgreement {
      mismatches += 1
      byKind[kind, default: [:]]["mismatches", default: 0] += 1
    }
    for item in comparison.expected {
      byKind[kind, default: [:]][item.status.rawValue, default: 0] += 1
      if item.isOrderSensitive {
        byKind[kind, default: [:]]["order-sensitive", default: 0] += 1
      }
    }
    byKind[kind, default: [:]]["near-miss"] =
      (byKind[kind]?["near-miss"] ?? 0) + comparison.nearMisses
  }

  var text: String {
    let lines = byKind.sorted { $0.key < $1.key }.map { kind, counts in
      let words = counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      return "  \(kind): \(words.joined(separator: ", "))"
    }
    return "differential: \(judged) pairs from seed \(firstSeed), \(completions) judged events, "
      + "\(mismatches) mismatches\n" + lines.joined(separator: "\n")
  }
}

/// One case judged by both sides.
struct Comparison {
  let random: RandomCase
  private(set) var expected: Set<BruteForce.Expected> = []
  private(set) var found: Set<BruteForce.Expected> = []
  /// Witnesses that are no chain by the brute force.
  private(set) var wrongWitnesses: [String] = []
  private(set) var nearMisses = 0

  var isAgreement: Bool { expected == found && wrongWitnesses.isEmpty }

  /// What the two sides say differently, in words.
  var difference: String {
    let missed = expected.subtracting(found).sorted { $0.line < $1.line }
    let tooMany = found.subtracting(expected).sorted { $0.line < $1.line }
    return (missed.map { "missed \($0)" } + tooMany.map { "too many \($0)" } + wrongWitnesses)
      .joined(separator: "\n")
  }

  init(_ random: RandomCase) throws {
    self.random = random
    let policy = try readPolicies(
      text: random.policyText, file: "random.yaml", themes: Self.themes.get(),
      capabilities: RandomCase.capabilities)[0]
    let requests = random.events.filter { $0.action == "task.request" }
    var brute = BruteForce(
      policy: policy, logStart: random.logStart, requested: Set(requests.compactMap(\.task)))
    for request in requests {
      let arguments = request.fields.filter { $0.key.hasPrefix("args.") }
      guard let task = request.task, !arguments.isEmpty else { continue }
      brute.requestTokens[task, default: []].formUnion(BruteForce.tokens(arguments))
    }
    brute.logEnd = random.events.compactMap(\.time).max().map { Int64($0) * 60_000_000_000 } ?? 0
    var log = random.events
    for index in log.indices {
      // What the task's own request says is a field of each of its events.
      let request = requests.first { $0.task != nil && $0.task == log[index].task }
      for (name, values) in request?.fields ?? [:] { log[index].fields["task.\(name)"] = values }
    }
    let keys = BruteKeys(policy: policy, events: log).groups()
    for events in keys {
      expected.formUnion(brute.expected(events, isTimed: random.isTimed))
      expected.formUnion(brute.expectedCrossings(events, isTimed: random.isTimed))
      expected.formUnion(brute.expectedOfKinds(events, isTimed: random.isTimed))
    }
    judge(policy)
    if policy.rule.word == "order" { matchEnds() }
    for match in chains {
      let isChain = keys.contains { brute.isChain(match, $0, isTimed: random.isTimed) }
      if !isChain { wrongWitnesses.append("\(match.status.rawValue) is no chain: \(match.lines)") }
    }
  }

  private static let themes = Result { () throws -> Themes in try Language.themes() }

  private static let vocabulary = Vocabulary(
    capabilities: RandomCase.capabilities, catalogue: [], meanings: [:], version: "test")

  /// A chain that the engine shows, by lines of the trace.
  struct Chain {
    var status: MatchStatus
    var lines: [Int]
    var missingStep: Int?
  }

  private var chains: [Chain] = []

  /// What the engine says, in the brute force's terms.
  private mutating func judge(_ policy: Policy) {
    var trace = ExampleTrace()
    trace.readEvents(random.events.map(\.exampleLine).joined(separator: "\n"))
    trace.readAgents(RandomCase.agents)
    var input = trace.input(vocabulary: Self.vocabulary)
    if let logStart = random.logStart {
      var file = InputFile(
        path: "a", type: "canonical", recognisedBecause: "", sha256: "", bytes: 0)
      file.firstEvent = Timestamp(
        nanoseconds: Self.zero + Int64(logStart) * 60_000_000_000, fractionDigits: 0)
      input.files = [file]
    }
    let evaluation = evaluate([policy], input: input, from: nil, to: nil)
    let isForbid = policy.rule.word == "forbid"
    for (number, match) in evaluation.matches.enumerated() {
      let lines = match.chain.map { step in
        random.events[Int(input.table.events[step.event].position.line) - 1].line
      }
      guard let first = match.chain.first, let last = lines.last else { continue }
      if isForbid {
        chains.append(Chain(status: match.status, lines: lines, missingStep: match.missingStep))
      }
      if match.status == .nearMiss {
        nearMisses += 1
        continue
      }
      if policy.rule.word == "order", match.status == .pending || isEnd(number, evaluation) {
        found.insert(
          BruteForce.Expected(
            line: -1, status: match.status, isOrderSensitive: false, start: nil))
        continue
      }
      let start = input.table.events[first.event].time.nanoseconds - Self.zero
      let isSensitive =
        match.isOrderSensitive && policy.rule.word != "limit" && match.status != .pending
      found.insert(
        BruteForce.Expected(
          line: last, status: match.status, isOrderSensitive: isSensitive,
          start: isForbid && random.isTimed ? Int(start / 60_000_000_000) : nil))
    }
  }

  /// Takes an indeterminate match of an order that the brute force does not know for what it says
  /// of the key's end.
  private mutating func matchEnds() {
    let unknown = found.subtracting(expected).filter { $0.status == .indeterminate }
    let missed = expected.subtracting(found).filter { $0.line < 0 && $0.status == .indeterminate }
    if unknown.count == 1, missed.count == 1 {
      found.subtract(unknown)
      found.formUnion(missed)
    }
  }

  /// Whether an order's match says how the key stands at its end: the last of those of its event.
  private func isEnd(_ number: Int, _ evaluation: Evaluation) -> Bool {
    let match = evaluation.matches[number]
    guard match.status == .indeterminate else { return false }
    let alike = evaluation.matches.indices.filter { other in
      evaluation.matches[other].chain.last?.event == match.chain.last?.event
        && evaluation.matches[other].key == match.key
    }
    return alike.count > 1 && alike.last == number
  }

  private static let zero = Timestamp(rfc3339: "2026-01-01T10:00:00Z")?.nanoseconds ?? 0
}
