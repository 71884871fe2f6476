internal import Controls
internal import Findings
internal import Model
internal import Policies

/// What several formats look up in a report, made once for each rendering.
struct ReportIndex {
  /// A control that a finding bears on, and why.
  struct ControlReference {
    var framework: FrameworkAssessment
    var control: ControlAssessment
    /// The reasons of the mappings that join the two.
    var reasons: [String]
  }

  /// Which grant a row of the clean-up list that stands for many actions is about.
  struct GrantKey: Hashable {
    var agent: String
    var origin: Origin
    var resources: [String]
  }

  /// Which privilege a row of the clean-up list is about.
  struct PrivilegeKey: Hashable {
    var agent: String
    var action: String
    var resources: [String]
  }

  let report: Report
  /// Controls by finding id, in the order of the frameworks.
  private(set) var controls: [String: [ControlReference]] = [:]
  /// Findings by id.
  private(set) var findings: [String: Finding] = [:]
  /// Places in `review.agents` by agent id.
  private(set) var agents: [String: Int] = [:]
  /// Policies by id.
  private(set) var policies: [String: Policy] = [:]
  /// Rows of the clean-up list by privilege.
  private var cleanup: [PrivilegeKey: CleanupRow] = [:]
  /// Rows of the clean-up list that stand for many actions, by grant.
  private var grants: [GrantKey: CleanupRow] = [:]

  /// Looks everything up once.
  init(_ report: Report) {
    self.report = report
    for finding in report.review.findings { findings[finding.id] = finding }
    for (place, agent) in report.review.agents.enumerated() { agents[agent.agent.id] = place }
    for policy in report.policies { policies[policy.id] = policy }
    for row in report.review.cleanup {
      cleanup[PrivilegeKey(agent: row.agent, action: row.action, resources: row.resources)] = row
      if row.actions > 1 {
        grants[GrantKey(agent: row.agent, origin: row.origin, resources: row.resources)] = row
      }
    }
    for framework in report.frameworks {
      for control in framework.controls {
        for id in control.findings {
          controls[id, default: []].append(reference(framework, control, finding: id))
        }
      }
    }
  }

  /// The row of the clean-up list for a privilege: its own, or for one that was never used that of
  /// the grant that gives it; nil when there is nothing to do.
  func advice(agent: String, privilege: HeldPrivilege) -> CleanupRow? {
    let resources = privilege.resources
    let own = cleanup[
      PrivilegeKey(agent: agent, action: privilege.action, resources: resources)]
    if own != nil || privilege.uses > 0 { return own }
    return grants[GrantKey(agent: agent, origin: privilege.origin, resources: resources)]
  }

  /// The path of the file of a position; nil when the position names no file of the review.
  func path(_ position: SourcePosition) -> String? {
    let index = Int(position.file)
    guard report.input.files.indices.contains(index) else { return nil }
    return report.input.files[index].path
  }

  /// The raw record at a position, cut to a length that can be shown.
  func rawLine(_ position: SourcePosition) -> String? {
    report.rawLines[position].map {
      SafeText.cut($0, scalarsMax: ReportIndex.rawLineScalarsMax)
    }
  }

  /// Findings whose agents are none of the review's: they have no agent's page to stand on.
  var findingsWithoutAgent: [Finding] {
    report.review.findings.filter { finding in
      !finding.agents.contains { agents[$0] != nil }
    }
  }

  /// The most of a raw record that any format shows.
  static let rawLineScalarsMax = 4_000

  private func reference(
    _ framework: FrameworkAssessment, _ control: ControlAssessment, finding id: String
  ) -> ControlReference {
    var reasons: [String] = []
    if let finding = findings[id] {
      for mapping in control.mappings
      where mapping.theme == finding.policy || finding.themes.contains(mapping.theme) {
        if !reasons.contains(mapping.reason) { reasons.append(mapping.reason) }
      }
    }
    return ControlReference(framework: framework, control: control, reasons: reasons)
  }
}
