internal import Model

/// Makes one agent of all that the sources say about it, and lets every event, statement and trust
/// name it by its id.
///
/// An inventory outranks a platform's own records, and these outrank events. Where two of one rank
/// differ, or an inventory differs from a platform about owner, environment, purpose, the first by
/// rank, path and line is kept and the difference is a problem.
func mergeAgents(
  _ records: [AgentRecord], delegators: [Symbol], sessions: [String: AgentJoin],
  into input: inout ReviewInput, limits: InputLimits
) {
  let sorted = records.enumerated().sorted { left, right in
    if left.element.rank != right.element.rank { return left.element.rank < right.element.rank }
    return left.offset < right.offset
  }.map(\.element)
  var aliases = Aliases(sorted, files: input.files)
  let used = Set(
    sorted.map(\.agent.id) + input.trusts.flatMap { [$0.from, $0.to] }
      + namedIDs(input, delegators, aliases: nil))
  var joins = AgentJoins(sorted, used: used, knowing: aliases.ids, files: input.files)
  joins.add(sessions)
  aliases.add(joins.ids)
  input.joins.agents = joins.finished(aliases.id)
  var problems = aliases.problems + joins.problems
  var merged: [String: Merged] = [:]
  for record in sorted {
    var agent = record.agent
    agent.id = aliases.id(agent.id)
    if merged[agent.id] == nil {
      merged[agent.id] = Merged(agent: agent, rank: record.rank)
    } else {
      merged[agent.id]?.merge(agent, record.rank, files: input.files, &problems)
    }
  }
  for index in input.statements.indices {
    let agent = input.statements[index].agent
    let id = aliases.id(agent)
    if id != agent { input.statements[index].agent = id }
  }
  for index in input.trusts.indices {
    input.trusts[index].from = aliases.id(input.trusts[index].from)
    input.trusts[index].to = aliases.id(input.trusts[index].to)
  }
  for index in input.reportedUses.indices {
    input.reportedUses[index].agent = aliases.id(input.reportedUses[index].agent)
  }
  for index in input.credentials.indices {
    input.credentials[index].agent = aliases.id(input.credentials[index].agent)
  }
  resolve(&input, aliases)
  for id in namedIDs(input, delegators, aliases: aliases) where merged[id] == nil {
    var agent = Agent(id: id)
    agent.isInInventory = false
    merged[id] = Merged(agent: agent, rank: .event)
  }
  input.agents = merged.values.map(\.finished).sorted { $0.id < $1.id }
  for index in input.agents.indices {
    let resolved = input.agents[index].mayDelegateTo.map { aliases.id($0) }
    input.agents[index].mayDelegateTo = Array(Set(resolved)).sorted()
  }
  input.trusts = sortedTrusts(input.trusts)
  note(problems, in: &input, limits: limits)
}

/// Lists problems with the files that they are about, and counts them there.
func note(_ problems: [Problem], in input: inout ReviewInput, limits: InputLimits) {
  let byFile = Dictionary(grouping: problems, by: \.file)
  for index in input.files.indices {
    let path = input.files[index].path
    var log = ProblemLog(file: path, limits: limits)
    for problem in byFile[path] ?? [] {
      log.add(line: problem.line, problem.reason, consequence: problem.consequence)
    }
    input.files[index].problems += log.count
    input.problems += log.finished()
  }
}

/// Replaces aliases in the events' agent, delegating agent and actor.
private func resolve(_ input: inout ReviewInput, _ aliases: Aliases) {
  input.spilled?.aliases = aliases.ids
  var replacement: [Symbol: Symbol] = [:]
  for (alias, id) in aliases.ids.sorted(by: { $0.key < $1.key }) {
    guard let symbol = input.symbols.lookup(alias) else { continue }
    replacement[symbol] = input.symbols.intern(id)
  }
  guard !replacement.isEmpty else { return }
  for index in input.table.events.indices {
    let event = input.table.events[index]
    if let agent = replacement[event.agent] { input.table.events[index].agent = agent }
    if let agent = replacement[event.delegatedBy] { input.table.events[index].delegatedBy = agent }
    if let actor = replacement[event.actor] { input.table.events[index].actor = actor }
  }
  input.activity = input.activity.renaming(replacement, input.symbols)
}

/// The ids that events and statements name, sorted.
private func namedIDs(
  _ input: ReviewInput, _ delegators: [Symbol], aliases: Aliases?
) -> [String] {
  var ids = Set(input.statements.map(\.agent))
  ids.formUnion(input.reportedUses.map(\.agent))
  for activity in input.activity.agents { ids.insert(input.symbols.text(activity.agent)) }
  for delegator in delegators {
    let text = input.symbols.text(delegator)
    ids.insert(aliases?.id(text) ?? text)
  }
  return ids.sorted()
}

private func sortedTrusts(_ trusts: [Trust]) -> [Trust] {
  let sorted = trusts.sorted {
    ($0.from, $0.to, $0.condition ?? "", $0.position)
      < ($1.from, $1.to, $1.condition ?? "", $1.position)
  }
  var kept: [Trust] = []
  for trust in sorted {
    let last = kept.last
    let isRepeated =
      last?.from == trust.from && last?.to == trust.to && last?.condition == trust.condition
    if !isRepeated { kept.append(trust) }
  }
  return kept
}

/// Which id an alias stands for.
private struct Aliases {
  private(set) var ids: [String: String] = [:]
  private(set) var problems: [Problem] = []

  init(_ records: [AgentRecord], files: [InputFile]) {
    let inventory = Set(records.filter { $0.rank == .inventory }.map(\.agent.id))
    for record in records {
      for alias in record.agent.aliases where alias != record.agent.id {
        let other = inventory.contains(alias) ? alias : ids[alias]
        if let other, other != record.agent.id {
          let agents = "\(quoted(other)) and \(quoted(record.agent.id))"
          problems.append(
            problem(
              record.agent, files, "the alias \(quoted(alias)) names both \(agents)",
              "taken for \(quoted(other))"))
        } else {
          ids[alias] = record.agent.id
        }
      }
    }
  }

  /// Adds names that were joined by a rule.
  mutating func add(_ joined: [String: String]) {
    ids.merge(joined) { known, _ in known }
  }

  /// The id that an id or alias stands for.
  func id(_ id: String) -> String { ids[id] ?? id }
}

private func problem(
  _ agent: Agent, _ files: [InputFile], _ reason: String, _ consequence: String
) -> Problem {
  let file = agent.position.map { Int($0.file) } ?? -1
  return Problem(
    file: files.indices.contains(file) ? files[file].path : "",
    line: Int(agent.position?.line ?? 0), reason: reason, consequence: consequence)
}

/// An agent so far, and the best rank that described it.
private struct Merged {
  private var agent: Agent
  private let rank: AgentRecord.Rank
  private var attributeNames: Set<String>

  init(agent: Agent, rank: AgentRecord.Rank) {
    self.agent = agent
    self.rank = rank
    attributeNames = Set(agent.attributes.map(\.name))
  }

  /// The agent with its lists in order.
  var finished: Agent {
    var finished = agent
    finished.aliases = Array(Set(agent.aliases)).sorted()
    finished.attributes.sort { $0.name < $1.name }
    return finished
  }

  /// Fills what is unknown from a later record.
  mutating func merge(
    _ later: Agent, _ laterRank: AgentRecord.Rank, files: [InputFile], _ problems: inout [Problem]
  ) {
    let isSameRank = laterRank == rank
    func note(_ field: String, _ kept: String, _ other: String) {
      problems.append(
        problem(
          later, files,
          "\(field) \(quoted(other)) of \(quoted(later.id)) differs from \(quoted(kept))",
          "\(quoted(kept)) is kept"))
    }
    let texts: [(path: WritableKeyPath<Agent, String?>, field: String, isCompared: Bool)] = [
      (\.name, "name", isSameRank), (\.owner, "owner", true), (\.sponsor, "sponsor", true),
      (\.purpose, "purpose", isSameRank), (\.environment, "environment", true),
      (\.criticality, "criticality", true),
    ]
    for text in texts {
      guard let other = later[keyPath: text.path] else { continue }
      if let kept = agent[keyPath: text.path] {
        if text.isCompared, kept != other { note(text.field, kept, other) }
      } else {
        agent[keyPath: text.path] = other
      }
    }
    if let kind = later.kind {
      if let kept = agent.kind, kept != kind, isSameRank, laterRank != .event {
        note("kind", kept.rawValue, kind.rawValue)
      }
      agent.kind = agent.kind ?? kind
    }
    if isSameRank, let kept = agent.expires, let other = later.expires, kept != other {
      note("expires", kept.rfc3339, other.rfc3339)
    }
    agent.created = agent.created ?? later.created
    agent.expires = agent.expires ?? later.expires
    agent.aliases += later.aliases
    agent.mayDelegateTo += later.mayDelegateTo
    let added = later.attributes.filter { !attributeNames.contains($0.name) }
    agent.attributes += added
    attributeNames.formUnion(added.map(\.name))
    agent.position = agent.position ?? later.position
    agent.isInInventory = agent.isInInventory || later.isInInventory
  }
}
