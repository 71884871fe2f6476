extension ReportFormat {
  /// report.xml: the same names, order and ids as report.json, valid by
  /// `templates/schema/report.xsd` or not rendered at all.
  static let xml = ReportFormat(name: "xml") { report, templates in
    let structured = StructuredReport<XMLSink>(index: ReportIndex(report))
    let bytes = try XMLSink.document(root: "report", namespace: "urn:sequitur:report:1") {
      structured.write(to: &$0)
    }
    let mistakes = validate(xml: bytes, schema: try templates.bytes("schema/report.xsd"))
    if !mistakes.isEmpty {
      throw ReportProblem(
        reasons: mistakes.map { "report.xml: not valid by schema/report.xsd: \($0)" })
    }
    return [RenderedFile(path: "report.xml", bytes: bytes)]
  }
}
