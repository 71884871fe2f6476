extension ReportFormat {
  /// report.xml: the same names, order and ids as report.json.
  ///
  /// It is valid by `templates/schema/report.xsd` or not kept: see `Agreement`, which reads it back.
  static let xml = ReportFormat(
    name: "xml",
    pieces: { index, _ in
      let structured = StructuredReport<XMLSink>(index: index)
      return ReportPart.all(of: index.report).map { part in
        .part(of: "report.xml") {
          try XMLSink.part(
            part.place, of: "report.xml", root: "report", namespace: "urn:sequitur:report:1"
          ) { structured.write(part, to: &$0) }
        }
      }
    })
}
