import Documents
import Model
import Policies
import TestSupport
import Testing

@Suite struct ExampleTests {
  private let vocabulary = Vocabulary(
    capabilities: Language.capabilities, catalogue: [], meanings: [:], version: "test")

  private func policy(violates: Bool, events: [String]) throws -> Policy {
    let head = Language.design.split(
      separator: "examples:", omittingEmptySubsequences: false)[0]
    let lines = events.map { "          \($0)\n" }.joined()
    let text =
      "\(head)examples:\n      - name: it\n        violates: \(violates)\n"
      .replacing("      - name", with: "  - name").replacing("        viol", with: "    viol")
      + "    agents: |\n          boss kind=user\n          bot kind=agent\n    events: |\n" + lines
    return try readPolicies(
      text: text, file: "p.yaml", themes: Language.themes(), capabilities: Language.capabilities)[0]
  }

  private let chain = [
    "10:00 bot task=T1 ticket.read resource=CHG-1", "10:01 bot task=T1 secret.read resource=db",
    "10:05 bot task=T1 ci:DeployAll environment=production args.size=5",
    "10:09 bot task=T1 service.restart",
  ]

  @Test func aChainViolates() throws {
    let policy = try policy(violates: true, events: chain)
    #expect(runExamples(of: policy, vocabulary: vocabulary).isEmpty)
    let wrong = try self.policy(violates: false, events: chain)
    #expect(
      runExamples(of: wrong, vocabulary: vocabulary).map(\.reason) == [
        "expected no violation, found 1"
      ])
  }

  @Test func anApprovalByAPersonExcuses() throws {
    let approved = chain + ["09:50 boss task=T1 approval.grant"]
    let policy = try policy(violates: true, events: approved)
    #expect(
      runExamples(of: policy, vocabulary: vocabulary).map(\.reason) == [
        "expected a violation, found excused"
      ])
    let own = chain + ["09:50 bot task=T1 approval.grant"]
    #expect(
      runExamples(of: try self.policy(violates: true, events: own), vocabulary: vocabulary)
        .isEmpty)
  }
}
