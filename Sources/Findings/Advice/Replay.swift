/// The window once more, against what is advised: what would have been denied, what would have
/// waited, and which chains would have been left.
package struct Replay: Sendable, Equatable {
  /// Allowed uses in the window that were held against what is proposed.
  package var uses: Int
  /// Agents whose privileges would change.
  package var agents: Int
  /// What the proposed privileges would have denied, by agent, action.
  package var denied: [DeniedUse]
  /// Possible chains now, and with the proposed privileges of all agents.
  package var chains: Int
  package var chainsLeft: Int
  /// What the cut set alone would have denied, and the chains that it leaves; nil without one.
  package var cutSet: CutSetReplay?
  /// The gates' own texts, read again and judged over the window; nil without gates.
  package var gates: GateReplay?

  /// Whether nothing that was observed would have been denied.
  package var isClean: Bool { denied.isEmpty && cutSet?.denied.isEmpty ?? true }
}

/// Uses of one action that would have been denied.
package struct DeniedUse: Sendable, Equatable {
  package var agent: String
  package var owner: String?
  package var action: String
  /// The resources, sorted; empty where the action as a whole is gone.
  package var resources: [String]
  /// Allowed uses of the action in the window; of those on other resources some would have passed.
  package var uses: Int
  /// Tasks in which events that were kept show the action, sorted, the first `tasksMax`.
  package var tasks: [String]

  /// The most tasks that are named.
  package static let tasksMax = 20
}

/// The cut set in the replay.
package struct CutSetReplay: Sendable, Equatable {
  package var denied: [DeniedUse]
  /// Possible chains that end when its privileges are denied, of those that were possible.
  package var ended: Int
}

/// The gates in the replay.
package struct GateReplay: Sendable, Equatable {
  /// Chains that happened, and those that would have waited.
  package var chains: Int
  package var stopped: Int
  /// What would have waited, by gate, task.
  package var waits: [GateWait]
  /// Tasks among `waits` that were part of no chain that happened.
  package var innocentTasks: Int
}

/// A task that would have waited at a gate.
package struct GateWait: Sendable, Equatable {
  /// The gate's policy.
  package var gate: String
  package var task: String
  package var agent: String
  package var owner: String?
  package var action: String
  /// Uses of the task that would have waited.
  package var uses: Int
  /// Whether it was part of no chain that happened.
  package var isInnocent: Bool
}
