internal import Documents
package import Model

/// What a file of decisions says.
package struct DecisionSheet: Sendable, Equatable {
  /// Rows with a decision that can be read, in the file's order.
  package var decisions: [ReviewerDecision] = []
  /// Rows of which nothing was decided.
  package var undecided = 0
  /// What is wrong in it, in order of place; each says what was done about it.
  package var problems: [Problem] = []
}

/// The columns of the sheet that are read back; the rest of it is there to be read by people.
package enum DecisionColumn: String, Sendable, CaseIterable {
  case id, review, decision, decidedBy, reason, until
}

/// Reads a file of decisions: the sheet as a spreadsheet saved it, or YAML.
///
/// A row that cannot be read is a problem and the others count.
package func readDecisions(bytes: [UInt8], file: String) -> DecisionSheet {
  var reader = DecisionReader(file: file)
  let text = SpreadsheetText(bytes)
  if isYAML(text.bytes) {
    reader.readYAML(String(decoding: text.bytes, as: UTF8.self))
  } else {
    reader.readTable(bytes)
  }
  reader.finish()
  return reader.sheet
}

/// What a file that lies among decision sheets is.
package enum SheetLikeness: Sendable, Equatable {
  case sheet
  /// A table that names the item or the decision, and not both.
  case damagedSheet
  case other

  /// Told from the beginning of a file.
  package init(of bytes: [UInt8]) {
    let start = Array(bytes.prefix(SheetLikeness.bytesMax))
    func names(_ columns: [DecisionColumn]) -> Bool {
      let names = columns.map(\.rawValue)
      return Table(bytes: start, file: "", columns: names, required: names).hasHead
    }
    if isYAML(SpreadsheetText(start).bytes) || names([.id, .decision]) {
      self = .sheet
    } else {
      self = names([.id]) || names([.decision]) ? .damagedSheet : .other
    }
  }

  /// A head line stands in it, and the lines that people write above it.
  private static let bytesMax = 64 << 10
}

/// Whether the first line that says anything opens the list of a YAML file.
private func isYAML(_ bytes: [UInt8]) -> Bool {
  for line in bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
    let text = String(decoding: line, as: UTF8.self).trimmedOfBlanks
    if text.isEmpty || text.hasPrefix("#") || text == "---" { continue }
    return text.hasPrefix("decisions:")
  }
  return false
}

/// The walk over one file.
private struct DecisionReader {
  let file: String
  var sheet = DecisionSheet()
  /// Dates that wait for the order that the others of the file have.
  private var rows: [Row] = []

  /// A row as it was written, before its date is understood.
  private struct Row {
    var line: Int
    var texts: [DecisionColumn: String]
  }

  init(file: String) { self.file = file }

  mutating func readTable(_ bytes: [UInt8]) {
    let table = Table(
      bytes: bytes, file: file, columns: DecisionColumn.allCases.map(\.rawValue),
      required: [DecisionColumn.id.rawValue, DecisionColumn.decision.rawValue])
    for problem in table.problems { note(problem.line, problem.reason, "not counted") }
    for row in table.rows {
      var texts: [DecisionColumn: String] = [:]
      for column in DecisionColumn.allCases {
        let text = withoutGuard(row.text(column.rawValue))
        if !text.isEmpty { texts[column] = text }
      }
      rows.append(Row(line: row.line, texts: texts))
    }
  }

  /// The apostrophe that was put before what a spreadsheet would take for a formula goes again.
  private func withoutGuard(_ text: String) -> String {
    // SQLite ends a text at its first NUL.
    let text = text.replacing("\u{0}", with: "\u{2400}")
    guard text.hasPrefix("'"), let next = text.dropFirst().unicodeScalars.first,
      "=+-@\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains(next)
    else { return text }
    return String(text.dropFirst())
  }

  mutating func readYAML(_ text: String) {
    do {
      rows = try Document.read(text: text, file: file) { document, problems in
        let root = Fields(
          document.root, of: document, what: "the file", keys: ["decisions"], problems: &problems)
        guard let nodes = root.node("decisions")?.sequence else {
          problems.append(
            document.problem(root.place(of: "decisions"), "`decisions` must be a list"))
          return []
        }
        return nodes.map { node in
          let fields = Fields(
            node, of: document, what: "a decision", keys: DecisionColumn.allCases.map(\.rawValue),
            problems: &problems)
          var texts: [DecisionColumn: String] = [:]
          for column in DecisionColumn.allCases {
            let text = fields.text(column.rawValue, problems: &problems)?.trimmedOfBlanks
            if let text, !text.isEmpty { texts[column] = text }
          }
          return Row(line: node.place.line, texts: texts)
        }
      }
    } catch {
      for problem in error.problems { note(problem.line, problem.reason, "the file is not read") }
    }
  }

  /// Understands the rows.
  mutating func finish() {
    let orders = Set(rows.compactMap { $0.texts[.until].flatMap(WrittenDate.order) })
    let order = orders.count == 1 ? orders.first : nil
    for row in rows { read(row, order) }
    sheet.problems.sort { ($0.line, $0.reason) < ($1.line, $1.reason) }
  }

  private mutating func read(_ row: Row, _ order: WrittenDate.Order?) {
    guard let text = row.texts[.decision] else {
      sheet.undecided += 1
      let filled = [DecisionColumn.decidedBy, .reason, .until].filter { row.texts[$0] != nil }
      if let first = filled.first {
        note(row.line, "`\(first.rawValue)` without a decision", "not decided")
      }
      return
    }
    guard let word = ReviewerDecision.Word(rawValue: text.lowercased()) else {
      let words = ReviewerDecision.Word.allCases.map(\.rawValue)
      note(
        row.line,
        "expected \(words.joined(separator: ", ")) or nothing, not `\(text.prefix(40))`"
          + didYouMean(text.lowercased(), among: words), "not counted")
      return
    }
    let needed: [DecisionColumn] = [.id, .decidedBy, .reason]
    let missing = needed.filter { row.texts[$0] == nil }
    guard missing.isEmpty else {
      let names = missing.map { "`\($0.rawValue)`" }.joined(separator: ", ")
      note(row.line, "a decision without \(names)", "not counted")
      return
    }
    var until: Timestamp?
    if let written = row.texts[.until] {
      guard let time = instant(written, order, row.line) else { return }
      until = time
    } else if word == .except {
      note(row.line, "`except` without `until`: an exception ends", "not counted")
      return
    }
    sheet.decisions.append(
      ReviewerDecision(
        id: row.texts[.id] ?? "", review: row.texts[.review], word: word,
        decidedBy: row.texts[.decidedBy] ?? "", reason: row.texts[.reason] ?? "", until: until,
        file: file, line: row.line))
  }

  private mutating func instant(
    _ text: String, _ order: WrittenDate.Order?, _ line: Int
  ) -> Timestamp? {
    switch WrittenDate(text) {
    case .instant(let time): return time
    case .none:
      note(
        line, "`until` must be a date, for example 2026-12-31, not `\(text.prefix(40))`",
        "not counted")
      return nil
    case .either(let first, let second, let year):
      switch order {
      case .dayFirst: return WrittenDate.day(year, second, first)
      case .monthFirst: return WrittenDate.day(year, first, second)
      case nil:
        note(
          line,
          "`\(text)` may be two days, and no other date of the file tells which: write it as "
            + "2026-12-31", "not counted")
        return nil
      }
    }
  }

  private mutating func note(_ line: Int, _ reason: String, _ consequence: String) {
    sheet.problems.append(
      Problem(file: file, line: line, reason: reason, consequence: consequence))
  }
}
