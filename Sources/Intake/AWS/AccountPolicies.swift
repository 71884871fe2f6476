internal import Model

/// Policies that say by themselves whom they are about: of resources, and of an organisation. Whom
/// they reach is known only when all files are read.
struct AccountPolicies: Sendable {
  /// A statement of a resource's policy, for one principal that it names.
  struct Grant: Sendable {
    var grant: PolicyGrant
    var principal: AccountPrincipal
    /// How people name the policy.
    var policy: String
    var position: SourcePosition
  }

  /// A policy of an organisation: a ceiling on accounts.
  struct Ceiling: Sendable {
    /// What it hangs on, as the organisation names it; nil where nothing says so.
    var target: Target?
    var policy: String
    var grants: [PolicyGrant]
    var position: SourcePosition
  }

  /// What a policy of an organisation hangs on.
  struct Target: Sendable, Hashable {
    var kind: Kind
    var id: String

    enum Kind: String, Sendable {
      case root = "ROOT"
      case unit = "ORGANIZATIONAL_UNIT"
      case account = "ACCOUNT"
    }
  }

  var grants: [Grant] = []
  var ceilings: [Ceiling] = []
  var tree = OrganisationTree()

  /// Adds what another piece of the input has.
  mutating func absorb(_ other: AccountPolicies) {
    grants += other.grants
    ceilings += other.ceilings
    tree.absorb(other.tree)
  }
}

/// Whom a statement of a resource's policy is about.
enum AccountPrincipal: Sendable, Hashable {
  case everybody
  /// Everybody of an account.
  case account(String)
  /// A user or role by its ARN; a session stands for its role.
  case identity(String)
  /// Everybody but these, as `NotPrincipal` says it.
  case others(than: [String])

  /// Reads the principals of a statement; those that are no AWS identity (services, providers of
  /// sign-in) are left out.
  static func read(_ node: JSONNode) -> [AccountPrincipal] {
    if let exempt = node["NotPrincipal"] {
      let names = exempt["AWS"]?.oneOrMany.compactMap { $0.filledText } ?? []
      return [.others(than: names.map(identity))]
    }
    guard let principal = node["Principal"] else { return [] }
    let names = principal.text.map { [$0] } ?? principal["AWS"]?.oneOrMany.compactMap(\.filledText)
    return (names ?? []).map { name in
      if name == "*" { return .everybody }
      if name.count == 12, name.allSatisfy({ ("0"..."9").contains($0) }) { return .account(name) }
      let parts = name.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
      if parts.count == 6, parts[5] == "root" { return .account(String(parts[4])) }
      return .identity(identity(name))
    }
  }

  /// The role of a session's ARN; any other name as it is.
  private static func identity(_ name: String) -> String {
    let parts = name.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6, parts[2] == "sts" else { return name }
    let names = parts[5].split(separator: "/")
    guard names.count > 1, names[0] == "assumed-role" else { return name }
    return "\(parts[0]):\(parts[1]):iam::\(parts[4]):role/\(names[1])"
  }
}

/// The account of an ARN; nil where it names none, as those of buckets.
func account(ofARN name: String) -> String? {
  let parts = name.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
  guard parts.count == 6, parts[0] == "arn", !parts[4].isEmpty else { return nil }
  return String(parts[4])
}
