package import Policies

/// Where a person's approval would have stopped the chains that happened.
package struct GatePlan: Sendable, Equatable {
  /// The gates, by chains stopped, then action.
  package var gates: [Gate]
  /// Chains that happened, and those of them that wait at one of the gates.
  package var chains: Int
  package var stopped: Int
  /// Ids of findings with chains that no gate stops, by id: no step of theirs was permitted, or what
  /// they did had an approval.
  package var unstopped: [String]
  /// Whether no fewer gates do, each one action of one agent, nor as many that make fewer innocent
  /// tasks wait.
  package var isExact: Bool
  /// The length of the window in weeks; nil without a window.
  package var weeks: Double?

  /// Innocent tasks that would have waited in the whole window, at any gate.
  package var innocentTasks: Int
}

/// One approval point: before an action of certain agents.
package struct Gate: Sendable, Equatable {
  /// The policy that says so, as a value and as text that reads back to it.
  package var policy: Policy
  package var text: String
  /// The action that waits for an approval.
  package var action: String
  /// Its capability words, sorted.
  package var capabilities: [String]
  /// The agents that wait, by id.
  package var agents: [String]
  /// Ids of the findings that it stops chains of, sorted, and how many chains.
  package var findings: [String]
  package var chains: Int
  /// Uses in the window that had no approval and would have waited.
  package var uses: Int
  /// Tasks of these uses that were part of no chain that happened, and those that were.
  package var innocentTasks: Int
  package var violatingTasks: Int
  /// Innocent tasks that would have waited in a week; nil without a window.
  package var innocentTasksPerWeek: Double?
}
