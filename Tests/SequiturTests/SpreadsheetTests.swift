import Foundation
import TestSupport
import Testing

/// Decision sheets that LibreOffice has opened and saved say what was filled in.
///
/// `.ci/setup test` installs it (`libreoffice-calc-nogui`, 90 MB, two thirds of a minute); where it
/// is absent the test says so and is passed over.
@Suite struct SpreadsheetTests {
  /// Ways to save: the filter's options for CSV are separator, quote, encoding, first line, columns,
  /// language, whether all texts are quoted, and whether what is shown is saved.
  private static let ways: [(name: String, filter: String)] = [
    ("commas", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"),
    ("semicolons, as Germans do", "csv:Text - txt - csv (StarCalc):59,34,76,1,,1031,false,true"),
    ("tabs in UTF-16", "csv:Text - txt - csv (StarCalc):9,34,65535,1,,1033,false,true"),
    ("a Windows code page", "csv:Text - txt - csv (StarCalc):59,34,1,1,,1031,false,true"),
    ("all quoted", "csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,true,true"),
  ]

  /// What reviewers write that spreadsheets like to change.
  private static let filled: [[String]] = [
    ["keep", "José Álvarez", "\"in use\"; see the log, line 3", "2026-12-31"],
    ["revoke", "dana.okafor", "'=not a formula", "2026-05-31"],
    ["except", "'@marek", "until the move is done,\nwhich takes a while", "15.01.2027"],
    ["narrow", "lindt, marek", "1/2 of it is enough", "2026-11-30"],
    ["keep", "team 1E5", "+49 30 123456", ""],
  ]

  private func cell(_ text: String) -> String {
    "\"\(text.replacing("\"", with: "\"\""))\""
  }

  /// The sheet with its first rows filled in.
  private func filledIn(_ sheet: String) -> String {
    var lines = sheet.components(separatedBy: "\r\n")
    for (number, cells) in Self.filled.enumerated() {
      let place = lines[number + 1].range(of: ",,,,,")
      lines[number + 1].replaceSubrange(
        place ?? lines[number + 1].startIndex..<lines[number + 1].startIndex,
        with: "," + cells.map(cell).joined(separator: ",") + ",")
    }
    return lines.joined(separator: "\r\n")
  }

  /// Opens a file in LibreOffice and saves it in another form; nil where there is none.
  private func convert(_ file: URL, to filter: String, in folder: URL) throws -> URL? {
    let form = String(filter.prefix { $0 != ":" })
    let out = folder.appendingPathComponent(UUID().uuidString)
    guard
      let answer = try Validator.run(
        "soffice",
        [
          "-env:UserInstallation=file://\(folder.path)/profile", "--headless", "--norestore",
          // Commas, UTF-8, and dates recognised as a German's spreadsheet does.
          "--infilter=CSV:44,34,76,1,,1031,false,true", "--convert-to", filter, "--outdir",
          out.path, file.path,
        ])
    else { return nil }
    try #require(answer.status == 0, "\(answer.output)")
    return out.appendingPathComponent(
      file.deletingPathExtension().lastPathComponent + "." + form)
  }

  /// What a review reads of a sheet: decision, name, reason and date by id.
  private func decisions(_ sheet: URL, history: String) throws -> [String] {
    let out = try Scratch()
    try FileManager.default.copyItem(
      atPath: history, toPath: out.url.appendingPathComponent("history.sqlite").path)
    let result = try Command.run([
      "review", "examples/acme/year/2026-Q2/input", "--from", "2026-04-01", "--to", "2026-06-30",
      "--formats", "json", "--quiet", "--decisions", sheet.path, "--out", out.url.path,
    ])
    try #require(result.status == 0, "\(result.error)")
    let report = try Written.object(out.bytes("2026-04-01_2026-06-30/report.json"))
    let rows = report["decisions"] as? [[String: Any]] ?? []
    return rows.map { row in
      ["id", "decision", "decidedBy", "reason", "until"].map { "\(row[$0] ?? "-")" }
        .joined(separator: "|")
    }
  }

  @Test func whatLibreOfficeSavesIsReadWithoutLoss() throws {
    let out = try Scratch()
    let first = try Command.run([
      "review", "examples/acme/year/2026-Q1/input", "--config",
      "examples/acme/year/2026-Q1/review.yaml", "--formats", "decisions", "--quiet", "--out",
      out.url.path,
    ])
    try #require(first.status == 0, "\(first.error)")
    let history = out.url.appendingPathComponent("history.sqlite").path
    let sheet = String(decoding: try out.bytes("acme-2026-Q1/decisions.csv"), as: UTF8.self)
    let file = out.url.appendingPathComponent("filled.csv")
    try Data(filledIn(sheet).utf8).write(to: file)
    let wanted = try decisions(file, history: history)
    try #require(wanted.count == Self.filled.count, "\(wanted)")
    for way in Self.ways {
      guard let saved = try convert(file, to: way.filter, in: out.url) else { return }
      #expect(try decisions(saved, history: history) == wanted, "\(way.name)")
    }
    // Kept as a workbook for a while, and saved as CSV at last.
    guard let book = try convert(file, to: "xlsx", in: out.url),
      let saved = try convert(book, to: Self.ways[1].filter, in: out.url)
    else { return }
    #expect(try decisions(saved, history: history) == wanted, "through a workbook")
  }
}
