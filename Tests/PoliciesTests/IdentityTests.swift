import Intake
import Model
import Policies
import Testing

/// One identity, two names: the inventory's, and the one by which a log names it as a resource.
@Suite struct IdentityTests {
  private func completions(aliases: String, policy id: String) throws -> Int {
    let inventory = """
      agents:
        - {agent: ops, kind: role, aliases: [\(aliases)]}
      """
    let events = """
      {"time":"2026-07-01T13:00:00Z","agent":"role/ops","action":"iam:PutRolePolicy",\
      "resource":"role/ops"}
      {"time":"2026-07-01T13:02:00Z","agent":"role/ops","action":"secretsmanager:GetSecretValue",\
      "resource":"prod/db"}
      """
    let input = try Shipped.read([
      InputSource(path: "agents.yaml", bytes: Array(inventory.utf8)),
      InputSource(path: "events.ndjson", bytes: Array(events.utf8)),
    ])
    #expect(input.problems.isEmpty, "\(input.problems)")
    let policies = try Shipped.policies.get().filter { $0.id == id }
    return evaluate(policies, input: input, from: nil, to: nil).health[0].completions
  }

  @Test func aShortNameInTheInventoryDoesNotHideASelfGrant() throws {
    let id = "privilege-granted-to-itself-then-used"
    #expect(try completions(aliases: "role/ops", policy: id) == 1)
    #expect(try completions(aliases: "role/other", policy: id) == 1)
  }
}
