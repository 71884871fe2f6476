/// Takes lines of CSV (RFC 4180: quotes, doubled quotes, line ends in quotes) apart into cells; a
/// quoted cell may go on over several lines.
///
/// Of our own, since the libraries for it read a whole text or nothing and say no line: one row that
/// is damaged must not cost the others, and has to be named by its place.
package struct RowParser {
  /// A cell's text, and whether it was in quotes.
  package struct Cell {
    package var text: String
    package var isQuoted: Bool
  }

  /// Whether the line added last ends inside quotes.
  package private(set) var isInsideQuotes = false
  /// Bytes kept so far for the row.
  package private(set) var count = 0

  private let separator: UInt8
  private var cells: [Cell] = []
  private var cell: [UInt8] = []
  private var isQuoted = false

  /// A parser of rows whose cells stand between separators.
  package init(separator: UInt8) { self.separator = separator }

  /// Adds a line of the row.
  package mutating func add(_ line: UnsafeRawBufferPointer) {
    let quote = UInt8(ascii: "\"")
    count += line.count
    if isInsideQuotes { cell.append(0x0A) }
    var index = 0
    while index < line.count {
      let byte = line[index]
      if isInsideQuotes {
        if byte == quote, index + 1 < line.count, line[index + 1] == quote {
          cell.append(quote)
          index += 1
        } else if byte == quote {
          isInsideQuotes = false
        } else {
          cell.append(byte)
        }
      } else if byte == quote, cell.isEmpty, !isQuoted {
        isInsideQuotes = true
        isQuoted = true
      } else if byte == separator {
        endCell()
      } else {
        cell.append(byte)
      }
      index += 1
    }
  }

  /// The row's cells; the parser is then ready for the next row.
  package mutating func finish() -> [Cell] {
    endCell()
    let row = cells
    reset()
    return row
  }

  /// Forgets the row.
  package mutating func reset() {
    cells.removeAll(keepingCapacity: true)
    cell.removeAll(keepingCapacity: true)
    count = 0
    isInsideQuotes = false
    isQuoted = false
  }

  private mutating func endCell() {
    cells.append(Cell(text: String(decoding: cell, as: UTF8.self), isQuoted: isQuoted))
    cell.removeAll(keepingCapacity: true)
    isQuoted = false
  }
}
