extension ReportFormat {
  /// report.xml: the same names, order and ids as report.json.
  ///
  /// It is valid by `templates/schema/report.xsd` or not kept: see `Agreement`, which reads it back.
  static let xml = ReportFormat(name: "xml") { index, _, take in
    let structured = StructuredReport<XMLSink>(index: index)
    try XMLSink.document(
      "report.xml", root: "report", namespace: "urn:sequitur:report:1", to: take
    ) { structured.write(to: &$0) }
  }
}
