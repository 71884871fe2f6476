/// Gives the rows of CSV (RFC 4180: quotes, doubled quotes, line ends in quotes) as JSON records.
func readRows(
  _ input: InputBytes, separator: UInt8, limits: InputLimits, give: (Found) -> Bool
) {
  let lines = LineReader(input, limits: limits)
  var parser = RowParser(separator: separator)
  var columns: [String]?
  var columnsCount = 0
  var rowLine = 0
  func flaw(_ line: Int, _ reason: String, _ consequence: String) -> Bool {
    give(.flaw(RecordFlaw(line: line, reason: reason, consequence: consequence)))
  }
  while true {
    switch lines.nextLine() {
    case .line(let bytes, _):
      if !parser.isInsideQuotes {
        if LineReader.isBlank(bytes) { continue }
        rowLine = lines.number
      }
      parser.add(bytes)
      if parser.isInsideQuotes {
        guard parser.count > limits.recordBytesMax else { continue }
        parser.reset()
        guard flaw(rowLine, "a quote that is not closed", "not read") else { return }
        continue
      }
      let cells = parser.finish()
      guard let columns else {
        columnsCount = cells.count
        columns = header(cells, line: rowLine, give: give)
        continue
      }
      if cells.count != columnsCount {
        let reason = "\(cells.count) cells under \(columnsCount) columns"
        guard flaw(rowLine, reason, "read as far as there are columns") else { return }
      }
      guard giveRow(cells, columns, line: rowLine, give) else { return }
    case .tooLong:
      parser.reset()
      guard give(.flaw(.tooLong("a line", line: lines.number, limits: limits))) else { return }
    case .end:
      if parser.isInsideQuotes { _ = flaw(rowLine, "a quote that is not closed", "not read") }
      return
    }
  }
}

/// The columns' names; one given twice is blank, and so not read, the second time.
private func header(
  _ cells: [RowParser.Cell], line: Int, give: (Found) -> Bool
) -> [String] {
  let columnsMax = 1_000
  if cells.count > columnsMax {
    let reason = "more than \(columnsMax) columns"
    _ = give(.flaw(RecordFlaw(line: line, reason: reason, consequence: "the rest is not read")))
  }
  var names: [String] = []
  for cell in cells.prefix(columnsMax) {
    let name = cell.text.trimmed(of: " ")
    if !name.isEmpty, names.contains(name) {
      let reason = "the column \(quoted(name)) is there twice"
      let consequence = "the first one counts"
      _ = give(.flaw(RecordFlaw(line: line, reason: reason, consequence: consequence)))
      names.append("")
    } else {
      names.append(name)
    }
  }
  return names
}

private func giveRow(
  _ cells: [RowParser.Cell], _ columns: [String], line: Int, _ give: (Found) -> Bool
) -> Bool {
  var root = CellTree()
  for (cell, column) in zip(cells, columns) where !column.isEmpty && !cell.text.isEmpty {
    root.add(column.split(separator: ".")[...], name: column, cell: cell)
  }
  var writer = JSONWriter()
  root.write(to: &writer)
  return writer.withPadding { give(.record(Record(line: line, key: 0, bytes: $0))) }
}

/// The cells of a row by the parts of their columns' dotted names.
private struct CellTree {
  private var cells: [(key: String, name: String, cell: RowParser.Cell)] = []
  private var branches: [(key: String, tree: [CellTree])] = []

  mutating func add(_ path: ArraySlice<Substring>, name: String, cell: RowParser.Cell) {
    guard let first = path.first else { return }
    guard path.count > 1 else {
      cells.append((String(first), name, cell))
      return
    }
    let index = branches.firstIndex { $0.key == first } ?? branches.count
    if index == branches.count { branches.append((String(first), [CellTree()])) }
    branches[index].tree[0].add(path.dropFirst(), name: name, cell: cell)
  }

  func write(to writer: inout JSONWriter) {
    writer.raw("{")
    var isFirst = true
    for entry in cells {
      if !isFirst { writer.raw(",") }
      isFirst = false
      writer.text(entry.key)
      writer.raw(":")
      CellTree.write(entry.cell, of: entry.name, to: &writer)
    }
    for branch in branches {
      if !isFirst { writer.raw(",") }
      isFirst = false
      writer.text(branch.key)
      writer.raw(":")
      branch.tree[0].write(to: &writer)
    }
    writer.raw("}")
  }

  /// Lists are written with semicolons in one cell; numbers and truth values only without quotes.
  private static func write(
    _ cell: RowParser.Cell, of column: String, to writer: inout JSONWriter
  ) {
    if CanonicalColumns.lists.contains(column) {
      writer.raw("[")
      for (index, part) in cell.text.split(separator: ";").enumerated() {
        if index > 0 { writer.raw(",") }
        writer.text(part.trimmed(of: " "))
      }
      writer.raw("]")
    } else if !cell.isQuoted, cell.text == "true" || cell.text == "false" {
      writer.raw(cell.text)
    } else if !cell.isQuoted, JSONWriter.isNumber(cell.text) {
      writer.raw(cell.text)
    } else {
      writer.text(cell.text)
    }
  }
}

/// Takes lines apart into cells; a quoted cell may go on over several lines.
struct RowParser {
  /// A cell's text, and whether it was in quotes.
  struct Cell {
    var text: String
    var isQuoted: Bool
  }

  /// Whether the line added last ends inside quotes.
  private(set) var isInsideQuotes = false
  /// Bytes kept so far for the row.
  var count: Int { cell.count + cells.reduce(0) { $0 + $1.text.utf8.count } }

  private let separator: UInt8
  private var cells: [Cell] = []
  private var cell: [UInt8] = []
  private var isQuoted = false

  init(separator: UInt8) { self.separator = separator }

  /// Adds a line of the row.
  mutating func add(_ line: UnsafeRawBufferPointer) {
    let quote = UInt8(ascii: "\"")
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
  mutating func finish() -> [Cell] {
    endCell()
    let row = cells
    reset()
    return row
  }

  /// Forgets the row.
  mutating func reset() {
    cells.removeAll(keepingCapacity: true)
    cell.removeAll(keepingCapacity: true)
    isInsideQuotes = false
    isQuoted = false
  }

  private mutating func endCell() {
    cells.append(Cell(text: String(decoding: cell, as: UTF8.self), isQuoted: isQuoted))
    cell.removeAll(keepingCapacity: true)
    isQuoted = false
  }
}
