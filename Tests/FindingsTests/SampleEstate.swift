import Documents
import Findings
import Model
import Policies
import TestSupport

/// A small estate that a test builds by hand: agents, grants, events, and what actions mean.
struct SampleEstate {
  var input: ReviewInput
  var from: Timestamp?
  var to: Timestamp?

  /// The day on which the window begins, `2026-07-01`.
  static let firstDay: Int64 = 20_635

  init(
    _ vocabulary: Vocabulary = SampleEstate.vocabulary(catalogue: []), reach: ReachNumbers? = nil
  ) {
    input = ReviewInput(vocabulary: vocabulary)
    input.sourceTypes = ["canonical"]
    let reach = reach ?? (try? SampleEstate.scoring())?.reach
    input.activity = ActivityTable(
      ActivityTable.Bounds(
        namesMax: reach?.manyCount ?? 50, resourcesMax: HeldPrivilege.observedResourcesMax,
        from: nil, to: nil, names: reach?.resourceNames ?? ResourceNames(nameFirst: [])))
    input.files = [
      InputFile(
        path: "grants.json", type: "canonical", recognisedBecause: "", sha256: "", bytes: 0)
    ]
  }

  /// A vocabulary of named actions: name, level, capabilities.
  static func vocabulary(
    catalogue: [(String, Level, [String])], tools: [(String, Level, [String])] = [],
    platform: String = "test"
  ) -> Vocabulary {
    func meaning(_ entry: (String, Level, [String])) -> ActionMeaning {
      ActionMeaning(
        level: entry.1, capabilities: entry.2.sorted(), origin: .named, takesResource: true)
    }
    var meanings: [String: ActionMeaning] = [:]
    for entry in tools { meanings[entry.0] = meaning(entry) }
    return Vocabulary(
      capabilities: [],
      catalogue: catalogue.map {
        CatalogueAction(name: $0.0, platform: platform, meaning: meaning($0))
      }
      .sorted { $0.name.lowercased() < $1.name.lowercased() },
      meanings: meanings, version: "test")
  }

  mutating func agent(
    _ id: String, owner: String? = "team", change: (inout Agent) -> Void = { _ in }
  ) {
    var agent = Agent(id: id)
    agent.owner = owner
    change(&agent)
    input.agents.append(agent)
  }

  mutating func grant(
    _ agent: String, _ actions: [String], on resources: [String] = ["*"],
    effect: Effect = .allow, change: (inout Statement) -> Void = { _ in }
  ) {
    let line = Int32(input.statements.count + 1)
    var statement = Statement(
      agent: agent, effect: effect, origin: Origin(policy: "policy P", statement: "\(line)"),
      position: SourcePosition(file: 0, line: line))
    statement.actions = actions
    statement.resources = resources
    change(&statement)
    input.statements.append(statement)
  }

  /// A timed event of a day of the window, from 0.
  mutating func event(
    _ agent: String, _ action: String, on resource: String? = nil, day: Int64,
    second: Int64 = 43_200, outcome: Outcome = .allowed,
    change: (inout Event, inout Symbols) -> Void = { _, _ in }
  ) {
    let line = Int32(input.table.events.count + 1)
    var event = Event(
      time: Timestamp(seconds: (SampleEstate.firstDay + day) * 86_400 + second), isTimed: true,
      agent: input.symbols.intern(agent), action: input.symbols.intern(action),
      position: SourcePosition(file: 0, line: 10_000 + line))
    event.id = input.symbols.intern("e\(line)")
    event.outcome = outcome
    if let resource { event.resource = input.symbols.intern(resource) }
    change(&event, &input.symbols)
    let file = Int(event.position.file)
    let type = input.files.indices.contains(file) ? input.files[file].type : nil
    let source = type.flatMap { input.sourceTypes.firstIndex(of: $0) } ?? 0
    input.append(event, [], source: source)
  }

  /// Logs of somebody else on every day of a window, so that "not used" means something.
  mutating func log(days: Int64, by agent: String = "heartbeat") {
    for day in 0..<days { event(agent, "beat", day: day, second: 0) }
  }

  /// The review of it all, with the shipped numbers.
  func review(
    policies: [Policy] = [], evaluation: Evaluation = Evaluation(), scoring: Scoring? = nil,
    extent: ReviewExtent = .findings
  ) throws -> Review {
    var input = input
    input.table.sort()
    return Findings.review(
      input: input, policies: policies, evaluation: evaluation,
      scoring: try scoring ?? SampleEstate.scoring(), from: from, to: to, extent: extent,
      on: OneThread())
  }

  /// The shipped numbers with the shipped escalation paths.
  static func scoring() throws -> Scoring {
    var scoring = try readScoring(
      text: Project.text("mappings/scoring.yaml"), file: "mappings/scoring.yaml")
    for name in try Project.names(in: "mappings/escalation") {
      let file = "mappings/escalation/\(name)"
      scoring.escalationPaths += try readEscalationPaths(text: Project.text(file), file: file)
    }
    return scoring
  }
}

extension Review {
  /// The assessment of an agent.
  func agent(_ id: String) -> AgentAssessment? { agents.first { $0.agent.id == id } }

  /// The findings of a rule or policy.
  func findings(of policy: String) -> [Finding] { findings.filter { $0.policy == policy } }
}
