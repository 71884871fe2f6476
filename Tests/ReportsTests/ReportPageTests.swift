import Foundation
import TestSupport
import Testing

/// `docs/report-format.md` names every field of the schemas, in their order and with their words.
@Suite struct ReportPageTests {
  private static let page = "docs/report-format.md"
  private static let mark = "## Names, one by one\n"

  /// What stands in front of the mark is written by hand; the rest follows from the schemas and the
  /// golden files. `RECORD=1` rewrites it.
  @Test func thePageSaysWhatTheSchemasSay() throws {
    let text = try Project.text(ReportPageTests.page)
    let head = try #require(text.firstRange(of: ReportPageTests.mark))
    let written = String(text[..<head.upperBound]) + "\n" + (try fields()) + (try samples())
    try expectGolden(written, ReportPageTests.page)
  }

  private func fields() throws -> String {
    let json = try #require(
      try JSONSerialization.jsonObject(
        with: Data(Project.bytes("templates/schema/report.schema.json"))) as? [String: Any])
    let definitions = try #require(json["$defs"] as? [String: [String: Any]])
    let xsd = try Project.text("templates/schema/report.xsd")
    var page = ""
    // In the order of the XML Schema, which has one; JSON objects have none.
    for match in xsd.matches(of: /<xs:complexType name="(\w+)">/) {
      let name = String(match.1)
      guard let definition = name == "Report" ? json : definitions[name],
        let properties = definition["properties"] as? [String: [String: Any]]
      else { continue }
      let end = try #require(
        xsd.range(of: "\n  </xs:complexType>", range: match.range.upperBound..<xsd.endIndex))
      let body = xsd[match.range.upperBound..<end.lowerBound]
      let order = body.matches(of: /<xs:element name="(\w+)"/).map { String($0.1) }
      let required = Set(definition["required"] as? [String] ?? [])
      page += "### \(name)\n\n\(definition["description"] as? String ?? "")\n\n"
      page += "| name | kind | always | what |\n|---|---|---|---|\n"
      let names = order.filter { properties[$0] != nil }
      #expect(Set(names) == Set(properties.keys), "\(name)")
      var seen: Set<String> = []
      for field in names where seen.insert(field).inserted {
        let property = properties[field] ?? [:]
        let what = (property["description"] as? String ?? "").replacing("|", with: "\\|")
        page += "| `\(field)` | \(kind(property)) | \(required.contains(field) ? "yes" : "") "
        page += "| \(what) |\n"
      }
      page += "\n"
    }
    return page
  }

  private func kind(_ property: [String: Any]) -> String {
    if let reference = property["$ref"] as? String {
      let name = reference.split(separator: "/").last.map(String.init) ?? ""
      return "[\(name)](#\(name.lowercased()))"
    }
    if let words = property["enum"] as? [String] {
      return words.map { "`\($0)`" }.joined(separator: ", ")
    }
    let type = property["type"] as? String ?? ""
    if type == "array", let items = property["items"] as? [String: Any] {
      return "list of \(kind(items))"
    }
    if type == "object", let values = property["additionalProperties"] as? [String: Any] {
      return "map of \(kind(values))"
    }
    return type == "string" ? "text" : type
  }

  /// The same part of the sample report in both forms.
  private func samples() throws -> String {
    let json = try Project.text("Tests/ReportsTests/Golden/report.json")
    let xml = try Project.text("Tests/ReportsTests/Golden/report.xml")
    let jsonPart = try part(of: json, from: " \"estate\": {", to: "\n },")
    let xmlPart = try part(of: xml, from: " <estate>", to: "</estate>")
    return "## A sample of each\n\n```json\n\(jsonPart)\n```\n\n```xml\n\(xmlPart)\n```\n"
  }

  private func part(of text: String, from start: String, to end: String) throws -> String {
    let first = try #require(text.range(of: start))
    let last = try #require(text.range(of: end, range: first.upperBound..<text.endIndex))
    return String(text[first.lowerBound..<last.upperBound])
  }
}
