internal import Model

extension Scoring {
  /// The two indexes of an agent as one risk: 100 (1 - (1 - p/100)(1 - c/100)).
  func risk(privilege: Score, composition: Score) -> Score {
    switch (privilege.value, composition.value) {
    case (nil, nil):
      let reasons = [privilege.reason, composition.reason].compactMap { $0 }
      return .notAssessed(reason: reasons.joined(separator: "; "))
    case (let value?, nil), (nil, let value?):
      let reason = privilege.value == nil ? privilege.reason : composition.reason
      return .atLeast(value, reason: reason ?? "one side was not assessed")
    case (let left?, let right?):
      let value = percentage(1 - (1 - Double(left) / 100) * (1 - Double(right) / 100))
      let reasons = [privilege.reason, composition.reason].compactMap { $0 }
      return reasons.isEmpty
        ? .assessed(value) : .atLeast(value, reason: reasons.joined(separator: "; "))
    }
  }

  /// The worse of the two bands; nil when neither side has a number.
  func band(privilege: Score, composition: Score) -> Severity? {
    [privilege.value, composition.value].compactMap { $0 }.map { band(of: $0) }.max()
  }
}

/// Sums agents up: a distribution, never one average.
func estate(
  of agents: [AgentAssessment], heldHazard: [Double], unusedHazard: [Double]
) -> Estate {
  var estate = Estate(
    critical: 0, high: 0, moderate: 0, low: 0, notAssessed: 0, held: 0, used: 0, unused: 0,
    unseen: 0, heldHazard: 0, unusedHazard: 0, topTenShare: nil)
  for agent in agents {
    let atLeast = agent.isBandAtLeast ? 1 : 0
    switch agent.band {
    case .critical:
      estate.critical += 1
      estate.criticalAtLeast += atLeast
    case .high:
      estate.high += 1
      estate.highAtLeast += atLeast
    case .moderate:
      estate.moderate += 1
      estate.moderateAtLeast += atLeast
    case .low:
      estate.low += 1
      estate.lowAtLeast += atLeast
    case nil: estate.notAssessed += 1
    }
    estate.held += agent.held
    estate.used += agent.used
    estate.unused += agent.unused
    estate.unseen += agent.unseen
  }
  // Sums run over sorted numbers, so that the order of agents never shows in the last digit.
  estate.heldHazard = heldHazard.sorted().reduce(0, +)
  let falling = unusedHazard.sorted(by: >)
  estate.unusedHazard = falling.reversed().reduce(0, +)
  if estate.unusedHazard > 0 {
    estate.topTenShare = min(1, falling.prefix(10).reversed().reduce(0, +) / estate.unusedHazard)
  }
  return estate
}
