package import Model
package import Policies

/// What a reviewer decides on: a policy, the agents, and the privileges involved.
///
/// Its id is a digest of those and stays the same from quarter to quarter; what happened is in its
/// occurrences.
package struct Finding: Sendable, Equatable {
  /// What the finding is about.
  package enum Kind: String, Sendable, CaseIterable {
    case composition, privilege, identity, evidence, policy
  }

  /// How it stands.
  package enum Status: String, Sendable, CaseIterable {
    case realised, excused
    case nearMiss = "near-miss"
    case latent, pending, indeterminate
    /// Findings that are no chains: they simply hold.
    case open
  }

  /// `<policy id>-<12 hex digits>`; for built-in findings `<rule>-<12 hex digits>`.
  package var id: String
  package var kind: Kind
  package var status: Status
  /// The policy's id, or the built-in rule's id (`over-privileged`, `no-owner`, `orphaned`, ...).
  package var policy: String
  /// One line for people.
  package var title: String
  package var severity: Severity
  /// Severity x link x recency of its heaviest occurrence, 0 to 1; 0 for excused.
  package var risk: Double
  /// The agents involved, sorted by id.
  package var agents: [String]
  /// The privileges that its steps use, in step order.
  package var privileges: [StepPrivilege]
  /// The strongest link of its occurrences; nil where it has none.
  package var linkStrength: LinkStrength?
  /// What happened, sorted by time and id; empty for latent and built-in findings. Of what did not
  /// break the policy the latest `occurrencesListedMax` are listed.
  package var occurrences: [Occurrence]
  /// Themes, sorted.
  package var themes: [String]
  /// Why this is a finding, in words, for built-in ones with its numbers.
  package var because: String
  /// What to do about it.
  package var remedy: String
  /// What may look like it and is not.
  package var falsePositives: [String]
  /// Conditions that were assumed to hold, and other assumptions, in words.
  package var assumptions: [String]
  /// Occurrences that are not listed.
  package var unlistedOccurrences = 0
  /// The exception that is in force for it.
  package var exceptedBy: String?
  /// The exception that was in force for it and has ended, where none is now.
  package var exceptionEnded: String?

  /// How often it happened.
  package var occurrencesInAll: Int { occurrences.count + unlistedOccurrences }

  /// Occurrences of a finding that are listed where the policy was not broken: hundreds of thousands
  /// of chains that lack a step, or were approved, are a number and not a list to read.
  package static let occurrencesListedMax = 1_000
}

/// A privilege that one step of a chain uses, or could use.
package struct StepPrivilege: Sendable, Hashable {
  /// The step's id; the finding's own word for built-in findings.
  package var step: String
  /// The agent that holds it.
  package var agent: String
  /// The action, as in the catalogue or the log.
  package var action: String
  /// The statement that grants it, in words; nil when no source of privileges says.
  package var via: String?

  /// A privilege of a step.
  package init(step: String, agent: String, action: String, via: String?) {
    self.step = step
    self.agent = agent
    self.action = action
    self.via = via
  }
}

/// One time that it happened: one key and one completing event.
package struct Occurrence: Sendable, Equatable {
  /// `<finding id>.<8 hex digits>`, a digest of key and completing event.
  package var id: String
  /// The correlation key.
  package var key: [NamedValue]
  /// The witness in step order; the completing event is last.
  package var chain: [ChainLink]
  /// The event that excuses it, for an excused one.
  package var excusedBy: ChainLink?
  /// For a near miss: the id of the step that is lacking.
  package var missingStep: String?
  /// Why it could not be judged, for an indeterminate one.
  package var indeterminateReason: String?
  /// What was looked for and not found, in words.
  package var lookedForAndNotFound: [String]
  /// The aggregate at completion, and how many events make it.
  package var aggregateValue: Double?
  package var aggregateEvents: Int?
  package var linkStrength: LinkStrength
  /// Severity x link x recency, 0 to 1.
  package var risk: Double
  package var isOrderSensitive: Bool
  package var isUntimed: Bool
  /// The episode within policy and key, from 0.
  package var episode: Int
}

/// One event of a chain, ready to show.
package struct ChainLink: Sendable, Equatable {
  /// The id of the step that it serves; `excuse` for an excusing event.
  package var step: String
  /// The event's id.
  package var event: String
  /// When; nil in a source without a clock.
  package var time: Timestamp?
  package var agent: String
  package var action: String
  package var resource: String?
  package var outcome: Outcome
  /// The place of the raw record.
  package var position: SourcePosition
}
