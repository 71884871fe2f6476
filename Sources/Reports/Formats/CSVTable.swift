/// Rows of cells as CSV: RFC 4180, CRLF, UTF-8.
///
/// Cells are appended one after the other, so that a table of millions of rows makes no list and no
/// text of its own for each.
struct CSVTable {
  /// What was written and not handed over.
  private(set) var bytes: [UInt8] = []
  /// Whether the row that is open has a cell.
  private var hasCell = false
  private static let partBytes = 1 << 20

  /// Rows without a head line: a later part of a table.
  init() {}

  /// A table with its head line.
  init(columns: [String]) { add(columns) }

  /// One row.
  mutating func add(_ cells: [String]) {
    for cell in cells { self.cell(cell) }
    endRow()
  }

  /// The next cell of the row.
  mutating func cell(_ text: String) {
    separate()
    var text = text
    let isPlain = text.withUTF8 { text in
      guard CSVTable.isPlain(text) else { return false }
      bytes.append(contentsOf: text)
      return true
    }
    if !isPlain { bytes.append(contentsOf: SafeText.csv(text).utf8) }
  }

  /// The next cell: texts with a space between.
  mutating func cell(_ texts: [String]) {
    cell(texts.count == 1 ? texts[0] : texts.joined(separator: " "))
  }

  /// The next cell: a whole number.
  mutating func cell(_ number: Int) {
    guard number >= 0 else { return cell(String(number)) }
    separate()
    bytes.append(number: number)
  }

  /// The next cell: a number to six decimals; `not known` for infinities and what is not a number.
  mutating func cell(_ number: Double) {
    if number >= 0, number < 1_000 {
      separate()
      bytes.append(millionths: number)
    } else {
      cell(NumberText.decimal(number, decimalsMax: 6) ?? "not known")
    }
  }

  /// Ends the row.
  mutating func endRow() {
    bytes.append(0x0D)
    bytes.append(0x0A)
    hasCell = false
  }

  private mutating func separate() {
    if hasCell { bytes.append(UInt8(ascii: ",")) }
    hasCell = true
  }

  /// Whether a text stands in CSV as it is, the common case: nothing to quote and no formula.
  private static func isPlain(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = text.first else { return true }
    guard SafeText.startsNoFormula(first) else { return false }
    // All bytes are looked at, without a way out: so the loop takes many at a time.
    var others: UInt8 = 0
    for byte in text { others |= SafeText.isPlainInCSV(byte) ? 0 : 1 }
    return others == 0
  }

  /// Hands over what was written, where it is enough for a part.
  mutating func drain(_ path: String, to take: ReportFormat.Taker) throws {
    if bytes.count >= CSVTable.partBytes { try finish(path, to: take) }
  }

  /// Hands over what was written.
  mutating func finish(_ path: String, to take: ReportFormat.Taker) throws {
    try take(RenderedFile(path: path, bytes: bytes))
    bytes.removeAll(keepingCapacity: true)
  }
}
