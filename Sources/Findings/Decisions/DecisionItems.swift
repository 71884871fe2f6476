internal import Model

/// Makes what a review asks its reviewers to decide.
///
/// Findings whose chain was approved or is still open ask nothing, and no advice does that says to
/// keep something: what is left are rows that somebody can say yes or no to. Advice on the same
/// statement of the same agent is one row, since a statement is what is edited.
struct DecisionItems {
  /// Agents by id.
  let agents: [String: Agent]

  /// The questions: findings by status and risk, as the review has them, but for what could merely
  /// happen, then advice by what it is worth, then what could.
  func questions(findings: [Finding], cleanup: [CleanupRow]) -> [DecisionQuestion] {
    let asked = findings.filter { $0.status != .excused && $0.status != .pending }
    return asked.filter { $0.status != .latent }.map(question) + advice(cleanup)
      + asked.filter { $0.status == .latent }.map(question)
  }

  private func question(_ finding: Finding) -> DecisionQuestion {
    var steps: [DecisionItem.Step] = []
    for privilege in finding.privileges where finding.kind == .composition {
      let step = DecisionItem.Step(agent: privilege.agent, action: privilege.action)
      if !steps.contains(step) { steps.append(step) }
    }
    return DecisionQuestion(
      item: item(
        id: finding.id, title: finding.title, agents: finding.agents,
        .finding(
          policy: finding.policy, kind: finding.kind, status: finding.status, steps: steps)),
      severity: finding.severity, points: nil, because: finding.because, standing: nil)
  }

  private func item(
    id: String, title: String, agents ids: [String], _ subject: DecisionItem.Subject
  ) -> DecisionItem {
    let known = ids.compactMap { agents[$0] }
    return DecisionItem(
      id: id, title: title, agents: ids, names: Set(known.compactMap(\.name)).sorted(),
      owners: Set(known.compactMap(\.owner)).sorted(), subject: subject)
  }

  /// Which rows of advice are one question.
  private struct Group: Hashable {
    var agent: String
    var via: String
    var advice: CleanupRow.Advice
  }

  private func advice(_ cleanup: [CleanupRow]) -> [DecisionQuestion] {
    var order: [Group] = []
    var groups: [Group: [CleanupRow]] = [:]
    for row in cleanup where row.advice.isAsked {
      let group = Group(agent: row.agent, via: row.origin.text, advice: row.advice)
      if groups[group] == nil { order.append(group) }
      groups[group, default: []].append(row)
    }
    return order.map { question($0, groups[$0] ?? []) }
  }

  private func question(_ group: Group, _ rows: [CleanupRow]) -> DecisionQuestion {
    func union(_ texts: (CleanupRow) -> [String]) -> [String] {
      Set(rows.flatMap(texts)).sorted()
    }
    let actions = union { $0.patterns.isEmpty ? [$0.action] : $0.patterns }
    let advice = DecisionItem.Advice(
      advice: group.advice, actions: actions, besides: union { $0.besides },
      resources: union { $0.resources }, via: group.via)
    let id = digest([group.agent, group.via, group.advice.rawValue], hexDigits: 12)
    let count = rows.reduce(0) { $0 + $1.actions }
    let what = count == 1 ? actions.first ?? "" : counted(count, "action")
    return DecisionQuestion(
      item: item(
        id: "advice-\(id)", title: "\(group.advice.rawValue): \(what), granted by \(group.via)",
        agents: [group.agent], .advice(advice)),
      severity: nil, points: rows.map(\.riskRemoved).max(), because: rows.first?.because ?? "",
      standing: nil)
  }
}

extension [DecisionQuestion] {
  /// The same questions with what was decided before; those that are settled come last.
  func standing(_ decisions: [DecisionStanding]) -> [DecisionQuestion] {
    let byItem = Dictionary(decisions.map { ($0.taken.item.id, $0) }) { first, _ in first }
    let all = map { question in
      var question = question
      question.standing = byItem[question.item.id]
      return question
    }
    return all.filter { !$0.isSettled } + all.filter(\.isSettled)
  }
}

extension CleanupRow.Advice {
  /// Whether it asks somebody to decide: what is to be kept, or cannot be judged, does not.
  package var isAsked: Bool {
    switch self {
    case .revoke, .narrow, .justInTime, .needsOwner: return true
    case .keep, .keepEvidenceThin: return false
    }
  }
}
