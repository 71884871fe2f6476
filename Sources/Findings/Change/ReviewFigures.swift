package import Model

/// One review in a few numbers, for the trend over many.
package struct ReviewFigures: Sendable, Equatable {
  /// The review's id and window; one without an end has no place in a trend.
  package var review: String
  package var from: Timestamp?
  package var to: Timestamp
  /// Agents in each band, lower bounds included, and those without a score.
  package var critical = 0
  package var high = 0
  package var moderate = 0
  package var low = 0
  package var notAssessed = 0
  /// Single actions over all agents.
  package var held = 0
  package var unused = 0
  /// Single actions whose use no log can show; nil for a review that did not keep it.
  package var unseen: Int? = 0
  /// Findings by how they stood; absent is none.
  package var findings: [Finding.Status: Int] = [:]

  /// Figures of a review, none yet.
  package init(review: String, from: Timestamp?, to: Timestamp) {
    self.review = review
    self.from = from
    self.to = to
  }

  /// The figures of a snapshot; nil for one without an end.
  package init?(_ snapshot: ReviewSnapshot) {
    guard let end = snapshot.to else { return nil }
    self.init(review: snapshot.review, from: snapshot.from, to: end)
    for agent in snapshot.agents {
      switch agent.band {
      case .critical: critical += 1
      case .high: high += 1
      case .moderate: moderate += 1
      case .low: low += 1
      case nil: notAssessed += 1
      }
      held += agent.held
      unused += agent.unused
      unseen = unseen.flatMap { sum in agent.unseen.map { sum + $0 } }
    }
    for finding in snapshot.findings { findings[finding.status, default: 0] += 1 }
  }
}
