import Documents
import Model
import Policies
import TestSupport
import Testing

/// What the tests of the language share.
enum Language {
  static func themes() throws -> Themes {
    try readThemes(text: Project.text("mappings/themes.yaml"), file: "mappings/themes.yaml")
  }

  static let capabilities = [
    "approval.grant", "channel.external", "data.export", "data.read", "data.read.sensitive",
    "deploy.release", "identity.assume", "payment.redirect", "secret.read", "service.restart",
    "task.end", "task.request", "ticket.read", "vendor.create",
  ]

  static let design = """
    policy: deploy-with-secret
    version: 1
    title: A secret was fetched and deployed with no approval
    severity: critical
    kind: forbid
    themes: [chained-actions, approval-bypass]
    per: {first: [task, session, agent]}
    steps:
      - id: ticket
        does: ticket.read
        bind: {requester: agent}
      - id: secret
        does: secret.*
        bind: {secret: resource}
      - id: deploy
        action: ["ci:Deploy*"]
        where: {environment: production, args.size: {ge: 2, lt: 10}}
        gap: 10m
        absent: {does: approval.grant}
      - id: restart
        does: service.restart
    within: 30m
    unless: {does: approval.grant, where: {agent.kind: user}, differs: {requester: agent}}
    until: {does: task.end}
    because: Change control asks for a second person.
    falsePositives: [break-glass runs]
    remedy: Route releases through the approval gate.
    examples:
      - name: the chain
        violates: true
        events: |
          10:00 ops-agent task=T1 ticket.read resource=CHG-1
          10:01 ops-agent task=T1 secret.read resource="prod/db main"
    """
}

@Suite struct LanguageTests {
  @Test func themesAreSortedAndHaveASummary() throws {
    let themes = try Language.themes()
    #expect(themes.ids.contains("payment-fraud"))
    #expect(themes.ids == themes.ids.sorted())
    #expect(themes.all.allSatisfy { $0.summary.hasSuffix(".") })
  }

  @Test func thePolicyOfTheDesignIsRead() throws {
    let policies = try readPolicies(
      text: Language.design, file: "p.yaml", themes: try Language.themes(),
      capabilities: Language.capabilities)
    let policy = try #require(policies.first)
    #expect(policy.stepIDs == ["ticket", "secret", "deploy", "restart"])
    #expect(policy.withinNanoseconds == 1_800_000_000_000)
    #expect(policy.excuse?.beforeNanoseconds == 1_800_000_000_000)
    #expect(policy.key == [KeyPart(firstOf: [.event(.task), .event(.session), .event(.agent)])])
    #expect(wantedAttributes(of: policies) == ["args.size"])
    #expect(policy.examples.first?.line == 32)
  }
}
