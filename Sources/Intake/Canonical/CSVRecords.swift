internal import CSimdjson
internal import Documents

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
      let text = bytes.bindMemory(to: CChar.self)
      if !sequitur_is_utf8(text.baseAddress, text.count) {
        let reason = "bytes that are not UTF-8"
        guard flaw(lines.number, reason, "kept; shown as U+FFFD or escaped") else { return }
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

  /// An id of more digits than a number keeps is text.
  private static let digitsMax = 18

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
    } else if !cell.isQuoted, cell.text.utf8.count <= digitsMax, JSONWriter.isNumber(cell.text) {
      writer.raw(cell.text)
    } else {
      writer.text(cell.text)
    }
  }
}
