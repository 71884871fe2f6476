import Model
import TestSupport
import Testing

@testable import Findings
@testable import Policies

@Suite struct GateTests {
  static let tools: [(String, Level, [String])] = [
    ("read", .read, ["data.read"]), ("send", .write, ["channel.external"]),
    ("wipe", .write, ["data.delete"]), ("approve", .write, ["approval.grant"]),
  ]

  static let policies: [Policy] = [
    ("leak", ["data.read", "channel.external"]), ("purge", ["data.read", "data.delete"]),
  ].map { id, words in
    var policy = samplePolicy(id, steps: words.map { ($0, does($0)) })
    policy.key = [KeyPart(firstOf: [.event(.task)])]
    policy.withinNanoseconds = 86_400_000_000_000
    return policy
  }

  static func estate() -> SampleEstate {
    var estate = SampleEstate(SampleEstate.vocabulary(catalogue: [], tools: tools))
    estate.agent("a")
    estate.agent("p") { $0.kind = .user }
    estate.log(days: 28)
    return estate
  }

  static func act(
    _ estate: inout SampleEstate, _ agent: String, _ action: String, _ task: String, _ second: Int64
  ) {
    estate.event(agent, action, on: "r", day: 14, second: second) { event, symbols in
      event.task = symbols.intern(task)
    }
  }

  static func plan(_ estate: SampleEstate) throws -> GatePlan? {
    var sorted = estate
    sorted.input.table.sort()
    let evaluation = evaluate(policies, input: sorted.input, from: nil, to: nil)
    return try sorted.review(policies: policies, evaluation: evaluation).gates
  }

  @Test func theGateOfLeastFrictionIsChosen() throws {
    var estate = Self.estate()
    for task in 0..<20 { Self.act(&estate, "a", "read", "T\(task)", Int64(task)) }
    for task in [2, 3] { Self.act(&estate, "a", "send", "T\(task)", 100 + Int64(task)) }
    Self.act(&estate, "a", "send", "alone", 300)
    let plan = try #require(try Self.plan(estate))
    #expect(plan.chains == 2 && plan.stopped == 2 && plan.unstopped.isEmpty && plan.isExact)
    #expect(plan.gates.map(\.action) == ["send"])
    let gate = plan.gates[0]
    #expect(gate.uses == 3 && gate.innocentTasks == 1 && gate.violatingTasks == 2)
    #expect(gate.innocentTasksPerWeek == 0.25 && plan.weeks == 4)
    #expect(
      plan.sentence
        == "1 gate stops 2 of the 2 chains that happened, 0.3 innocent tasks a week wait")
  }

  /// Fewest points first: one before reading stops both, though more tasks wait.
  @Test func onePointThatServesTwoPoliciesBeatsTwo() throws {
    var estate = Self.estate()
    for task in ["T1", "T2", "T3"] { Self.act(&estate, "a", "read", task, 1) }
    Self.act(&estate, "a", "send", "T1", 2)
    Self.act(&estate, "a", "wipe", "T2", 2)
    let plan = try #require(try Self.plan(estate))
    #expect(plan.gates.map(\.action) == ["read"] && plan.gates[0].chains == 2)
    #expect(plan.gates[0].findings.count == 2 && plan.innocentTasks == 1)
  }

  /// What somebody had approved does not wait, and so is no gate for its chain.
  @Test func anApprovedStepIsNoGate() throws {
    var estate = Self.estate()
    Self.act(&estate, "p", "approve", "T1", 1)
    Self.act(&estate, "a", "read", "T1", 2)
    Self.act(&estate, "a", "send", "T1", 3)
    let approved = try #require(try Self.plan(estate))
    #expect(approved.gates.isEmpty && approved.stopped == 0 && approved.unstopped.count == 1)
    Self.act(&estate, "a", "read", "T2", 4)
    Self.act(&estate, "p", "approve", "T2", 5)
    Self.act(&estate, "a", "send", "T2", 6)
    let plan = try #require(try Self.plan(estate))
    #expect(plan.gates.map(\.action) == ["read"] && plan.stopped == 1)
    #expect(plan.gates[0].chains == 1 && plan.gates[0].uses == 1)
  }

  @Test func nothingHappenedNothingToStop() throws {
    var estate = Self.estate()
    Self.act(&estate, "a", "read", "T1", 2)
    #expect(try Self.plan(estate) == nil)
  }
}
