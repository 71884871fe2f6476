extension ReportFormat {
  /// oscal-assessment-results.xml and .json: NIST OSCAL 1.2.3, and the frameworks joined to each
  /// other by the themes that they share, as a mapping collection.
  static let oscal = ReportFormat(name: "oscal") { report, _, take in
    let index = ReportIndex(report)
    let xml = try XMLSink.document(
      root: "assessment-results", namespace: OSCALText.oscalNamespace
    ) { sink in
      OSCALAssessment<XMLSink>(index).write(to: &sink)
    }
    try take(RenderedFile(path: "oscal-assessment-results.xml", bytes: xml))
    let json = JSONSink.document { sink in
      sink.object("assessment-results") { OSCALAssessment<JSONSink>(index).write(to: &$0) }
    }
    try take(RenderedFile(path: "oscal-assessment-results.json", bytes: json))
    try writeMapping(report, take)
  }

  private static func writeMapping(_ report: Report, _ take: Taker) throws {
    guard let crosswalk = report.crosswalk,
      !OSCALMapping<JSONSink>(report: report, crosswalk: crosswalk).isEmpty
    else { return }
    let xml = try XMLSink.document(
      root: "mapping-collection", namespace: OSCALText.oscalNamespace
    ) { sink in
      OSCALMapping<XMLSink>(report: report, crosswalk: crosswalk).write(to: &sink)
    }
    try take(RenderedFile(path: "oscal-mapping-collection.xml", bytes: xml))
    let json = JSONSink.document { sink in
      sink.object("mapping-collection") {
        OSCALMapping<JSONSink>(report: report, crosswalk: crosswalk).write(to: &$0)
      }
    }
    try take(RenderedFile(path: "oscal-mapping-collection.json", bytes: json))
  }
}
