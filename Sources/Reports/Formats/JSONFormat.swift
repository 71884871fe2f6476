extension ReportFormat {
  /// report.json: the whole report, by `templates/schema/report.schema.json`.
  static let json = ReportFormat(name: "json") { index, _, take in
    let structured = StructuredReport<JSONSink>(index: index)
    try JSONSink.document(
      to: { try take(RenderedFile(path: "report.json", bytes: $0)) },
      { structured.write(to: &$0) })
  }
}
