package import Model

/// The fewest unused privileges whose removal ends possible chains.
package struct CutSet: Sendable, Equatable {
  /// What to take away, in the order in which most chains end first.
  package var rows: [CutRow]
  /// Possible chains before anything is taken away.
  package var chains: Int
  /// Ids of the findings of chains that are possible even then: their privileges are in use, or
  /// their use cannot be seen. In the review's order.
  package var left: [String]
  /// Chains that come to light only when others have ended, and stay possible: other agents of a
  /// group that delegates can run them.
  package var uncovered: Int
  /// Whether fewer rows are known not to do.
  package var isExact: Bool
  /// No fewer rows than this can end as many chains.
  package var fewest: Int
  /// Uses of what goes, over the whole window: none by the choice, so that no observed task breaks.
  package var uses: Int

  /// Possible chains that end.
  package var ended: Int { chains - left.count }
}

/// One step of a cut set: a privilege, an action on a scope by certain grants, whoever holds it.
package struct CutRow: Sendable, Equatable {
  /// The action; where a wildcard grants it, the wildcard as the statement writes it.
  package var action: String
  /// Whether a wildcard is to be replaced by what was used of it, and what the log cannot show.
  package var isNarrowing: Bool
  /// Distinct actions that go.
  package var actions: Int
  /// The resource patterns on which it is held, sorted.
  package var resources: [String]
  /// The statements that grant it, in words, sorted.
  package var origins: [String]
  /// Agents that lose it, by id: none of them was seen to use it, and the log would have shown it.
  package var holders: [String]
  /// Agents that hold it by the same grants and keep it, since they use it or their use cannot be
  /// seen; by id. A shared policy has to be parted before its statement is edited.
  package var keepers: [String]
  /// For a wildcard the level of its most hazardous action.
  package var level: Level
  /// Capability words, sorted.
  package var capabilities: [String]
  /// Possible chains that end with this row, and with it and all rows before.
  package var ends: Int
  package var endedSoFar: Int
}
