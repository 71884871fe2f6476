internal import Model

extension ReviewChange {
  /// Compares a review with an earlier one.
  ///
  /// - Parameter lastSeen: For findings that the earlier review does not have, the review before it
  ///   in which each was last seen, by the finding's id.
  package init(
    from earlier: ReviewSnapshot, to later: ReviewSnapshot, lastSeen: [String: String] = [:]
  ) {
    let comparing = Comparing(earlier, later, lastSeen)
    self.init(
      baseline: earlier.review, baselineFrom: earlier.from, baselineTo: earlier.to,
      gapDays: comparing.gapDays, ruleChanges: comparing.ruleChanges,
      findings: comparing.findings, unchanged: comparing.unchanged, agents: comparing.agents)
  }
}

/// The walk over two reviews.
private struct Comparing {
  let earlier: ReviewSnapshot
  let later: ReviewSnapshot
  private let agentsBefore: [String: ReviewSnapshot.Agent]
  private let agentsAfter: [String: ReviewSnapshot.Agent]
  private(set) var findings: [ReviewChange.FindingChange] = []
  private(set) var unchanged = 0
  private(set) var agents: [ReviewChange.AgentChange] = []

  init(_ earlier: ReviewSnapshot, _ later: ReviewSnapshot, _ lastSeen: [String: String]) {
    self.earlier = earlier
    self.later = later
    agentsBefore = Dictionary(earlier.agents.map { ($0.id, $0) }) { first, _ in first }
    agentsAfter = Dictionary(later.agents.map { ($0.id, $0) }) { first, _ in first }
    compareFindings(lastSeen)
    compareAgents()
  }

  var gapDays: Int? {
    guard let end = earlier.to, let start = later.from else { return nil }
    return max(0, Int(start.dayNumber - end.dayNumber) - 1)
  }

  /// What differs of the rules, a line each.
  var ruleChanges: [String] {
    var lines: [String] = []
    let (before, after) = (earlier.rules, later.rules)
    let added = after.policies.keys.filter { before.policies[$0] == nil }.sorted()
    let dropped = before.policies.keys.filter { after.policies[$0] == nil }.sorted()
    let changed = after.policies.keys.filter { id in
      before.policies[id].map { $0 != after.policies[id] } ?? false
    }.sorted()
    if !added.isEmpty { lines.append("policies added: \(added.joined(separator: ", "))") }
    if !dropped.isEmpty { lines.append("policies dropped: \(dropped.joined(separator: ", "))") }
    if !changed.isEmpty { lines.append("policies changed: \(changed.joined(separator: ", "))") }
    if before.vocabulary != after.vocabulary {
      lines.append("vocabulary: \(before.vocabulary) before, \(after.vocabulary) now")
    }
    if hasOtherScoring {
      lines.append(
        before.scoring == after.scoring
          ? "scoring: other numbers under the same version \(after.scoring)"
          : "scoring: version \(before.scoring) before, \(after.scoring) now")
    }
    return lines
  }

  private var hasOtherScoring: Bool {
    earlier.rules.scoringDigest != later.rules.scoringDigest
  }

  // MARK: findings

  private mutating func compareFindings(_ lastSeen: [String: String]) {
    let before = Dictionary(earlier.findings.map { ($0.id, $0) }) { first, _ in first }
    let after = Set(later.findings.map(\.id))
    let turned = Turned(
      from: earlier.findings.filter { !after.contains($0.id) },
      to: later.findings.filter { before[$0.id] == nil })
    for finding in later.findings {
      guard let old = before[finding.id] ?? turned.before[finding.id] else {
        let seen = lastSeen[finding.id]
        add(finding, seen == nil ? .new : .reopened, nil, finding.status, appeared(finding), seen)
        continue
      }
      if let (kind, causes) = moved(old, finding) {
        add(finding, kind, old.status, finding.status, causes, nil)
      } else {
        unchanged += 1
      }
    }
    for finding in earlier.findings
    where !after.contains(finding.id) && !turned.gone.contains(finding.id) {
      add(finding, .resolved, finding.status, nil, vanished(finding), nil)
    }
    let kinds = ReviewChange.Kind.allCases
    findings.sort { left, right in
      let places = (
        kinds.firstIndex(of: left.kind) ?? 0, kinds.firstIndex(of: right.kind) ?? 0
      )
      if places.0 != places.1 { return places.0 < places.1 }
      if left.severity != right.severity { return left.severity > right.severity }
      return left.finding < right.finding
    }
  }

  private mutating func add(
    _ finding: ReviewSnapshot.Finding, _ kind: ReviewChange.Kind, _ before: Finding.Status?,
    _ after: Finding.Status?, _ causes: Set<ReviewChange.Cause>, _ lastSeen: String?
  ) {
    findings.append(
      ReviewChange.FindingChange(
        kind: kind, finding: finding.id, policy: finding.policy, title: finding.title,
        agents: finding.agents, severity: finding.severity, before: before, after: after,
        lastSeenIn: lastSeen, causes: causes.sorted()))
  }

  /// Whether a policy says the same in both reviews; a built-in rule is no policy.
  private func isSamePolicy(_ finding: ReviewSnapshot.Finding) -> Bool {
    let (before, after) = (
      earlier.rules.policies[finding.policy], later.rules.policies[finding.policy]
    )
    return before == after
  }

  /// Why a finding is there that was not: the first of these that explains it.
  private func appeared(_ finding: ReviewSnapshot.Finding) -> Set<ReviewChange.Cause> {
    if !isSamePolicy(finding) { return [.policies] }
    // It happened while the earlier review looked, which did not see it or did not call it that.
    let isOld = finding.last.flatMap { last in earlier.to.map { last <= $0 } } ?? false
    if hasOtherEvidence(finding) { return [.evidence] }
    if earlier.rules.vocabulary != later.rules.vocabulary, isOld { return [.vocabulary] }
    if finding.kind == .privilege, hasOtherScoring, !hasOtherPrivileges(finding) {
      return [.scoring]
    }
    return isOld ? [.evidence] : [.organisation]
  }

  private func vanished(_ finding: ReviewSnapshot.Finding) -> Set<ReviewChange.Cause> {
    if !isSamePolicy(finding) { return [.policies] }
    if hasOtherEvidence(finding) { return [.evidence] }
    if finding.kind == .privilege, hasOtherScoring, !hasOtherPrivileges(finding) {
      return [.scoring]
    }
    return [.organisation]
  }

  /// How a finding of both reviews moved; nil when it stands as it did.
  private func moved(
    _ old: ReviewSnapshot.Finding, _ new: ReviewSnapshot.Finding
  ) -> (ReviewChange.Kind, Set<ReviewChange.Cause>)? {
    if old.status != new.status {
      let isWorse = new.status.gravity > old.status.gravity
      return (isWorse ? .worse : .better, isSamePolicy(new) ? appeared(new) : [.policies])
    }
    if old.severity != new.severity {
      return (new.severity > old.severity ? .worse : .better, [.policies])
    }
    guard new.status == .realised, old.occurrences != new.occurrences else { return nil }
    return (new.occurrences > old.occurrences ? .worse : .better, [.organisation])
  }

  /// Whether other sources show the agents of a finding now than then.
  private func hasOtherEvidence(_ finding: ReviewSnapshot.Finding) -> Bool {
    finding.agents.contains { id in
      guard let before = agentsBefore[id], let after = agentsAfter[id] else { return false }
      return before.sources != after.sources || before.isEvidenceEnough != after.isEvidenceEnough
    }
  }

  private func hasOtherPrivileges(_ finding: ReviewSnapshot.Finding) -> Bool {
    finding.agents.contains { id in
      guard let before = agentsBefore[id], let after = agentsAfter[id] else { return true }
      return before.held != after.held || before.unused != after.unused
    }
  }

  // MARK: agents

  private mutating func compareAgents() {
    var causesOfChains: [String: Set<ReviewChange.Cause>] = [:]
    for change in findings {
      for agent in change.agents { causesOfChains[agent, default: []].formUnion(change.causes) }
    }
    for id in Set(agentsBefore.keys).union(agentsAfter.keys).sorted() {
      let (before, after) = (agentsBefore[id], agentsAfter[id])
      guard
        before?.privilege != after?.privilege || before?.composition != after?.composition
          || (before == nil) != (after == nil)
      else { continue }
      agents.append(
        ReviewChange.AgentChange(
          agent: id, privilegeBefore: before?.privilege, privilegeAfter: after?.privilege,
          compositionBefore: before?.composition, compositionAfter: after?.composition,
          isNew: before == nil, isGone: after == nil,
          causes: causes(before, after, causesOfChains[id] ?? []).sorted()))
    }
  }

  private func causes(
    _ before: ReviewSnapshot.Agent?, _ after: ReviewSnapshot.Agent?,
    _ ofChains: Set<ReviewChange.Cause>
  ) -> Set<ReviewChange.Cause> {
    guard let before, let after else { return [.organisation] }
    var causes: Set<ReviewChange.Cause> = []
    if before.privilege != after.privilege {
      let isSame = before.held == after.held && before.unused == after.unused
      if before.sources != after.sources || before.isEvidenceEnough != after.isEvidenceEnough {
        causes.insert(.evidence)
      } else if isSame, hasOtherScoring {
        causes.insert(.scoring)
      } else if isSame, earlier.rules.vocabulary != later.rules.vocabulary {
        causes.insert(.vocabulary)
      } else {
        causes.insert(.organisation)
      }
    }
    if before.composition != after.composition {
      if !ofChains.isEmpty {
        causes.formUnion(ofChains)
      } else if hasOtherScoring {
        causes.insert(.scoring)
      } else if before.sources != after.sources {
        causes.insert(.evidence)
      } else {
        causes.insert(.time)
      }
    }
    return causes
  }
}

/// Chains that could have happened and did, or the other way round: a finding that is latent names
/// other privileges than one that happened, and so has another id.
private struct Turned {
  /// The earlier finding by the later one's id.
  private(set) var before: [String: ReviewSnapshot.Finding] = [:]
  /// Ids of earlier findings that turned into later ones.
  private(set) var gone: Set<String> = []

  init(from earlier: [ReviewSnapshot.Finding], to later: [ReviewSnapshot.Finding]) {
    func key(_ finding: ReviewSnapshot.Finding) -> [String] { [finding.policy] + finding.agents }
    var waiting = Dictionary(grouping: earlier.filter { $0.kind == .composition }, by: key)
    for finding in later where finding.kind == .composition {
      let others = waiting[key(finding)] ?? []
      guard
        let place = others.firstIndex(where: {
          ($0.status == .latent) != (finding.status == .latent)
        })
      else { continue }
      before[finding.id] = others[place]
      gone.insert(others[place].id)
      waiting[key(finding)]?.remove(at: place)
    }
  }
}

extension Finding.Status {
  /// How much a status weighs against an agent: what happened most, a working control least.
  fileprivate var gravity: Int {
    switch self {
    case .excused: return 0
    case .pending, .indeterminate: return 1
    case .latent: return 2
    case .open: return 3
    case .nearMiss: return 4
    case .realised: return 5
    }
  }
}
