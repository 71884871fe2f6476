/// What a review works out beside its findings, which large estates may do without.
package struct ReviewExtent: Sendable {
  /// The texts that carry the advice out.
  package var proposals: Bool
  /// The window once more against them.
  package var replay: Bool

  /// What is worked out.
  package init(proposals: Bool, replay: Bool) {
    self.proposals = proposals
    self.replay = replay
  }

  /// Findings, scores and advice alone.
  package static let findings = ReviewExtent(proposals: false, replay: false)
}
