import Documents
import Model
import TestSupport
import Testing

@testable import Intake

/// What roles of clouds come to with the vocabulary that is shipped. The rules are those of "Azure
/// role definitions" and "Azure built-in roles" (learn.microsoft.com) and of "Basic roles" and
/// "Service account impersonation" (cloud.google.com).
@Suite struct CloudRolesTests {
  /// What an agent is granted on something, by the statements that reach it.
  private static func isGranted(
    _ action: String, on resource: String, to agent: String, in input: ReviewInput
  ) -> Bool {
    let action = action.lowercased()
    return input.statements.contains { statement in
      guard statement.agent == agent, statement.platform == "azure" || statement.platform == "gcp",
        statement.resources.contains(where: { Glob($0).matches(resource) })
      else { return false }
      let named = statement.actions.contains { Glob($0.lowercased()).matches(action) }
      let others =
        !statement.notActions.isEmpty
        && !statement.notActions.contains { Glob($0.lowercased()).matches(action) }
      return named || others
    }
  }

  private static func read(_ folder: String) throws -> ReviewInput {
    let vocabulary = try VocabularyTests.shipped.get().emptyVocabulary
    return IntakeTests.read(try fixtures(folder)) { $0.vocabulary = vocabulary }
  }

  struct Case: Sendable {
    var action: String
    var resource: String
    var isGranted: Bool
  }

  private static let shop = "/subscriptions/5b0c/resourcegroups/shop"

  static let azure = [
    // Contributor of a group of resources: everything there but what is about access.
    Case(action: "azure:Microsoft.Web/sites/write", resource: "\(shop)/x", isGranted: true),
    Case(action: "azure:Microsoft.New/things/act/action", resource: shop, isGranted: true),
    Case(
      action: "azure:Microsoft.Authorization/roleAssignments/write", resource: shop,
      isGranted: false),
    Case(
      action: "azure:Microsoft.Web/sites/write", resource: "/subscriptions/other", isGranted: false),
    // Nothing on what resources hold, but for the blobs that another role names.
    Case(
      action: "azure-data:Microsoft.KeyVault/vaults/secrets/getSecret/action", resource: shop,
      isGranted: false),
    Case(
      action: "azure-data:Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
      resource: "\(shop)/providers/microsoft.storage/storageaccounts/orders/x", isGranted: true),
    // A role of its own for machines, without deleting them.
    Case(
      action: "azure:Microsoft.Compute/virtualMachines/start/action",
      resource: "/subscriptions/5b0c/x", isGranted: true),
    Case(
      action: "azure:Microsoft.Compute/virtualMachines/delete", resource: "/subscriptions/5b0c/x",
      isGranted: false),
    Case(
      action: "azure:Microsoft.Fleet/ships/sail/action", resource: "/subscriptions/5b0c/x",
      isGranted: true),
  ]

  @Test(arguments: azure) func azureRolesAllowWhatTheySay(_ example: Case) throws {
    let agent = "11111111-2222-3333-4444-555555555555"
    let input = try Self.read("azure-role-assignments")
    let found = Self.isGranted(
      example.action, on: example.resource, to: agent, in: input)
    #expect(found == example.isGranted, "\(example.action) on \(example.resource)")
  }

  @Test func basicRolesOfGoogleGrowFromOneToTheNext() throws {
    let policy = """
      {"bindings":[{"role":"roles/viewer","members":["user:v@x"]},{"role":"roles/editor","members":["user:e@x"]},{"role":"roles/owner","members":["user:o@x"]}],"resource":"projects/p"}
      """
    let vocabulary = try VocabularyTests.shipped.get().emptyVocabulary
    let input = IntakeTests.read([InputSource(path: "x", bytes: Array(policy.utf8))]) {
      $0.vocabulary = vocabulary
    }
    let holders: [(action: String, who: [String])] = [
      ("gcp:compute.instances.list", ["v@x", "e@x", "o@x"]),
      ("gcp:compute.instances.create", ["e@x", "o@x"]),
      ("gcp:resourcemanager.projects.setIamPolicy", ["o@x"]),
      ("gcp:secretmanager.versions.access", ["o@x"]),
      ("gcp:never.heard.of", ["o@x"]),
    ]
    for (action, who) in holders {
      let found = ["v@x", "e@x", "o@x"].filter {
        Self.isGranted(action, on: "projects/p/x", to: $0, in: input)
      }
      #expect(found == who, "\(action)")
    }
    #expect(input.problems.count == 3)
  }

  @Test func roleMayLieInAnotherFileThanItsBinding() throws {
    let input = try Self.read("gcp-iam")
    let deployer = "deployer@shop-prod.iam.gserviceaccount.com"
    #expect(
      Self.isGranted("gcp:run.services.update", on: "projects/shop-prod/x", to: deployer, in: input)
    )
    #expect(input.statements.contains { $0.agent == deployer && $0.expires != nil })
    let reached = Set(input.trusts.map { "\($0.from) > \($0.to)" })
    let worker = "shop-prod.svc.id.goog[shop/worker]"
    #expect(reached.contains("\(worker) > agent@shop-prod.iam.gserviceaccount.com"))
    // Where the service account of the cluster is known, it is the one that the binding means.
    let known = "agent,owner\nsystem:serviceaccount:shop:worker,ada\n"
    let joined = IntakeTests.read(
      try fixtures("gcp-iam") + [InputSource(path: "known.csv", bytes: Array(known.utf8))])
    #expect(
      joined.trusts.contains {
        $0.from == "system:serviceaccount:shop:worker" && GoogleNames.isServiceAccount($0.to)
      })
    // Who holds the right to make tokens in a project reaches the service accounts of the project.
    #expect(reached.contains("agent@shop-prod.iam.gserviceaccount.com > \(deployer)"))
  }
}
