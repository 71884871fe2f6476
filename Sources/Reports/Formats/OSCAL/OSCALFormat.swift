extension ReportFormat {
  /// oscal-assessment-results.xml and .json: NIST OSCAL 1.2.3, and the frameworks joined to each
  /// other by the themes that they share, as a mapping collection.
  static let oscal = ReportFormat(
    name: "oscal",
    pieces: { index, _ in
      [
        .longFiles { take in
          try XMLSink.document(
            "oscal-assessment-results.xml", root: "assessment-results",
            namespace: OSCALText.oscalNamespace, to: take
          ) { OSCALAssessment<XMLSink>(index).write(to: &$0) }
        },
        .longFiles { take in
          try JSONSink.document(
            to: { try take(RenderedFile(path: "oscal-assessment-results.json", bytes: $0)) },
            { sink in
              sink.object("assessment-results") { OSCALAssessment<JSONSink>(index).write(to: &$0) }
            })
        },
        .files { try writeMapping(index.report, $0) },
      ]
    })

  private static func writeMapping(_ report: Report, _ take: Taker) throws {
    guard let crosswalk = report.crosswalk,
      !OSCALMapping<JSONSink>(report: report, crosswalk: crosswalk).isEmpty
    else { return }
    try XMLSink.document(
      "oscal-mapping-collection.xml", root: "mapping-collection",
      namespace: OSCALText.oscalNamespace, to: take
    ) { OSCALMapping<XMLSink>(report: report, crosswalk: crosswalk).write(to: &$0) }
    let json = JSONSink.document { sink in
      sink.object("mapping-collection") {
        OSCALMapping<JSONSink>(report: report, crosswalk: crosswalk).write(to: &$0)
      }
    }
    try take(RenderedFile(path: "oscal-mapping-collection.json", bytes: json))
  }
}
