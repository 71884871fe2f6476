extension ReportFormat {
  /// report.json: the whole report, by `templates/schema/report.schema.json`.
  static let json = ReportFormat(name: "json") { report, _ in
    let structured = StructuredReport<JSONSink>(index: ReportIndex(report))
    return [
      RenderedFile(
        path: "report.json", bytes: JSONSink.document { structured.write(to: &$0) })
    ]
  }
}
