internal import Model
internal import Policies

/// One privilege of one agent, by their numbers.
struct HeldAction: Hashable {
  let agent: Int
  let block: Int
  let action: Int
}

/// A chain that could be run, and the privileges that it names for its steps.
struct LatentChain {
  let finding: Finding
  let steps: [HeldAction]
}

/// Finds chains that an agent, or agents that delegate to each other, could run by what they hold.
///
/// One finding a policy and agent (or group): each step names the widest, most hazardous privilege
/// that fits together with the others; how many more would serve stands in the assumptions.
struct LatentChains {
  let policies: [Policy]
  /// By id, as `privileges`.
  let agents: [Agent]
  let privileges: [AgentPrivileges]
  let catalogue: ActionCatalogue
  let scoring: Scoring
  /// Privileges that are taken as gone.
  var without: Set<HeldAction> = []
  private let steps: [[LatentStep]]
  private let reachable: Delegations

  /// Privileges that are tried for one step, the heaviest first, and combinations for one chain.
  private static let candidatesMax = 24
  private static let triesMax = 20_000

  /// One chain: a candidate for each step, and how many more would have served.
  private struct Chain {
    let steps: [StepCandidate]
    let alternatives: [Int]
    let assumed: [String]
  }

  init(
    policies: [Policy], agents: [Agent], trusts: [Trust], privileges: [AgentPrivileges],
    catalogue: ActionCatalogue, scoring: Scoring
  ) {
    self.policies = policies
    self.agents = agents
    self.privileges = privileges
    self.scoring = scoring
    var catalogue = catalogue
    steps = policies.map { LatentStep.steps(of: $0, catalogue: &catalogue) }
    self.catalogue = catalogue
    reachable = Delegations(agents: agents, trusts: trusts)
  }

  /// The chains, in no particular order; none for agents that realised the same policy.
  func chains(besides known: [Finding]) -> [LatentChain] {
    var realised: [String: Set<String>] = [:]
    for finding in known where finding.status == .realised {
      realised[finding.policy, default: []].formUnion(finding.agents)
    }
    var chains: [LatentChain] = []
    for (policy, steps) in zip(policies, steps) where !steps.isEmpty {
      let done = realised[policy.id] ?? []
      let own = agents.indices.map { candidates(of: $0, steps: steps) }
      var isAlone = [Bool](repeating: false, count: agents.count)
      for agent in agents.indices where own[agent].allSatisfy({ !$0.isEmpty }) {
        guard let chain = chain(own[agent], steps: steps) else { continue }
        isAlone[agent] = true
        if !done.contains(agents[agent].id) { chains.append(latent(policy, steps, chain)) }
      }
      guard let delegation = policy.delegation else { continue }
      var seen: Set<String> = []
      for agent in agents.indices where !isAlone[agent] {
        let group = reachable.group(of: agent, depth: delegation.depth)
        guard group.count > 1, !group.contains(where: { isAlone[$0] }),
          let chain = chain(merge(group.map { own[$0] }), steps: steps)
        else { continue }
        let latent = latent(policy, steps, chain)
        let finding = latent.finding
        if done.isDisjoint(with: finding.agents), seen.insert(finding.id).inserted {
          chains.append(latent)
        }
      }
    }
    return chains
  }

  private func latent(_ policy: Policy, _ steps: [LatentStep], _ chain: Chain) -> LatentChain {
    LatentChain(
      finding: finding(policy, steps, chain),
      steps: chain.steps.map { HeldAction(agent: $0.agent, block: $0.block, action: $0.action) })
  }

  /// What of an agent's privileges could serve each step.
  private func candidates(of agent: Int, steps: [LatentStep]) -> [[StepCandidate]] {
    let held = privileges[agent]
    guard !held.blocks.isEmpty else { return steps.map { _ in [] } }
    var all: [[StepCandidate]] = []
    for step in steps {
      var candidates: [StepCandidate] = []
      for (number, block) in held.blocks.enumerated() {
        let fitting = step.actions(in: block)
        if fitting.isEmpty { continue }
        if let best = candidate(agent, number, fitting, step) { candidates.append(best) }
      }
      // A chain needs every step: the first that nothing serves ends the search.
      if candidates.isEmpty, policies.allSatisfy({ $0.delegation == nil }) {
        return steps.map { _ in [] }
      }
      all.append(candidates.sorted(by: LatentChains.isHeavier))
    }
    return all
  }

  private func candidate(
    _ agent: Int, _ block: Int, _ fitting: [Int], _ step: LatentStep
  ) -> StepCandidate? {
    let scope = privileges[agent].blocks[block].scope
    let resources = scope.patterns.map { Glob($0) }
    let ordered = fitting.sorted {
      (catalogue.hazard(of: $1), $0) < (catalogue.hazard(of: $0), $1)
    }
    for action in ordered {
      if without.contains(HeldAction(agent: agent, block: block, action: action)) { continue }
      let subject = StepSubject(
        agent: agents[agent], action: catalogue.names[action], resources: resources)
      let possibility = subject.possibility(of: step.selector.condition)
      guard possibility.canBeTrue else { continue }
      return StepCandidate(
        agent: agent, block: block, action: action, fitting: fitting.count, resources: resources,
        weight: catalogue.hazard(of: action) * privileges[agent].reaches[block],
        assumed: possibility.assumed)
    }
    return nil
  }

  private static func isHeavier(_ left: StepCandidate, _ right: StepCandidate) -> Bool {
    if left.weight != right.weight { return left.weight > right.weight }
    return (left.agent, left.action, left.block) < (right.agent, right.action, right.block)
  }

  private func merge(_ members: [[[StepCandidate]]]) -> [[StepCandidate]] {
    guard let first = members.first else { return [] }
    return first.indices.map { step in
      members.flatMap { $0[step] }.sorted(by: LatentChains.isHeavier)
    }
  }

  /// The first choice of candidates, the heaviest tried first, whose registers fit together.
  private func chain(_ candidates: [[StepCandidate]], steps: [LatentStep]) -> Chain? {
    guard candidates.allSatisfy({ !$0.isEmpty }) else { return nil }
    let registers = RegisterRules(steps.map(\.selector), agents: agents)
    var chosen: [StepCandidate] = []
    var tries = 0
    func extend() -> Bool {
      guard chosen.count < steps.count else { return true }
      for candidate in candidates[chosen.count].prefix(LatentChains.candidatesMax) {
        tries += 1
        if tries > LatentChains.triesMax { return false }
        guard registers.allow(candidate, after: chosen) else { continue }
        chosen.append(candidate)
        if extend() { return true }
        chosen.removeLast()
      }
      return false
    }
    guard extend() else { return nil }
    let alternatives = candidates.map { $0.reduce(-1) { $0 + $1.fitting } }
    return Chain(
      steps: chosen, alternatives: alternatives,
      assumed: chosen.flatMap(\.assumed) + registers.assumed)
  }

  private func finding(_ policy: Policy, _ steps: [LatentStep], _ chain: Chain) -> Finding {
    var rows: [StepPrivilege] = []
    var assumptions: [String] = []
    for (step, candidate) in zip(steps, chain.steps) {
      let held = privileges[candidate.agent]
      let via = held.origin(of: candidate.block)?.origin.text
      rows.append(
        StepPrivilege(
          step: step.id, agent: agents[candidate.agent].id,
          action: catalogue.names[candidate.action], via: via))
      if let condition = held.blocks[candidate.block].condition {
        let grant = via.map { " of \($0)" } ?? ""
        assumptions.append("the condition\(grant) holds: `\(String(condition.prefix(160)))`")
      }
    }
    assumptions += chain.assumed
    if policy.excuse != nil { assumptions.append("nothing that excuses the chain happens") }
    for (step, count) in zip(steps, chain.alternatives) where count > 0 {
      let other = count == 1 ? "1 more action" : "\(count) more actions"
      assumptions.append("step `\(step.id)`: \(other) held would serve as well")
    }
    var unique: [String] = []
    for assumption in assumptions where !unique.contains(assumption) { unique.append(assumption) }
    let members = Set(rows.map(\.agent)).sorted()
    return Finding(
      id: findingID(policy: policy.id, agents: members, privileges: rows, status: .latent),
      kind: .composition, status: .latent, policy: policy.id, title: policy.title,
      severity: policy.severity,
      risk: scoring.composition.weight(policy.severity) * scoring.composition.latent,
      agents: members, privileges: rows, linkStrength: nil, occurrences: [],
      themes: policy.themes.sorted(), because: policy.because, remedy: policy.remedy,
      falsePositives: policy.falsePositives, assumptions: unique)
  }
}

/// What registers ask of the privileges of a chain.
private struct RegisterRules {
  private let selectors: [Selector]
  private let agents: [Agent]
  /// Comparisons that only values could settle, in words.
  let assumed: [String]

  init(_ selectors: [Selector], agents: [Agent]) {
    self.selectors = selectors
    self.agents = agents
    var assumed: [String] = []
    for (index, selector) in selectors.enumerated() {
      for (use, word) in selector.same.map({ ($0, "equals") })
        + selector.differs.map({ ($0, "differs from") })
      {
        guard let bound = RegisterRules.binding(of: use.register, before: index, in: selectors)
        else { continue }
        let isJudged =
          bound.field == use.field
          && (use.field == .event(.agent) || use.field == .event(.resource) && word == "equals")
        if isJudged { continue }
        assumed.append("`\(use.field.text)` \(word) `\(bound.field.text)` of an earlier step")
      }
    }
    self.assumed = assumed
  }

  /// Whether a candidate for the next step fits what its registers were bound to.
  func allow(_ candidate: StepCandidate, after chosen: [StepCandidate]) -> Bool {
    let selector = selectors[chosen.count]
    for use in selector.same {
      guard
        let bound = RegisterRules.binding(of: use.register, before: chosen.count, in: selectors),
        bound.field == use.field
      else { continue }
      let earlier = chosen[bound.step]
      if use.field == .event(.agent), earlier.agent != candidate.agent { return false }
      if use.field == .event(.resource) {
        let isShared = earlier.resources.contains { left in
          candidate.resources.contains { left.intersects($0) }
        }
        if !isShared { return false }
      }
    }
    for use in selector.differs {
      guard
        let bound = RegisterRules.binding(of: use.register, before: chosen.count, in: selectors),
        bound.field == use.field
      else { continue }
      if use.field == .event(.agent), chosen[bound.step].agent == candidate.agent { return false }
    }
    return true
  }

  /// The last step before another that binds a register, and the field it binds.
  private static func binding(
    of register: String, before step: Int, in selectors: [Selector]
  ) -> (step: Int, field: FieldPath)? {
    for index in (0..<step).reversed() {
      if let bound = selectors[index].bind.last(where: { $0.register == register }) {
        return (index, bound.field)
      }
    }
    return nil
  }
}

/// Who may act as whom, or hand a task to whom.
private struct Delegations {
  private var edges: [[Int]]

  init(agents: [Agent], trusts: [Trust]) {
    var numbers: [String: Int] = [:]
    for (number, agent) in agents.enumerated() { numbers[agent.id] = number }
    edges = agents.map { agent in agent.mayDelegateTo.compactMap { numbers[$0] } }
    for trust in trusts {
      guard let target = numbers[trust.to] else { continue }
      if let source = numbers[trust.from] {
        edges[source].append(target)
        continue
      }
      let glob = Glob(trust.from)
      if glob.isLiteral { continue }
      for source in agents.indices where source != target && glob.matches(agents[source].id) {
        edges[source].append(target)
      }
    }
    edges = edges.map { Set($0).sorted() }
  }

  /// An agent and all that it reaches in at most `depth` steps, rising.
  func group(of agent: Int, depth: Int) -> [Int] {
    var members: Set<Int> = [agent]
    var front = [agent]
    var left = depth
    while left > 0, !front.isEmpty {
      front = front.flatMap { edges[$0] }.filter { members.insert($0).inserted }
      left -= 1
    }
    return members.sorted()
  }
}
