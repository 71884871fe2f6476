extension ReportFacts {
  /// Reads findings.sarif back: its findings.
  init(sarif file: FileParts) throws {
    self.init(source: file.path)
    ids[.finding] = []
    try read(file, ReportFacts.pathsOfSARIF) { _, value, facts in facts.add(.finding, value) }
    countRows()
  }

  private static let pathsOfSARIF = PathTree([
    "runs.results.partialFingerprints.sequiturFinding/v1"
  ])

  /// Reads findings.ocsf.ndjson back: its findings and controls.
  init(ocsf file: FileParts) throws {
    self.init(source: file.path)
    ids[.finding] = []
    ids[.control] = []
    var eventClass = ""
    var facts = self
    var reader = JSONPathReader(file.next, ReportFacts.pathsOfOCSF)
    let isWhole = try reader.readLines { path, value in
      if path == "class_uid" {
        eventClass = value
      } else {
        facts.add(eventClass == "2003" ? .control : .finding, value)
      }
    }
    self = facts
    if !isWhole { problems.append("\(source): not readable as JSON at byte \(reader.offset)") }
    countRows()
  }

  private static let pathsOfOCSF = PathTree(["class_uid", "finding_info.uid"])

  /// Reads oscal-assessment-results.json back: its agents, findings and controls, by their
  /// properties. An id that OSCAL would not take as it is, is not compared.
  init(oscal file: FileParts) throws {
    self.init(source: file.path)
    var name = ""
    var framework = ""
    ids[.control] = []
    try read(file, ReportFacts.pathsOfOSCAL) { path, value, facts in
      guard path.hasSuffix(".value") else { return name = value }
      if name == "framework" { framework = value }
      if name == "published-id" { facts.add(.control, "\(framework) \(value)") }
    }
    countRows()
  }

  private static let pathsOfOSCAL = PathTree([
    "assessment-results.results.observations.props.name",
    "assessment-results.results.observations.props.value",
  ])
}
