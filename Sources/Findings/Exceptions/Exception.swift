package import Model

/// A decision to live with a finding for a while: who took it, why, and until when.
package struct Exception: Sendable, Equatable {
  /// What an exception is for.
  package enum Target: Sendable, Equatable {
    /// One finding, by its id.
    case finding(String)
    /// Findings of policies and rules by a pattern, whose agents all match one of some patterns.
    case pattern(policy: String, agents: [String])
  }

  /// Its id, as the register of risks calls it.
  package var id: String
  package var target: Target
  /// Who answers for what is excepted.
  package var owner: String
  /// Who allowed it; somebody else.
  package var approver: String
  package var reason: String
  package var ticket: String?
  /// What is done in the meantime.
  package var compensatingControl: String?
  /// The first and the last instant on which it holds.
  package var from: Timestamp
  package var until: Timestamp
  /// Where it stands, for messages.
  package var file: String
  package var line: Int

  /// What it is for, in words.
  package var targetText: String {
    switch target {
    case .finding(let id): return "finding \(id)"
    case .pattern(let policy, let agents):
      return "policy \(policy), agents \(agents.joined(separator: ", "))"
    }
  }
}

/// How an exception stands at the end of a review.
package struct ExceptionStanding: Sendable, Equatable {
  /// Whether it holds.
  package enum State: String, Sendable, CaseIterable {
    case inForce = "in force"
    case ended
    case notBegun = "not begun"
    /// The review has no date to hold it against.
    case notJudged = "not judged"
  }

  package var exception: Exception
  package var state: State
  /// Ids of the findings that it is for, in the review's order; excused ones are none.
  package var findings: [String]
  /// What a reviewer should question about it, in words.
  package var warnings: [String]
}
