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

/// A piece of the work of writing a format, which may be done beside others.
package struct ReportPiece: Sendable {
  /// The file whose next part it makes, where several pieces make one file; nil for a piece of whole
  /// files.
  package let path: String?
  /// Whether it takes long by itself: such pieces are begun first, so that none is waited for alone.
  package let isLong: Bool
  /// Hands over each file, or the next part of one, as soon as it is made, so that a large report
  /// never lies in memory as a whole; throws `ReportProblem` when what it made is not fit to be
  /// written.
  package let write: @Sendable (ReportFormat.Taker) throws -> Void

  /// A piece of a few whole files.
  static func files(_ write: @escaping @Sendable (ReportFormat.Taker) throws -> Void) -> ReportPiece
  {
    ReportPiece(path: nil, isLong: false, write: write)
  }

  /// A piece of whole files that takes long.
  static func longFiles(
    _ write: @escaping @Sendable (ReportFormat.Taker) throws -> Void
  ) -> ReportPiece {
    ReportPiece(path: nil, isLong: true, write: write)
  }

  /// The next part of a file.
  static func part(
    of path: String, _ bytes: @escaping @Sendable () throws -> [UInt8]
  ) -> ReportPiece {
    ReportPiece(path: path, isLong: false) {
      try $0(RenderedFile(path: path, bytes: try bytes()))
    }
  }

  /// The parts of one file: what `bytes` makes of each range of numbers below a count, in their
  /// order; one part where there are no numbers.
  static func parts(
    of path: String, _ count: Int, atATime size: Int,
    _ bytes: @escaping @Sendable (Range<Int>) throws -> [UInt8]
  ) -> [ReportPiece] {
    stride(from: 0, to: max(1, count), by: size).map { start in
      part(of: path) { try bytes(start..<min(count, start + size)) }
    }
  }
}

/// A way to write a report: a name for the command line, and a pure function.
package struct ReportFormat: Sendable {
  /// Takes files as they are made; parts of one file come one after the other.
  package typealias Taker = (RenderedFile) throws -> Void

  /// The word for `--formats`.
  package let name: String
  /// The pieces of work in their order; those of one file stand one after the other.
  package let pieces: @Sendable (ReportIndex, Templates) throws -> [ReportPiece]

  /// A format whose files fall into pieces.
  package init(
    name: String, pieces: @escaping @Sendable (ReportIndex, Templates) throws -> [ReportPiece]
  ) {
    self.name = name
    self.pieces = pieces
  }

  /// A format that hands over its files one after the other.
  package init(
    name: String, write: @escaping @Sendable (ReportIndex, Templates, Taker) throws -> Void
  ) {
    self.init(name: name) { index, templates in
      [.longFiles { take in try write(index, templates, take) }]
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
    var files: [RenderedFile] = []
    for piece in try pieces(ReportIndex(report), templates) {
      try piece.write { part in
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
