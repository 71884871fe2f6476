internal import Model

extension Review {
  /// The same review with exceptions held against its findings.
  ///
  /// Nothing is taken away: a finding says which exception is in force for it, or which one has
  /// ended, and each exception what it is for and what is questionable about it. An excused chain
  /// needs no exception.
  package func holding(_ exceptions: [Exception]) -> Review {
    var review = self
    let matcher = ExceptionMatcher(self)
    var standings = exceptions.sorted { $0.id < $1.id }.map { exception in
      ExceptionStanding(
        exception: exception, state: exception.state(at: to), findings: matcher.findings(exception),
        warnings: [])
    }
    var inForce: [String: [String]] = [:]
    var ended: [String: String] = [:]
    for standing in standings {
      for finding in standing.findings {
        switch standing.state {
        case .inForce: inForce[finding, default: []].append(standing.exception.id)
        case .ended: ended[finding] = ended[finding] ?? standing.exception.id
        case .notBegun, .notJudged: break
        }
      }
    }
    for place in standings.indices {
      standings[place].warnings = matcher.warnings(standings[place], inForce: inForce)
    }
    review.exceptions = standings
    for place in review.findings.indices {
      let id = review.findings[place].id
      review.findings[place].exceptedBy = inForce[id]?.first
      if inForce[id] == nil { review.findings[place].exceptionEnded = ended[id] }
    }
    return review
  }
}

extension Exception {
  /// How it stands at a review's end.
  fileprivate func state(at end: Timestamp?) -> ExceptionStanding.State {
    guard let end else { return .notJudged }
    if end < from { return .notBegun }
    return until < end ? .ended : .inForce
  }
}

/// Finds what exceptions are for.
private struct ExceptionMatcher {
  private let findings: [Finding]
  private let byID: [String: Finding]
  /// Names of agents by id.
  private let names: [String: String]

  /// More findings than one decision can have weighed one by one.
  private static let findingsMax = 20
  /// The longest an exception should run before somebody looks again, in nanoseconds.
  private static let spanMax: Int64 = 366 * 86_400_000_000_000

  init(_ review: Review) {
    findings = review.findings.filter { $0.status != .excused }
    byID = Dictionary(findings.map { ($0.id, $0) }) { first, _ in first }
    names = Dictionary(
      review.agents.compactMap { agent in agent.agent.name.map { (agent.agent.id, $0) } }
    ) { first, _ in first }
  }

  func findings(_ exception: Exception) -> [String] {
    switch exception.target {
    case .finding(let id): return byID[id] == nil ? [] : [id]
    case .pattern(let policy, let agents):
      let policy = Glob(policy)
      let agents = agents.map { Glob($0) }
      return findings.filter { finding in
        policy.matches(finding.policy) && !finding.agents.isEmpty
          && finding.agents.allSatisfy { matches($0, agents) }
      }.map(\.id)
    }
  }

  /// An agent is meant by its id or by its name.
  private func matches(_ agent: String, _ patterns: [Glob]) -> Bool {
    patterns.contains { $0.matches(agent) || (names[agent].map($0.matches) ?? false) }
  }

  func warnings(_ standing: ExceptionStanding, inForce: [String: [String]]) -> [String] {
    let exception = standing.exception
    var warnings: [String] = []
    if standing.findings.isEmpty {
      warnings.append("is for no finding of this review")
    } else if standing.state == .ended {
      warnings.append("has ended, and what it was for is still there")
    }
    if case .pattern(let policy, let agents) = exception.target {
      if Glob(policy).isEverything || agents.contains(where: { Glob($0).isEverything }) {
        warnings.append("is for every policy or every agent: name what was weighed")
      } else if standing.findings.count > ExceptionMatcher.findingsMax {
        warnings.append("is for \(standing.findings.count) findings: more than one decision weighs")
      }
    }
    if isSelfApproved(standing) {
      warnings.append("is approved by who gains from it: somebody else must")
    }
    let overlapping = Set(standing.findings.flatMap { inForce[$0] ?? [] })
      .subtracting([exception.id]).sorted()
    if standing.state == .inForce, !overlapping.isEmpty {
      warnings.append("is for the same findings as \(overlapping.joined(separator: ", "))")
    }
    let (span, overflow) = exception.until.nanoseconds.subtractingReportingOverflow(
      exception.from.nanoseconds)
    if overflow || span > ExceptionMatcher.spanMax { warnings.append("runs for more than a year") }
    let isGrave = standing.findings.contains { (byID[$0]?.severity ?? .low) == .critical }
    if exception.compensatingControl == nil, isGrave {
      warnings.append("is for a critical finding and names no compensating control")
    }
    return warnings
  }

  private func isSelfApproved(_ standing: ExceptionStanding) -> Bool {
    let approver = standing.exception.approver
    if approver == standing.exception.owner { return true }
    return standing.findings.contains { id in
      byID[id]?.agents.contains { $0 == approver || names[$0] == approver } ?? false
    }
  }
}
