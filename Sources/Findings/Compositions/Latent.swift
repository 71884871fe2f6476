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

/// All chains with nothing gone, and which agents could run which policy's chain alone.
struct LatentBase {
  var chains: [LatentChain]
  /// By policy, then agent.
  var isAlone: [[Bool]]
}

/// Finds chains that an agent, or agents that delegate to each other, could run by what they hold.
///
/// One finding a policy and agent (or group): each step names the widest, most hazardous privilege
/// that fits together with the others; how many more would serve stands in the assumptions.
///
/// An agent is looked at only for the policies of which it, or the group it belongs to, could serve
/// every step by the names of its actions alone (`ServableSteps`).
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
  private let servable: ServableSteps
  private let reachable: Delegations

  /// Privileges that are tried for one step, the heaviest first, and combinations for one chain.
  private static let candidatesMax = 24
  private static let triesMax = 20_000

  /// What could serve one step: the heaviest, and how many actions in all.
  private struct Candidates {
    var heaviest: [StepCandidate] = []
    var fitting = 0
  }

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
    servable = ServableSteps(steps, privileges: privileges, actions: catalogue.count)
    reachable = Delegations(agents: agents, trusts: trusts)
  }

  /// The chains, in no particular order; none for agents that realised the same policy.
  func chains(besides known: [Finding]) -> [LatentChain] {
    search(besides: known, on: OneThread()).chains
  }

  /// The same with what searches after it need, pieces of it side by side.
  func search(besides known: [Finding], on runner: some PieceRunner) -> LatentBase {
    let done = realised(known)
    let pieces = Pieces(count: agents.count, threads: runner.threads)
    let alone = runner.map(pieces.count) { piece in
      policies.indices.map { policy in
        pieces[piece].filter { servable.isComplete($0, policy: policy) }.compactMap {
          agent -> (agent: Int, chain: LatentChain)? in
          self.alone(agent, policy).map { (agent, $0) }
        }
      }
    }
    var base = LatentBase(
      chains: [],
      isAlone: Array(
        repeating: Array(repeating: false, count: agents.count), count: policies.count))
    for policy in policies.indices where !steps[policy].isEmpty {
      let done = done[policies[policy].id] ?? []
      for piece in alone {
        for own in piece[policy] {
          base.isAlone[policy][own.agent] = true
          if !done.contains(agents[own.agent].id) { base.chains.append(own.chain) }
        }
      }
      base.chains += groups(
        policy, isAlone: base.isAlone[policy], from: agents.indices, done: done)
    }
    return base
  }

  /// The chains that are left of some when privileges are gone: those that nothing of it touches,
  /// and what a new search finds where it does.
  ///
  /// - Parameter before: All chains with nothing gone.
  func chains(
    besides known: [Finding], without gone: Set<HeldAction>, of before: LatentBase
  ) -> (kept: [LatentChain], found: [LatentChain]) {
    var search = self
    search.without = gone
    let done = realised(known)
    let touched = Set(gone.map(\.agent))
    let starts = reachable.reaching(touched)
    var found: [LatentChain] = []
    for policy in policies.indices where !steps[policy].isEmpty {
      let done = done[policies[policy].id] ?? []
      var isAlone = before.isAlone[policy]
      for agent in touched.sorted() where isAlone[agent] {
        let chain = search.alone(agent, policy)
        isAlone[agent] = chain != nil
        if let chain, !done.contains(agents[agent].id) { found.append(chain) }
      }
      found += search.groups(policy, isAlone: isAlone, from: starts, done: done)
    }
    let again = Set(found.map(\.finding.id))
    let kept = before.chains.filter { chain in
      !again.contains(chain.finding.id) && chain.steps.allSatisfy { !gone.contains($0) }
        && chain.steps.allSatisfy { !touched.contains($0.agent) }
    }
    return (kept, found)
  }

  private func realised(_ known: [Finding]) -> [String: Set<String>] {
    var realised: [String: Set<String>] = [:]
    for finding in known where finding.status == .realised {
      realised[finding.policy, default: []].formUnion(finding.agents)
    }
    return realised
  }

  /// The chain that an agent could run by itself.
  private func alone(_ agent: Int, _ policy: Int) -> LatentChain? {
    chain(own(agent, policy), policy).map { latent(policy, $0) }
  }

  /// Chains of agents that act through each other, of which none could act alone.
  private func groups(
    _ policy: Int, isAlone: [Bool], from starts: some Sequence<Int>, done: Set<String>
  ) -> [LatentChain] {
    guard let delegation = policies[policy].delegation, servable.isServed(policy) else { return [] }
    var chains: [LatentChain] = []
    var seen: Set<String> = []
    var walk = DelegationWalk(reachable)
    var owned: [Int: [Candidates]] = [:]
    for agent in starts where !isAlone[agent] && reachable.isSource(agent) {
      let members = walk.group(of: agent, depth: delegation.depth)
      guard members.count > 1, !members.contains(where: { isAlone[$0] }),
        servable.isComplete(members, policy: policy)
      else { continue }
      let serving = members.filter { servable.servesAny($0, policy: policy) }
      // Only what serves makes the chain: groups that differ in others have the same one.
      var all = [Candidates](repeating: Candidates(), count: steps[policy].count)
      for member in serving {
        let own = owned[member] ?? self.own(member, policy)
        owned[member] = own
        for step in all.indices {
          all[step].heaviest += own[step].heaviest
          all[step].fitting += own[step].fitting
        }
      }
      for step in all.indices { all[step].heaviest = LatentChains.heaviest(all[step].heaviest) }
      guard let chain = chain(all, policy) else { continue }
      let latent = latent(policy, chain)
      if done.isDisjoint(with: latent.finding.agents), seen.insert(latent.finding.id).inserted {
        chains.append(latent)
      }
    }
    return chains
  }

  private func latent(_ policy: Int, _ chain: Chain) -> LatentChain {
    LatentChain(
      finding: finding(policies[policy], steps[policy], chain),
      steps: chain.steps.map { HeldAction(agent: $0.agent, block: $0.block, action: $0.action) })
  }

  /// What of an agent's privileges could serve each step.
  private func own(_ agent: Int, _ policy: Int) -> [Candidates] {
    let held = privileges[agent]
    return steps[policy].map { step in
      var all = Candidates()
      for (number, block) in held.blocks.enumerated() {
        let fitting = step.actions(in: block)
        if fitting.isEmpty { continue }
        guard let best = candidate(agent, number, fitting, step) else { continue }
        all.heaviest.append(best)
        all.fitting += best.fitting
      }
      all.heaviest = LatentChains.heaviest(all.heaviest)
      return all
    }
  }

  /// The first of them by weight, as many as are tried.
  private static func heaviest(_ candidates: [StepCandidate]) -> [StepCandidate] {
    candidates.count > 1
      ? Array(candidates.sorted(by: isHeavier).prefix(candidatesMax)) : candidates
  }

  private func candidate(
    _ agent: Int, _ block: Int, _ fitting: [Int], _ step: LatentStep
  ) -> StepCandidate? {
    let patterns = privileges[agent].blocks[block].scope.patterns
    let ordered =
      fitting.count == 1
      ? fitting
      : fitting.sorted { (catalogue.hazard(of: $1), $0) < (catalogue.hazard(of: $0), $1) }
    for action in ordered {
      if !without.isEmpty,
        without.contains(HeldAction(agent: agent, block: block, action: action))
      {
        continue
      }
      let subject = StepSubject(
        agent: agents[agent], action: catalogue.names[action], patterns: patterns)
      let possibility = subject.possibility(of: step.selector.condition)
      guard possibility.canBeTrue else { continue }
      return StepCandidate(
        agent: agent, block: block, action: action, fitting: fitting.count, patterns: patterns,
        weight: catalogue.hazard(of: action) * privileges[agent].reaches[block],
        assumed: possibility.assumed)
    }
    return nil
  }

  private static func isHeavier(_ left: StepCandidate, _ right: StepCandidate) -> Bool {
    if left.weight != right.weight { return left.weight > right.weight }
    return (left.agent, left.action, left.block) < (right.agent, right.action, right.block)
  }

  /// The first choice of candidates, the heaviest tried first, whose registers fit together.
  private func chain(_ candidates: [Candidates], _ policy: Int) -> Chain? {
    guard candidates.allSatisfy({ !$0.heaviest.isEmpty }) else { return nil }
    let registers = RegisterRules(steps[policy].map(\.selector))
    var chosen: [StepCandidate] = []
    var tries = 0
    func extend() -> Bool {
      guard chosen.count < candidates.count else { return true }
      for candidate in candidates[chosen.count].heaviest {
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
    return Chain(
      steps: chosen, alternatives: candidates.map { $0.fitting - 1 },
      assumed: chosen.flatMap(\.assumed) + registers.assumed)
  }

  private func finding(_ policy: Policy, _ steps: [LatentStep], _ chain: Chain) -> Finding {
    var rows: [StepPrivilege] = []
    var assumptions: [String] = []
    for (step, candidate) in zip(steps, chain.steps) {
      let held = privileges[candidate.agent]
      let via = held.origin(of: candidate.block)?.text
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
