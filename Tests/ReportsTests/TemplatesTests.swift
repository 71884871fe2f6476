import Foundation
import Reports
import TestSupport
import Testing

@Suite struct TemplatesTests {
  /// Templates that hold the needed files and one that is broken.
  private func problem(_ name: String, _ text: String) throws -> TemplateProblem? {
    var texts: [String: String] = [:]
    for path in Templates.required { texts[path] = "" }
    texts[name] = text
    do {
      _ = try Templates(texts)
      return nil
    } catch {
      return error
    }
  }

  @Test func aBrokenTemplateIsNamed() throws {
    let cases: [(text: String, line: Int, says: String)] = [
      ("<p>\n{{#agents}}\n<b>{{name}}</b>\n", 4, "expected `{{/name}}`"),
      ("<p>\n<b>{{name</b>\n", 2, "expected"),
      ("a\nb\n{{#x}}{{/y}}\n", 3, "expected the end of the section"),
      ("a\n{{> partials/none}}\n", 2, "expected the name of a template"),
    ]
    for (text, line, says) in cases {
      let found = try #require(try problem("index.html.mustache", text), "\(text)")
      #expect(found.file == "index.html.mustache")
      #expect(abs(found.line - line) <= 1, "\(found.text)")
      #expect(found.reason.contains(says), "\(found.text)")
    }
  }

  @Test(arguments: Templates.required)
  func aMissingFileIsNamed(path: String) throws {
    var texts: [String: String] = [:]
    for other in Templates.required where other != path { texts[other] = "" }
    #expect(throws: TemplateProblem.self) { try Templates(texts) }
  }

  @Test func aValueIsEscapedHoweverATemplateNamesIt() throws {
    var texts: [String: String] = [:]
    for path in Templates.required { texts[path] = "" }
    texts["schema/report.xsd"] = try Project.text("templates/schema/report.xsd")
    texts["index.html.mustache"] = "{{{reviewID}}}|{{reviewID}}|{{&reviewID}}"
    let report = SampleReport { "<i>\($0)" }.report
    let files = try ReportFormat.all[0].render(report, try Templates(texts))
    let page = String(decoding: try #require(files.first).bytes, as: UTF8.self)
    #expect(page == Array(repeating: "&lt;i&gt;2026-Q3", count: 3).joined(separator: "|"))
  }
}
