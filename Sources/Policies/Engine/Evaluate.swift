package import Model

/// Judges the events of a review against policies, in one pass over the events and one over the
/// candidates that it finds.
///
/// - Parameters:
///   - from: Matches whose completing event is earlier are left out; their events still start chains.
///   - to: Matches whose completing event is later are left out.
package func evaluate(
  _ policies: [Policy], input: ReviewInput, from: Timestamp?, to: Timestamp?
) -> Evaluation {
  evaluate(policies, input: input, from: from, to: to, limits: .standard)
}

/// As above, with bounds on the work for tied events, for tests.
func evaluate(
  _ policies: [Policy], input: ReviewInput, from: Timestamp?, to: Timestamp?,
  limits: TieOrders.Limits
) -> Evaluation {
  var engine = Engine(policies, input)
  engine.findCandidates(input)
  var evaluation = Evaluation()
  var duplicates = DuplicateFilter(input)
  for index in policies.indices {
    engine.judge(index, &duplicates, from: from, to: to, limits, &evaluation)
  }
  evaluation.unwatched = engine.unwatched
  return evaluation
}

/// The compiled tables of one run.
private struct Engine {
  private var fields: EventFields
  private var conditions = Conditions()
  private var schemes: [KeyScheme] = []
  private var policies: [CompiledPolicy] = []
  private let roots: DelegationRoots
  private let logStarts: LogStarts
  private var search: CandidateSearch

  init(_ policies: [Policy], _ input: ReviewInput) {
    fields = EventFields(input, wanted: wantedAttributes(of: policies))
    roots = DelegationRoots(
      input, links: Set(policies.compactMap { $0.delegation?.follow }))
    logStarts = LogStarts(input, policies)
    for policy in policies {
      let known = schemes.firstIndex {
        $0.parts == policy.key && $0.delegation == policy.delegation
      }
      if known == nil {
        schemes.append(KeyScheme(parts: policy.key, delegation: policy.delegation, &fields))
      }
      self.policies.append(
        CompiledPolicy(policy, scheme: known ?? schemes.count - 1, &conditions, &fields))
    }
    search = CandidateSearch(self.policies, input)
  }

  mutating func findCandidates(_ input: ReviewInput) {
    search.run(policies, &schemes, &conditions, fields, roots)
  }

  var unwatched: [NamedCount] { search.unwatched(fields) }

  /// Judges every key of one policy and adds what it finds.
  mutating func judge(
    _ index: Int, _ duplicates: inout DuplicateFilter, from: Timestamp?, to: Timestamp?,
    _ limits: TieOrders.Limits, _ evaluation: inout Evaluation
  ) {
    let policy = policies[index]
    var health = PolicyHealth(policy: policy.policy.id, steps: policy.stepCount)
    health.matchedPerStep = search.matchedPerStep[index]
    health.unkeyed = search.unkeyed[index]
    let byKey = CandidatesByKey(search.candidates[index], keys: schemes[policy.scheme].keys.count)
    var found: [[Match]] = []
    var cutTies = 0
    var hitStateLimit = false
    var scan = KeyScan(policy, fields)
    for range in byKey.ranges {
      let slice = byKey.candidates[range]
      if !duplicates.hasRepeats, !scan.mayMatch(slice) {
        if slice.contains(where: { $0.certain & 1 != 0 }) { health.keys += 1 }
        continue
      }
      let run = KeyRun(
        key: byKey.candidates[range.lowerBound].key, candidates: slice, policy,
        fields, &duplicates)
      if run.candidates.contains(where: { $0.certain & 1 != 0 }) { health.keys += 1 }
      guard run.mayMatch(policy) else { continue }
      let key = schemes[policy.scheme].named(run.key, fields.texts)
      var judge = KeyJudge(policy, index, run, key)
      judge.judge(fields, &conditions, logStarts, limits)
      cutTies += judge.cutTies
      hitStateLimit = hitStateLimit || judge.hitStateLimit
      let kept = judge.matches.filter { isReported($0, from: from, to: to) }
      if !kept.isEmpty { found.append(kept) }
    }
    found.sort { $0[0].key.map(\.value).lexicographicallyPrecedes($1[0].key.map(\.value)) }
    for matches in found {
      health.add(matches)
      evaluation.matches += matches
    }
    health.warn(
      policy, cutTies: cutTies, hitStateLimit: hitStateLimit, keyed: byKey.candidates.count)
    evaluation.health.append(health)
  }

  private func isReported(_ match: Match, from: Timestamp?, to: Timestamp?) -> Bool {
    guard !match.isUntimed, let last = match.chain.last else { return true }
    let time = match.due ?? fields.table.events[last.event].time
    return from.map { time >= $0 } ?? true && to.map { time <= $0 } ?? true
  }
}

/// The candidates of one policy, each key's side by side and in the table's order.
private struct CandidatesByKey {
  private(set) var candidates: [Candidate]
  private(set) var ranges: [Range<Int>] = []

  init(_ all: [Candidate], keys: Int) {
    var starts = [Int](repeating: 0, count: keys + 1)
    for candidate in all { starts[Int(candidate.key) + 1] += 1 }
    for key in 0..<keys { starts[key + 1] += starts[key] }
    for key in 0..<keys where starts[key] < starts[key + 1] {
      ranges.append(starts[key]..<starts[key + 1])
    }
    candidates = all
    for candidate in all {
      candidates[starts[Int(candidate.key)]] = candidate
      starts[Int(candidate.key)] += 1
    }
  }
}

extension PolicyHealth {
  /// Counts the matches of one key.
  fileprivate mutating func add(_ matches: [Match]) {
    var realised: Set<Int> = []
    for match in matches {
      switch match.status {
      case .realised:
        completions += 1
        realised.insert(match.episode)
      case .excused: excused += 1
      case .nearMiss: nearMisses += 1
      case .indeterminate: indeterminate += 1
      case .pending: pending += 1
      }
    }
    episodes += realised.count
  }

  /// Says why a policy may be blind, and what of it was not judged in full.
  fileprivate mutating func warn(
    _ policy: CompiledPolicy, cutTies: Int, hitStateLimit: Bool, keyed: Int
  ) {
    for (number, count) in matchedPerStep.enumerated() where count == 0 {
      warnings.append("no event matched step `\(policy.policy.stepIDs[number])`")
    }
    if unkeyed > 0, keyed == 0 {
      warnings.append("not assessed: every event that it looks at lacks the correlation key")
    } else if unkeyed > 0 {
      warnings.append("\(unkeyed) events that it looks at lack the correlation key")
    }
    if cutTies > 0 {
      warnings.append(
        "\(cutTies) groups of events of equal time were judged in some of their orders only")
    }
    if hitStateLimit {
      warnings.append("a key had more register values at one time than are kept")
    }
    if keys > 0, completions >= 20, episodes >= keys {
      warnings.append("it was broken in every one of \(keys) keys")
    }
    warnings.sort()
  }
}
