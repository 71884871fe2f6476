package import Model

/// What changed since an earlier review, and whose change it was.
package struct ReviewChange: Sendable, Equatable {
  /// Why something is different.
  package enum Cause: String, Sendable, CaseIterable, Comparable {
    /// The organisation's privileges, agents or actions.
    case organisation
    /// Which logs and inventories were given.
    case evidence
    /// Which policies were applied, or what they say.
    case policies
    /// What actions mean.
    case vocabulary
    /// The numbers of the scores.
    case scoring
    /// Chains grow old.
    case time

    package static func < (left: Cause, right: Cause) -> Bool {
      let order = Cause.allCases
      return (order.firstIndex(of: left) ?? 0) < (order.firstIndex(of: right) ?? 0)
    }
  }

  /// How a finding changed.
  package enum Kind: String, Sendable, CaseIterable {
    case new, reopened, worse, better
    /// It is not there any more: for a chain, not in this window.
    case resolved
  }

  /// One finding that changed.
  package struct FindingChange: Sendable, Equatable {
    package var kind: Kind
    package var finding: String
    package var policy: String
    package var title: String
    package var agents: [String]
    package var severity: Severity
    /// How it stood and stands; nil where it was or is not there.
    package var before: Finding.Status?
    package var after: Finding.Status?
    /// For a finding that was there before the last review: the review in which it was last seen.
    package var lastSeenIn: String?
    /// Why, sorted.
    package var causes: [Cause]
  }

  /// One agent whose scores changed.
  package struct AgentChange: Sendable, Equatable {
    package var agent: String
    /// Scores before and after; nil where not assessed or not there.
    package var privilegeBefore: Int?
    package var privilegeAfter: Int?
    package var compositionBefore: Int?
    package var compositionAfter: Int?
    package var isNew: Bool
    package var isGone: Bool
    /// Why, sorted.
    package var causes: [Cause]
  }

  /// The review that it is compared with, and its window.
  package var baseline: String
  package var baselineFrom: Timestamp?
  package var baselineTo: Timestamp?
  /// Whole days between the two windows that neither shows; nil where a window is not known.
  package var gapDays: Int?
  /// What the two reviews were judged by differently, in words.
  package var ruleChanges: [String]
  /// Findings that changed: by kind, falling severity, id.
  package var findings: [FindingChange]
  /// Findings that are as they were.
  package var unchanged: Int
  /// Agents whose scores changed, by id.
  package var agents: [AgentChange]

  /// How many findings changed in a way.
  package func count(_ kind: Kind) -> Int { findings.count { $0.kind == kind } }
}
