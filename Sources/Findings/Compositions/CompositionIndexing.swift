internal import Model

/// Makes the composition index of one agent.
struct CompositionIndexing {
  let scoring: Scoring
  /// Policies that were applied.
  let policyCount: Int

  /// Chains of one policy beyond this place weigh less than a millionth and get no row.
  static let placesMax = 20

  /// The index from the findings that name the agent, and whether its events were seen at all.
  func index(of findings: [Finding], hasEvents: Bool) -> CompositionIndex {
    var happened: [String: [CompositionTerm]] = [:]
    var possible: [String: [CompositionTerm]] = [:]
    var indeterminate = 0
    for finding in findings where finding.kind == .composition {
      switch finding.status {
      case .realised, .nearMiss:
        happened[finding.policy, default: []] += finding.occurrences.map {
          term(finding, occurrence: $0.id, risk: $0.risk)
        }
      case .latent:
        possible[finding.policy, default: []].append(
          term(finding, occurrence: nil, risk: finding.risk))
      case .indeterminate: indeterminate += max(1, finding.occurrencesInAll)
      case .excused, .pending, .open: break
      }
    }
    let rows = placed(happened)
    let latent = placed(possible)
    var value = percentage(1 - rows.reduce(1) { $0 * $1.factor })
    var lift: Int?
    if !latent.isEmpty {
      let together = percentage(1 - latent.reduce(1) { $0 * $1.factor })
      lift = min(scoring.composition.latentMax, together)
      value = max(value, lift ?? 0)
    }
    let critical = findings.first { $0.status == .realised && $0.severity == .critical }
    if critical != nil { value = max(value, scoring.composition.realisedCritical) }
    return CompositionIndex(
      score: score(
        value, hasRows: !rows.isEmpty || !latent.isEmpty, indeterminate: indeterminate,
        hasEvents: hasEvents),
      terms: rows + latent, latentLift: lift,
      floor: critical == nil ? nil : scoring.composition.realisedCritical,
      floorReason: critical.map { "a critical chain was realised: \($0.id)" })
  }

  private func term(_ finding: Finding, occurrence: String?, risk: Double) -> CompositionTerm {
    CompositionTerm(
      finding: finding.id, occurrence: occurrence, policy: finding.policy, risk: risk, place: 0,
      factor: 1)
  }

  /// Each policy's chains in their places, then all by falling risk.
  private func placed(_ byPolicy: [String: [CompositionTerm]]) -> [CompositionTerm] {
    var rows: [CompositionTerm] = []
    for policy in byPolicy.keys.sorted() {
      let sorted = (byPolicy[policy] ?? []).sorted(by: CompositionIndexing.precedes)
      var half = 1.0
      for (index, term) in sorted.prefix(CompositionIndexing.placesMax).enumerated() {
        var term = term
        term.place = index + 1
        term.factor = 1 - term.risk * half
        half /= 2
        rows.append(term)
      }
    }
    return rows.sorted(by: CompositionIndexing.precedes)
  }

  private static func precedes(_ left: CompositionTerm, _ right: CompositionTerm) -> Bool {
    if left.risk != right.risk { return left.risk > right.risk }
    if left.policy != right.policy { return left.policy < right.policy }
    return (left.finding, left.occurrence ?? "") < (right.finding, right.occurrence ?? "")
  }

  private func score(
    _ value: Int, hasRows: Bool, indeterminate: Int, hasEvents: Bool
  ) -> Score {
    guard policyCount > 0 else { return .notAssessed(reason: "no policy was applied") }
    guard hasEvents else {
      let reason = "no event of this agent was seen"
      return hasRows ? .atLeast(value, reason: reason) : .notAssessed(reason: reason)
    }
    guard indeterminate == 0 else {
      return .atLeast(value, reason: "\(counted(indeterminate, "chain")) could not be judged")
    }
    return .assessed(value)
  }
}
