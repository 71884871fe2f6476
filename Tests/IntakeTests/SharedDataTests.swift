import Foundation
import Intake
import Model
import TestSupport
import Testing

@Suite struct SharedDataTests {
  @Test func readsARealAccount() throws {
    guard let url = Project.sharedData("aws/cloudsplaining-test-authz.json") else { return }
    let input = read([try source(url)])
    #expect(input.files.first?.type == "aws-authorization-details")
    #expect(input.agents.count { $0.kind == .user } == 3)
    #expect(input.agents.count { $0.kind == .role } == 3)
    #expect(input.agents.allSatisfy { $0.isInInventory })
    #expect(input.agents.allSatisfy { agent in input.statements.contains { $0.agent == agent.id } })
    let obama = input.statements.filter { $0.agent.hasSuffix("user/obama") }
    #expect(obama.contains { $0.origin.policy == "group admin, policy AdministratorAccess" })
    let trusted = input.trusts.first { $0.to.hasSuffix("role/MyRole") }
    #expect(trusted?.from == "ssm.amazonaws.com")
    #expect(input.problems.isEmpty, "\(input.problems)")
  }

  @Test func readsRealAttacks() throws {
    guard let url = Project.sharedData("aws/stratus-detonations.ndjson.gz") else { return }
    let wrapped = read([try source(url)])
    #expect(wrapped.files.first?.type == nil)
    let input = read(
      [InputSource(path: "attacks.ndjson", bytes: try unwrapped(url))],
      wanted: ["requestParameters.instanceId"])
    #expect(input.files.first?.type == "aws-cloudtrail")
    #expect(input.table.events.count == 310)
    #expect(input.table.events.count { $0.outcome == .denied } == 51)
    #expect(input.table.events.count { $0.outcome == .failed } == 1)
    #expect(input.problems.isEmpty, "\(input.problems)")
    let actions = Set(input.table.events.map { input.symbols.text($0.action) })
    #expect(actions.contains("lambda:UpdateFunctionCode"))
    #expect(actions.contains("secretsmanager:GetSecretValue"))
    let withResource = input.table.events.filter { $0.resource.isPresent }
    #expect(withResource.count > 140, "\(withResource.count)")
    let agents = Set(input.table.events.map { input.symbols.text($0.agent) })
    #expect(!agents.contains { $0.contains("assumed-role") }, "\(agents)")
  }

  @Test func everyToolCallOfRealTranscriptsIsAnEvent() throws {
    guard let folder = Project.sharedData("agent-traces/raw-sample") else { return }
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    let input = read(try files.map { try source($0) }, wanted: ["args.recipients", "args.text"])
    #expect(input.files.count == 7)
    #expect(input.files.allSatisfy { $0.type == "transcript" })
    let calls = input.table.events.filter { input.symbols.text($0.action) != "task.request" }
    #expect(calls.count == 17)
    #expect(input.table.events.count == 24)
    #expect(input.problems.isEmpty, "\(input.problems)")
  }

  /// The protocol's own example has one span, of a service that is no agent.
  @Test func readsTheExampleOfTheProtocol() throws {
    guard let url = Project.sharedData("otel/otlp-proto-example-trace.json") else { return }
    let input = read([try source(url)])
    #expect(input.files.first?.type == "otel-genai")
    #expect(
      input.problems.map(\.reason)
        == ["no span says what an agent or a tool did (`gen_ai.operation.name`)"])
  }

  /// Every name of the conventions that says what was done, to what, by whom, is read.
  @Test func knowsTheNamesOfTheConventions() throws {
    guard let url = Project.sharedData("otel/otel-genai-attributes.json") else { return }
    let root = try #require(
      JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
    let operations = try #require(root["operation_names_upstream_002c8a6"] as? [String])
    for operation in operations {
      let line =
        #"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","#
        + #""value":{"stringValue":"s"}}]},"scopeSpans":[{"spans":[{"traceId":"aa","spanId":"bb","#
        + #""name":"x","startTimeUnixNano":"1788300000000000000","attributes":["#
        + #"{"key":"gen_ai.operation.name","value":{"stringValue":"\#(operation)"}},"#
        + #"{"key":"gen_ai.tool.name","value":{"stringValue":"t"}},"#
        + #"{"key":"gen_ai.agent.name","value":{"stringValue":"a"}}]}]}]}]}"#
      let events = read(line).activity.events
      let isModels = [
        "chat", "embeddings", "generate_content", "text_completion", "plan", "invoke_agent",
        "invoke_workflow",
      ].contains(operation)
      #expect(events == (isModels ? 0 : 1), "\(operation)")
    }
  }

  /// Every tool of a real server has a level, and nearly all say where it comes from.
  @Test func readsARealListOfTools() throws {
    guard let url = Project.sharedData("mcp/github-mcp-server-tools.json") else { return }
    let builder = try VocabularyTests.shipped.get()
    let input = read([try source(url)]) { options in
      options.meaning = { builder.meaning(action: $0, description: $1, annotations: $2) }
    }
    #expect(input.files.first?.type == "mcp-tools")
    #expect(input.problems.isEmpty, "\(input.problems)")
    #expect(input.statements.count == 117)
    let readOnly = input.statements.filter {
      $0.annotations.contains(NamedValue(name: "readOnlyHint", value: "true"))
    }
    #expect(readOnly.count == 58)
    for statement in input.statements {
      let meaning = input.vocabulary.meaning(of: statement.actions[0])
      #expect(meaning.level != .unknown && meaning.origin != .none, "\(statement.actions)")
      let isRead = meaning.level == .read || meaning.level == .list
      #expect(isRead == readOnly.contains(statement), "\(statement.actions)")
    }
  }

  /// The events of a file whose lines wrap one each.
  private func unwrapped(_ url: URL) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "gzip -dc '\(url.path)'"]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let text = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    var lines: [UInt8] = []
    for line in text.split(separator: 0x0A) {
      let object = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
      guard let event = object?["event"] else { continue }
      lines += [UInt8](try JSONSerialization.data(withJSONObject: event))
      lines.append(0x0A)
    }
    return lines
  }
}
