extension ReportFacts {
  /// Reads cleanup.csv back.
  init(cleanupCSV file: RenderedFile) {
    self.init(source: file.path)
    guard let rows = rows(of: file, columns: ReportFormat.cleanupColumns) else { return }
    cleanupAgents = rows.map { $0[0] }
    countRows()
  }

  /// Reads privileges.csv back.
  init(privilegesCSV file: RenderedFile) {
    self.init(source: file.path)
    let columns = ReportFormat.privilegeColumns
    guard let rows = rows(of: file, columns: columns),
      let actions = columns.firstIndex(of: "actions"), let usage = columns.firstIndex(of: "usage")
    else { return }
    var sums = ["held": 0, "used": 0, "unused": 0, "unseen": 0]
    for (number, row) in rows.enumerated() {
      guard let count = Int(row[actions]), let name = usageNames[row[usage]] else {
        problems.append("\(file.path): row \(number + 2) has no count or no use")
        continue
      }
      sums["held", default: 0] += count
      sums[name, default: 0] += count
    }
    counts = sums
  }

  /// The name of the count that a row of privileges.csv belongs to, by its use.
  private var usageNames: [String: String] {
    [
      "used": "used", "used narrower": "used", "unused": "unused", "cannot be seen": "unseen",
    ]
  }

  /// The rows below the head; nil, with a problem, when the file is not as it was written.
  private mutating func rows(of file: RenderedFile, columns: [String]) -> [[String]]? {
    guard let text = String(validating: file.bytes, as: UTF8.self) else {
      problems.append("\(file.path): not UTF-8")
      return nil
    }
    let rows = ReportFacts.cells(text)
    guard rows.first == columns, rows.allSatisfy({ $0.count == columns.count }) else {
      problems.append("\(file.path): its columns are not those it was written with")
      return nil
    }
    return Array(rows.dropFirst())
  }

  /// The cells of a CSV text by RFC 4180.
  static func cells(_ text: String) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var cell = ""
    var isQuoted = false
    var scalars = text.unicodeScalars.makeIterator()
    var pending = scalars.next()
    while let scalar = pending {
      pending = scalars.next()
      switch (scalar, isQuoted) {
      case ("\"", true) where pending == "\"":
        cell.append("\"")
        pending = scalars.next()
      case ("\"", _): isQuoted.toggle()
      case (",", false):
        row.append(cell)
        cell = ""
      case ("\r", false) where pending == "\n":
        pending = scalars.next()
        rows.append(row + [cell])
        row = []
        cell = ""
      default: cell.unicodeScalars.append(scalar)
      }
    }
    return rows
  }
}
