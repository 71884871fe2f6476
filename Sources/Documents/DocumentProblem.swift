/// A mistake in a document, with its place: a fact that prints as `file:line:column: reason`, the
/// line itself, and a caret under the column.
package struct DocumentProblem: Error, Sendable, Equatable {
  /// The path of the document as the user would name it.
  package var file: String
  /// The line, from 1; 0 when the whole document is meant.
  package var line: Int
  /// The column in characters, from 1; 0 when the whole line is meant.
  package var column: Int
  /// What is wrong: lower case, no final period, user input in backticks.
  package var reason: String
  /// The line of the document, where there is one.
  package var sourceLine: String?

  /// A mistake at a place.
  package init(file: String, line: Int, column: Int, reason: String, sourceLine: String?) {
    self.file = file
    self.line = line
    self.column = column
    self.reason = reason
    self.sourceLine = sourceLine
  }

  /// `file:line:column: reason`, then the line and a caret where they are known.
  package var text: String {
    guard line > 0 else { return "\(file): \(reason)" }
    guard column > 0, let sourceLine, column <= sourceLine.count + 1 else {
      return "\(file):\(line): \(reason)"
    }
    let gutter = "\(line) | "
    let shown = sourceLine.prefix(DocumentProblem.lineCharactersMax)
    let tabsKept = sourceLine.prefix(column - 1).map { $0 == "\t" ? "\t" : " " }.joined()
    let indent = String(repeating: " ", count: gutter.count)
    let caret = column <= DocumentProblem.lineCharactersMax ? "\n\(indent)\(tabsKept)^" : ""
    return "\(file):\(line):\(column): \(reason)\n\(gutter)\(shown)\(caret)"
  }

  /// The most of a line that a message shows.
  private static let lineCharactersMax = 160
}

/// Several mistakes of one or more documents.
package struct DocumentProblems: Error, Sendable, Equatable {
  /// The mistakes in order of place; never empty.
  package var problems: [DocumentProblem]

  /// Mistakes in order of place.
  package init(_ problems: [DocumentProblem]) { self.problems = problems }

  /// Each mistake's text, one after the other.
  package var text: String { problems.map(\.text).joined(separator: "\n") }
}
