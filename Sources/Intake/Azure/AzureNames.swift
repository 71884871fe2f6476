internal import Model

/// How identities, resources and actions of Azure are named, in grants and in logs alike.
///
/// An action is `azure:OPERATION`, one on what a resource holds `azure-data:OPERATION`: a role
/// lists the two apart, and `*` of one is nothing of the other. A resource is its id in lower case,
/// since Azure compares ids without case.
enum AzureNames {
  /// The platform's word: the name of its level table.
  static let platform = "azure"

  /// The ids of the roles that every tenant has ("Azure built-in roles").
  static let owner = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
  static let contributor = "b24988ac-6180-42a0-ab88-20f7382dd24c"
  static let reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
  static let accessAdministrator = "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"

  /// What a Contributor may not do.
  static let contributorNotActions = [
    "azure:Microsoft.Authorization/*/Delete", "azure:Microsoft.Authorization/*/Write",
    "azure:Microsoft.Authorization/elevateAccess/Action",
    "azure:Microsoft.Blueprint/blueprintAssignments/*",
    "azure:Microsoft.Compute/galleries/share/action", "azure:Microsoft.Purview/consents/*",
    "azure:Microsoft.Resources/deploymentStacks/manageDenySetting/action",
    "azure:Microsoft.Subscription/cancel/action", "azure:Microsoft.Subscription/enable/action",
  ]

  /// The patterns of what lies in a scope. What a management group holds is not known here.
  static func patterns(ofScope scope: String) -> [String] {
    var scope = scope.lowercased()
    while scope.hasSuffix("/") { scope.removeLast() }
    if scope.isEmpty || scope.hasPrefix("/providers/microsoft.management/managementgroups/") {
      return ["*"]
    }
    return [scope, "\(scope)/*"]
  }

  /// The last part of a path, in lower case: the id of a role definition.
  static func lastPart(_ path: String) -> String {
    (path.split(separator: "/").last.map { String($0) } ?? path).lowercased()
  }

  /// Whether a text is an id as the directory makes them.
  static func isID(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    return parts.map(\.utf8.count) == [8, 4, 4, 4, 12]
      && text.utf8.allSatisfy { byte in
        byte == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
      }
  }

  /// Says what a principal's type tells: `ServicePrincipal`, `ManagedIdentity`, `User`.
  static func describe(_ agent: inout Agent, type: String) {
    switch type.lowercased() {
    case "user", "member", "guest", "foreignuser": agent.kind = .user
    case "managedidentity", "msi": agent.kind = .workload
    case "serviceprincipal", "application", "app", "legacy": agent.kind = .serviceAccount
    default: break
    }
    agent.attributes.append(NamedValue(name: "principalType", value: type))
    agent.attributes.sort { $0.name < $1.name }
  }
}
