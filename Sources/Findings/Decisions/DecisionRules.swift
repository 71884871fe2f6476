package import Model

extension ReviewerDecision {
  /// Why a decision does not fit its row, so that it cannot count; nil when it does.
  package func misfit(to item: DecisionItem) -> String? {
    guard !item.words.contains(word) else { return nil }
    let words = item.words.map(\.rawValue).joined(separator: ", ")
    return "`\(word.rawValue)` does not fit: \(item.title): expected \(words)"
  }

  /// What is questionable about a decision, in words.
  package func warnings(about item: DecisionItem) -> [String] {
    var warnings: [String] = []
    let own = Set((item.agents + item.names + item.owners).map(ReviewerDecision.folded))
    if !isToBeDone, own.contains(ReviewerDecision.folded(decidedBy)) {
      warnings.append("is decided by who gains from it: somebody else must")
    }
    return warnings
  }

  /// A name without case and blanks.
  private static func folded(_ name: String) -> String {
    name.lowercased().filter { !$0.isWhitespace }
  }
}

extension DecisionStanding {
  /// The exception that a decision to except a finding is; nil for any other decision.
  package var exception: Exception? {
    guard taken.decision.word == .except, taken.item.isFinding, let until = taken.decision.until
    else { return nil }
    return Exception(
      id: "decision on \(taken.item.id)", target: .finding(taken.item.id),
      owner: taken.item.owners.first ?? "nobody named", approver: taken.decision.decidedBy,
      reason: taken.decision.reason, ticket: nil, compensatingControl: nil,
      from: taken.askedTo, until: until,
      file: taken.decision.file, line: taken.decision.line)
  }
}

/// Decisions of a sheet joined to what they are about, and what of the sheet does not count.
package struct JoinedDecisions: Sendable, Equatable {
  /// By the item's id.
  package var taken: [TakenDecision] = []
  package var problems: [Problem] = []

  /// No decisions.
  package init() {}

  /// Joins decisions to the items that reviews asked about.
  ///
  /// - Parameter find: The item of a decision, nil when no review asked about it.
  package init<Mistake: Error>(
    _ decisions: [ReviewerDecision], find: (ReviewerDecision) throws(Mistake) -> TakenDecision?
  ) throws(Mistake) {
    var places: [String: Int] = [:]
    var refused: Set<String> = []
    for decision in decisions {
      guard let found = try find(decision) else {
        note(decision, "no review before this one asked about `\(decision.id.prefix(80))`")
        continue
      }
      if let misfit = decision.misfit(to: found.item) {
        note(decision, misfit)
        continue
      }
      if let review = decision.review, review != found.asked {
        problems.append(
          Problem(
            file: decision.file, line: decision.line,
            reason: "review `\(review.prefix(80))` did not ask about `\(decision.id.prefix(80))`",
            consequence: "taken as an answer to review \(found.asked), which did"))
      }
      guard let place = places[decision.id] else {
        places[decision.id] = taken.count
        taken.append(found)
        continue
      }
      guard taken[place].asked == found.asked else {
        if taken[place].askedTo < found.askedTo { taken[place] = found }
        continue
      }
      guard !taken[place].decision.says(decision) else { continue }
      refused.insert(decision.id)
      let first = taken[place].decision
      note(
        decision, "decided otherwise than at \(first.file):\(first.line): neither counts")
    }
    taken.removeAll { refused.contains($0.item.id) }
    taken.sort { $0.item.id < $1.item.id }
  }

  /// Adds decisions that an earlier review has read, where none is given that answers as late a
  /// review.
  package mutating func add(carried: [TakenDecision]) {
    var places: [String: Int] = [:]
    for (place, decision) in taken.enumerated() { places[decision.item.id] = place }
    for earlier in carried {
      guard let place = places[earlier.item.id] else {
        taken.append(earlier)
        continue
      }
      if taken[place].askedTo < earlier.askedTo {
        taken[place] = earlier
      } else if taken[place].asked == earlier.asked, !taken[place].decision.says(earlier.decision) {
        let decision = taken[place].decision
        problems.append(
          Problem(
            file: decision.file, line: decision.line,
            reason: "reads otherwise than it did for an earlier review",
            consequence: "counted as it reads now"))
      }
    }
    taken.sort { $0.item.id < $1.item.id }
  }

  private mutating func note(_ decision: ReviewerDecision, _ reason: String) {
    problems.append(
      Problem(
        file: decision.file, line: decision.line, reason: reason, consequence: "not counted"))
  }
}

extension ReviewerDecision {
  /// Whether two rows say the same.
  fileprivate func says(_ other: ReviewerDecision) -> Bool {
    word == other.word && until == other.until && decidedBy == other.decidedBy
      && reason == other.reason
  }
}
