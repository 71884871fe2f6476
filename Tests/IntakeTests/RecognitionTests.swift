import Intake
import Model
import Testing

@Suite struct RecognitionTests {
  struct Case: Sendable {
    var type: String?
    var text: String
  }

  static let cases: [Case] = [
    Case(type: "canonical-events", text: #"{"time":1,"agent":"a","action":"x"}"#),
    Case(
      type: "canonical-events",
      text: "half a line\"}\n{\"order\":1,\"agent\":\"a\",\"action\":\"x\"}\n"),
    Case(
      type: "canonical-events",
      text: "{\n \"order\": 1,\n \"agent\": \"a\",\n \"action\": \"x\"\n}\n"),
    Case(type: "canonical-events", text: #"[{"order":1,"agent":"a","action":"x"}]"#),
    Case(type: "canonical-privileges", text: #"{"agent":"a","action":"x"}"#),
    Case(type: "canonical-agents", text: #"{"agent":"a","owner":"o"}"#),
    Case(type: "canonical-agents", text: "agent,owner\na,o\n"),
    Case(type: "canonical-privileges", text: "\"action\";\"agent\"\nx;a\n"),
    Case(type: "canonical-events", text: "---\n# log\n- agent: a\n  action: x\n  time: 1\n"),
    Case(type: "canonical", text: "events:\n- {agent: a, action: x, order: 1}\n"),
    Case(type: "transcript", text: #"{"messages":[{"role":"user","content":"x"}]}"#),
    Case(type: nil, text: #"{"agent":"a"}"#),
    Case(type: nil, text: "Dear agent, action!\n"),
    Case(type: nil, text: "agent: a\naction: x\n"),
    Case(
      type: nil, text: #"{"Records":[{"eventSource":"aws:s3","eventName":"x","eventTime":"t"}]}"#),
    Case(type: nil, text: #"{"Records":5}"#),
    Case(type: nil, text: "{"),
    Case(type: nil, text: "\u{0}\u{1}"),
    Case(type: "aws-cloudtrail", text: #"{"Records":[]}"#),
    Case(
      type: "kubernetes-rbac",
      text: "# x\n---\nkind: RoleBinding\napiVersion: rbac.authorization.k8s.io/v1\n"),
    Case(
      type: "kubernetes-rbac", text: #"{"kind":"Role","apiVersion":"rbac.authorization.k8s.io/v1"}"#
    ),
    Case(type: nil, text: "apiVersion: v1\nkind: ConfigMap\ndata: {kind: Role}\n"),
    Case(type: nil, text: "apiVersion: example.com/v1\nkind: Role\n"),
    Case(type: nil, text: #"{"kind":"Pod","apiVersion":"v1","metadata":{"name":"Role"}}"#),
    Case(type: "mcp-tools", text: #"{"tools":[{"name":"x","inputSchema":{}}]}"#),
    Case(type: nil, text: #"{"tools":[{"name":"x","version":1}]}"#),
    Case(
      type: "transcript", text: #"[{"type":"human","data":{"content":"x"}}]"#),
    Case(
      type: "transcript",
      text: #"{"type":"user","sessionId":"s","message":{"role":"user","content":"x"}}"#),
    Case(
      type: "transcript",
      text: #"{"object":"trace.span","id":"s","trace_id":"t","span_data":{"type":"agent"}}"#),
    Case(type: nil, text: #"{"type":"user","sessionId":"s","message":"x"}"#),
    Case(type: nil, text: #"{"output":[{"type":"message","text":"x"}]}"#),
    Case(type: nil, text: #"{"messages":[{"type":"info","content":"x"}]}"#),
    Case(type: nil, text: #"{"resourceSpans":[]}"#),
    Case(type: nil, text: #"{"resourceMetrics":[{"scopeMetrics":[]}]}"#),
  ]

  @Test(arguments: cases) func contentTells(_ example: Case) {
    // The name says nothing.
    for name in ["x.json", "agents.csv", "cloudtrail.log.gz"] {
      let input = read(example.text, as: name)
      #expect(input.files.first?.type == example.type, "\(example.text)")
      #expect(input.files.first?.recognisedBecause.isEmpty == false)
      if example.type == nil {
        #expect(input.problems.contains { $0.reason.hasPrefix("not recognised: ") })
      }
    }
  }
}
