internal import Model
internal import Policies

extension ReviewInput {
  /// The identities that the review is about, by id.
  ///
  /// A person whom the inventory names, who holds no privilege that a source lists and is in no
  /// chain is context (an approver, a requester): neither an agent nor a non-human identity, and
  /// listing her as one of low risk would be a judgement that nobody made. Who has an access key
  /// is no such person: keys are for programs.
  func reviewedAgents(of evaluation: Evaluation) -> [Agent] {
    var holders = Set(statements.map(\.agent))
    for credential in credentials where credential.isActive && credential.kind != .password {
      holders.insert(credential.agent)
    }
    var actors: Set<Symbol> = []
    for match in evaluation.matches {
      for step in match.chain { actors.insert(table.events[step.event].agent) }
    }
    return agents.filter { agent in
      agent.kind != .user || holders.contains(agent.id)
        || symbols.lookup(agent.id).map(actors.contains) == true
    }.sorted { $0.id < $1.id }
  }
}
