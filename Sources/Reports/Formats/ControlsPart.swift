internal import Controls
internal import Findings

/// Section 5 of the index: how the controls stand, by framework.
struct ControlsPart {
  private let page: IndexPage

  /// The section of a page.
  init(_ page: IndexPage) { self.page = page }

  /// All values.
  var values: ViewValue {
    let frameworks = page.report.frameworks
    let total = ControlTally(frameworks.flatMap(\.controls))
    let cited = frameworks.flatMap { framework in
      framework.controls.filter { $0.citedAs != nil }.map { (framework, $0) }
    }
    return .object([
      "has": .flag(!frameworks.isEmpty), "say": .text(sentence(total)),
      "frameworks": .list(frameworks.map { framework($0) }),
      "total": ControlsPart.tally(total),
      "cited": .list(cited.map { reference($0, $1) }), "hasCited": .flag(!cited.isEmpty),
      "citedCaption": .text(
        cited.count == 1
          ? "The reference that this review was asked for."
          : "The \(NumberText.word(cited.count)) references that this review was asked for."),
    ])
  }

  private func sentence(_ tally: ControlTally) -> String {
    if tally.all == 0 { return "No framework was applied." }
    return "Of \(NumberText.count(tally.all, "control", "controls")), "
      + "\(some(tally.notSatisfied)) \(tally.notSatisfied == 1 ? "is" : "are") not satisfied, "
      + "\(some(tally.partly)) partly, \(some(tally.satisfied)) satisfied; "
      + "\(some(tally.notAssessed)) could not be assessed."
  }

  private func some(_ count: Int) -> String { count == 0 ? "none" : NumberText.word(count) }

  private func framework(_ framework: FrameworkAssessment) -> ViewValue {
    .object([
      "title": .text(framework.title), "version": .text(framework.version),
      "href": .exact(page.site.path(framework: framework.id).map { page.site.root + $0 }),
      "tally": ControlsPart.tally(ControlTally(framework.controls)),
      "tiles": .list(framework.controls.map(ControlsPart.tile)),
    ])
  }

  /// Counts: `notSatisfied`, `partly`, `satisfied`, `notAssessed`, `all`.
  static func tally(_ tally: ControlTally) -> ViewValue {
    .object([
      "notSatisfied": .count(tally.notSatisfied), "partly": .count(tally.partly),
      "satisfied": .count(tally.satisfied), "notAssessed": .count(tally.notAssessed),
      "all": .count(tally.all),
    ])
  }

  /// One control as a tile: `id`, `status`, `title`.
  static func tile(_ control: ControlAssessment) -> ViewValue {
    .object([
      "id": .exact(control.id), "title": .text(control.title),
      "status": HTMLSite.status(control.status),
    ])
  }

  private func reference(
    _ framework: FrameworkAssessment, _ control: ControlAssessment
  ) -> ViewValue {
    .object([
      "cited": .text(control.citedAs), "id": .exact(control.id), "title": .text(control.title),
      "framework": .text(framework.title), "version": .text(framework.version),
      "href": .exact(
        page.site.path(framework: framework.id).map {
          "\(page.site.root)\($0)#\(Naming.anchor(control.id))"
        }),
      "status": HTMLSite.status(control.status),
      "tested": .text("\(control.tested) of \(control.of)"),
      "findings": .count(control.findings.count), "reason": .text(control.citedReason),
    ])
  }
}
