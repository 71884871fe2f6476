import Foundation
import TestSupport
import Testing

/// The example organisation's review, looked at as its readers do.
@Suite struct AcmeTests {
  private func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, output)
  }

  @Test func independentValidatorsAcceptBothFormats() throws {
    let report = try ExampleReview.read().report
    let schema = Project.root.appendingPathComponent("templates/schema/report.xsd").path
    let xml = try run([
      "xmllint", "--noout", "--schema", schema,
      report.folder.appendingPathComponent("report.xml").path,
    ])
    #expect(xml.status == 0, "\(xml.output.prefix(1_000))")
    // A python of the user's own may lack what Debian's has.
    let anyPython = """
      python3 -c 'import jsonschema' 2>/dev/null && exec python3 "$@"
      exec /usr/bin/python3 "$@"
      """
    let script = """
      import json, sys, jsonschema
      schema = json.load(open(sys.argv[1]))
      jsonschema.Draft202012Validator.check_schema(schema)
      jsonschema.Draft202012Validator(schema).validate(json.load(open(sys.argv[2])))
      """
    let json = try run([
      "sh", "-c", anyPython, "sh", "-c", script,
      Project.root.appendingPathComponent("templates/schema/report.schema.json").path,
      report.folder.appendingPathComponent("report.json").path,
    ])
    #expect(json.status == 0, "\(json.output.suffix(1_000))")
  }

  @Test func everyFindingIsInEveryFormat() throws {
    let review = try ExampleReview.read()
    let (scratch, report) = (review.scratch, review.report)
    let xml = try report.text("report.xml")
    let pages = try scratch.files().filter { $0.hasSuffix(".html") }
      .map { String(decoding: try scratch.bytes($0), as: UTF8.self) }.joined()
    #expect(!report.findings.isEmpty)
    for finding in report.findings {
      let id = try #require(finding["id"] as? String)
      #expect(xml.contains("\"\(id)\"") || xml.contains(">\(id)<"), "\(id) is not in the XML")
      #expect(pages.contains(id), "\(id) is on no page")
    }
  }

  @Test func noPageAsksForAnythingOutsideItsFolder() throws {
    let scratch = try ExampleReview.read().scratch
    let pattern = /(?:src|href|action|data|url)\s*[=(]\s*["']?(?:https?:)?\/\//
    for name in try scratch.files() where name.hasSuffix(".html") || name.hasSuffix(".css") {
      let text = String(decoding: try scratch.bytes(name), as: UTF8.self)
      #expect(text.firstMatch(of: pattern) == nil, "\(name) links outside")
      if name.hasSuffix(".html") {
        #expect(text.contains("http-equiv=\"Content-Security-Policy\""), "\(name)")
      }
    }
  }
}
