/// One file of a report as it will lie in the review's folder.
package struct RenderedFile: Sendable, Equatable {
  /// The path inside the review's folder, with `/`, made of safe characters only.
  package var path: String
  package var bytes: [UInt8]

  /// A file of a report.
  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }
}

/// A way to write a report: a name for the command line, and a pure function.
package struct ReportFormat: Sendable {
  /// The word for `--formats`.
  package let name: String
  /// Renders the report; throws `ReportProblem` when what it made is not fit to be written.
  package let render: @Sendable (Report, Templates) throws -> [RenderedFile]

  /// Whether it makes pages out of templates.
  package var hasPages: Bool { name == ReportFormat.html.name }

  /// Every format, in the order of `--formats`' default.
  package static let all: [ReportFormat] = [.html, .json, .xml, .csv, .policies]
}

/// Why a report could not be rendered.
package struct ReportProblem: Error, Sendable, Equatable {
  /// The reasons, one a line, each naming its file.
  package var reasons: [String]

  /// All reasons in one text.
  package var text: String { reasons.joined(separator: "\n") }
}
