internal import Mustache

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
  private let library: MustacheLibrary

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
    var templates: [String: MustacheTemplate] = [:]
    let names = Set(files.keys.compactMap(Templates.name))
    for (path, text) in files.sorted(by: { $0.key < $1.key }) {
      guard let name = Templates.name(of: path) else { continue }
      try Templates.checkPartials(of: text, path: path, names: names)
      templates[name] = try Templates.parse(text, path: path)
    }
    self.files = files
    library = MustacheLibrary(templates: templates)
  }

  /// Texts for formats that have no pages: nothing is parsed, which takes longer than it looks.
  package init(withoutPages files: [String: String]) {
    self.files = files
    library = MustacheLibrary(templates: [:])
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

  /// A page made from a template and its values.
  func render(_ name: String, _ values: ViewValue) throws(TemplateProblem) -> [UInt8] {
    guard let page = library.render(values, withTemplate: name) else {
      throw TemplateProblem(
        file: "\(name).html.mustache", line: 0, reason: "not found; a report needs this file")
    }
    return Array(page.utf8)
  }

  /// Values are escaped before a template sees them (see `ViewValue`), so that no template can
  /// forget to; the pragma keeps the library from escaping them again.
  private static let pragma = "{{% CONTENT_TYPE:TEXT}}"
  private static let suffix = ".html.mustache"

  private static func name(of path: String) -> String? {
    path.hasSuffix(suffix) ? String(path.dropLast(suffix.count)) : nil
  }

  private static func parse(
    _ text: String, path: String
  ) throws(TemplateProblem) -> MustacheTemplate {
    do {
      return try MustacheTemplate(string: pragma + text)
    } catch let error as MustacheTemplate.ParserError {
      throw TemplateProblem(
        file: path, line: error.context.lineNumber, reason: expectation(error.error))
    } catch {
      throw TemplateProblem(file: path, line: 0, reason: "not a mustache template: \(error)")
    }
  }

  private static func expectation(_ error: any Error) -> String {
    guard let error = error as? MustacheTemplate.Error else {
      return "expected a tag that ends with `}}`"
    }
    switch error {
    case .sectionCloseNameIncorrect: return "expected the end of the section that is open"
    case .unfinishedName: return "expected a tag that ends with `}}`"
    case .expectedSectionEnd: return "expected `{{/name}}` for the section that is open"
    case .invalidSetDelimiter: return "expected two delimiters between `{{=` and `=}}`"
    case .transformAppliedToInheritanceSection:
      return "expected a plain name: a block takes no transform"
    case .illegalTokenInsideInheritSection, .textInsideInheritSection:
      return "expected nothing but blocks between `{{<name}}` and its end"
    case .invalidConfigVariableSyntax, .unrecognisedConfigVariable:
      return "expected no `{{%` setting here"
    }
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
