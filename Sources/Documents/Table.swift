/// A table out of a spreadsheet: rows under named columns, each with the line where it begins.
///
/// Commas, semicolons, tabs or bars between cells, whatever the line ends; lines above the head,
/// empty rows, empty columns and columns of somebody else are passed over.
package struct Table: Sendable {
  /// One row.
  package struct Row: Sendable {
    /// The line of the file, from 1.
    package let line: Int
    private let cells: [String: String]

    fileprivate init(line: Int, cells: [String: String]) {
      self.line = line
      self.cells = cells
    }

    /// The text under a column, without blanks around it; empty where there is none.
    package func text(_ column: String) -> String { cells[column] ?? "" }
  }

  /// Rows in which some known column has a text, in the file's order.
  package private(set) var rows: [Row] = []
  /// Rows that could not be read, and other flaws, in order of place.
  package private(set) var problems: [DocumentProblem] = []

  /// Whether some line names all columns that are required.
  package private(set) var hasHead = false

  /// Reads the columns that are known; a head line is one that has all that are required.
  package init(bytes: [UInt8], file: String, columns: [String], required: [String]) {
    let text = SpreadsheetText(bytes)
    if let reason = text.note { note(reason, 0, file) }
    let lines = TextLines(text.bytes)
    let heads = Table.separators.compactMap { separator in
      Table.head(lines, separator, columns: columns, required: required)
    }
    // The separator under which most columns are known; the first of several.
    var best = heads.first
    for head in heads where head.columns.count > best?.columns.count ?? 0 { best = head }
    guard let best else {
      let names = required.map { "`\($0)`" }.joined(separator: " and ")
      note("no line names the columns \(names)", 0, file)
      return
    }
    hasHead = true
    for name in best.twice {
      note("the column `\(name)` is there twice: the first counts", best.line, file)
    }
    read(lines, best, file)
  }

  private mutating func note(_ reason: String, _ line: Int, _ file: String) {
    problems.append(
      DocumentProblem(file: file, line: line, column: 0, reason: reason, sourceLine: nil))
  }

  private mutating func read(_ lines: TextLines, _ head: Head, _ file: String) {
    var walk = RowWalk(lines: lines, separator: head.separator, next: head.next)
    while let row = walk.row() {
      switch row {
      case .flaw(let line, let reason): note(reason, line, file)
      case .cells(let line, let cells):
        guard rows.count < Table.rowsMax else {
          note("more than \(Table.rowsMax) rows: the rest is not read", line, file)
          return
        }
        var named: [String: String] = [:]
        for (place, cell) in cells.enumerated() {
          let text = cell.trimmedOfBlanks
          guard !text.isEmpty else { continue }
          if let name = head.columns[place] {
            named[name] = text
          } else if place >= head.width {
            note("a cell to the right of the last column is not read", line, file)
          }
        }
        if !named.isEmpty { rows.append(Row(line: line, cells: named)) }
      }
    }
  }

  private static let separators: [UInt8] = [0x2C, 0x3B, 0x09, 0x7C]
  private static let rowsMax = 2_000_000
  /// Lines above the head that people write into a sheet.
  private static let linesAboveMax = 50

  /// Where the names of the columns stand.
  private struct Head {
    var separator: UInt8
    var line: Int
    /// The place after it in the lines.
    var next: Int
    /// The known columns by place, and how many cells the line has up to its last name.
    var columns: [Int: String]
    var width: Int
    var twice: [String]
  }

  private static func head(
    _ lines: TextLines, _ separator: UInt8, columns: [String], required: [String]
  ) -> Head? {
    let known = Dictionary(columns.map { (key($0), $0) }) { first, _ in first }
    var walk = RowWalk(lines: lines, separator: separator, next: 0)
    while let row = walk.row(), walk.next <= linesAboveMax {
      guard case .cells(let line, let cells) = row else { continue }
      var head = Head(
        separator: separator, line: line, next: walk.next, columns: [:], width: 0, twice: [])
      for (place, cell) in cells.enumerated() {
        let name = key(cell)
        guard !name.isEmpty else { continue }
        head.width = place + 1
        guard let column = known[name] else { continue }
        if head.columns.values.contains(column) {
          head.twice.append(column)
        } else {
          head.columns[place] = column
        }
      }
      if required.allSatisfy({ head.columns.values.contains($0) }) { return head }
    }
    return nil
  }

  /// A column's name without case, blanks and marks: `Decided by` is `decidedBy`.
  private static func key(_ name: String) -> String {
    name.lowercased().filter { $0.isLetter || $0.isNumber }
  }
}

extension String {
  /// Without blanks and line ends around it.
  package var trimmedOfBlanks: String {
    guard let first = firstIndex(where: { !$0.isWhitespace }),
      let last = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(self[first...last])
  }
}

/// The lines of a text, whichever way they end.
private struct TextLines {
  let bytes: [UInt8]
  /// Each without its end.
  let ranges: [Range<Int>]

  init(_ bytes: [UInt8]) {
    var ranges: [Range<Int>] = []
    var start = 0
    var place = 0
    while place < bytes.count {
      let byte = bytes[place]
      guard byte == 0x0A || byte == 0x0D else {
        place += 1
        continue
      }
      ranges.append(start..<place)
      let isPair = byte == 0x0D && place + 1 < bytes.count && bytes[place + 1] == 0x0A
      place += isPair ? 2 : 1
      start = place
    }
    if start < bytes.count { ranges.append(start..<bytes.count) }
    self.bytes = bytes
    self.ranges = ranges
  }
}

/// Goes over the rows of a text.
private struct RowWalk {
  enum Found {
    case cells(line: Int, [String])
    case flaw(line: Int, String)
  }

  let lines: TextLines
  /// The place of the line that comes next.
  private(set) var next: Int
  private var parser: RowParser
  /// How often reading began again after a quote that is not closed.
  private var recoveries = 0

  private static let rowBytesMax = 1 << 20
  private static let recoveriesMax = 100

  init(lines: TextLines, separator: UInt8, next: Int) {
    self.lines = lines
    self.next = next
    parser = RowParser(separator: separator)
  }

  /// The next row that is not blank; nil at the end.
  mutating func row() -> Found? {
    while next < lines.ranges.count {
      let start = next
      repeat {
        let range = lines.ranges[next]
        lines.bytes.withUnsafeBytes { parser.add(UnsafeRawBufferPointer(rebasing: $0[range])) }
        next += 1
      } while parser.isInsideQuotes && next < lines.ranges.count
        && parser.count <= RowWalk.rowBytesMax
      guard !parser.isInsideQuotes, parser.count <= RowWalk.rowBytesMax else {
        let isQuote = parser.isInsideQuotes
        parser.reset()
        recoveries += 1
        // The rows that the open quote has swallowed are read after all.
        next = recoveries < RowWalk.recoveriesMax ? start + 1 : lines.ranges.count
        return .flaw(
          line: start + 1,
          isQuote ? "a quote that is not closed" : "a row of more than \(RowWalk.rowBytesMax) bytes"
        )
      }
      let cells = parser.finish().map(\.text)
      if cells.contains(where: { !$0.isEmpty }) { return .cells(line: start + 1, cells) }
    }
    return nil
  }
}
