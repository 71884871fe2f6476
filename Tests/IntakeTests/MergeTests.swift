import Intake
import Model
import Synchronization
import Testing

@Suite struct MergeTests {
  private func source(_ path: String, _ text: String) -> InputSource {
    InputSource(path: path, bytes: Array(text.utf8))
  }

  private static let event =
    #"{"time":"2026-07-01T10:00:00Z","agent":"role/ops","action":"x","delegatedBy":"bob","actor":"ops@legacy"}"#

  @Test func aliasesBecomeIDsEverywhere() throws {
    let input = read([
      source(
        "agents.ndjson",
        #"{"agent":"ops","owner":"o","aliases":["role/ops","ops@legacy"],"mayDelegateTo":["role/ops"]}"#
          + "\n" + #"{"agent":"build","kind":"agent","mayDelegateTo":["ops@legacy"]}"#),
      source("events.ndjson", Self.event + "\n" + Self.event),
      source("privileges.ndjson", #"{"agent":"role/ops","action":"x","effect":"allow"}"# + "\n"),
    ])
    let event = try #require(input.table.events.first)
    #expect(input.symbols.text(event.agent) == "ops")
    #expect(input.symbols.text(event.actor) == "ops")
    #expect(input.symbols.text(event.delegatedBy) == "bob")
    #expect(input.statements.map(\.agent) == ["ops"])
    #expect(input.trusts.map { "\($0.from)>\($0.to)" } == ["build>ops", "ops>ops"])
    #expect(input.agents.map(\.id) == ["bob", "build", "ops"])
    #expect(input.agents.map(\.isInInventory) == [false, true, true])
    #expect(input.agents.last?.mayDelegateTo == ["ops"])
    #expect(input.problems.isEmpty, "\(input.problems)")
  }

  @Test func theInventoryOutranksThePlatform() throws {
    let account = #"""
      {"RoleDetailList":[{"Arn":"arn:aws:iam::1:role/r","RoleName":"r","CreateDate":"2025-01-01T00:00:00Z",
      "Tags":[{"Key":"owner","Value":"tag owner"},{"Key":"Purpose","Value":"from the tag"}]}]}
      """#
    let inventory =
      #"{"agent":"bot","aliases":["arn:aws:iam::1:role/r"],"owner":"real owner","kind":"agent"}"#
    // Named so that the platform is read first.
    let input = read([source("a.json", account), source("z.ndjson", inventory + "\n")])
    let agent = try #require(input.agents.first)
    #expect(input.agents.count == 1)
    #expect(agent.id == "bot")
    #expect(agent.owner == "real owner")
    #expect(agent.kind == .agent)
    #expect(agent.name == "r")
    #expect(agent.purpose == "from the tag")
    #expect(agent.created?.rfc3339 == "2025-01-01T00:00:00Z")
    #expect(
      input.problems.map(\.reason) == ["owner `tag owner` of `bot` differs from `real owner`"])
    #expect(input.files.map(\.problems) == [1, 0])
  }

  @Test func aSecondEventOfAnIDIsDropped() {
    let event = #"{"time":"2026-07-01T10:00:00Z","id":"same","agent":"a","action":"x"}"# + "\n"
    let input = read([source("b.ndjson", event), source("a.ndjson", event + event)])
    #expect(input.table.events.map(\.position) == [SourcePosition(file: 0, line: 1)])
    #expect(input.problems.map { "\($0.file):\($0.line)" } == ["a.ndjson:2", "b.ndjson:1"])
    #expect(input.files.map(\.events) == [1, 0])
  }

  @Test func manyProblemsOfAKindAreCounted() {
    let line = #"{"time":"2026-07-01T10:00:00","agent":"a","action":"x"}"# + "\n"
    let input = read(String(repeating: line, count: 1_000))
    #expect(input.files.first?.problems == 1_000)
    let listed = InputLimits.standard.problemsListedMax
    #expect(input.problems.count == listed + 1)
    let rest = input.problems.first { $0.line == 0 }?.reason
    #expect(
      rest == "\(1_000 - listed) more like this: `time` `2026-07-01T10:00:00` has no time zone")
  }

  @Test func everyActionGetsAMeaningOnce() {
    let asked = Mutex<[String]>([])
    let text = """
      privileges:
        - {agent: a, action: tool_one, description: first, annotations: {readOnlyHint: true}}
        - {agent: b, action: [tool_one, "s3:*", tool_two]}
      events:
        - {agent: a, action: tool_one, order: 1}
        - {agent: a, action: tool_three, order: 2}
        - {agent: a, action: tool_three, order: 3}
      """
    let options = ReadingOptions(
      vocabulary: Vocabulary(capabilities: [], catalogue: [], meanings: [:], version: "1")
    ) { action, description, annotations in
      asked.withLock {
        $0.append("\(action) \(description ?? "-") \(annotations.map(\.value))")
      }
      return ActionMeaning(level: .read, capabilities: [], origin: .named, takesResource: true)
    }
    let input = readInput([source("estate.yaml", text)], options)
    #expect(
      asked.withLock { $0.sorted() } == [
        "tool_one first [\"true\"]", "tool_three - []", "tool_two - []",
      ])
    #expect(input.vocabulary.meaning(of: "tool_two").level == .read)
  }
}
