/// The checks that every review makes without a policy, by the id that their findings carry.
package enum BuiltInRule: String, Sendable, CaseIterable {
  case overPrivileged = "over-privileged"
  case escalationPath = "escalation-path"
  case noOwner = "no-owner"
  case dormant, orphaned, expired
  case evidenceTooThin = "evidence-too-thin"
  case unclassifiedActions = "unclassified-actions"
  case policyBlind = "policy-blind"

  /// The themes that its findings are about: with no policy at all, these are still looked for.
  package var themes: [String] {
    switch self {
    case .overPrivileged: return ["over-privilege", "unused-privilege", "excessive-agency"]
    case .escalationPath: return ["escalation-path"]
    case .noOwner: return ["no-owner"]
    case .dormant: return ["dormant-identity"]
    case .orphaned: return ["orphaned-identity"]
    case .expired: return ["expired-identity"]
    case .evidenceTooThin, .unclassifiedActions: return ["evidence-gap"]
    case .policyBlind: return ["policy-blind"]
    }
  }
}
