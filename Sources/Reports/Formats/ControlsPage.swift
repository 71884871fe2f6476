internal import Controls
internal import Findings
internal import Model
internal import Policies

/// The values of a framework's page: each control with its evidence, worst first.
struct ControlsPage {
  private let site: HTMLSite
  private let framework: FrameworkAssessment

  /// Findings that one control lists.
  private static let findingsMax = 12

  /// The page of a framework.
  init(_ site: HTMLSite, framework: FrameworkAssessment) {
    self.site = site
    self.framework = framework
  }

  /// All values.
  var values: ViewValue {
    let tally = ControlTally(framework.controls)
    let sorted = framework.controls.enumerated().sorted {
      (rank($0.element.status), $0.offset) < (rank($1.element.status), $1.offset)
    }.map(\.element)
    return site.page(
      title: "\(framework.title), review \(site.report.id)",
      [
        "framework": .text(framework.title), "version": .text(framework.version),
        "mappingVersion": .text(framework.mappingVersion), "note": .text(framework.note),
        "heading": .text(heading(tally)), "lede": .text(lede(tally)),
        "tally": ControlsPart.tally(tally),
        "tiles": .list(framework.controls.map(ControlsPart.tile)),
        "controls": .list(sorted.map(control)), "has": .flag(!sorted.isEmpty),
      ])
  }

  private func heading(_ tally: ControlTally) -> String {
    if tally.all == 0 { return "No control is mapped" }
    if tally.notSatisfied == 1 { return "One control is not satisfied" }
    if tally.notSatisfied > 1 {
      return "\(NumberText.capitalWord(tally.notSatisfied)) controls are not satisfied"
    }
    if tally.notAssessed == tally.all { return "No control could be assessed" }
    return tally.partly > 0
      ? "\(NumberText.capitalWord(tally.partly)) \(tally.partly == 1 ? "control is" : "controls are")"
        + " satisfied in part" : "Every control that was tested is satisfied"
  }

  private func lede(_ tally: ControlTally) -> String {
    let worst = framework.controls.filter { $0.status == .notSatisfied }.map(\.id)
    let start =
      worst.isEmpty
      ? "" : worst.prefix(8).joined(separator: ", ") + (worst.count > 8 ? " and more. " : ". ")
    return start + "This evidence bears on \(NumberText.count(tally.all, "control", "controls")): "
      + "\(tally.satisfied) satisfied, \(tally.partly) partly, \(tally.notSatisfied) not satisfied, "
      + "\(tally.notAssessed) not assessed."
  }

  private func rank(_ status: ControlStatus) -> Int {
    switch status {
    case .notSatisfied: return 0
    case .partly: return 1
    case .satisfied: return 2
    case .notAssessed: return 3
    }
  }

  private func control(_ control: ControlAssessment) -> ViewValue {
    let shown = control.findings.prefix(ControlsPage.findingsMax)
    return .object([
      "id": .exact(control.id), "mark": .exact("\(framework.id) \(control.id)"),
      "anchor": .exact(Naming.anchor(control.id)), "title": .text(control.title),
      "cited": .text(control.citedAs), "citedReason": .text(control.citedReason),
      "status": HTMLSite.status(control.status),
      "tested": .text("\(NumberText.grouped(control.tested)) of \(NumberText.grouped(control.of))"),
      "findingCount": .count(control.findings.count), "reason": .text(control.reason),
      "mappings": .list(
        control.mappings.map { .object(["theme": .text($0.theme), "reason": .text($0.reason)]) }),
      "findings": .list(
        shown.compactMap { id in
          site.index.findings[id].map { finding in
            .object([
              "title": .text(finding.title), "href": .exact(site.href(finding: finding)),
              "status": HTMLSite.status(finding.status),
              "agents": site.links(agents: finding.agents, max: 2),
            ])
          }
        }),
      "moreFindings": control.findings.count > shown.count
        ? .count(control.findings.count - shown.count) : .none,
    ])
  }
}
