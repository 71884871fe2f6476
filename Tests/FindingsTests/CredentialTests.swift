import Model
import TestSupport
import Testing

@testable import Findings

/// Keys that are too old or that nobody uses, identities that agents share or people use.
@Suite struct CredentialTests {
  private static func estate() -> SampleEstate {
    var estate = SampleEstate(
      SampleEstate.vocabulary(
        catalogue: [],
        tools: [("become", .write, ["identity.assume"]), ("read", .read, [])]))
    estate.to = BuiltInTests.seconds(60)
    estate.log(days: 60, by: "heartbeat")
    return estate
  }

  private static func add(
    _ agent: String, _ name: String, _ kind: Credential.Kind = .accessKey, isActive: Bool = true,
    changed: Int64?, lastUse: Credential.LastUse, to estate: inout SampleEstate
  ) {
    estate.input.credentials.append(
      Credential(
        agent: agent, kind: kind, name: name, isActive: isActive,
        changed: changed.map { BuiltInTests.seconds(60 - $0) }, lastUse: lastUse,
        position: SourcePosition(file: 0, line: 7)))
  }

  @Test func onlyActiveKeysBeyondTheLimitsAreFindings() throws {
    var estate = Self.estate()
    for agent in ["young", "old", "ancient", "idle", "off", "dark"] { estate.agent(agent) }
    let now = Credential.LastUse.at(BuiltInTests.seconds(59))
    Self.add("young", "key", changed: 90, lastUse: now, to: &estate)
    Self.add("old", "key", changed: 91, lastUse: now, to: &estate)
    Self.add("ancient", "key", changed: 400, lastUse: now, to: &estate)
    Self.add("idle", "key", changed: 46, lastUse: .never, to: &estate)
    Self.add("idle", "new key", changed: 45, lastUse: .never, to: &estate)
    Self.add("off", "key", isActive: false, changed: 900, lastUse: .never, to: &estate)
    Self.add("dark", "key", changed: nil, lastUse: .unknown, to: &estate)
    let review = try estate.review()
    let old = review.findings(of: "long-lived-credential")
    #expect(Set(old.map(\.agents)) == [["old"], ["ancient"]])
    #expect(old.first { $0.agents == ["ancient"] }?.severity == .high)
    #expect(old.first { $0.agents == ["old"] }?.severity == .moderate)
    #expect(old.first { $0.agents == ["old"] }?.because.contains("key is 91 days old") == true)
    let idle = review.findings(of: "unused-credential")
    #expect(idle.map(\.agents) == [["idle"]])
    #expect(idle.first?.because.contains("new key") == false)
    #expect(review.agent("dark")?.credentials?.first?.changedDays == nil)
    #expect(review.agent("heartbeat")?.credentials == nil)
  }

  @Test func aPersonIsNoAgentUntilSheHasAKey() throws {
    var estate = Self.estate()
    for agent in ["ann", "bob"] { estate.agent(agent) { $0.kind = .user } }
    Self.add("ann", "password", .password, changed: 900, lastUse: .never, to: &estate)
    Self.add("bob", "key", changed: 1, lastUse: .never, to: &estate)
    let review = try estate.review()
    #expect(review.agent("ann") == nil)
    #expect(review.agent("bob") != nil)
    #expect(review.findings(of: "human-use").isEmpty)
  }

  @Test func anIdentityForProgramsThatPeopleCanBe() throws {
    var estate = Self.estate()
    for agent in ["robot", "twin", "clean"] { estate.agent(agent) { $0.kind = .serviceAccount } }
    Self.add("robot", "password", .password, changed: 9, lastUse: .never, to: &estate)
    Self.add(
      "clean", "password", .password, isActive: false, changed: 9, lastUse: .never, to: &estate)
    estate.event("twin", "signin:ConsoleLogin", day: 3)
    estate.event("clean", "signin:ConsoleLogin", day: 3, outcome: .denied)
    let found = try estate.review().findings(of: "human-use")
    #expect(Set(found.map(\.agents)) == [["robot"], ["twin"]])
    #expect(found.first { $0.agents == ["twin"] }?.severity == .high)
  }

  @Test func anIdentityThatSeveralAgentsAssume() throws {
    var estate = Self.estate()
    for agent in ["shared", "own", "a", "b"] { estate.agent(agent) { $0.kind = .role } }
    estate.agent("ann") { $0.kind = .user }
    for agent in ["a", "b"] { estate.event(agent, "become", on: "shared", day: 2) }
    for agent in ["a", "ann"] { estate.event(agent, "become", on: "own", day: 2) }
    let found = try estate.review().findings(of: "shared-identity")
    #expect(found.map(\.agents) == [["shared"]])
    #expect(found.first?.because == "2 agents assumed it in the window: a, b")
  }
}
