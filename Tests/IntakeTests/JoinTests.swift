import Foundation
import Intake
import Model
import TestSupport
import Testing

/// What ids of different sources tie together, and what is never guessed.
@Suite struct JoinTests {
  private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"

  /// A trace in which an agent's tool calls AWS, at 9:00:01 to 9:00:02.
  private static func traces(
    conversation: String? = "conv-2026-07-01", request: String = "req-1", status: String = ""
  ) -> InputSource {
    func text(_ key: String, _ value: String) -> String {
      #"{"key":"\#(key)","value":{"stringValue":"\#(value)"}}"#
    }
    func span(
      _ id: String, _ parent: String, _ start: Int64, _ end: Int64, kind: Int,
      _ attributes: [String], _ more: String = ""
    ) -> String {
      #"{"traceId":"\#(trace)","spanId":"\#(id)","parentSpanId":"\#(parent)","name":"x","kind":\#(kind),"#
        + #""startTimeUnixNano":"\#(start)","endTimeUnixNano":"\#(end)","#
        + #""attributes":[\#(attributes.joined(separator: ","))]\#(more)}"#
    }
    let nine: Int64 = 1_782_896_400_000_000_000
    let agent =
      [text("gen_ai.operation.name", "invoke_agent"), text("gen_ai.agent.name", "planner")]
      + (conversation.map { [text("gen_ai.conversation.id", $0)] } ?? [])
    let tool = [text("gen_ai.operation.name", "execute_tool"), text("gen_ai.tool.name", "rotate")]
    let spans = [
      span(
        "00f067aa0ba90003", "00f067aa0ba90002", nine + 1_000_000_000, nine + 2_000_000_000,
        kind: 3, [text("aws.request_id", request)], status),
      span(
        "00f067aa0ba90002", "00f067aa0ba90001", nine + 900_000_000, nine + 2_100_000_000,
        kind: 1, tool),
      span("00f067aa0ba90001", "", nine, nine + 5_000_000_000, kind: 1, agent),
    ]
    let line =
      #"{"resourceSpans":[{"resource":{"attributes":[\#(text("service.name", "svc"))]},"#
      + #""scopeSpans":[{"spans":[\#(spans.joined(separator: ","))]}]}]}"#
    return InputSource(path: "traces.jsonl", bytes: Array((line + "\n").utf8))
  }

  private static func event(
    _ name: String, second: Int, request: String, session: String = "app-7f3a", key: String = "K0",
    identity: String? = nil, granted: String? = nil, error: String? = nil, source: String = "s3"
  ) -> String {
    let answer = granted.map { #"{"credentials":{"accessKeyId":"\#($0)"}}"# } ?? "null"
    let context = identity.map { #","sourceIdentity":"\#($0)""# } ?? ""
    return
      #"{"eventTime":"2026-07-01T09:00:0\#(second)Z","eventSource":"\#(source).amazonaws.com","#
      + #""eventName":"\#(name)","eventID":"\#(request)-\#(name)","requestID":"\#(request)","#
      + (error.map { #""errorCode":"\#($0)","# } ?? "")
      + #""responseElements":\#(answer),"userIdentity":{"type":"AssumedRole","#
      + #""arn":"arn:aws:sts::1:assumed-role/tool-role/\#(session)","accessKeyId":"\#(key)","#
      + #""sessionContext":{"sessionIssuer":{"arn":"arn:aws:iam::1:role/svc/tool-role"}\#(context)}}}"#
  }

  private static func trail(_ events: [String]) -> InputSource {
    InputSource(path: "trail.ndjson", bytes: Array((events.joined(separator: "\n") + "\n").utf8))
  }

  private func events(_ input: ReviewInput) -> [String: Event] {
    var found: [String: Event] = [:]
    for event in input.table.events { found[input.symbols.text(event.action)] = event }
    return found
  }

  /// What other clouds write down of a trace or a request: the line, and the rule that joins it.
  private static let elsewhere: [(line: String, rule: JoinRule)] = [
    (
      #"{"insertId":"g","timestamp":"2026-07-01T09:00:01.5Z","trace":"projects/p/traces/\#(trace)","#
        + #""spanId":"00f067aa0ba90003","protoPayload":{"methodName":"m","serviceName":"s","#
        + #""authenticationInfo":{"principalEmail":"x@p.iam.gserviceaccount.com"}}}"#, .span
    ),
    (
      #"{"insertId":"g","timestamp":"2026-07-01T09:00:01.5Z","trace":"projects/p/traces/\#(trace)","#
        + #""protoPayload":{"methodName":"m","serviceName":"s","#
        + #""authenticationInfo":{"principalEmail":"x@p.iam.gserviceaccount.com"}}}"#, .trace
    ),
    (
      #"{"class_uid":6003,"time":1782896401500,"metadata":{"uid":"o","trace_uid":"\#(trace)"},"#
        + #""api":{"operation":"m"},"actor":{"user":{"name":"x"}}}"#, .trace
    ),
    (
      #"{"class_uid":6003,"time":1782896401500,"metadata":{"uid":"o"},"#
        + #""api":{"operation":"m","request":{"uid":"req-1"}},"actor":{"user":{"name":"x"}}}"#,
      .request
    ),
    (
      #"{"@timestamp":1782896401500,"_document_id":"h","action":"git.push","actor":"x","org":"o","#
        + #""request_id":"req-1"}"#, .request
    ),
  ]

  @Test func otherCloudsAreTiedByWhatTheyWriteDown() throws {
    for example in Self.elsewhere {
      let log = InputSource(path: "log.ndjson", bytes: Array((example.line + "\n").utf8))
      let input = read([Self.traces(), log])
      let file = try #require(input.files.first { $0.path == "log.ndjson" })
      let joined = try #require(
        input.table.events.first { input.files[Int($0.position.file)].path == file.path })
      #expect(input.symbols.text(joined.task) == "conv-2026-07-01", "\(example.line)")
      #expect(input.joins.tasks.map(\.rule) == [example.rule], "\(example.line)")
      #expect(input.joins.tasks.map(\.source) == [file.type ?? ""], "\(example.line)")
    }
    // Alone, a trace is the task all the same.
    let line = Array((Self.elsewhere[1].line + "\n").utf8)
    let alone = read([InputSource(path: "log.ndjson", bytes: line)])
    #expect(alone.symbols.text(alone.table.events[0].task) == Self.trace)
  }

  @Test func requestTiesAToolCallToTheCloudsLog() throws {
    for threads in [1, 2] {
      let input = read([
        Self.traces(), Self.trail([Self.event("GetObject", second: 1, request: "req-1")]),
      ]) {
        $0.threads = threads
      }
      #expect(input.problems.isEmpty, "\(input.problems)")
      let joined = try #require(events(input)["s3:GetObject"])
      #expect(input.symbols.text(joined.task) == "conv-2026-07-01")
      #expect(input.symbols.text(joined.delegatedBy) == "planner")
      #expect(input.symbols.text(joined.parent) == "\(Self.trace)/00f067aa0ba90002")
      #expect(
        input.joins.tasks == [
          TaskJoin(
            rule: .request, name: nil, task: "conv-2026-07-01", knownBy: "otel-genai",
            source: "aws-cloudtrail", events: 1)
        ])
      // The log's second 9:00:01 lies in the caller's span: the clocks may agree.
      let clock = try #require(input.joins.clocks.first)
      #expect(clock.requests == 1 && clock.isZero && clock.isSteady)
      #expect(clock.atLeast == -1_000_000_000 && clock.atMost == 1_000_000_000)
    }
  }

  @Test func neitherSourceAloneNorAnotherRequestIsJoined() {
    for sources in [
      [Self.trail([Self.event("GetObject", second: 1, request: "req-1")])],
      // The same second, the same role: time alone is nothing.
      [Self.traces(), Self.trail([Self.event("GetObject", second: 1, request: "req-2")])],
    ] {
      let input = read(sources)
      #expect(events(input)["s3:GetObject"]?.task == Symbol.absent)
      #expect(input.joins.tasks.isEmpty && input.joins.clocks.isEmpty)
    }
  }

  @Test func sessionThatARequestStartedIsTheTasks() throws {
    let trail = Self.trail([
      Self.event("AssumeRole", second: 1, request: "req-1", granted: "K1", source: "sts"),
      Self.event("GetObject", second: 2, request: "r-2", session: "s", key: "K1"),
      Self.event(
        "AssumeRole2", second: 3, request: "r-3", session: "s", key: "K1", granted: "K2",
        source: "sts"),
      Self.event("PutObject", second: 4, request: "r-4", session: "t", key: "K2"),
      Self.event("DeleteObject", second: 4, request: "r-5", session: "t", key: "K3"),
    ])
    let found = events(read([Self.traces(), trail]))
    let task = try #require(found["s3:GetObject"]?.task)
    #expect(task.isPresent)
    #expect(found["s3:PutObject"]?.task == task)
    #expect(found["s3:DeleteObject"]?.task == Symbol.absent)
  }

  @Test func sessionNamesAndSourceIdentitiesAreTasksIDs() {
    let canonical = InputSource(
      path: "a.ndjson",
      bytes: Array(
        (#"{"time":"2026-07-01T09:00:00Z","agent":"bot","task":"CHG-2026-77","action":"x"}"# + "\n"
          + #"{"time":"2026-07-01T09:00:00Z","agent":"bot","task":"deploy","action":"y"}"# + "\n"
          + #"{"time":"2026-07-01T09:00:00Z","agent":"bot","action":"z","traceparent":"00-\#(Self.trace)-00f067aa0ba90003-01"}"#
          + "\n").utf8))
    let trail = Self.trail([
      Self.event("GetObject", second: 1, request: "r1", session: "CHG-2026-77"),
      Self.event("PutObject", second: 2, request: "r2", session: "other", identity: "CHG-2026-77"),
      Self.event("ListObjects", second: 3, request: "r3", session: Self.trace),
      // Too short and too common to mean one task.
      Self.event("DeleteObject", second: 4, request: "r4", session: "deploy"),
    ])
    let input = read([canonical, Self.traces(), trail])
    let found = events(input)
    func task(_ action: String) -> String {
      found[action].map { input.symbols.text($0.task) } ?? "-"
    }
    #expect(task("s3:GetObject") == "CHG-2026-77")
    #expect(task("s3:PutObject") == "CHG-2026-77")
    #expect(task("s3:ListBucket") == "conv-2026-07-01")
    #expect(task("s3:DeleteObject") == "")
    #expect(task("z") == "conv-2026-07-01")
    #expect(
      input.joins.tasks.map { "\($0.task) \($0.rule.rawValue) \($0.source) \($0.events)" } == [
        "CHG-2026-77 session-name aws-cloudtrail 1", "CHG-2026-77 source-identity aws-cloudtrail 1",
        "conv-2026-07-01 span canonical-events 1", "conv-2026-07-01 trace aws-cloudtrail 1",
      ])
  }

  @Test func clocksThatDifferAreMeasuredAndContradictionsShown() throws {
    // The log is 3 to 5 seconds late, and says that the request was denied.
    let input = read([
      Self.traces(),
      Self.trail([Self.event("GetObject", second: 5, request: "req-1", error: "AccessDenied")]),
    ])
    let clock = try #require(input.joins.clocks.first)
    #expect(!clock.isZero)
    #expect(clock.atLeast == 3_000_000_000 && clock.atMost == 5_000_000_000)
    let reasons = input.problems.map(\.reason)
    #expect(reasons.contains { $0.contains("that it was denied") }, "\(reasons)")
    #expect(reasons.contains { $0.contains("clock") && $0.contains("3.0 s") }, "\(reasons)")
  }

  @Test func spansOfOneTraceInTwoFilesAreOneStory() throws {
    let caller = Self.traces()
    let callee = """
      {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"\(Self.trace)","spanId":"00f067aa0ba90009","parentSpanId":"00f067aa0ba90003","name":"x","startTimeUnixNano":"1782896401500000000","attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"invoke_agent"}},{"key":"gen_ai.agent.name","value":{"stringValue":"helper"}}]},{"traceId":"\(Self.trace)","spanId":"00f067aa0ba9000a","parentSpanId":"00f067aa0ba90009","name":"x","startTimeUnixNano":"1782896401600000000","attributes":[{"key":"gen_ai.tool.name","value":{"stringValue":"send_email"}}]}]}]}]}
      """
    let other = InputSource(path: "a-helper.jsonl", bytes: Array((callee + "\n").utf8))
    let input = read([caller, other])
    let sent = try #require(events(input)["send_email"])
    #expect(input.symbols.text(sent.agent) == "helper")
    #expect(input.symbols.text(sent.delegatedBy) == "planner")
    #expect(input.symbols.text(sent.task) == "conv-2026-07-01")
    #expect(input.symbols.text(sent.parent) == "\(Self.trace)/00f067aa0ba90009")
    let start = try #require(events(input)["invoke_agent"])
    #expect(input.symbols.text(start.agent) == "planner")
    #expect(input.symbols.text(start.parent) == "\(Self.trace)/00f067aa0ba90002")
  }

  struct NameCase: Sendable {
    var rule: JoinRule
    var name: String
    var agent: String
  }

  @Test(arguments: [
    NameCase(rule: .alias, name: "bot-old", agent: "bot"),
    NameCase(
      rule: .roleSession, name: "arn:aws:sts::1:assumed-role/deployer/s-1",
      agent: "arn:aws:iam::1:role/ops/deployer"),
    NameCase(
      rule: .rolePath, name: "arn:aws:iam::1:role/deployer",
      agent: "arn:aws:iam::1:role/ops/deployer"),
    NameCase(
      rule: .spiffe, name: "spiffe://acme.example/ns/shop/sa/cart",
      agent: "system:serviceaccount:shop:cart"),
    NameCase(
      rule: .serviceAccount, name: "acme.svc.id.goog[shop/cart]",
      agent: "system:serviceaccount:shop:cart"),
    NameCase(
      rule: .serviceAccount,
      name: "arn:aws:iam::1:oidc-provider/x:sts.amazonaws.com:system:serviceaccount:shop:cart",
      agent: "system:serviceaccount:shop:cart"),
  ])
  func namesOfOneAgentAreJoinedByRules(_ example: NameCase) throws {
    let inventory = """
      agents:
        - {agent: bot, aliases: [bot-old]}
        - {agent: "arn:aws:iam::1:role/ops/deployer", owner: o}
        - {agent: "system:serviceaccount:shop:cart", owner: o}
      """
    let event = #"{"time":"2026-07-01T09:00:00Z","agent":"\#(example.name)","action":"x"}"# + "\n"
    let input = read([
      InputSource(path: "i.yaml", bytes: Array(inventory.utf8)),
      InputSource(path: "e.ndjson", bytes: Array(event.utf8)),
    ])
    #expect(input.symbols.text(try #require(input.table.events.first).agent) == example.agent)
    #expect(
      input.joins.agents
        == [AgentJoin(rule: example.rule, name: example.name, agent: example.agent)])
    #expect(!input.agents.contains { $0.id == example.name })
  }

  @Test func namesThatTwoAgentsHaveAreNotJoined() {
    let inventory = """
      agents:
        - {agent: a-1, name: planner}
        - {agent: a-2, name: planner}
      """
    let both = read([InputSource(path: "i.yaml", bytes: Array(inventory.utf8)), Self.traces()])
    #expect(both.joins.agents.isEmpty)
    #expect(both.problems.contains { $0.reason.contains("is that of `a-1` and `a-2`") })
    let one = read([
      InputSource(path: "i.yaml", bytes: Array("agents: [{agent: a-1, name: planner}]".utf8)),
      Self.traces(),
    ])
    #expect(one.joins.agents == [AgentJoin(rule: .agentName, name: "planner", agent: "a-1")])
  }
}
