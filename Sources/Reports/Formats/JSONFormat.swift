extension ReportFormat {
  /// report.json: the whole report, by `templates/schema/report.schema.json`.
  static let json = ReportFormat(
    name: "json",
    pieces: { index, _ in
      let structured = StructuredReport<JSONSink>(index: index)
      return ReportPart.all(of: index.report).map { part in
        .part(of: "report.json") {
          JSONSink.part(part.place) { structured.write(part, to: &$0) }
        }
      }
    })
}
