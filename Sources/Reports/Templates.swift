/// A mistake in a template, with its place and what was expected there.
package struct TemplateProblem: Error, Sendable, Equatable {
  /// The template's path inside `templates/`.
  package var file: String
  /// The line, from 1; 0 when the whole file is meant.
  package var line: Int
  /// What was expected: lower case, no final period.
  package var reason: String

  /// `templates/FILE:LINE: what was expected`.
  package var text: String {
    line > 0 ? "templates/\(file):\(line): \(reason)" : "templates/\(file): \(reason)"
  }
}

/// The texts that reports are made with: everything under `templates/`, parsed and checked.
package struct Templates: Sendable {
  /// All texts by path inside `templates/`, the parsed ones included.
  private let files: [String: String]
  /// The parsed ones.
  private let pages: PageProgram

  /// Files that a report needs.
  package static let required = [
    "agent.html.mustache", "controls.html.mustache", "index.html.mustache",
    "owner.html.mustache", "report.css", "report.js", "schema/report.xsd",
  ]

  /// Templates from their texts by path inside `templates/`, for example `index.html.mustache`.
  ///
  /// A partial is named by its path without `.html.mustache`: `{{> partials/head}}`.
  package init(_ files: [String: String]) throws(TemplateProblem) {
    for path in Templates.required where files[path] == nil {
      throw TemplateProblem(file: path, line: 0, reason: "not found; a report needs this file")
    }
    var pages: [String: PageTemplate] = [:]
    let names = Set(files.keys.compactMap(Templates.name))
    for (path, text) in files.sorted(by: { $0.key < $1.key }) {
      guard let name = Templates.name(of: path) else { continue }
      try Templates.checkPartials(of: text, path: path, names: names)
      pages[name] = try PageTemplate(text, path: path)
    }
    self.files = files
    self.pages = PageProgram(pages)
  }

  /// Texts for formats that have no pages: nothing is parsed, which takes longer than it looks.
  package init(withoutPages files: [String: String]) {
    self.files = files
    pages = PageProgram([:])
  }

  /// A text as it is, as bytes.
  func bytes(_ path: String) throws(TemplateProblem) -> [UInt8] { Array(try text(path).utf8) }

  /// A text as it is.
  func text(_ path: String) throws(TemplateProblem) -> String {
    guard let text = files[path] else {
      throw TemplateProblem(file: path, line: 0, reason: "not found; a report needs this file")
    }
    return text
  }

  /// The schema of report.xml.
  package var reportSchema: [UInt8] {
    get throws(TemplateProblem) { try bytes("schema/report.xsd") }
  }

  /// A page made from a template and its values.
  func render(_ name: String, _ values: ViewValue) throws(TemplateProblem) -> [UInt8] {
    guard let page = pages.render(name, values) else {
      throw TemplateProblem(
        file: "\(name).html.mustache", line: 0, reason: "not found; a report needs this file")
    }
    return page
  }

  private static let suffix = ".html.mustache"

  private static func name(of path: String) -> String? {
    path.hasSuffix(suffix) ? String(path.dropLast(suffix.count)) : nil
  }

  /// A partial that does not exist would render as nothing.
  private static func checkPartials(
    of text: String, path: String, names: Set<String>
  ) throws(TemplateProblem) {
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      var rest = line[...]
      while let start = rest.range(of: "{{>") {
        rest = rest[start.upperBound...]
        guard let end = rest.range(of: "}}") else { break }
        let name = String(rest[..<end.lowerBound].filter { $0 != " " })
        if !names.contains(name) {
          throw TemplateProblem(
            file: path, line: number + 1,
            reason: "expected the name of a template after `{{>`, got `\(name)`")
        }
        rest = rest[end.upperBound...]
      }
    }
  }
}

extension Substring {
  /// The first place of a text.
  fileprivate func range(of text: String) -> Range<Index>? {
    firstRange(of: text)
  }
}
