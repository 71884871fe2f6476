import Documents
import Model
import Policies
import TestSupport
import Testing

/// Runs the cases of `cases/*.yaml`: a policy, events in the syntax of examples, and the matches
/// that must come out, each as `status: events of the witness by line, from 1`.
@Suite struct ConformanceTests {
  /// One case of a file.
  struct Case: CustomTestStringConvertible {
    var file: String
    var name: String
    var policy: String
    var events: String
    var agents: String?
    /// When the log begins; nothing is said of that where it is missing.
    var begins: String?
    var expected: [String]
    var testDescription: String { "\(file): \(name)" }
  }

  static let capabilities = [
    "approval.grant", "audit.disable", "channel.external", "data.delete", "data.export",
    "data.read", "deploy.release", "identity.assume", "payment.redirect", "pricing.request",
    "secret.read", "service.restart", "task.end", "task.request", "ticket.read", "vendor.create",
  ]

  /// Every case of every file, in order.
  static func cases() throws -> [Case] {
    var cases: [Case] = []
    for file in try Project.names(in: "Tests/ConformanceTests/cases") {
      let text = try Project.text("Tests/ConformanceTests/cases/\(file)")
      for document in try Document.all(text: text, file: file) {
        var problems: [DocumentProblem] = []
        let fields = Fields(
          document.root, of: document, what: "a case",
          keys: ["case", "policy", "events", "agents", "begins", "expect"], problems: &problems)
        let one = Case(
          file: file, name: fields.requiredText("case", problems: &problems),
          policy: fields.requiredText("policy", problems: &problems),
          events: fields.requiredText("events", problems: &problems),
          agents: fields.text("agents", problems: &problems),
          begins: fields.text("begins", problems: &problems),
          expected: fields.texts("expect", problems: &problems))
        guard problems.isEmpty else { throw DocumentProblems(problems) }
        cases.append(one)
      }
    }
    return cases
  }

  @Test func thereAreManyAndTheirNamesDiffer() throws {
    let cases = try Self.cases()
    #expect(cases.count >= 220)
    #expect(Set(cases.map(\.name)).count == cases.count)
  }

  @Test(arguments: try cases())
  func holds(one: Case) throws {
    let themes = try readThemes(text: "themes: {destruction: A theme.}", file: "themes.yaml")
    let head = """
      policy: conformance
      version: 1
      title: t
      severity: low
      themes: [destruction]
      because: b
      falsePositives: [f]
      remedy: r

      """
    let policies = try readPolicies(
      text: head + one.policy, file: one.file, themes: themes, capabilities: Self.capabilities)
    var trace = ExampleTrace()
    trace.readEvents(one.events)
    if let agents = one.agents { trace.readAgents(agents) }
    #expect(trace.mistakes.isEmpty)
    let vocabulary = Vocabulary(
      capabilities: Self.capabilities, catalogue: [], meanings: [:], version: "test")
    var input = trace.input(vocabulary: vocabulary)
    if let begins = one.begins {
      var file = InputFile(
        path: "log", type: "canonical", recognisedBecause: "", sha256: "", bytes: 0)
      file.firstEvent = Timestamp(rfc3339: begins)
      input.files = [file]
    }
    let evaluation = evaluate(policies, input: input, from: nil, to: nil)
    #expect(evaluation.matches.map { Self.text($0, input) } == one.expected)
  }

  /// `realised: 1 2 4 (order-sensitive, aggregate 3)`.
  private static func text(_ match: Match, _ input: ReviewInput) -> String {
    func line(_ event: Int) -> String { String(input.table.events[event].position.line) }
    var notes: [String] = []
    if match.isOrderSensitive { notes.append("order-sensitive") }
    if match.isUntimed { notes.append("untimed") }
    if let excuse = match.excusedBy { notes.append("by \(line(excuse))") }
    if let missing = match.missingStep { notes.append("without step \(missing + 1)") }
    if let value = match.aggregateValue { notes.append("aggregate \(Int(value))") }
    if match.episode > 0 { notes.append("episode \(match.episode)") }
    if let reason = match.indeterminateReason { notes.append(reason) }
    let suffix = notes.isEmpty ? "" : " (\(notes.joined(separator: ", ")))"
    let lines = match.chain.map { line($0.event) }.joined(separator: " ")
    return "\(match.status.rawValue): \(lines)\(suffix)"
  }
}
