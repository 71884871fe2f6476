internal import Model

/// The part of section 6 that says which names and ids of different sources were taken for one.
struct JoinsPart {
  private let joins: Joins

  /// The part of a page.
  init(_ page: IndexPage) { joins = page.report.input.joins }

  /// All values.
  var values: ViewValue {
    let (agents, tasks) = (joins.agents, joins.tasks)
    let shown = IndexPage.Shown.joins
    return .object([
      "agents": .list(agents.prefix(shown).map(agent)), "hasAgents": .flag(!agents.isEmpty),
      "agentCount": .count(agents.count),
      "moreAgents": agents.count > shown ? .count(agents.count - shown) : .none,
      "tasks": .list(tasks.prefix(shown).map(task)), "hasTasks": .flag(!tasks.isEmpty),
      "taskCount": .count(tasks.count), "taskEvents": .count(tasks.reduce(0) { $0 + $1.events }),
      "moreTasks": tasks.count > shown ? .count(tasks.count - shown) : .none,
      "clocks": .list(joins.clocks.map { .text(clock($0)) }),
    ])
  }

  private func agent(_ join: AgentJoin) -> ViewValue {
    .object([
      "name": .text(SafeText.cut(join.name, scalarsMax: 200)),
      "agent": .text(SafeText.cut(join.agent, scalarsMax: 200)),
      "because": .text(join.rule.explanation),
    ])
  }

  private func task(_ join: TaskJoin) -> ViewValue {
    .object([
      "task": .text(SafeText.cut(join.task, scalarsMax: 200)), "source": .text(join.source),
      "knownBy": .text(join.knownBy ?? "any"), "because": .text(join.rule.explanation),
      "events": .count(join.events),
    ])
  }

  /// What requests that two sources have say about their clocks, as a sentence.
  private func clock(_ clock: ClockDifference) -> String {
    let requests = NumberText.count(clock.requests, "request", "requests")
    let both = "\(requests) that \(clock.callers) and \(clock.servers) both have"
    if !clock.isSteady { return "The clocks drift: no one difference fits \(both)." }
    if clock.isZero { return "The clocks agree as far as \(both) can tell." }
    let (least, most) = (clock.atLeast / 1_000_000, clock.atMost / 1_000_000)
    let (low, high) = least > 0 ? (least, most) : (-most, -least)
    return
      "The clock of \(clock.servers) is \(low) to \(high) ms \(least > 0 ? "ahead" : "late"), "
      + "by \(both)."
  }
}
