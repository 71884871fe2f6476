import Documents
import Intake
import Model
import TestSupport
import Testing

@testable import Policies

/// A gate's text is a document of the language that says what its value says.
@Suite struct GatePolicyTests {
  static func read(_ gate: GatePolicy) throws -> Policy {
    let themes = try readThemes(
      text: Project.text("mappings/themes.yaml"), file: "mappings/themes.yaml")
    let policies = try readPolicies(
      text: gate.text, file: "\(gate.id).yaml", themes: themes,
      capabilities: try Shipped.vocabulary.get().capabilities)
    return try #require(policies.first)
  }

  static func gate(_ action: String, _ agents: [String]) -> GatePolicy {
    var gate = GatePolicy(id: "gate-x", action: action)
    gate.agents = agents
    gate.severity = .high
    gate.because = "an approval here would have stopped: `\(action)`"
    return gate
  }

  static let names = [
    "ops-agent", "arn:aws:iam::111122223333:role/x y", "quote\"d", "back\\slash", "new\nline",
    "tab\there", "1234", "true", "nul", "~", "- dash", "# hash", "{brace}", "ü\u{85}\u{2028}x",
    "*glob*", "'single'", "a: b", "x\u{FEFF}mark", "%",
  ]

  @Test(arguments: names, [nil, Delegation(follow: .parent, depth: 8)])
  func textReadsBackToTheValue(name: String, delegation: Delegation?) throws {
    var gate = Self.gate("svc:\(name)", [name, "other"].sorted())
    gate.delegation = delegation
    var read = try Self.read(gate)
    var value = gate.policy
    read.places = [:]
    read.judgement = ""
    for index in read.examples.indices { read.examples[index].line = 0 }
    value.line = read.line
    #expect(read == value)
  }

  @Test(arguments: ["ops-agent", "arn:aws:iam::111122223333:role/ops"])
  func itLintsCleanAndItsExamplesHold(agent: String) throws {
    let policy = try Self.read(Self.gate("erp:UpdateBankDetails", [agent]))
    let vocabulary = try Shipped.vocabulary.get().emptyVocabulary
    #expect(policy.examples.count == 3)
    #expect(lint([policy], vocabulary: vocabulary).map(\.text) == [])
  }
}
