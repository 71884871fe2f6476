internal import Model
internal import Policies

/// Makes findings of what the engine judged: realised, excused, near-miss, indeterminate chains.
///
/// A finding is a policy, the agents, and the privileges that its steps used. Its id is a digest of
/// those, so that it is the same from quarter to quarter; chains that stand differently (one broke
/// the policy, one was approved) are different findings.
struct ChainFindings {
  let input: ReviewInput
  let policies: [Policy]
  let scoring: Scoring
  /// The review's end, from which age is counted.
  let end: Timestamp?
  /// The statement that grants an action to an agent, in words.
  let via: (_ agent: String, _ action: String) -> String?

  /// One judgement with what identifies its finding.
  private struct Judged {
    let match: Match
    let policy: Policy
    let completing: ChainLink
    let chain: [ChainLink]

    var agents: [String] { Set(chain.map(\.agent)).sorted() }
  }

  /// What makes judgements one finding, before any text is made: policy, status, and the distinct
  /// steps with their agents and actions, in order of the chain.
  private struct GroupKey: Hashable {
    var policy: Int
    var status: MatchStatus
    var steps: [StepKey]
  }

  private struct StepKey: Hashable {
    var step: Int
    var agent: Symbol
    var action: Symbol
  }

  /// The findings, in no particular order.
  func findings(from evaluation: Evaluation) -> [Finding] {
    var numbers: [GroupKey: Int] = [:]
    var groups: [[Int]] = []
    for (index, match) in evaluation.matches.enumerated() {
      guard let key = key(of: match) else { continue }
      if let number = numbers[key] {
        groups[number].append(index)
      } else {
        numbers[key] = groups.count
        groups.append([index])
      }
    }
    // Spellings of an action that differ in case are one finding.
    var byID: [String: [Int]] = [:]
    for group in groups {
      guard let judged = judge(evaluation.matches[group[0]]) else { continue }
      byID[id(of: judged), default: []] += group
    }
    return byID.keys.sorted().compactMap { id in
      finding(id: id, (byID[id] ?? []).sorted().map { evaluation.matches[$0] })
    }
  }

  /// The id of the finding that a judgement belongs to.
  func id(of match: Match) -> String? { judge(match).map { id(of: $0) } }

  private func key(of match: Match) -> GroupKey? {
    guard policies.indices.contains(match.policy), !match.chain.isEmpty else { return nil }
    var steps: [StepKey] = []
    for step in match.chain {
      let event = input.table.events[step.event]
      let key = StepKey(step: step.step, agent: event.agent, action: event.action)
      if steps.last != key, !steps.contains(key) { steps.append(key) }
    }
    return GroupKey(policy: match.policy, status: match.status, steps: steps)
  }

  private func judge(_ match: Match) -> Judged? {
    guard policies.indices.contains(match.policy) else { return nil }
    let policy = policies[match.policy]
    let ids = policy.stepIDs
    let chain = match.chain.compactMap { step in
      link(event: step.event, step: ids.indices.contains(step.step) ? ids[step.step] : "step")
    }
    guard let completing = chain.last else { return nil }
    return Judged(match: match, policy: policy, completing: completing, chain: chain)
  }

  private func link(event index: Int, step: String) -> ChainLink? {
    guard input.table.events.indices.contains(index) else { return nil }
    let event = input.table.events[index]
    let symbols = input.symbols
    return ChainLink(
      step: step, event: symbols.text(event.id), time: event.isTimed ? event.time : nil,
      agent: symbols.text(event.agent), action: symbols.text(event.action),
      resource: symbols.textIfPresent(event.resource), outcome: event.outcome,
      position: event.position)
  }

  private func id(of judged: Judged) -> String {
    findingID(
      policy: judged.policy.id, agents: judged.agents, privileges: privileges(of: judged),
      status: judged.match.status.finding)
  }

  /// The privileges that the steps of a chain use, each once, in order of the chain.
  private func privileges(of judged: Judged) -> [StepPrivilege] {
    var privileges: [StepPrivilege] = []
    var seen: Set<StepPrivilege> = []
    for link in judged.chain {
      let privilege = StepPrivilege(
        step: link.step, agent: link.agent, action: link.action,
        via: via(link.agent, link.action))
      if seen.insert(privilege).inserted { privileges.append(privilege) }
    }
    return privileges
  }

  /// The judgements of a finding that are listed: all that broke the policy, of others the latest.
  private func listed(_ matches: [Match]) -> [Match] {
    let most = Finding.occurrencesListedMax
    guard let first = matches.first, first.status != .realised, matches.count > most else {
      return matches
    }
    // The table is in order of time.
    return Array(
      matches.enumerated().sorted { left, right in
        (right.element.chain.last?.event ?? 0, right.offset)
          < (left.element.chain.last?.event ?? 0, left.offset)
      }.prefix(most).map(\.element))
  }

  private func finding(id: String, _ matches: [Match]) -> Finding? {
    let group = listed(matches).compactMap { judge($0) }
    guard let first = group.first else { return nil }
    var occurrences = group.map { occurrence(of: $0, finding: id) }
    occurrences.sort { left, right in
      let leftTime = left.chain.last?.time?.nanoseconds ?? Int64.min
      let rightTime = right.chain.last?.time?.nanoseconds ?? Int64.min
      return (leftTime, left.id) < (rightTime, right.id)
    }
    makeUnique(&occurrences)
    let strongest = occurrences.map(\.linkStrength).max {
      scoring.composition.weight($0) < scoring.composition.weight($1)
    }
    var assumptions: [String] = []
    if occurrences.contains(where: \.isOrderSensitive) {
      assumptions.append("events with equal times ran in the order shown")
    }
    if occurrences.contains(where: \.isUntimed) {
      assumptions.append("the source has no clock: spans of time were not judged")
    }
    return Finding(
      id: id, kind: .composition, status: first.match.status.finding, policy: first.policy.id,
      title: first.policy.title, severity: first.policy.severity,
      risk: occurrences.map(\.risk).max() ?? 0, agents: first.agents,
      privileges: privileges(of: first), linkStrength: strongest, occurrences: occurrences,
      themes: first.policy.themes.sorted(), because: first.policy.because,
      remedy: first.policy.remedy, falsePositives: first.policy.falsePositives,
      assumptions: assumptions, unlistedOccurrences: matches.count - group.count)
  }

  private func occurrence(of judged: Judged, finding: String) -> Occurrence {
    let match = judged.match
    let key = match.key.flatMap { [$0.name, $0.value] }
    let ids = judged.policy.stepIDs
    return Occurrence(
      id: "\(finding).\(digest(key + [judged.completing.event], hexDigits: 8))", key: match.key,
      chain: judged.chain, excusedBy: match.excusedBy.flatMap { link(event: $0, step: "excuse") },
      missingStep: match.missingStep.flatMap { ids.indices.contains($0) ? ids[$0] : nil },
      indeterminateReason: match.indeterminateReason,
      lookedForAndNotFound: match.lookedForAndNotFound, aggregateValue: match.aggregateValue,
      aggregateEvents: match.aggregateEvents, linkStrength: match.linkStrength,
      risk: risk(of: judged), isOrderSensitive: match.isOrderSensitive,
      isUntimed: match.isUntimed, episode: match.episode)
  }

  /// Event ids are the source's own and may repeat: later ones of equal digest get a number.
  private func makeUnique(_ occurrences: inout [Occurrence]) {
    var seen: [String: Int] = [:]
    for index in occurrences.indices {
      let id = occurrences[index].id
      seen[id, default: 0] += 1
      if let count = seen[id], count > 1 { occurrences[index].id = "\(id)-\(count)" }
    }
  }

  /// Severity x link x recency; a share of it for a near miss, nothing for what was approved or
  /// could not be judged.
  private func risk(of judged: Judged) -> Double {
    let numbers = scoring.composition
    let full =
      numbers.weight(judged.policy.severity) * numbers.weight(judged.match.linkStrength)
      * recency(of: judged.completing.time)
    switch judged.match.status {
    case .realised: return full
    case .nearMiss: return full * numbers.nearMiss
    case .excused, .indeterminate, .pending: return 0
    }
  }

  /// Half as much after every half-life before the review's end; 1 for what has no time.
  private func recency(of time: Timestamp?) -> Double {
    guard let time, let end, time < end else { return 1 }
    let days = (Double(end.nanoseconds) - Double(time.nanoseconds)) / 86_400_000_000_000
    return powerOfTwo(-days / scoring.composition.halfLifeDays)
  }
}

/// The id of a finding: its policy's and a digest of policy, agents and (step, agent, action), and
/// of its status where that is not realised.
func findingID(
  policy: String, agents: [String], privileges: [StepPrivilege], status: Finding.Status
) -> String {
  var texts = [policy] + agents.sorted()
  for privilege in privileges.map({ [$0.step, $0.agent, $0.action.lowercased()] }) {
    texts += privilege
  }
  if status != .realised { texts.append(status.rawValue) }
  return "\(policy)-\(digest(texts, hexDigits: 12))"
}

extension MatchStatus {
  /// The same word of a finding.
  var finding: Finding.Status {
    switch self {
    case .realised: return .realised
    case .excused: return .excused
    case .nearMiss: return .nearMiss
    case .indeterminate: return .indeterminate
    case .pending: return .pending
    }
  }
}
