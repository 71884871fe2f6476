internal import Findings
internal import Model

/// What of a report's lists falls to one owner, as the report has it, in the lists' order.
struct OwnerShare {
  var cleanup: [CleanupRow] = []
  /// About at least one of the owner's agents, as are the rest.
  var questions: [DecisionQuestion] = []
  var decisions: [DecisionStanding] = []
  var cuts: [CutRow] = []
  var gates: [Gate] = []
  /// By agent.
  var proposals: [String: Proposal] = [:]

  /// The shares of all owners, by their place among the groups: each list is walked once.
  static func all(of report: Report, _ groups: [RollUp.Group]) -> [OwnerShare] {
    let review = report.review
    var numbers: [String: Int] = [:]
    for (number, group) in groups.enumerated() {
      for place in group.agents { numbers[review.agents[place].agent.id] = number }
    }
    func owners(_ agents: [String]) -> Set<Int> { Set(agents.compactMap { numbers[$0] }) }
    var shares = [OwnerShare](repeating: OwnerShare(), count: groups.count)
    for row in review.cleanup {
      if let number = numbers[row.agent] { shares[number].cleanup.append(row) }
    }
    for question in review.questions {
      for number in owners(question.item.agents) { shares[number].questions.append(question) }
    }
    for standing in review.decisions {
      for number in owners(standing.taken.item.agents) { shares[number].decisions.append(standing) }
    }
    for row in review.cutSet?.rows ?? [] {
      for number in owners(row.holders) { shares[number].cuts.append(row) }
    }
    for gate in review.gates?.gates ?? [] {
      for number in owners(gate.agents) { shares[number].gates.append(gate) }
    }
    for proposal in review.proposals {
      guard let number = numbers[proposal.agent] else { continue }
      shares[number].proposals[proposal.agent] = proposal
    }
    return shares
  }
}
