internal import Controls
internal import Findings
internal import Model

extension ReportFormat {
  /// index.html, a page for each agent, framework and owner, report.css and report.js.
  ///
  /// The pages open from a file, ask nothing of any network, and are complete without scripts.
  static let html = ReportFormat(
    name: "html",
    pieces: { index, templates in
      let site = HTMLSite(index)
      let agents = index.report.review.agents.count
      return [
        .longFiles { try writeIndex(site, templates, $0) },
        .longFiles { try writeOwners(site, templates, $0) },
      ]
        + stride(from: 0, to: agents, by: agentsOfPiece).map { start in
          .files { take in
            let places = start..<min(agents, start + agentsOfPiece)
            try writeAgents(places, site.below, templates, take)
          }
        }
    })

  /// Agents whose pages are made one after the other.
  private static let agentsOfPiece = 100

  private static func writeIndex(_ site: HTMLSite, _ templates: Templates, _ take: Taker) throws {
    try take(
      RenderedFile(
        path: "index.html", bytes: try templates.render("index", IndexPage(site).values)))
    for path in ["report.css", "report.js"] {
      try take(RenderedFile(path: path, bytes: try templates.bytes(path)))
    }
    for framework in site.report.frameworks {
      guard let path = site.path(framework: framework.id) else { continue }
      let page = ControlsPage(site.below, framework: framework)
      try take(RenderedFile(path: path, bytes: try templates.render("controls", page.values)))
    }
  }

  private static func writeOwners(_ site: HTMLSite, _ templates: Templates, _ take: Taker) throws {
    let style = OwnerPage.Style(text: try templates.text("report.css"))
    try OwnerExtract.forEach(site.index) { path, extract in
      let page = OwnerPage(extract, style: style)
      try take(RenderedFile(path: path, bytes: try templates.render("owner", page.values)))
    }
  }

  private static func writeAgents(
    _ places: Range<Int>, _ site: HTMLSite, _ templates: Templates, _ take: Taker
  ) throws {
    for place in places {
      let assessment = site.review.agents[place]
      guard let path = site.path(agent: assessment.agent.id) else { continue }
      let page = AgentPage(site, assessment: assessment, place: place)
      try take(RenderedFile(path: path, bytes: try templates.render("agent", page.values)))
    }
  }
}
