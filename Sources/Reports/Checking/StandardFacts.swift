extension ReportFacts {
  /// Reads findings.sarif back: its findings.
  init(sarif file: RenderedFile) {
    self.init(source: file.path)
    ids[.finding] = []
    read(file.bytes) { path, value, facts in
      if path.last == "sequiturFinding/v1" { facts.add(.finding, value) }
    }
    countRows()
  }

  /// Reads findings.ocsf.ndjson back: its findings and controls.
  init(ocsf file: RenderedFile) {
    self.init(source: file.path)
    ids[.finding] = []
    ids[.control] = []
    for line in file.bytes.split(separator: UInt8(ascii: "\n")) {
      var eventClass = ""
      read(Array(line)) { path, value, facts in
        if path == ["class_uid"] { eventClass = value }
        if path == ["finding_info", "uid"] {
          facts.add(eventClass == "2003" ? .control : .finding, value)
        }
      }
    }
    countRows()
  }

  /// Reads oscal-assessment-results.json back: its agents, findings and controls, by their
  /// properties. An id that OSCAL would not take as it is, is not compared.
  init(oscal file: RenderedFile) {
    self.init(source: file.path)
    var name = ""
    var framework = ""
    ids[.control] = []
    read(file.bytes) { path, value, facts in
      guard path.suffix(2).first == "props", path.contains("observations") else { return }
      if path.last == "name" { name = value }
      guard path.last == "value" else { return }
      if name == "framework" { framework = value }
      if name == "published-id" { facts.add(.control, "\(framework) \(value)") }
    }
    countRows()
  }

  private mutating func read(
    _ bytes: [UInt8], _ each: ([String], String, inout ReportFacts) -> Void
  ) {
    var reader = JSONPathReader(bytes: bytes)
    var facts = self
    let isWhole = reader.read { path, value in each(path, value, &facts) }
    self = facts
    if !isWhole { problems.append("\(source): not readable as JSON at byte \(reader.place)") }
  }
}
