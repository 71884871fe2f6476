import Foundation
import TestSupport
import Testing

@testable import Reports

/// Formats that others define, held against the published schemas by validators that are not ours.
@Suite struct StandardsTests {
  /// A schema of a standard, the file that must be valid by it, and for files of one object a line
  /// which lines are meant.
  struct Standard: Sendable, CustomTestStringConvertible {
    var schema: String
    var file: String
    var lines: [String] = []
    var testDescription: String { ([file, schema] + lines).joined(separator: " ") }
  }

  static let json: [Standard] = [
    Standard(
      schema: "oscal_assessment-results_schema.json", file: "oscal-assessment-results.json"),
    Standard(schema: "oscal_mapping_schema.json", file: "oscal-mapping-collection.json"),
    Standard(schema: "sarif-schema-2.1.0.json", file: "findings.sarif"),
    Standard(
      schema: "ocsf-1.8.0-2003-compliance_finding.derived.schema.json",
      file: "findings.ocsf.ndjson", lines: ["--lines", "class_uid", "2003"]),
    Standard(
      schema: "ocsf-1.8.0-2004-detection_finding.derived.schema.json",
      file: "findings.ocsf.ndjson", lines: ["--lines", "class_uid", "2004"]),
    Standard(
      schema: "ocsf-1.8.0-2008-iam_analysis_finding.derived.schema.json",
      file: "findings.ocsf.ndjson", lines: ["--lines", "class_uid", "2008"]),
  ]

  @Test(arguments: json, StructuredTests.reports)
  func jsonIsValid(standard: Standard, report: (name: String, report: Report)) throws {
    // A review of nothing has no findings to hold against a schema.
    if report.name == "empty", !standard.lines.isEmpty || standard.file.contains("mapping") {
      return
    }
    guard let schema = Project.sharedData("standards/\(standard.schema)") else { return }
    let content = try text(standard.file, in: try renderAll(report.report))
    try withFolder { folder in
      let file = folder.appendingPathComponent("file")
      try Data(content.utf8).write(to: file)
      guard
        let answer = try Validator.script(
          "validate.py", [schema.path, file.path] + standard.lines)
      else { return }
      #expect(answer.status == 0, "\(report.name): \(answer.output)")
    }
  }

  @Test(arguments: [
    ("oscal_assessment-results_schema.xsd", "oscal-assessment-results.xml"),
    ("oscal_mapping_schema.xsd", "oscal-mapping-collection.xml"),
  ])
  func xmlIsValid(schema: String, file: String) throws {
    guard let schema = Project.sharedData("standards/\(schema)") else { return }
    for (name, report) in StructuredTests.reports {
      if name == "empty", file.contains("mapping") { continue }
      let content = try text(file, in: try renderAll(report))
      try withFolder { folder in
        let path = folder.appendingPathComponent(file)
        try Data(content.utf8).write(to: path)
        guard
          let answer = try Validator.run(
            "xmllint", ["--noout", "--nonet", "--schema", schema.path, path.path])
        else { return }
        #expect(answer.status == 0, "\(name): \(answer.output)")
      }
    }
  }

  @Test(arguments: [
    ("NHI5:2025", "owasp-nhi-2025", "NHI5-2025"), ("AC-6(7)", "nist-sp-800-53r5", "ac-6.7"),
    ("PR.AA-05", "nist-csf-2.0", "PR.AA-05"), ("7.2.5.1", "pci-dss", "pci-dss_7.2.5.1"),
    ("Article 14", "eu-ai-act", "Article-14"),
  ])
  func idsBecomeTokens(id: String, framework: String, token: String) {
    #expect(OSCALText.token(id, framework: framework) == token)
  }

  @Test func theSameNameGivesTheSameUUID() {
    let id = NameUUID.make("agent", "ops-agent")
    #expect(id == NameUUID.make("agent", "ops-agent"))
    #expect(id != NameUUID.make("agent", "ops", "agent"))
    let form = /[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
    #expect(id.wholeMatch(of: form) != nil, "\(id)")
  }

  /// Partly is not satisfied, with a word on it; not assessed is an observation and no finding.
  @Test func statusesOfControlsAreNotLost() throws {
    let json = try text(
      "oscal-assessment-results.json", in: try renderAll(SampleReport.plain.report))
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let results = try #require(
      (root["assessment-results"] as? [String: Any])?["results"] as? [[String: Any]])
    let findings = try #require(results[0]["findings"] as? [[String: Any]])
    func target(_ id: String) -> [String: Any]? {
      findings.compactMap { $0["target"] as? [String: Any] }
        .first { $0["target-id"] as? String == id }
    }
    let partly = try #require(target("ASI02")?["status"] as? [String: String])
    #expect(partly["state"] == "not-satisfied")
    #expect(partly["remarks"]?.hasPrefix("Partly") == true)
    #expect(target("ASI04") == nil)
    let observations = try #require(results[0]["observations"] as? [[String: Any]])
    #expect(observations.contains { ($0["title"] as? String)?.hasPrefix("ASI04 ") == true })
    #expect((target("NHI10-2025")?["status"] as? [String: String])?["state"] == "satisfied")
  }
}

/// What Markdown makes of names that try to be more.
@Suite struct MarkdownTests {
  @Test(arguments: [
    ("plain", "`plain`"), ("a`b", "`` a`b ``"), ("``", "``` `` ```"), ("a|b", #"`a\|b`"#),
    (#"a\|b"#, #"`a\ \|b`"#), ("@everyone", "`@everyone`"), (" ", "(empty)"), ("a\nb", "`a b`"),
  ])
  func codeStaysCode(text: String, code: String) {
    #expect(MarkdownText.code(text) == code)
  }

  @Test(arguments: [
    ("# title", ##"\# title"##), ("1. one", #"1\. one"#), ("<b>", #"\<b\>"#), ("a-b", "a-b"),
    ("[x](y)", #"\[x\](y)"#), ("2026", "2026"),
  ])
  func proseStaysProse(text: String, line: String) {
    #expect(MarkdownText.line(text) == line)
  }
}
