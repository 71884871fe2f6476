/// How bad it is when a policy is broken, and the bands of every index.
package enum Severity: String, Sendable, CaseIterable, Comparable {
  case low, moderate, high, critical

  /// 0 for low to 3 for critical.
  package var rank: Int {
    switch self {
    case .low: return 0
    case .moderate: return 1
    case .high: return 2
    case .critical: return 3
    }
  }

  package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
}
