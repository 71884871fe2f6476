extension ReportFacts {
  /// Reads cleanup.csv back.
  init(cleanupCSV file: FileParts) throws {
    self.init(source: file.path)
    var agents: [String] = []
    let isWhole = try read(file, columns: ReportFormat.cleanupColumns, wanted: ["agent"]) {
      cells, _, _ in agents.append(cells[0])
    }
    guard isWhole else { return }
    cleanupAgents = agents
    countRows()
  }

  /// Reads privileges.csv back.
  init(privilegesCSV file: FileParts) throws {
    self.init(source: file.path)
    var sums = ["held": 0, "used": 0, "unused": 0, "unseen": 0]
    let isWhole = try read(
      file, columns: ReportFormat.privilegeColumns, wanted: ["actions", "usage"]
    ) { cells, row, facts in
      guard let count = Int(cells[0]), let name = ReportFacts.usageNames[cells[1]] else {
        facts.problems.append("\(facts.source): row \(row) has no count or no use")
        return
      }
      sums["held", default: 0] += count
      sums[name, default: 0] += count
    }
    if isWhole { counts = sums }
  }

  /// The name of the count that a row of privileges.csv belongs to, by its use.
  private static let usageNames = [
    "used": "used", "used narrower": "used", "unused": "unused", "cannot be seen": "unseen",
  ]

  /// Gives the wanted cells of each row below the head, with its number from 2; false, with a
  /// problem, when the file is not as it was written.
  private mutating func read(
    _ file: FileParts, columns: [String], wanted: [String],
    _ each: ([String], Int, inout ReportFacts) -> Void
  ) throws -> Bool {
    let places = wanted.compactMap { columns.firstIndex(of: $0) }
    var reader = CSVReader(file.next)
    let all = Array(columns.indices)
    guard try reader.row(all)?.cells == columns else { return refuse(file) }
    var number = 2
    while let row = try reader.row(places) {
      guard row.count == columns.count, row.cells.count == places.count else {
        return refuse(file)
      }
      each(row.cells, number, &self)
      number += 1
    }
    return reader.isWhole || refuse(file)
  }

  private mutating func refuse(_ file: FileParts) -> Bool {
    problems.append("\(file.path): its columns are not those it was written with")
    return false
  }
}

/// Reads CSV by RFC 4180, part by part.
struct CSVReader {
  private let next: () throws -> [UInt8]
  private var bytes: [UInt8] = []
  private var place = 0
  /// Whether what was read ended with the end of a row, and was UTF-8.
  private(set) var isWhole = true

  init(_ next: @escaping () throws -> [UInt8]) { self.next = next }

  private mutating func byte() throws -> UInt8? {
    if place == bytes.count {
      bytes = try next()
      place = 0
      if bytes.isEmpty { return nil }
    }
    place += 1
    return bytes[place - 1]
  }

  /// The end of the line that begins here, where no quote stands in it; nil for others, and for what
  /// is left at the end of the file.
  private mutating func plainLineEnd() throws -> Int? {
    var length = 0
    while true {
      let found = bytes.withUnsafeBufferPointer { bytes -> Int? in
        for index in (place + length)..<bytes.count
        where bytes[index] == 0x0A || bytes[index] == UInt8(ascii: "\"") { return index }
        return nil
      }
      if let found { return bytes[found] == 0x0A ? found : nil }
      length = bytes.count - place
      let part = try next()
      if part.isEmpty { return nil }
      bytes.removeSubrange(..<place)
      bytes += part
      place = 0
    }
  }

  /// The cells of a line without quotes.
  private mutating func plainRow(
    to end: Int, _ wanted: [Int]
  ) -> (cells: [String], count: Int) {
    var cells: [String] = []
    var count = 0
    var isText = true
    let last = end > place && bytes[end - 1] == 0x0D ? end - 1 : end
    bytes.withUnsafeBufferPointer { bytes in
      var start = place
      for index in place...last where index == last || bytes[index] == UInt8(ascii: ",") {
        if cells.count < wanted.count, wanted[cells.count] == count {
          let cell = UnsafeBufferPointer(rebasing: bytes[start..<index])
          if let text = String(validating: cell, as: UTF8.self) {
            cells.append(text)
          } else {
            isText = false
          }
        }
        count += 1
        start = index + 1
      }
    }
    if !isText { isWhole = false }
    place = end + 1
    return (cells, count)
  }

  /// The cells of the next row at some places, rising, and how many cells it has; nil at the end.
  mutating func row(_ wanted: [Int]) throws -> (cells: [String], count: Int)? {
    if let end = try plainLineEnd() { return plainRow(to: end, wanted) }
    var cells: [String] = []
    var cell: [UInt8] = []
    var count = 0
    var isQuoted = false
    var isEmpty = true
    var isWanted = wanted.first == 0
    var wasQuote = false
    func close() {
      if isWanted {
        if let text = String(validating: cell, as: UTF8.self) {
          cells.append(text)
        } else {
          isWhole = false
        }
      }
      cell.removeAll(keepingCapacity: true)
      count += 1
      isWanted = cells.count < wanted.count && wanted[cells.count] == count
    }
    while let byte = try byte() {
      isEmpty = false
      switch byte {
      // Two quotes inside quotes are one: the first closes, the second opens again.
      case UInt8(ascii: "\""):
        if !isQuoted, wasQuote, isWanted { cell.append(byte) }
        isQuoted.toggle()
        wasQuote = true
        continue
      case UInt8(ascii: ",") where !isQuoted: close()
      case 0x0A where !isQuoted:
        if isWanted, cell.last == 0x0D { cell.removeLast() }
        close()
        return (cells, count)
      default: if isWanted { cell.append(byte) }
      }
      wasQuote = false
    }
    if !isEmpty { isWhole = false }
    return nil
  }
}
