internal import Controls
internal import Findings
internal import Model

extension ReportFormat {
  /// index.html, a page for each agent, framework and owner, report.css and report.js.
  ///
  /// The pages open from a file, ask nothing of any network, and are complete without scripts.
  static let html = ReportFormat(name: "html") { report, templates, take in
    let site = HTMLSite(ReportIndex(report))
    try take(
      RenderedFile(
        path: "index.html", bytes: try templates.render("index", IndexPage(site).values)))
    for path in ["report.css", "report.js"] {
      try take(RenderedFile(path: path, bytes: try templates.bytes(path)))
    }
    let below = site.below
    for (place, assessment) in report.review.agents.enumerated() {
      guard let path = site.path(agent: assessment.agent.id) else { continue }
      let page = AgentPage(below, assessment: assessment, place: place)
      try take(RenderedFile(path: path, bytes: try templates.render("agent", page.values)))
    }
    for framework in report.frameworks {
      guard let path = site.path(framework: framework.id) else { continue }
      let page = ControlsPage(below, framework: framework)
      try take(RenderedFile(path: path, bytes: try templates.render("controls", page.values)))
    }
    let style = OwnerPage.Style(text: try templates.text("report.css"))
    try OwnerExtract.forEach(site.index) { path, extract in
      let page = OwnerPage(extract, style: style)
      try take(RenderedFile(path: path, bytes: try templates.render("owner", page.values)))
    }
  }
}
