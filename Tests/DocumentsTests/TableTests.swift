import Testing

@testable import Documents

/// Tables come back from spreadsheets in many clothes.
@Suite struct TableTests {
  private func table(_ bytes: [UInt8]) -> Table {
    Table(
      bytes: bytes, file: "t.csv", columns: ["id", "decidedBy", "note"], required: ["id", "note"])
  }

  private func rows(_ table: Table) -> [[String]] {
    table.rows.map { ["\($0.line)", $0.text("id"), $0.text("note")] }
  }

  private static let text =
    "id;decidedBy;note\r\na;zoë;\"one; \"\"two\"\"\r\nthree\"\r\n;;\r\nb;;x\r\n"

  private static func utf16(_ text: String, isLittle: Bool, hasMark: Bool) -> [UInt8] {
    let units = hasMark ? [0xFEFF] + Array(text.utf16) : Array(text.utf16)
    return units.flatMap { unit -> [UInt8] in
      let (low, high) = (UInt8(unit & 0xFF), UInt8(unit >> 8))
      return isLittle ? [low, high] : [high, low]
    }
  }

  @Test func everyEncodingSaysTheSame() {
    let text = Self.text
    let encodings: [[UInt8]] = [
      Array(text.utf8), [0xEF, 0xBB, 0xBF] + Array(text.utf8),
      Self.utf16(text, isLittle: true, hasMark: true),
      Self.utf16(text, isLittle: false, hasMark: true),
      Self.utf16(text, isLittle: true, hasMark: false),
      Self.utf16(text, isLittle: false, hasMark: false),
    ]
    for bytes in encodings {
      let table = table(bytes)
      #expect(rows(table) == [["2", "a", "one; \"two\"\nthree"], ["5", "b", "x"]])
      #expect(table.rows[0].text("decidedBy") == "zoë")
      #expect(table.problems.isEmpty, "\(table.problems)")
    }
  }

  @Test func windowsTextIsReadAndSaid() {
    let bytes: [UInt8] = Array("id,note\nb,".utf8) + [0x80, 0xE9, 0x93, 0x0A]
    let table = table(bytes)
    #expect(rows(table) == [["2", "b", "€é“"]])
    #expect(table.problems.map(\.text) == ["t.csv: not UTF-8; read as Windows-1252"])
  }

  @Test(arguments: [",", ";", "\t", "|"]) func everySeparatorDoes(separator: String) {
    let text =
      ["id", "note", "other, of; somebody"].joined(separator: separator)
      + "\na\(separator)1\(separator)\n"
    // The third name is in the way of the first two separators only.
    #expect(rows(table(Array(text.utf8))) == [["2", "a", "1"]])
  }

  @Test(arguments: ["\n", "\r\n", "\r"]) func everyLineEndDoes(end: String) {
    let text = ["sep=;", "Please fill in by Friday", "", "Note;;ID;", "1;;a;", "2;;b"]
      .joined(separator: end)
    let table = table(Array(text.utf8))
    #expect(rows(table) == [["5", "a", "1"], ["6", "b", "2"]])
    #expect(table.problems.isEmpty, "\(table.problems)")
  }

  @Test func anOpenQuoteCostsItsRowAlone() {
    let table = table(Array("id,note\na,1\nb,\"2\nc,3\nd,4\n".utf8))
    #expect(rows(table) == [["2", "a", "1"], ["4", "c", "3"], ["5", "d", "4"]])
    #expect(table.problems.map(\.text) == ["t.csv:3: a quote that is not closed"])
  }

  @Test func whatIsNoTableIsSaid() {
    for text in ["", "\n\n", "a,b\n1,2\n", "{}"] {
      let table = table(Array(text.utf8))
      #expect(table.rows.isEmpty)
      #expect(table.problems.map(\.reason) == ["no line names the columns `id` and `note`"])
    }
  }

  @Test func aCellBesideTheColumnsIsSaid() {
    let table = table(Array("id,note,,\na,1,,\nb,2,,,over\n".utf8))
    #expect(rows(table) == [["2", "a", "1"], ["3", "b", "2"]])
    #expect(
      table.problems.map(\.text) == ["t.csv:3: a cell to the right of the last column is not read"])
  }

  @Test func aColumnGivenTwiceCountsOnce() {
    let table = table(Array("id,note,Note\na,1,2\n".utf8))
    #expect(rows(table) == [["2", "a", "1"]])
    #expect(table.problems.count == 1)
  }
}
