/// One file of a report as it will lie in the review's folder, or the next part of one.
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
  /// Takes files as they are made; parts of one file come one after the other.
  package typealias Taker = (RenderedFile) throws -> Void

  /// The word for `--formats`.
  package let name: String
  /// Into how many pieces the files of a report fall, which may be made side by side.
  package let pieces: @Sendable (Report) -> Int
  /// Hands over each file of a piece, or the next part of one, as soon as it is made, so that a large
  /// report never lies in memory as a whole; throws `ReportProblem` when what it made is not fit to
  /// be written.
  package let writePiece: @Sendable (ReportIndex, Templates, Int, Taker) throws -> Void

  /// A format whose files fall into pieces.
  package init(
    name: String, pieces: @escaping @Sendable (Report) -> Int,
    writePiece: @escaping @Sendable (ReportIndex, Templates, Int, Taker) throws -> Void
  ) {
    self.name = name
    self.pieces = pieces
    self.writePiece = writePiece
  }

  /// A format that hands over its files one after the other.
  package init(
    name: String, write: @escaping @Sendable (ReportIndex, Templates, Taker) throws -> Void
  ) {
    self.init(name: name, pieces: { _ in 1 }) { index, templates, _, take in
      try write(index, templates, take)
    }
  }

  /// A format of a few files that are made at once.
  package init(
    name: String, render: @escaping @Sendable (ReportIndex, Templates) throws -> [RenderedFile]
  ) {
    self.init(name: name) { index, templates, take in
      for file in try render(index, templates) { try take(file) }
    }
  }

  /// Every file of the format, whole.
  package func render(_ report: Report, _ templates: Templates) throws -> [RenderedFile] {
    let index = ReportIndex(report)
    var files: [RenderedFile] = []
    for piece in 0..<pieces(report) {
      try writePiece(index, templates, piece) { part in
        if files.last?.path == part.path {
          files[files.count - 1].bytes += part.bytes
        } else {
          files.append(part)
        }
      }
    }
    return files
  }

  /// Whether it makes pages out of templates.
  package var hasPages: Bool { name == ReportFormat.html.name }

  /// Every format, in the order of `--formats`' default.
  package static let all: [ReportFormat] = [
    .html, .json, .xml, .csv, .decisions, .policies, .oscal, .sarif, .ocsf, .markdown,
  ]
}

/// Why a report could not be rendered.
package struct ReportProblem: Error, Sendable, Equatable {
  /// The reasons, one a line, each naming its file.
  package var reasons: [String]

  /// All reasons in one text.
  package var text: String { reasons.joined(separator: "\n") }
}
