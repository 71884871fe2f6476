internal import Findings
internal import Model

/// Rewrites what is asked, decided and advised for one owner.
///
/// A row that is of several owners says which of its agents are this one's, and no count: what it
/// would end, or make wait, is of all of them.
struct OwnerAdvice {
  let texts: OwnerTexts
  /// The owner; nil for the agents of whom no input states one.
  let owner: String?

  /// A gate as one owner may see it.
  struct OwnGate {
    var gate: Gate
    /// Whether it is for agents of others as well: then its counts are not said, nor its text.
    var isShared: Bool
  }

  /// One row of the clean-up list without names of others.
  func row(_ row: CleanupRow) -> CleanupRow {
    var row = row
    row.action = texts.value(row.action)
    row.resources = row.resources.map(texts.value)
    row.narrowTo = row.narrowTo.map(texts.value)
    row.origin = Origin(policy: texts.value(row.origin.text), statement: nil)
    row.because = texts.value(row.because)
    return row
  }

  /// A row of the cut set.
  func cut(_ row: CutRow) -> CutRow {
    var own = row
    own.action = texts.value(row.action)
    own.resources = row.resources.map(texts.value)
    own.origins = row.origins.map(texts.value)
    own.holders = row.holders.filter(texts.isOwn)
    own.keepers = texts.identities(row.keepers)
    if own.holders.count < row.holders.count { own.actions = 1 }
    own.ends = 0
    own.endedSoFar = 0
    return own
  }

  /// A gate.
  func gate(_ gate: Gate) -> OwnGate {
    var own = gate
    own.action = texts.value(gate.action)
    own.agents = gate.agents.filter(texts.isOwn)
    own.findings = gate.findings.map(texts.prose)
    let isShared = own.agents.count < gate.agents.count
    if isShared || !texts.isClean(gate.text) { own.text = "" }
    return OwnGate(gate: own, isShared: isShared)
  }

  /// What would take the place of an agent's grants. A text that names somebody else is left empty:
  /// with a part taken out it would be of no use.
  func proposal(_ proposal: Proposal) -> Proposal {
    var own = proposal
    own.texts = proposal.texts.map { text in
      var text = text
      if !texts.isClean(text.text) { text.text = "" }
      return text
    }
    own.notes = proposal.notes.map(texts.value)
    own.statements = []
    return own
  }

  // MARK: decisions

  /// A row of the decision sheet; nil where its id names somebody else, so that no sheet but the
  /// whole one can have it.
  func question(_ question: DecisionQuestion) -> DecisionQuestion? {
    guard texts.prose(question.item.id) == question.item.id else { return nil }
    var own = question
    own.item = item(question.item)
    if case .finding(_, let kind, _, _) = question.item.subject {
      own.because = texts.because(question.because, of: kind, agents: question.item.agents)
    } else {
      own.because = texts.value(question.because)
    }
    own.standing = question.standing.map(standing)
    return own
  }

  /// An earlier decision with what became of it.
  func standing(_ standing: DecisionStanding) -> DecisionStanding {
    var own = standing
    let item = standing.taken.item
    own.taken.item = self.item(item)
    own.taken.asked = texts.prose(standing.taken.asked)
    let reviewer = standing.taken.decision.decidedBy
    own.taken.decision.decidedBy = texts.value(reviewer) == reviewer ? reviewer : "a reviewer"
    own.taken.decision.reason = texts.value(standing.taken.decision.reason)
    own.taken.decision.file = texts.value(standing.taken.decision.file)
    own.evidence = evidence(standing.evidence, of: item)
    return own
  }

  /// What was seen; of what is about agents of several owners only what says nothing of others.
  private func evidence(_ evidence: [String], of item: DecisionItem) -> [String] {
    guard item.agents.contains(where: { !texts.isOwn($0) }) else {
      return evidence.map(texts.value)
    }
    var isChain = false
    if case .finding(_, .composition, _, _) = item.subject { isChain = true }
    let own = isChain ? evidence.filter { texts.value($0) == $0 } : []
    return own.count == evidence.count ? own : own + ["the rest is another owner's: not shown"]
  }

  private func item(_ item: DecisionItem) -> DecisionItem {
    var own = item
    own.id = texts.prose(item.id)
    own.title = item.isFinding ? texts.prose(item.title) : texts.value(item.title)
    own.agents = texts.identities(item.agents)
    own.names = []
    own.owners = owner.map { [$0] } ?? []
    switch item.subject {
    case .finding(let policy, let kind, let status, let steps):
      own.subject = .finding(
        policy: texts.prose(policy), kind: kind, status: status,
        steps: steps.filter { texts.isOwn($0.agent) }.map {
          DecisionItem.Step(agent: $0.agent, action: texts.value($0.action))
        })
    case .advice(var advice):
      advice.actions = advice.actions.map(texts.value)
      advice.besides = []
      advice.resources = advice.resources.map(texts.value)
      advice.via = texts.value(advice.via)
      own.subject = .advice(advice)
    }
    return own
  }
}
