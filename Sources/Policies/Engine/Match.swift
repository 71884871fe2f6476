package import Model

/// How a chain stands.
package enum MatchStatus: String, Sendable, CaseIterable {
  /// The policy was broken.
  case realised
  /// It would be, but for an event that excuses it: a working control.
  case excused
  /// All steps but one, which was denied or failed; or all but the last of three or more.
  case nearMiss = "near-miss"
  /// A field that the policy needs was missing, or the log starts too late.
  case indeterminate
  /// Still open when the log ends: an obligation before its deadline, an order not yet done.
  case pending
}

/// One event of a chain and the step that it serves.
package struct MatchedStep: Sendable, Equatable {
  /// The index of the step in `Policy.stepIDs`.
  package var step: Int
  /// The index of the event in the sorted `EventTable.events`.
  package var event: Int

  /// A matched step.
  package init(step: Int, event: Int) {
    self.step = step
    self.event = event
  }
}

/// How strongly the events of a chain belong together: the strongest that holds along all of it.
package enum LinkStrength: String, Sendable, CaseIterable {
  case sameSession = "same-session"
  case sameTask = "same-task"
  case sameResource = "same-resource"
  case sameValue = "same-value"
  case valueFlows = "value-flows"
  case causalParent = "causal-parent"
}

/// One judgement of the engine: a key, a completing event, and its canonical witness.
package struct Match: Sendable, Equatable {
  /// The index of the policy in the compiled list.
  package var policy: Int
  /// How the chain stands.
  package var status: MatchStatus
  /// The values of the correlation key, as texts with the field that gave each.
  package var key: [NamedValue]
  /// The witness in step order; the last is the completing event. Aggregates list every event that
  /// counts, at most `Match.witnessEventsMax` of them, oldest dropped first.
  package var chain: [MatchedStep]
  /// The events of the aggregate's window that count, also where the chain lists fewer.
  package var aggregateEvents: Int?
  /// The aggregate's value at completion.
  package var aggregateValue: Double?
  /// For a near miss: the step that is lacking (never seen, denied or failed).
  package var missingStep: Int?
  /// The event that excuses, for `.excused`.
  package var excusedBy: Int?
  /// What the policy looked for and did not find.
  package var sought: [Sought]
  /// Equal times: some order of the tied events breaks the policy, another does not.
  package var isOrderSensitive: Bool
  /// The source has no clock: spans of time were not judged.
  package var isUntimed: Bool
  /// For `.indeterminate`: the missing field or the reason.
  package var indeterminateReason: String?
  /// For an obligation: when what had to come was due; it is violated then.
  package var due: Timestamp?
  /// How strongly the chain is linked.
  package var linkStrength: LinkStrength
  /// The number of the episode within policy and key, from 0: completions at most `within` apart.
  package var episode: Int

  /// The most events that an aggregate's witness lists.
  package static let witnessEventsMax = 50
}

/// How a policy fared in a review: a policy that never fires may be blind rather than satisfied.
package struct PolicyHealth: Sendable, Equatable {
  /// The policy's id.
  package var policy: String
  /// Events that matched each step, in step order.
  package var matchedPerStep: [Int]
  /// Keys with an event at the first step.
  package var keys: Int = 0
  package var completions: Int = 0
  package var episodes: Int = 0
  package var excused: Int = 0
  package var nearMisses: Int = 0
  package var indeterminate: Int = 0
  package var pending: Int = 0
  /// Candidate events that lack the correlation key.
  package var unkeyed: Int = 0
  /// Warnings from lint and from the run, sorted.
  package var warnings: [String] = []

  /// The health of a policy before a run.
  package init(policy: String, steps: Int) {
    self.policy = policy
    matchedPerStep = Array(repeating: 0, count: steps)
  }
}

/// What one run of the engine says.
package struct Evaluation: Sendable {
  /// The judgements, sorted by policy, key, completing event.
  package var matches: [Match] = []
  /// One for each policy, in their order.
  package var health: [PolicyHealth] = []
  /// Events that no policy looked at, counted by capability word (`unclassified` for none); sorted.
  package var unwatched: [NamedCount] = []
  /// Pairs of an event and a policy some selector of which it satisfies, or may satisfy.
  package var pairs = 0

  /// An empty evaluation.
  package init() {}
}

/// A count with a name.
package struct NamedCount: Sendable, Hashable {
  package var name: String
  package var count: Int

  /// A named count.
  package init(name: String, count: Int) {
    self.name = name
    self.count = count
  }
}
