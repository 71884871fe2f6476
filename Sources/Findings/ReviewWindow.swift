package import Model

/// The span of time that a review reports on.
package struct ReviewWindow: Sendable, Equatable {
  /// The first instant; nil when no event has a time and none was asked for.
  package var from: Timestamp?
  /// The last instant, which is the review's date.
  package var to: Timestamp?

  /// The window asked for; where a bound is open, the first or last time that is near the others.
  package init(of times: TimeSpread, from: Timestamp?, to: Timestamp?) {
    let plausible = times.plausible
    self.from = from ?? plausible?.lowerBound
    self.to = to ?? plausible?.upperBound
  }
}
