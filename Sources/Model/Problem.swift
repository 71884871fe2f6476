/// A place in an input: which file (by its index in `ReviewInput.files`), which line, which column.
package struct SourcePosition: Hashable, Comparable, Sendable, BitwiseCopyable {
  /// The index of the file in `ReviewInput.files`.
  package var file: Int32
  /// The line, from 1; 0 when the whole file is meant. In a file that is one JSON document, the
  /// number of the record, from 1.
  package var line: Int32

  /// A place in an input file.
  package init(file: Int32, line: Int32) {
    self.file = file
    self.line = line
  }

  package static func < (left: SourcePosition, right: SourcePosition) -> Bool {
    (left.file, left.line) < (right.file, right.line)
  }
}

/// Something in the input that could not be read or judged: counted, listed, never fatal.
package struct Problem: Hashable, Sendable {
  /// The path of the file as the user would name it.
  package var file: String
  /// The line, from 1; 0 when the whole file is meant.
  package var line: Int
  /// What is wrong: lower case, no final period, user input in backticks and cut to a safe length.
  package var reason: String
  /// What was done about it, for example `not read` or `kept; outcome unknown`.
  package var consequence: String

  /// A problem at a place of an input.
  package init(file: String, line: Int, reason: String, consequence: String) {
    self.file = file
    self.line = line
    self.reason = reason
    self.consequence = consequence
  }
}
