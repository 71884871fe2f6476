internal import Model

/// What a kind that is no chain says of one event.
struct RuleVerdict {
  var status: MatchStatus
  /// The witness: steps and candidates, the judged event last.
  var chain: [(step: Int, candidate: Int)]
  /// The candidate that excuses it.
  var excuse: Int?
  var isOrderSensitive = false
  /// Why it could not be judged.
  var reason: String?
  var sought: [Sought] = []
  /// When what had to come was due, in nanoseconds.
  var due: Int64?
  /// For a near miss: the step that was denied or failed.
  var missingStep: Int?

  init(_ status: MatchStatus, chain: [(step: Int, candidate: Int)]) {
    self.status = status
    self.chain = chain
  }
}

extension KeyJudge {
  /// The matches of a key for kinds that are no chains, in order of their events.
  static func ruleMatches(
    _ policy: CompiledPolicy, _ index: Int, _ run: KeyRun, _ key: [NamedValue],
    _ fields: EventFields, _ conditions: inout Conditions, _ logStarts: LogStarts,
    _ limits: TieOrders.Limits
  ) -> (matches: [Match], cutTies: Int) {
    let view = RuleView(policy, run, fields.table)
    let verdicts: [RuleVerdict]
    var cutTies = view.cutTies
    switch policy.policy.rule {
    case .forbid, .limit: verdicts = []
    case .require(let requirement):
      let judge = RequireJudge(view, requirement, logStarts, fields)
      verdicts = judge.verdicts(&conditions)
    case .order(let order):
      var judge = OrderJudge(view, order, limits, fields)
      verdicts = judge.verdicts(&conditions).map { lookedBack($0, policy, run, logStarts, fields) }
      cutTies += judge.cutTies
    case .scope(let scope):
      let judge = ScopeJudge(view, scope, logStarts.delegators, fields)
      verdicts = judge.verdicts(&conditions).map { lookedBack($0, policy, run, logStarts, fields) }
    }
    return (verdicts.map { match($0, policy, index, run, key, fields) }, cutTies)
  }

  /// A violation whose excuse may lie ahead of the log cannot be judged.
  private static func lookedBack(
    _ verdict: RuleVerdict, _ policy: CompiledPolicy, _ run: KeyRun, _ logStarts: LogStarts,
    _ fields: EventFields
  ) -> RuleVerdict {
    guard verdict.status == .realised, let last = verdict.chain.last,
      let before = policy.policy.excuse?.beforeNanoseconds, before < Int64.max,
      let reason = logStarts.reason(
        lookingBack: before, from: last.candidate, what: "event", policy, run, fields)
    else { return verdict }
    var verdict = verdict
    verdict.status = .indeterminate
    verdict.reason = reason
    return verdict
  }

  private static func match(
    _ verdict: RuleVerdict, _ policy: CompiledPolicy, _ index: Int, _ run: KeyRun,
    _ key: [NamedValue], _ fields: EventFields
  ) -> Match {
    func event(_ candidate: Int) -> Int { Int(run.candidates[candidate].event) }
    let chain = verdict.chain.map { MatchedStep(step: $0.step, event: event($0.candidate)) }
    return Match(
      policy: index, status: verdict.status, key: key, chain: chain, aggregateEvents: nil,
      aggregateValue: nil, missingStep: verdict.missingStep,
      excusedBy: verdict.excuse.map(event), sought: verdict.sought,
      isOrderSensitive: verdict.isOrderSensitive, isUntimed: !run.isTimed,
      indeterminateReason: verdict.reason,
      due: verdict.due.map { Timestamp(nanoseconds: $0, fractionDigits: 0) },
      linkStrength: LinkStrength.strongest(along: chain, fields.table, policy),
      episode: 0)
  }
}
