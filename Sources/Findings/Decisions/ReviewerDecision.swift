package import Model

/// What a reviewer decided on one row of the decision sheet: a finding, or advice on privileges.
package struct ReviewerDecision: Sendable, Equatable {
  /// What is to be done.
  package enum Word: String, Sendable, CaseIterable {
    /// Stays as it is.
    case keep
    /// The privileges go; a chain cannot be run any more.
    case revoke
    /// The privileges get narrower; a chain does not happen any more.
    case narrow
    /// Is lived with until a date.
    case except
  }

  /// The id of the finding or advice.
  package var id: String
  /// The review whose sheet it was, as the sheet says it; nil where it does not.
  package var review: String?
  package var word: Word
  /// Who decided.
  package var decidedBy: String
  package var reason: String
  /// For `revoke` and `narrow` by when it is to be done, for `keep` and `except` how long it holds:
  /// the last instant.
  package var until: Timestamp?
  /// Where it stands, for messages.
  package var file: String
  package var line: Int

  /// A decision as a sheet has it.
  package init(
    id: String, review: String?, word: Word, decidedBy: String, reason: String, until: Timestamp?,
    file: String, line: Int
  ) {
    self.id = id
    self.review = review
    self.word = word
    self.decidedBy = decidedBy
    self.reason = reason
    self.until = until
    self.file = file
    self.line = line
  }

  /// Whether something has to be carried out.
  package var isToBeDone: Bool { word == .revoke || word == .narrow }
}

/// What a row of the decision sheet is about: enough to find it again in a later review.
package struct DecisionItem: Sendable, Equatable {
  /// A step of a chain: who does what.
  package struct Step: Sendable, Equatable {
    package var agent: String
    package var action: String

    /// A step.
    package init(agent: String, action: String) {
      self.agent = agent
      self.action = action
    }
  }

  /// What there is to decide on.
  package enum Subject: Sendable, Equatable {
    /// A finding, with the privileges that its steps use.
    case finding(policy: String, kind: Finding.Kind, status: Finding.Status, steps: [Step])
    /// One piece of advice on what one statement grants one agent.
    case advice(Advice)
  }

  /// Privileges of one agent by one statement for which the advice is the same.
  package struct Advice: Sendable, Equatable {
    package var advice: CleanupRow.Advice
    /// Names of actions, sorted; a wildcard where a service has too many to name.
    package var actions: [String]
    /// For wildcards the actions that were used, and so are not meant; sorted.
    package var besides: [String]
    /// The resource patterns on which they are granted, sorted.
    package var resources: [String]
    /// The statement that grants them, in words.
    package var via: String

    /// Advice on privileges.
    package init(
      advice: CleanupRow.Advice, actions: [String], besides: [String], resources: [String],
      via: String
    ) {
      self.advice = advice
      self.actions = actions
      self.besides = besides
      self.resources = resources
      self.via = via
    }
  }

  /// The finding's id, or `advice-<12 hex digits>` of agent, statement and advice: the same from
  /// quarter to quarter.
  package var id: String
  /// One line for people.
  package var title: String
  /// Agents by id, sorted.
  package var agents: [String]
  /// Names of these agents and who owns them, sorted.
  package var names: [String]
  package var owners: [String]
  package var subject: Subject

  /// An item of its parts.
  package init(
    id: String, title: String, agents: [String], names: [String], owners: [String],
    subject: Subject
  ) {
    self.id = id
    self.title = title
    self.agents = agents
    self.names = names
    self.owners = owners
    self.subject = subject
  }

  /// The decisions that it allows: who is nobody's agent cannot be narrowed, and a log that is
  /// lacking cannot be taken away.
  package var words: [ReviewerDecision.Word] {
    switch subject {
    case .advice: return ReviewerDecision.Word.allCases
    case .finding(_, let kind, _, _):
      switch kind {
      case .composition, .privilege: return ReviewerDecision.Word.allCases
      case .identity: return [.keep, .revoke, .except]
      case .evidence, .policy: return [.keep, .except]
      }
    }
  }

  /// 32 hex digits that are the same for items that say the same.
  package var digest: String {
    var texts = [id, title]
    func add(_ list: [String]) { texts += ["\(list.count)"] + list }
    for list in [agents, names, owners] { add(list) }
    switch subject {
    case .finding(let policy, let kind, let status, let steps):
      texts += ["finding", policy, kind.rawValue, status.rawValue]
      add(steps.map(\.agent))
      add(steps.map(\.action))
    case .advice(let advice):
      texts += ["advice", advice.advice.rawValue, advice.via]
      for list in [advice.actions, advice.besides, advice.resources] { add(list) }
    }
    return Findings.digest(texts, hexDigits: 32)
  }

  /// Whether it is a finding, and no advice.
  package var isFinding: Bool {
    if case .finding = subject { return true }
    return false
  }
}

/// One row of the decision sheet that a review writes.
package struct DecisionQuestion: Sendable, Equatable {
  package var item: DecisionItem
  /// How grave a finding is; nil for advice.
  package var severity: Severity?
  /// The most points by which a row of the advice lowers its agent's privilege index; nil for
  /// findings.
  package var points: Int?
  /// Why, in words.
  package var because: String
  /// An earlier decision that still holds or is still to be done, with what became of it.
  package var standing: DecisionStanding?

  /// Whether an earlier decision still holds, so that nothing is to be decided now.
  package var isSettled: Bool { standing?.state == .inForce }
}

/// A decision, with what it was about when it was taken.
package struct TakenDecision: Sendable, Equatable {
  package var decision: ReviewerDecision
  package var item: DecisionItem
  /// The review whose sheet asked, and its end.
  package var asked: String
  package var askedTo: Timestamp
  /// The latest earlier review that found it done; nil when none did.
  package var doneIn: String?
  /// Whether an earlier review has read it, and no file of this one has it.
  package var isCarried: Bool

  /// A decision with its item.
  package init(
    decision: ReviewerDecision, item: DecisionItem, asked: String, askedTo: Timestamp,
    doneIn: String?, isCarried: Bool
  ) {
    self.decision = decision
    self.item = item
    self.asked = asked
    self.askedTo = askedTo
    self.doneIn = doneIn
    self.isCarried = isCarried
  }
}

/// What became of a decision by the end of a review.
package struct DecisionStanding: Sendable, Equatable {
  /// How it stands.
  package enum State: String, Sendable, CaseIterable {
    /// It was done, and is not any more.
    case undoneAgain = "undone again"
    /// It is not done, and the date by which it was to be has passed.
    case late
    case notDone = "not done"
    /// What was to stay for a while has stayed for longer.
    case ended
    /// The review cannot see whether it was done.
    case notJudged = "not judged"
    case inForce = "in force"
    case done
  }

  package var taken: TakenDecision
  package var state: State
  /// What the review saw of it, in words; never empty.
  package var evidence: [String]
  /// What is questionable about it, in words.
  package var warnings: [String]

  /// A decision with what became of it.
  package init(taken: TakenDecision, state: State, evidence: [String], warnings: [String]) {
    self.taken = taken
    self.state = state
    self.evidence = evidence
    self.warnings = warnings
  }
}
