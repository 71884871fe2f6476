internal import Model

/// One rule of a role.
struct ClusterRule: Sendable, Hashable {
  var verbs: [String]
  var groups: [String] = []
  var resources: [String] = []
  var names: [String] = []
  var urls: [String] = []
}

/// A Role, or with no namespace a ClusterRole.
struct ClusterRole: Sendable {
  /// Labels that another role must have for its rules to be this one's too.
  struct Selector: Sendable {
    var labels: [NamedValue] = []
    var expressions: [Expression] = []
  }

  /// One requirement on a label.
  struct Expression: Sendable {
    var key: String
    var word: String
    var values: [String]
  }

  var namespace: String?
  var name: String
  var labels: [NamedValue]
  var rules: [ClusterRule]
  /// What it gathers rules by; empty where it does not.
  var selectors: [Selector]
  var position: SourcePosition

  /// How a grant names it.
  var text: String { namespace.map { "Role \($0)/\(name)" } ?? "ClusterRole \(name)" }
}

/// A RoleBinding, or with no namespace a ClusterRoleBinding.
struct ClusterBinding: Sendable {
  /// Whom a role is given to.
  enum Subject: Sendable, Hashable {
    /// A service account or user by its id.
    case identity(String)
    case group(String)
  }

  var namespace: String?
  var name: String
  /// Whether the role is a ClusterRole; else it lies in the binding's namespace.
  var isOfClusterRole: Bool
  var role: String
  var subjects: [Subject]
  /// Whether the API server makes and repairs it by itself.
  var isBuiltIn: Bool
  var position: SourcePosition

  /// How a grant names it.
  var text: String {
    namespace.map { "RoleBinding \($0)/\(name)" } ?? "ClusterRoleBinding \(name)"
  }
}

/// The access rules of a cluster: what each object grants is known only when all are read, from
/// whatever files.
struct ClusterObjects: Sendable {
  var roles: [ClusterRole] = []
  var bindings: [ClusterBinding] = []
  /// The ids of the service accounts that are objects.
  var accounts: [String] = []

  var isEmpty: Bool { roles.isEmpty && bindings.isEmpty && accounts.isEmpty }

  /// Adds the objects of the next piece.
  mutating func absorb(_ other: ClusterObjects) {
    roles += other.roles
    bindings += other.bindings
    accounts += other.accounts
  }
}

extension ClusterRole.Selector {
  /// Whether labels fit all that it asks for; one that asks for nothing fits none here.
  func fits(_ own: [NamedValue]) -> Bool {
    guard !labels.isEmpty || !expressions.isEmpty else { return false }
    func value(_ key: String) -> String? { own.first { $0.name == key }?.value }
    return labels.allSatisfy { value($0.name) == $0.value }
      && expressions.allSatisfy { expression in
        let found = value(expression.key)
        switch expression.word {
        case "In": return found.map(expression.values.contains) == true
        case "NotIn": return found.map(expression.values.contains) != true
        case "Exists": return found != nil
        case "DoesNotExist": return found == nil
        default: return false
        }
      }
  }
}
