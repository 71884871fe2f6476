internal import Findings
internal import Model

/// How a finding stands: all that a control asks of it, since each of thousands of findings maps to
/// dozens of controls.
struct FindingStanding {
  let status: Finding.Status
  let severity: Severity
  let exceptedBy: String?

  /// The standing of a finding.
  init(_ finding: Finding) {
    status = finding.status
    severity = finding.severity
    exceptedBy = finding.exceptedBy
  }
}

/// What a review holds about one control: from this alone follow its status and the reason.
struct ControlEvidence {
  let needs: Population
  let notAssessedBecause: String?
  /// The findings that map to it.
  let findings: [FindingStanding]
  /// Agents that could be tested, of all.
  let tested: Int
  let of: Int
  /// Whether any policy or built-in rule asks about anything mapped to it.
  let isAsked: Bool
  /// The themes and policies mapped to it that nothing of this review asks about, sorted.
  let unasked: [String]

  /// Severity high or above, open, and not excepted.
  private var grave: [FindingStanding] { unexcepted.filter { $0.severity >= .high } }
  /// Open, of a lower severity, and not excepted.
  private var lower: [FindingStanding] { unexcepted.filter { $0.severity < .high } }
  private var unexcepted: [FindingStanding] {
    findings.filter { ControlEvidence.isOpen($0) && $0.exceptedBy == nil }
  }
  /// Open, with an exception in force: lived with, which is no pass.
  private var excepted: [FindingStanding] {
    findings.filter { ControlEvidence.isOpen($0) && $0.exceptedBy != nil }
  }
  /// Neither a violation nor a pass: an obligation that is still open, a field that was missing.
  private var unsettled: Int { count(.pending) + count(.indeterminate) }

  /// The rules of the report. A finding outweighs a gap in what was tested, and a gap outweighs a
  /// clean result: `satisfied` needs all agents tested, all mapped themes asked about, and no
  /// judgement left unsettled.
  var status: ControlStatus {
    if !grave.isEmpty { return .notSatisfied }
    if !lower.isEmpty || !excepted.isEmpty { return .partly }
    if tested == 0 { return .notAssessed }
    return tested < of || !unasked.isEmpty || unsettled > 0 ? .partly : .satisfied
  }

  /// Why this status, in sentences with their numbers.
  var reason: String {
    guard needs != .none else { return notAssessedBecause ?? "" }
    var sentences = [verdict]
    if status != .notAssessed { sentences.append(population) }
    if isAsked, !unasked.isEmpty {
      sentences.append("Nothing in this review looks for \(unasked.joined(separator: ", ")).")
    }
    if unsettled > 0 {
      let were = unsettled == 1 ? "1 mapped finding is" : "\(unsettled) mapped findings are"
      sentences.append(
        "\(were) unsettled (\(statusCounts([.pending, .indeterminate], of: findings))): "
          + "neither a violation nor a pass.")
    }
    if !excepted.isEmpty {
      let were =
        excepted.count == 1 ? "1 mapped finding is" : "\(excepted.count) mapped findings are"
      let names = Set(excepted.compactMap(\.exceptedBy)).sorted().joined(separator: ", ")
      sentences.append("\(were) open under an exception (\(names)): lived with, not satisfied.")
    }
    let excused = count(.excused)
    if excused > 0 {
      let were = excused == 1 ? "1 mapped finding was" : "\(excused) mapped findings were"
      sentences.append("\(were) excused by an approval: a working control.")
    }
    return sentences.joined(separator: " ")
  }

  private var verdict: String {
    switch status {
    case .notSatisfied:
      let rest = lower.isEmpty ? "" : ", and \(lower.count) lower"
      return "\(openFindings(grave)) of severity high or above"
        + " (\(statusCounts(ControlEvidence.openStatuses, of: grave)))\(rest)."
    case .partly where !lower.isEmpty:
      return "\(openFindings(lower)), none of severity high or above"
        + " (\(statusCounts(ControlEvidence.openStatuses, of: lower)))."
    case .partly where !excepted.isEmpty: return "No open finding without an exception."
    case .partly: return "No open finding, but not all of it could be judged."
    case .satisfied: return "No open finding, and all of it was tested."
    case .notAssessed:
      if of == 0 { return "This review has no agent." }
      if !isAsked { return "No policy and no check of this review looks for what is mapped here." }
      return noneTested
    }
  }

  private var noneTested: String {
    of == 1
      ? "The one agent does not have \(needs.words)."
      : "None of the \(of) agents has \(needs.words)."
  }

  private var population: String {
    if tested == 0 { return noneTested }
    return "\(tested) of \(of) \(of == 1 ? "agent" : "agents") could be tested: "
      + "\(tested == 1 ? "it has" : "they have") \(needs.words)."
  }

  private func count(_ status: Finding.Status) -> Int { findings.count { $0.status == status } }

  private func openFindings(_ findings: [FindingStanding]) -> String {
    findings.count == 1 ? "1 open finding" : "\(findings.count) open findings"
  }

  /// `2 realised, 1 latent`: the statuses that occur, in the given order.
  private func statusCounts(_ statuses: [Finding.Status], of findings: [FindingStanding]) -> String
  {
    statuses.compactMap { status in
      let count = findings.count { $0.status == status }
      guard count > 0 else { return nil }
      return "\(count) \(status == .nearMiss ? "near miss" : status.rawValue)"
    }.joined(separator: ", ")
  }

  /// The statuses that stand against a control.
  private static let openStatuses: [Finding.Status] = [.realised, .nearMiss, .latent, .open]

  private static func isOpen(_ finding: FindingStanding) -> Bool {
    switch finding.status {
    case .realised, .nearMiss, .latent, .open: return true
    case .excused, .pending, .indeterminate: return false
    }
  }
}
