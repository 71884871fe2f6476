package import Model
package import Policies

extension GateReplay {
  /// Judges gates, as policies that were read from their text, over the window.
  ///
  /// - Parameters:
  ///   - gates: The gates.
  ///   - evaluation: What the review's own policies found.
  package init(
    _ gates: [Policy], input: ReviewInput, evaluation: Evaluation, from: Timestamp?, to: Timestamp?
  ) {
    // Events that did not fit in memory are asked once more.
    var judged = input
    let broken = brokenEvents(gates, spilled: &judged, from: from, to: to)
    let realised = evaluation.matches.filter { $0.status == .realised }
    var violating: Set<Symbol> = []
    for match in realised {
      for step in match.chain { violating.insert(input.table.events[step.event].work) }
    }
    var owners: [String: String] = [:]
    for agent in input.agents { owners[agent.id] = agent.owner }
    var waiting: Set<Int> = []
    var waits: [[Symbol]: GateWait] = [:]
    for (gate, events) in zip(gates, broken) {
      for index in events {
        let event = judged.table.events[index]
        waiting.insert(index)
        let agent = judged.symbols.text(event.agent)
        let key = [event.work, event.agent, event.action]
        var wait =
          waits[key]
          ?? GateWait(
            gate: gate.id, task: judged.symbols.text(event.work), agent: agent,
            owner: owners[agent], action: judged.symbols.text(event.action), uses: 0,
            isInnocent: !violating.contains(event.work))
        wait.uses += 1
        waits[key] = wait
      }
    }
    chains = realised.count
    stopped = realised.count { match in match.chain.contains { waiting.contains($0.event) } }
    self.waits = waits.values.sorted {
      ($0.gate, $0.task, $0.agent, $0.action) < ($1.gate, $1.task, $1.agent, $1.action)
    }
    innocentTasks = Set(self.waits.filter(\.isInnocent).map(\.task)).count
  }
}

extension Event {
  /// The piece of work that it belongs to: its task, its session where it has none, and itself where
  /// it has neither.
  var work: Symbol {
    if task != .absent { return task }
    return session == .absent ? id : session
  }
}
