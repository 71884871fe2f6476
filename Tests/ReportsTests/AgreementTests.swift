import Findings
import Reports
import TestSupport
import Testing

@Suite struct AgreementTests {
  @Test func formatsAgree() throws {
    #expect(disagreements(between: try renderAll(SampleReport.plain.report)) == [])
    #expect(disagreements(between: try renderAll(SampleReport.empty)) == [])
  }

  @Test func sameBytesTwice() throws {
    #expect(try renderAll(SampleReport.plain.report) == renderAll(SampleReport.plain.report))
  }

  /// One change in one file, and a word of what the self-check must say about it.
  static let tampered: [(path: String, from: String, to: String, says: String)] = [
    ("report.json", "\"held\": 82", "\"held\": 83", "held"),
    ("report.json", "no-owner-cafe01020304\"", "no-owner-cafe01020305\"", "no-owner-cafe01020304"),
    ("report.json", "{", "[", "not readable as JSON"),
    ("report.xml", "<id>legacy-etl</id>", "<id>legacy-elt</id>", "legacy-elt"),
    ("report.xml", ".51aa0004</id>", ".51aa0009</id>", "51aa0009"),
    ("report.xml", "<id>PE</id>", "<id>PA</id>", "nist-sp-800-207 PA"),
    ("report.xml", "</report>", "", "not readable as XML"),
    ("cleanup.csv", "agent,", "agents,", "columns"),
    ("privileges.csv", ",cannot be seen,", ",unused,", "unseen"),
    ("index.html", ">82<", ">81<", "held"),
    (
      "findings.sarif", "no-owner-cafe01020304\"", "no-owner-cafe01020305\"",
      "no-owner-cafe01020304"
    ),
    (
      "findings.ocsf.ndjson", "no-owner-cafe01020304\"", "no-owner-cafe0102\"",
      "no-owner-cafe01020304"
    ),
    ("oscal-assessment-results.json", "\"value\": \"ASI04\"", "\"value\": \"ASI05\"", "ASI04"),
    ("controls/owasp-nhi-2025.html", "NHI5:2025\"", "NHI4:2025\"", "NHI4:2025"),
  ]

  @Test(arguments: tampered)
  func aTamperedFileIsFound(path: String, from: String, to: String, says: String) throws {
    var files = try renderAll(SampleReport.plain.report)
    let place = try #require(files.firstIndex { $0.path == path })
    let before = String(decoding: files[place].bytes, as: UTF8.self)
    let after = before.replacing(from, with: to)
    #expect(after != before, "nothing to tamper with in \(path)")
    files[place].bytes = Array(after.utf8)
    let found = disagreements(between: files)
    #expect(found.contains { $0.contains(says) }, "\(found)")
  }

  @Test(arguments: ["report.json", "report.xml"])
  func aReferenceToNothingIsFound(path: String) throws {
    var report = SampleReport.plain.report
    report.review.agents[0].findings.append("deploy-with-secret-without-approval-gone")
    let files = try renderAll(report).filter { $0.path == path }
    #expect(disagreements(between: files).contains { $0.contains("-gone") })
  }

  @Test func aMissingAgentPageIsFound() throws {
    let files = try renderAll(SampleReport.plain.report).filter {
      !$0.path.hasPrefix("agents/legacy-etl")
    }
    #expect(disagreements(between: files).contains { $0.contains("legacy-etl") })
  }
}

@Suite struct XMLValidationTests {
  @Test func mistakesNameTheirLine() throws {
    let schema = try Project.bytes("templates/schema/report.xsd")
    let files = try renderAll(SampleReport.plain.report)
    let xml = try text("report.xml", in: files)
    #expect(validate(xml: Array(xml.utf8), schema: schema) == [])
    let broken = xml.replacing("<held>82</held>", with: "<held>many</held>")
    let mistakes = validate(xml: Array(broken.utf8), schema: schema)
    let line =
      1
      + xml.prefix(upTo: try #require(xml.firstRange(of: "<held>82")).lowerBound)
      .count { $0 == "\n" }
    #expect(mistakes.contains { $0.hasPrefix("line \(line): ") && $0.contains("held") })
  }

  @Test(arguments: [
    "", "not xml", "<report xmlns=\"urn:sequitur:report:1\">",
    "<!DOCTYPE report [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>"
      + "<report xmlns=\"urn:sequitur:report:1\">&a;</report>",
  ])
  func whatIsNoReportIsNotValid(xml: String) throws {
    let schema = try Project.bytes("templates/schema/report.xsd")
    #expect(!validate(xml: Array(xml.utf8), schema: schema).isEmpty)
  }

  @Test func aBrokenSchemaIsSaid() {
    let mistakes = validate(xml: Array("<a/>".utf8), schema: Array("<xs:schema".utf8))
    #expect(mistakes.first?.hasPrefix("schema: line ") == true)
  }
}
