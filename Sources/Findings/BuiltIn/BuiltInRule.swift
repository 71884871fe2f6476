/// The rules that need no policy file: about privileges, identities, and the evidence itself.
package enum BuiltInRule: String, Sendable, CaseIterable {
  case overPrivileged = "over-privileged"
  case escalationPath = "escalation-path"
  case noOwner = "no-owner"
  case dormant
  case orphaned
  case expired
  case longLivedCredential = "long-lived-credential"
  case unusedCredential = "unused-credential"
  case sharedIdentity = "shared-identity"
  case humanUse = "human-use"
  case evidenceTooThin = "evidence-too-thin"
  case unclassifiedActions = "unclassified-actions"
  case policyBlind = "policy-blind"

  /// What kind of finding it makes.
  package var kind: Finding.Kind {
    switch self {
    case .overPrivileged, .escalationPath: return .privilege
    case .noOwner, .dormant, .orphaned, .expired, .longLivedCredential, .unusedCredential,
      .sharedIdentity, .humanUse:
      return .identity
    case .evidenceTooThin, .unclassifiedActions: return .evidence
    case .policyBlind: return .policy
    }
  }

  /// Its themes, sorted, from the closed list in `mappings/themes.yaml`.
  package var themes: [String] {
    switch self {
    case .overPrivileged: return ["over-privilege", "unused-privilege"]
    case .escalationPath: return ["escalation-path"]
    case .noOwner: return ["no-owner"]
    case .dormant: return ["dormant-identity", "unused-privilege"]
    case .orphaned: return ["orphaned-identity"]
    case .expired: return ["expired-identity"]
    case .longLivedCredential: return ["long-lived-credential"]
    case .unusedCredential: return ["dormant-identity", "long-lived-credential"]
    case .sharedIdentity: return ["shared-identity"]
    case .humanUse: return ["human-use"]
    case .evidenceTooThin, .unclassifiedActions: return ["evidence-gap"]
    case .policyBlind: return ["policy-blind"]
    }
  }

  /// One line for people.
  package var title: String {
    switch self {
    case .overPrivileged: return "An agent holds far more than it uses"
    case .escalationPath: return "An agent can make itself an administrator"
    case .noOwner: return "Nobody owns an agent that holds privileges or acts"
    case .dormant: return "An agent holds privileges and does nothing"
    case .orphaned: return "An identity acts that is in no inventory"
    case .expired: return "An agent acted after it should have ended"
    case .longLivedCredential: return "A key of an agent has not been changed for too long"
    case .unusedCredential: return "A key of an agent is active and nobody uses it"
    case .sharedIdentity: return "Several agents act as one identity"
    case .humanUse: return "A person can sign in, or did, as an identity made for programs"
    case .evidenceTooThin: return "Too little is logged to say what is unused"
    case .unclassifiedActions: return "Actions are held or used whose meaning nothing says"
    case .policyBlind: return "Policies met no event that could begin their chain"
    }
  }

  /// What to do about it.
  package var remedy: String {
    switch self {
    case .overPrivileged:
      return "Work through the agent's clean-up rows from the top; the first few carry most of it."
    case .escalationPath:
      return "Take away one action of each path, or limit it to named targets."
    case .noOwner: return "Name a person or team that answers for the agent, or retire it."
    case .dormant:
      return "Ask the owner; if nobody needs it, take its privileges away, then retire it."
    case .orphaned:
      return "Find out who runs it; add it to the inventory with an owner, or stop it."
    case .expired: return "Stop the agent, or have its owner renew it with a new end."
    case .longLivedCredential:
      return "Change the key; better, give the agent a role whose credentials end by themselves."
    case .unusedCredential: return "Switch the key off; delete it when nothing has missed it."
    case .sharedIdentity:
      return "Give each agent an identity of its own, so that what it does can be told apart."
    case .humanUse:
      return "Take the password away, and let people sign in as themselves and assume a role."
    case .evidenceTooThin:
      return "Switch on the logs that are named, and keep them for the whole review window."
    case .unclassifiedActions:
      return "Say in a vocabulary file what each of these actions means."
    case .policyBlind:
      return "Check that the logs hold the events these policies begin with, and that the "
        + "vocabulary gives them the capability."
    }
  }
}
