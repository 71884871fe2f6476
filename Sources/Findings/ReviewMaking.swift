package import Model
package import Policies

/// Makes the review: what every agent holds, used and could do, and what follows from it.
///
/// - Parameters:
///   - policies: in the order in which `evaluation` refers to them.
///   - scoring: with the escalation paths filled in.
///   - from: the first instant that is reported; nil for the first timed event.
///   - to: the review's end; nil for the last timed event.
///   - extent: what is worked out beside the findings.
///   - runner: does pieces of the work side by side; the result does not depend on it.
package func review(
  input: ReviewInput, policies: [Policy], evaluation: Evaluation, scoring: Scoring,
  from: Timestamp?, to: Timestamp?, extent: ReviewExtent, on runner: some PieceRunner
) -> Review {
  let maker = ReviewMaker(
    input: input, policies: policies, evaluation: evaluation, scoring: scoring, from: from, to: to,
    runner: runner)
  return maker.review(extent)
}

/// Puts the parts of a review together.
private struct ReviewMaker<Runner: PieceRunner> {
  let input: ReviewInput
  let policies: [Policy]
  let evaluation: Evaluation
  let scoring: Scoring
  let from: Timestamp?
  let to: Timestamp?
  let runner: Runner

  /// Everything about privileges, agent by agent in the input's order.
  private struct Held {
    let agents: [Agent]
    let indexed: [IndexedPrivileges]
    let rows: PrivilegeRows
    let indexing: PrivilegeIndexing
    let usage: UsageTable
    let numbers: [String: Int]
    let maker: PrivilegeMaker
    let cleanup: CleanupMaker
  }

  func review(_ extent: ReviewExtent) -> Review {
    let held = privileges()
    let happened = happened(held)
    var findings = happened.findings(from: evaluation)
    let latent = LatentChains(
      policies: policies, agents: held.agents, trusts: input.trusts,
      privileges: held.indexed.map(\.privileges), catalogue: held.rows.catalogue, scoring: scoring)
    let base = latent.search(besides: findings, on: runner)
    let possible = base.chains
    let cut = CutSetMaker(latent, besides: findings, rows: held.rows).answer(for: base)
    var proposals = extent.proposals || extent.replay ? proposals(held) : []
    let replay =
      extent.replay ? replay(held, proposals, cut, besides: findings, possible) : nil
    // What the replay was held against is not written: for a large estate it is much.
    for place in proposals.indices { proposals[place].statements = [] }
    let gates = GateMaker(
      input: input, policies: policies, evaluation: evaluation, from: held.usage.from,
      to: held.usage.to, runner: runner
    ).plan { happened.id(of: $0) }
    findings += possible.map(\.finding)
    let credentials = CredentialTable(input, limits: scoring.credentials, end: held.usage.to)
    findings += BuiltInFindings(
      agents: held.agents, indexed: held.indexed, rows: held.rows, usage: held.usage,
      evaluation: evaluation, scoring: scoring, eventCount: input.activity.events,
      credentials: credentials
    ).findings()
    findings.sort(by: ReviewOrder.precedes)
    let agents = assess(held, credentials, findings: findings)
    let cleanup = cleanup(held)
    var review = Review(
      from: held.usage.from, to: held.usage.to, agents: agents, findings: findings,
      cleanup: cleanup, cutSet: cut?.cutSet, gates: gates,
      proposals: proposals, replay: replay,
      estate: estate(
        of: agents, heldHazard: held.indexed.map(\.heldHazard),
        unusedHazard: held.indexed.map { $0.load.hazard(scoring) }),
      policyHealth: evaluation.health, unwatched: evaluation.unwatched,
      scoringVersion: scoring.version, scoringNumbers: scoring.numbers)
    decide(&review, held, extent.decisions)
    return review
  }

  /// Holds earlier decisions against the review, and asks for the ones that are due.
  private func decide(_ review: inout Review, _ held: Held, _ decisions: [TakenDecision]) {
    review.decisions = DecisionChecking(
      agents: held.agents, privileges: held.indexed.map(\.privileges), numbers: held.numbers,
      catalogue: held.rows.catalogue, findings: review.findings, end: held.usage.to
    ).standings(decisions)
    let agents = Dictionary(held.agents.map { ($0.id, $0) }) { first, _ in first }
    review.questions = DecisionItems(agents: agents)
      .questions(findings: review.findings, cleanup: review.cleanup)
      .standing(review.decisions)
  }

  private func privileges() -> Held {
    let symbols = input.symbols
    let usage = UsageTable(input: input, from: from, to: to)
    var catalogue = ActionCatalogue(vocabulary: input.vocabulary, scoring: scoring)
    let indexing = PrivilegeIndexing(
      scoring: scoring, escalations: Escalations(scoring.escalationPaths, catalogue: &catalogue))
    var maker = PrivilegeMaker(
      input: input, scoring: scoring, resolver: PrivilegeResolver(catalogue: catalogue),
      symbols: symbols, usage: usage)
    let statements = sortedStatements()
    let byAgent = ranges(of: statements)
    let agents = input.reviewedAgents(of: evaluation)
    maker.learn(agents: agents, statements: statements)
    let prepared = maker
    let pieces = Pieces(count: agents.count, threads: runner.threads)
    let indexed = runner.map(pieces.count) { piece in
      var maker = prepared
      return pieces[piece].map { place in
        let own = byAgent[agents[place].id] ?? 0..<0
        return indexing.index(
          maker.privileges(of: agents[place].id, statements: statements[own]),
          catalogue: maker.resolver.catalogue)
      }
    }.flatMap { $0 }
    var numbers: [String: Int] = [:]
    for (number, agent) in agents.enumerated() { numbers[agent.id] = number }
    let rows = PrivilegeRows(
      catalogue: maker.resolver.catalogue, scoring: scoring, symbols: symbols,
      agents: agents.count)
    return Held(
      agents: agents, indexed: indexed, rows: rows, indexing: indexing, usage: usage,
      numbers: numbers, maker: maker,
      cleanup: CleanupMaker(
        rows: rows, indexing: indexing, scoring: scoring,
        ownersAreRecorded: agents.contains { $0.owner != nil }))
  }

  /// The statements in order of agent and place, as intake gives them; sorted where it did not.
  private func sortedStatements() -> [Statement] {
    func precedes(_ left: Statement, _ right: Statement) -> Bool {
      left.agent == right.agent ? left.position < right.position : left.agent < right.agent
    }
    let all = input.statements
    if zip(all, all.dropFirst()).allSatisfy({ !precedes($1, $0) }) { return all }
    return all.enumerated().sorted { left, right in
      if precedes(left.element, right.element) { return true }
      return !precedes(right.element, left.element) && left.offset < right.offset
    }.map(\.element)
  }

  /// Where the statements of each agent stand.
  private func ranges(of statements: [Statement]) -> [String: Range<Int>] {
    var ranges: [String: Range<Int>] = [:]
    var start = 0
    for index in statements.indices
    where index + 1 == statements.count || statements[index + 1].agent != statements[index].agent {
      ranges[statements[index].agent] = start..<(index + 1)
      start = index + 1
    }
    return ranges
  }

  private func happened(_ held: Held) -> ChainFindings {
    let catalogue = held.rows.catalogue
    return ChainFindings(
      input: input, policies: policies, scoring: scoring, end: held.usage.to
    ) { agent, action in
      guard let number = held.numbers[agent], let action = catalogue.knownNumber(of: action) else {
        return nil
      }
      let privileges = held.indexed[number].privileges
      guard let block = privileges.block(of: action) else { return nil }
      return privileges.origin(of: block)?.text
    }
  }

  private func proposals(_ held: Held) -> [Proposal] {
    let maker = ProposalMaker(
      catalogue: held.rows.catalogue, symbols: input.symbols, fileTypes: input.files.map(\.type),
      ownersAreRecorded: held.agents.contains { $0.owner != nil })
    let pieces = Pieces(count: held.agents.count, threads: runner.threads)
    return runner.map(pieces.count) { piece in
      pieces[piece].compactMap {
        maker.proposal(for: held.agents[$0], held.indexed[$0].privileges)
      }
    }.flatMap { $0 }
  }

  /// The window against the proposals of all agents, and against the cut set alone.
  private func replay(
    _ held: Held, _ proposals: [Proposal], _ cut: CutAnswer?, besides known: [Finding],
    _ possible: [LatentChain]
  ) -> Replay {
    var maker = ReplayMaker(
      input: input, agents: held.agents, held: held.indexed.map(\.privileges),
      catalogue: held.rows.catalogue, maker: held.maker)
    func left(_ privileges: [AgentPrivileges]) -> [LatentChain] {
      LatentChains(
        policies: policies, agents: held.agents, trusts: input.trusts, privileges: privileges,
        catalogue: held.rows.catalogue, scoring: scoring
      ).chains(besides: known)
    }
    var statements: [[Statement]?] = Array(repeating: nil, count: held.agents.count)
    for proposal in proposals where proposal.removed > 0 || !proposal.texts.isEmpty {
      if let number = held.numbers[proposal.agent] { statements[number] = proposal.statements }
    }
    let after = maker.privileges(with: statements)
    var replay = Replay(
      uses: maker.uses, agents: statements.count { $0 != nil }, denied: maker.denied(by: after),
      chains: possible.count, chainsLeft: left(after).count)
    if let cut {
      let without = maker.privileges(denying: cut.members)
      let stays = Set(left(without).map { [$0.finding.policy] + $0.finding.agents })
      replay.cutSet = CutSetReplay(
        denied: maker.denied(by: without),
        ended: possible.count { !stays.contains([$0.finding.policy] + $0.finding.agents) })
    }
    return replay
  }

  private func assess(
    _ held: Held, _ credentials: CredentialTable, findings: [Finding]
  ) -> [AgentAssessment] {
    var byAgent: [String: [Finding]] = [:]
    for finding in findings {
      for agent in finding.agents { byAgent[agent, default: []].append(finding) }
    }
    let compositions = CompositionIndexing(scoring: scoring, policyCount: policies.count)
    let pieces = Pieces(count: held.agents.count, threads: runner.threads)
    let privileges = runner.map(pieces.count) { piece in
      pieces[piece].map { held.cleanup.held(by: held.agents[$0], held.indexed[$0]) }
    }.flatMap { $0 }
    var agents: [AgentAssessment] = []
    for (place, (agent, indexed)) in zip(held.agents, held.indexed).enumerated() {
      let own = byAgent[agent.id] ?? []
      let composition = compositions.index(
        of: own, hasEvents: indexed.privileges.evidence.events > 0)
      var risk = scoring.risk(privilege: indexed.index.score, composition: composition.score)
      var band = scoring.band(privilege: indexed.index.score, composition: composition.score)
      let isSilent = indexed.privileges.held == 0 && indexed.privileges.evidence.events == 0
      if isSilent, case .atLeast(0, let reason) = risk {
        // Nothing held and nothing seen is no verdict, and least of all a good one.
        risk = .notAssessed(reason: reason)
        band = nil
      }
      agents.append(
        AgentAssessment(
          agent: agent, privilegeIndex: indexed.index, compositionIndex: composition, risk: risk,
          band: band,
          privileges: privileges[place], held: indexed.privileges.held,
          used: indexed.used, unused: indexed.unused, unseen: indexed.unseen,
          conditionalStatements: indexed.privileges.conditionalStatements,
          evidence: indexed.privileges.evidence,
          credentials: credentials.all(of: agent.id), findings: own.map(\.id)))
    }
    return agents.sorted(by: ReviewOrder.isRiskier)
  }

  private func cleanup(_ held: Held) -> [CleanupRow] {
    let pieces = Pieces(count: held.agents.count, threads: runner.threads)
    let rows = runner.map(pieces.count) { piece in
      pieces[piece].flatMap { held.cleanup.rows(for: held.agents[$0], held.indexed[$0]) }
    }.flatMap { $0 }
    return rows.sorted(by: ReviewOrder.isWorthMore)
  }
}

/// The orders of what a review lists.
private enum ReviewOrder {
  /// By band, then risk within it; the not assessed last; ties by id.
  static func isRiskier(_ left: AgentAssessment, _ right: AgentAssessment) -> Bool {
    let leftKey = (left.band?.rank ?? -1, left.risk.value ?? -1)
    let rightKey = (right.band?.rank ?? -1, right.risk.value ?? -1)
    if leftKey != rightKey { return leftKey > rightKey }
    return left.agent.id < right.agent.id
  }

  static func precedes(_ left: Finding, _ right: Finding) -> Bool {
    if left.status != right.status { return left.status.place < right.status.place }
    if left.risk != right.risk { return left.risk > right.risk }
    return left.id < right.id
  }

  /// By risk removed, hazard, agent, action, resources, grant.
  static func isWorthMore(_ left: CleanupRow, _ right: CleanupRow) -> Bool {
    if left.riskRemoved != right.riskRemoved { return left.riskRemoved > right.riskRemoved }
    if left.hazardRemoved != right.hazardRemoved { return left.hazardRemoved > right.hazardRemoved }
    if left.agent != right.agent { return left.agent < right.agent }
    if left.action != right.action { return left.action < right.action }
    if left.resources != right.resources {
      return left.resources.lexicographicallyPrecedes(right.resources)
    }
    return left.origin.text < right.origin.text
  }
}

extension Finding.Status {
  /// The order of findings in a review: what happened before what could, what holds before what
  /// could not be judged, working controls last.
  fileprivate var place: Int {
    switch self {
    case .realised: return 0
    case .nearMiss: return 1
    case .latent: return 2
    case .open: return 3
    case .pending: return 4
    case .indeterminate: return 5
    case .excused: return 6
    }
  }
}

/// Numbers below a count, cut into pieces of neighbours for several threads.
struct Pieces {
  let count: Int
  private let size: Int
  private let all: Int

  /// A few pieces for each thread, so that none waits long for the last.
  init(count: Int, threads: Int) {
    all = count
    let wanted = threads > 1 ? threads * 8 : 1
    size = max(1, (count + wanted - 1) / wanted)
    self.count = (count + size - 1) / size
  }

  subscript(piece: Int) -> Range<Int> { piece * size..<min(all, (piece + 1) * size) }
}
