/// What a review works out beside its findings, which large estates may do without.
package struct ReviewExtent: Sendable {
  /// The texts that carry the advice out.
  package var proposals: Bool
  /// The window once more against them.
  package var replay: Bool

  /// Earlier decisions that are held against it.
  package var decisions: [TakenDecision]

  /// What is worked out.
  package init(proposals: Bool, replay: Bool, decisions: [TakenDecision]) {
    self.proposals = proposals
    self.replay = replay
    self.decisions = decisions
  }

  /// Findings, scores and advice alone.
  package static let findings = ReviewExtent(proposals: false, replay: false, decisions: [])
}
