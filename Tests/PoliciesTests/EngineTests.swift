import Documents
import Model
import TestSupport
import Testing

@testable import Policies

/// What an evaluation says beside its matches.
@Suite struct EngineTests {
  private let vocabulary = Vocabulary(
    capabilities: Language.capabilities, catalogue: [],
    meanings: [
      "s3:ListBuckets": ActionMeaning(
        level: .list, capabilities: [], origin: .named, takesResource: false),
      "mail:Send": ActionMeaning(
        level: .write, capabilities: ["channel.external"], origin: .named, takesResource: true),
    ], version: "test")

  private func policy(_ tail: String) throws -> Policy {
    let text = """
      policy: leak
      version: 1
      title: t
      severity: low
      themes: [data-exfiltration]
      because: b
      falsePositives: [f]
      remedy: r

      """ + tail
    return try readPolicies(
      text: text, file: "leak.yaml", themes: Language.themes(),
      capabilities: Language.capabilities)[0]
  }

  private let leak = """
    kind: forbid
    per: task
    steps:
      - {id: read, does: secret.read}
      - {id: send, does: channel.external, absent: {does: deploy.release}}
    within: 30m
    unless: {does: approval.grant, where: {agent.kind: user}}
    """

  private func input(_ lines: [String], agents: String = "") -> ReviewInput {
    var trace = ExampleTrace()
    trace.readEvents(lines.joined(separator: "\n"))
    trace.readAgents(agents)
    return trace.input(vocabulary: vocabulary)
  }

  @Test func matchesOutsideTheReviewAreLeftOutButStartChains() throws {
    let policy = try policy(leak)
    let input = input([
      "10:00 bot task=T1 secret.read", "10:05 bot task=T1 mail:Send",
      "10:20 bot task=T1 mail:Send", "10:25 bot task=T1 mail:Send",
    ])
    let from = try #require(Timestamp(rfc3339: "2026-01-01T10:20:00Z"))
    let evaluation = evaluate([policy], input: input, from: from, to: from)
    #expect(evaluation.matches.map { $0.chain.map(\.event) } == [[0, 2]])
    #expect(evaluation.health[0].completions == 1)
  }

  @Test func wordsSayWhatWasLookedFor() throws {
    let input = input(["10:00 bot task=T1 secret.read", "10:05:30 bot task=T1 mail:Send"])
    let match = try #require(
      evaluate([policy(leak)], input: input, from: nil, to: nil).matches.first)
    #expect(
      match.lookedForAndNotFound == [
        "approval.grant by a user, 09:30 to 10:05:30", "deploy.release, 10:00 to 10:05:30",
      ])
    #expect(match.key == [NamedValue(name: "task", value: "T1")])
    #expect(match.linkStrength == .sameTask)
  }

  @Test func healthCountsWhatWasSeen() throws {
    let input = input([
      "10:00 bot task=T1 secret.read", "10:01 bot secret.read", "10:02 bot task=T2 s3:ListBuckets",
      "10:03 bot task=T2 data.read", "10:04 bot task=T3 secret.read",
    ])
    let evaluation = evaluate([try policy(leak)], input: input, from: nil, to: nil)
    let health = evaluation.health[0]
    #expect(health.matchedPerStep == [3, 0])
    #expect(health.keys == 2)
    #expect(health.unkeyed == 1)
    #expect(
      health.warnings == [
        "1 event that it looks at lacks the correlation key", "no event matched step `send`",
      ])
    #expect(
      evaluation.unwatched == [
        NamedCount(name: "data.read", count: 1), NamedCount(name: "unclassified", count: 1),
      ])
  }

  @Test func aPolicyWithoutKeysIsNotAssessed() throws {
    let input = input(["10:00 bot secret.read", "10:01 bot mail:Send"])
    let health = evaluate([try policy(leak)], input: input, from: nil, to: nil).health[0]
    #expect(health.warnings.contains { $0.hasPrefix("not assessed") })
  }

  @Test func aLogThatBeginsTooLateCannotShowTheApproval() throws {
    let policy = try policy(leak)
    var input = input([
      "10:10 bot task=T1 secret.read", "10:15 bot task=T1 mail:Send",
      "11:10 bot task=T1 secret.read", "11:15 bot task=T1 mail:Send",
    ])
    var file = InputFile(
      path: "a.ndjson", type: "canonical", recognisedBecause: "", sha256: "", bytes: 0)
    file.firstEvent = Timestamp(rfc3339: "2026-01-01T10:00:00Z")
    input.files = [file]
    let matches = evaluate([policy], input: input, from: nil, to: nil).matches
    #expect(matches.map(\.status) == [.indeterminate, .realised])
    #expect(
      matches[0].indeterminateReason
        == "the log begins at 2026-01-01T10:00:00Z, less than 30m ahead of the chain")
    var requested = self.input([
      "10:09 bot task=T1 task.request", "10:10 bot task=T1 secret.read",
      "10:15 bot task=T1 mail:Send",
    ])
    requested.files = [file]
    #expect(
      evaluate([policy], input: requested, from: nil, to: nil).matches.map(\.status) == [.realised])
  }

  @Test func linksAreTheStrongestThatHold() throws {
    let input = input([
      "10:00 bot task=T1 id=a resource=x secret.read",
      "10:01 bot task=T1 id=b parent=a resource=x mail:Send",
      "10:00 bot task=T2 resource=x secret.read", "10:01 bot task=T2 resource=x mail:Send",
    ])
    let matches = evaluate([try policy(leak)], input: input, from: nil, to: nil).matches
    #expect(matches.map(\.linkStrength) == [.causalParent, .sameResource])
  }

  /// Large groups of tied events are judged by kinds of events; small ones one by one.
  @Test func kindsOfTiedEventsAreJudgedLikeTheEvents() throws {
    let themes = try Language.themes()
    let plain = Vocabulary(
      capabilities: RandomCase.capabilities, catalogue: [], meanings: [:], version: "test")
    let joined = TieOrders.Limits(ordersMax: 1_000, eventsMax: 1)
    var compared = 0
    for seed in UInt64(50_000)..<52_500 {
      let random = RandomCase(seed: seed)
      guard random.orderCount > 2, random.orderCount < 1_000 else { continue }
      let policies = try readPolicies(
        text: random.policyText, file: "r.yaml", themes: themes,
        capabilities: RandomCase.capabilities)
      var trace = ExampleTrace()
      trace.readEvents(random.events.map(\.exampleLine).joined(separator: "\n"))
      let input = trace.input(vocabulary: plain)
      func judged(_ limits: TieOrders.Limits) -> [String] {
        evaluate(policies, input: input, from: nil, to: nil, limits: limits).matches
          .filter { $0.status != .nearMiss }
          .map { "\($0.status) \($0.chain.last?.event ?? -1)" }
      }
      let one = judged(.standard)
      compared += one.count
      #expect(judged(joined) == one, "seed \(seed)\n\(random.text)")
    }
    #expect(compared > 300)
  }

  @Test func manyTiedEventsTakeLittleTime() throws {
    let lines = (0..<1_500).map { number in
      "10:00 bot task=T1 id=e\(number) " + (number % 2 == 0 ? "mail:Send" : "secret.read")
    }
    let evaluation = evaluate([try policy(leak)], input: input(lines), from: nil, to: nil)
    #expect(evaluation.matches.count == 750)
    #expect(evaluation.matches.allSatisfy { $0.status == .realised && $0.isOrderSensitive })
    let ordered = lines.enumerated().map { "\($1) order=\($0)" }
    let again = evaluate([try policy(leak)], input: input(ordered), from: nil, to: nil)
    #expect(again.matches.count == 749)
    #expect(again.matches.allSatisfy { !$0.isOrderSensitive })
  }
}
