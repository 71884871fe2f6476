internal import Model

/// Judges one key against one policy and puts the results into words.
struct KeyJudge {
  let policy: CompiledPolicy
  let index: Int
  let run: KeyRun
  let key: [NamedValue]
  private(set) var matches: [Match] = []
  /// Groups of tied events of which not all orders were tried, and whether live state was cut.
  private(set) var cutTies = 0
  private(set) var hitStateLimit = false
  /// Spans of the chains found, in nanoseconds: near misses that overlap them are no news.
  private var spans: [ClosedRange<Int64>] = []

  init(_ policy: CompiledPolicy, _ index: Int, _ run: KeyRun, _ key: [NamedValue]) {
    self.policy = policy
    self.index = index
    self.run = run
    self.key = key
  }

  /// Judges all events of the key; `matches` are then in order of their completing events.
  mutating func judge(
    _ fields: EventFields, _ conditions: inout Conditions, _ logStarts: LogStarts,
    _ limits: TieOrders.Limits
  ) {
    if !policy.isChain {
      (matches, cutTies) = Self.ruleMatches(
        policy, index, run, key, fields, &conditions, logStarts, limits)
      numberEpisodes(fields)
      return
    }
    let certain = judgements(.certain, fields, limits)
    for judgement in certain.list {
      var match = match(judgement, certain.machine, fields)
      if judgement.verdict.rank == .realised {
        match.sought = sought(judgement)
        if let reason = logStarts.reason(judgement, policy, run, fields) {
          match.status = .indeterminate
          match.indeterminateReason = reason
        }
      }
      keep(match, judgement)
    }
    if run.hasUnknown {
      let possible = judgements(.possible, fields, limits)
      addIndeterminate(possible, certain, fields, &conditions)
    }
    if policy.aggregate == nil { addNearMisses(fields) }
    if hitStateLimit, let last = run.candidates.indices.last {
      addStateLimit(last, fields)
    }
    matches.sort {
      ($0.chain.last?.event ?? 0, $0.status.rank) < ($1.chain.last?.event ?? 0, $1.status.rank)
    }
    numberEpisodes(fields)
  }

  private struct Judged {
    var list: [Judgement]
    var machine: ChainMachine
  }

  private mutating func judgements(
    _ mode: ChainMachine.Mode, _ fields: EventFields, _ limits: TieOrders.Limits
  ) -> Judged {
    if let aggregate = policy.aggregate {
      var judge = AggregateJudge(policy, aggregate, run, mode, fields)
      judge.judgeAll()
      hitStateLimit = hitStateLimit || judge.machine.hitStateLimit
      return Judged(list: judge.judgements, machine: judge.machine)
    }
    var judge = ChainJudge(policy, run, mode, fields.table, limits)
    judge.judgeAll()
    cutTies += judge.cutTies
    hitStateLimit = hitStateLimit || judge.machine.hitStateLimit
    return Judged(list: judge.judgements, machine: judge.machine)
  }

  /// Keeps a match and the span that it takes.
  private mutating func keep(_ match: Match, _ judgement: Judgement) {
    matches.append(match)
    let end = run.times[judgement.candidate]
    let start = min(judgement.verdict.startTime, end)
    if run.isTimed { spans.append(start...end) }
  }

  /// What is possible and not certain: a violation, were the missing fields known.
  private mutating func addIndeterminate(
    _ possible: Judged, _ certain: Judged, _ fields: EventFields, _ conditions: inout Conditions
  ) {
    var ranks: [Int: Verdict.Rank] = [:]
    for judgement in certain.list { ranks[judgement.candidate] = judgement.verdict.rank }
    let reasons = MissingField(policy, run)
    for judgement in possible.list where judgement.verdict.rank == .realised {
      let known = ranks[judgement.candidate]
      if known == .realised { continue }
      // Excused only where it is not known whether the excuse holds.
      if known == .excused {
        let completing = event(judgement.candidate)
        matches.removeAll { $0.chain.last?.event == completing }
      }
      var match = match(judgement, possible.machine, fields)
      match.status = .indeterminate
      match.indeterminateReason = reasons.text(judgement, possible.machine, fields, &conditions)
      keep(match, judgement)
    }
  }

  private mutating func addNearMisses(_ fields: EventFields) {
    let canMissLast = policy.steps.count >= 3
    guard run.hasDenied || canMissLast else { return }
    var judge = NearMissJudge(policy, run)
    judge.judgeAll(fields.table)
    let completed = Set(matches.compactMap { $0.chain.last?.event })
    let taken = DisjointSpans(spans)
    for miss in judge.found {
      if completed.contains(event(miss.end)) { continue }
      let start = run.times[Int(miss.start)]
      let end = max(start, run.times[miss.end])
      if run.isTimed ? taken.overlaps(start...end) : !matches.isEmpty {
        continue
      }
      let judgement = Judgement(
        candidate: miss.end, verdict: Verdict(), isOrderSensitive: false, witness: miss.witness,
        aggregateEvents: nil, aggregateValue: nil)
      var match = match(judgement, judge.machine, fields)
      match.status = .nearMiss
      match.missingStep = miss.missingStep
      matches.append(match)
    }
  }

  /// Says that the key had more live register assignments than are kept.
  private mutating func addStateLimit(_ candidate: Int, _ fields: EventFields) {
    let node = ChainMachine.Node(
      candidate: Int32(truncatingIfNeeded: candidate), step: 0, parent: -1)
    let judgement = Judgement(
      candidate: candidate, verdict: Verdict(), isOrderSensitive: false, witness: [node],
      aggregateEvents: nil, aggregateValue: nil)
    let machine = ChainMachine(policy, run, .certain, .violations)
    var match = match(judgement, machine, fields)
    match.status = .indeterminate
    match.indeterminateReason = "state-limit"
    matches.append(match)
  }

  private func event(_ candidate: Int) -> Int { Int(run.candidates[candidate].event) }

  /// Each selector of `unless` and `absent`, with the span of time looked at.
  private func sought(_ judgement: Judgement) -> [Sought] {
    var sought: [Sought] = []
    let end = run.times[judgement.candidate]
    if let excuse = policy.policy.excuse {
      let start = judgement.verdict.startTime
      let (back, overflow) = start.subtractingReportingOverflow(excuse.beforeNanoseconds)
      let isWhole = overflow || excuse.beforeNanoseconds == Int64.max
      for what in policy.excuseWords {
        sought.append(Sought(what: what, run.span(from: isWhole ? nil : back, to: end)))
      }
    }
    for (step, node) in judgement.witness.enumerated().dropFirst() {
      guard Int(node.step) < policy.steps.count else { continue }
      let previous = run.times[Int(judgement.witness[step - 1].candidate)]
      let time = run.times[Int(node.candidate)]
      for what in policy.absentWords[Int(node.step)] {
        sought.append(Sought(what: what, run.span(from: previous, to: time)))
      }
    }
    return sought
  }

  private func match(
    _ judgement: Judgement, _ machine: ChainMachine, _ fields: EventFields
  ) -> Match {
    let chain = judgement.witness.map { node in
      MatchedStep(step: Int(node.step), event: event(Int(node.candidate)))
    }
    let status: MatchStatus = judgement.verdict.rank == .excused ? .excused : .realised
    let excuse = judgement.verdict.excuse
    return Match(
      policy: index, status: status, key: key, chain: chain,
      aggregateEvents: judgement.aggregateEvents, aggregateValue: judgement.aggregateValue,
      missingStep: nil, excusedBy: excuse >= 0 ? event(Int(excuse)) : nil,
      sought: [], isOrderSensitive: judgement.isOrderSensitive,
      isUntimed: !run.isTimed, indeterminateReason: nil,
      linkStrength: LinkStrength.strongest(along: chain, fields.table, policy),
      episode: 0)
  }

  /// Completions at most `within` apart are one episode; without `within` all are.
  private mutating func numberEpisodes(_ fields: EventFields) {
    var episode = 0
    var last: Int64?
    for index in matches.indices {
      guard let end = matches[index].chain.last, run.isTimed else { continue }
      let time = fields.table.events[end.event].time.nanoseconds
      if let last, let within = policy.policy.withinNanoseconds ?? policy.aggregateWindow,
        span(from: last, to: time) > within
      {
        episode += 1
      }
      last = time
      matches[index].episode = episode
    }
  }
}

/// Spans of time joined where they overlap, to be searched in logarithmic time.
struct DisjointSpans {
  private var spans: [ClosedRange<Int64>] = []

  init(_ all: [ClosedRange<Int64>]) {
    for span in all.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = spans.last, last.upperBound >= span.lowerBound {
        spans[spans.count - 1] = last.lowerBound...max(last.upperBound, span.upperBound)
      } else {
        spans.append(span)
      }
    }
  }

  func overlaps(_ wanted: ClosedRange<Int64>) -> Bool {
    var low = 0
    var high = spans.count
    while low < high {
      let middle = (low + high) / 2
      if spans[middle].upperBound < wanted.lowerBound { low = middle + 1 } else { high = middle }
    }
    return low < spans.count && spans[low].lowerBound <= wanted.upperBound
  }
}

extension MatchStatus {
  /// The order in which statuses of one event are listed.
  var rank: Int {
    switch self {
    case .realised: return 0
    case .excused: return 1
    case .indeterminate: return 2
    case .nearMiss: return 3
    case .pending: return 4
    }
  }
}

extension CompiledPolicy {
  /// The window of a limit.
  var aggregateWindow: Int64? { aggregate?.windowNanoseconds }
}

extension LinkStrength {
  /// How a step is linked to the one whose value it tests: allCases has the weakest first.
  private static func strength(
    of role: CompiledPolicy.Role, _ fields: [FieldAccess]
  ) -> LinkStrength {
    if role.flow != nil { return .valueFlows }
    let isBuiltIn = role.same.contains { test in
      if case .builtIn = fields[test.field] { return true }
      return false
    }
    return isBuiltIn ? .sameResource : .sameValue
  }

  /// The link that a policy's own tests make, where every step but the first has one.
  static func joined(by table: RoleTable, steps: Int) -> LinkStrength? {
    let joined = table.roles.filter { role in
      if case .step = role.use { return !role.same.isEmpty || role.flow != nil }
      return false
    }
    guard !joined.isEmpty, joined.count >= steps - 1 else { return nil }
    let links = joined.map { strength(of: $0, table.registerFields) }
    return LinkStrength.allCases.first { links.contains($0) }
  }

  /// The strongest link that holds along a chain.
  static func strongest(
    along chain: [MatchedStep], _ table: EventTable, _ policy: CompiledPolicy
  ) -> LinkStrength {
    guard chain.count > 1 else { return .sameSession }
    return table.events.withUnsafeBufferPointer { events in
      let first = events.baseAddress.unsafelyUnwrapped + chain[0].event
      var isCausal = true
      var isOfResource = first.pointee.resource.isPresent
      var isOfTask = first.pointee.task.isPresent
      var last = first
      for step in chain.dropFirst() {
        let next = events.baseAddress.unsafelyUnwrapped + step.event
        isCausal =
          isCausal && last.pointee.id.isPresent && next.pointee.parent == last.pointee.id
        isOfResource = isOfResource && next.pointee.resource == first.pointee.resource
        isOfTask = isOfTask && next.pointee.task == first.pointee.task
        last = next
      }
      if isCausal { return .causalParent }
      if let joined = policy.joinedLink { return joined }
      return isOfResource ? .sameResource : isOfTask ? .sameTask : .sameSession
    }
  }
}
