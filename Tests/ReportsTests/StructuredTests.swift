import Findings
import Foundation
import Reports
import TestSupport
import Testing

/// All templates of the project, as the command reads them.
func projectTemplates() throws -> Templates {
  var texts: [String: String] = [:]
  let root = Project.root.appendingPathComponent("templates")
  let files = try #require(FileManager.default.subpaths(atPath: root.path))
  for file in files {
    var isFolder: ObjCBool = false
    let path = root.appendingPathComponent(file).path
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue
    else { continue }
    texts[file] = try String(contentsOfFile: path, encoding: .utf8)
  }
  return try Templates(texts)
}

/// Every file of every format.
func renderAll(_ report: Report) throws -> [RenderedFile] {
  let templates = try projectTemplates()
  return try ReportFormat.all.flatMap { try $0.render(report, templates) }
}

func text(_ path: String, in files: [RenderedFile]) throws -> String {
  let file = try #require(files.first { $0.path == path })
  return try #require(String(validating: file.bytes, as: UTF8.self))
}

/// A folder that is removed with its content when the body ends.
func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

@Suite struct StructuredTests {
  @Test(arguments: [
    "report.json", "report.xml", "cleanup.csv", "privileges.csv", "decisions.csv", "decisions.yaml",
    "index.html",
    "gates.yaml", "policies/index.csv", "replay.csv",
    "controls/owasp-nhi-2025.html", "agents/support-agent.html", "owners/not-stated.csv",
    "owners/platform-3c4e5374.html", "owners/platform-3c4e5374.csv",
    "owners/platform-3c4e5374.decisions.csv", "oscal-assessment-results.xml",
    "oscal-assessment-results.json", "findings.sarif", "findings.ocsf.ndjson", "summary.md",
    "oscal-mapping-collection.xml", "oscal-mapping-collection.json",
  ])
  func goldens(path: String) throws {
    let files = try renderAll(SampleReport.plain.report)
    // The style that an owner's page carries is report.css, and its digest follows from it.
    let golden = try text(path, in: files)
      .replacing(/<style>[^<]*<\/style>/, with: "<style>report.css</style>")
      .replacing(/'sha256-[^']*'/, with: "'sha256-...'")
    try expectGolden(golden, "Tests/ReportsTests/Golden/\(path)")
  }

  /// An owner's page has its style in it, and allows that style and nothing else.
  @Test func anOwnersPageAllowsItsOwnStyleOnly() throws {
    let files = try renderAll(SampleReport.plain.report)
    let page = try text("owners/not-stated.html", in: files)
    let style = try #require(page.firstMatch(of: /<style>([^<]*)<\/style>/)).1
    #expect(String(style) == (try Project.text("templates/report.css")))
    let digest = try #require(page.firstMatch(of: /style-src 'sha256-([^']*)'/)).1
    guard let answer = try Validator.run("openssl", ["version"]), answer.status == 0 else { return }
    try withFolder { folder in
      let file = folder.appendingPathComponent("style.css")
      try Data(style.utf8).write(to: file)
      let made = folder.appendingPathComponent("digest").path
      let answer = try #require(
        try Validator.run("openssl", ["dgst", "-sha256", "-binary", "-out", made, file.path]))
      #expect(answer.status == 0, "\(answer.output)")
      let bytes = try Data(contentsOf: URL(fileURLWithPath: made))
      #expect(bytes.base64EncodedString() == String(digest))
    }
  }

  @Test func everyFormatHasAGolden() throws {
    let golden = Set(try Project.names(in: "Tests/ReportsTests/Golden"))
    let templates = try projectTemplates()
    for format in ReportFormat.all {
      let files = try format.render(SampleReport.plain.report, templates)
      #expect(files.contains { golden.contains($0.path) }, "\(format.name) has no golden file")
    }
  }

  @Test(arguments: reports)
  func jsonIsValidBySchema(name: String, report: Report) throws {
    let json = try text("report.json", in: try renderAll(report))
    let schema = Project.root.appendingPathComponent("templates/schema/report.schema.json").path
    try withFolder { folder in
      let file = folder.appendingPathComponent("report.json")
      try Data(json.utf8).write(to: file)
      guard let result = try Validator.script("validate.py", [schema, file.path]) else { return }
      #expect(result.status == 0, "\(name): \(result.output)")
    }
  }

  @Test(arguments: reports)
  func xmlIsValidByAnotherProgram(name: String, report: Report) throws {
    let xml = try text("report.xml", in: try renderAll(report))
    let schema = Project.root.appendingPathComponent("templates/schema/report.xsd").path
    try withFolder { folder in
      let file = folder.appendingPathComponent("report.xml")
      try Data(xml.utf8).write(to: file)
      guard
        let result = try Validator.run(
          "xmllint", ["--noout", "--schema", schema, file.path])
      else { return }
      #expect(result.status == 0, "\(name): \(result.output)")
    }
  }

  @Test func bothSchemasDocumentTheSameNames() throws {
    let json = try #require(
      try JSONSerialization.jsonObject(
        with: Data(Project.bytes("templates/schema/report.schema.json"))) as? [String: Any])
    let xsd = try Project.text("templates/schema/report.xsd")
    let definitions = try #require(json["$defs"] as? [String: [String: Any]])
    let objects = definitions.merging(["Report": json]) { first, _ in first }
    for (name, object) in objects {
      guard let properties = object["properties"] as? [String: [String: Any]] else { continue }
      let start = try #require(xsd.range(of: "<xs:complexType name=\"\(name)\">"))
      let end = try #require(
        xsd.range(of: "\n  </xs:complexType>", range: start.upperBound..<xsd.endIndex))
      let body = xsd[start.upperBound..<end.lowerBound]
      for (property, value) in properties {
        #expect(body.contains("<xs:element name=\"\(property)\""), "\(name).\(property)")
        #expect((value["description"] as? String)?.isEmpty == false, "\(name).\(property)")
      }
    }
  }

  /// The sample, the sample with hostile texts, and a review of nothing.
  static let reports: [(String, Report)] = [
    ("sample", SampleReport.plain.report), ("hostile", hostileReport),
    ("empty", SampleReport.empty), ("large", largeReport),
  ]

  /// The sample as if it had too many findings and rows to say everything everywhere.
  static var largeReport: Report {
    var report = SampleReport.plain.report
    report.extent.controlsOfFindingsMax = 1
    report.extent.cleanupRowsMax = 1
    return report
  }

  /// What a large report leaves out is counted, and says where it is.
  @Test func aLargeReportSaysAFactOnce() throws {
    let report = Self.largeReport
    let files = try renderAll(report)
    #expect(disagreements(between: files) == [])
    let json = try text("report.json", in: files)
    #expect(!json.contains("\"cleanup\": ["))
    #expect(json.contains("\"cleanupAbsentBecause\": \"it has \(report.review.cleanup.count) rows"))
    #expect(json.contains("\"controlsAbsentBecause\": "))
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let groups = try #require(root["cleanupGroups"] as? [[String: Any]])
    let rows = groups.compactMap { $0["rows"] as? Int }.reduce(0, +)
    #expect(rows == report.review.cleanup.count)
    let actions = groups.compactMap { $0["actions"] as? Int }.reduce(0, +)
    #expect(actions == report.review.cleanup.reduce(0) { $0 + $1.actions })
    // One row counted with another agent than cleanup.csv has it with.
    var tampered = files
    let place = try #require(files.firstIndex { $0.path == "report.xml" })
    let xml = String(decoding: files[place].bytes, as: UTF8.self)
    let start = try #require(xml.firstRange(of: "<cleanupGroups>")).upperBound
    let agent = try #require(xml[start...].firstMatch(of: /<agent>([^<]*)<\/agent>/))
    let changed = xml.replacingCharacters(in: agent.1.startIndex..<agent.1.endIndex, with: "nobody")
    tampered[place].bytes = Array(changed.utf8)
    #expect(disagreements(between: tampered).contains { $0.contains("clean-up rows of agents") })
  }
}
