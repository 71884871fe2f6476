package import Model
package import Policies

/// Everything that a review found: the value that controls are joined to and reports are made from.
package struct Review: Sendable {
  /// The window that is reported, inclusive; nil when no timed event and no flag gives one.
  package var from: Timestamp?
  package var to: Timestamp?
  /// Agents by falling band, then risk within it; the not assessed last; ties by id.
  package var agents: [AgentAssessment]
  /// Findings by status (realised, near miss, latent, ...), falling risk, id.
  package var findings: [Finding]
  /// Rows by falling risk removed, hazard, agent, action.
  package var cleanup: [CleanupRow]
  /// What to revoke so that possible chains end; nil where none was found.
  package var cutSet: CutSet?
  /// Where approvals would have stopped the chains that happened; nil where none did.
  package var gates: GatePlan?
  /// What agents would hold if the advice were carried out, by agent; empty where it was not asked
  /// for.
  package var proposals: [Proposal] = []
  /// The window once more against what is advised; nil where it was not asked for.
  package var replay: Replay?
  package var estate: Estate
  package var policyHealth: [PolicyHealth]
  /// Events that no policy looked at, by capability.
  package var unwatched: [NamedCount]
  /// The version of the scoring numbers, and the numbers themselves by name.
  package var scoringVersion: String
  package var scoringNumbers: [NamedValue]
  /// Exceptions by id, with how they stand.
  package var exceptions: [ExceptionStanding] = []
  /// Earlier decisions by the item's id, with what became of them.
  package var decisions: [DecisionStanding] = []
  /// What is asked of the reviewer now, what weighs most first.
  package var questions: [DecisionQuestion] = []
}

/// The estate as a distribution, never one average.
package struct Estate: Sendable, Equatable {
  /// Agents in each band, and those without a score.
  package var critical: Int
  package var high: Int
  package var moderate: Int
  package var low: Int
  package var notAssessed: Int
  /// Of the agents in a band those for which it is a lower bound.
  package var criticalAtLeast = 0
  package var highAtLeast = 0
  package var moderateAtLeast = 0
  package var lowAtLeast = 0
  /// Privileges over all agents: `held = used + unused + unseen`.
  package var held: Int
  package var used: Int
  package var unused: Int
  package var unseen: Int
  /// Sum over agents of hazard x reach, held and unused.
  package var heldHazard: Double
  package var unusedHazard: Double
  /// The share of the unused hazard that the ten agents with most of it hold, 0 to 1; nil when
  /// there is no unused hazard.
  package var topTenShare: Double?

  /// All agents.
  package var agents: Int { critical + high + moderate + low + notAssessed }
}
