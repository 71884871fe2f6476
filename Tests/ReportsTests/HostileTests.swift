import Reports
import TestSupport
import Testing

/// Markup, script, formula, controls, a bidi override, the end of a CDATA section, and marks that
/// join with what stands before them to one character.
let hostileText =
  "=cmd|'/c'!A1\"\u{301}><script>alert(1)</script><\u{301}img src=x onerror=alert(1)>]]>&amp;{{id}}"
  + "\u{0}\u{8}\u{1B}\u{7F}\u{85}\u{202E}\u{2066}\u{FFFE}\u{600}<b>'\r\n,;"

/// The sample with all of that around every text.
let hostileReport = SampleReport { hostileText + $0 + hostileText }.report

@Suite struct HostileTests {
  @Test func noTextBecomesMarkup() throws {
    for file in try renderAll(hostileReport) where file.path.hasSuffix(".html") {
      let page = String(decoding: file.bytes, as: UTF8.self)
      // Scalars, since a character may hold more than the angle bracket.
      let scalars = Array(page.unicodeScalars)
      for name in ["<script>", "<img", "<b>'", "onerror=alert(1)>"] {
        let wanted = Array(name.unicodeScalars)
        let found = scalars.indices.contains { start in
          scalars[start...].starts(with: wanted)
        }
        #expect(!found, "\(file.path) holds \(name)")
      }
      #expect(!page.unicodeScalars.contains("\u{202E}"), "\(file.path) turns its direction")
      #expect(!page.unicodeScalars.contains("\u{0}"), "\(file.path) holds a NUL")
    }
  }

  @Test func noCellBecomesAFormula() throws {
    for file in try renderAll(hostileReport) where file.path.hasSuffix(".csv") {
      let csv = String(decoding: file.bytes, as: UTF8.self)
      for line in csv.split(separator: "\r\n") {
        for cell in line.split(separator: ",") {
          let content = cell.drop { $0 == "\"" }
          #expect(!"=+-@".contains(content.first ?? " "), "\(file.path): \(cell.prefix(40))")
        }
      }
    }
  }

  @Test func pathsStayInTheFolder() throws {
    for file in try renderAll(hostileReport) + renderAll(SampleReport.plain.report) {
      #expect(!file.path.hasPrefix("/") && !file.path.contains(".."))
      #expect(
        file.path.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-./".contains($0)) },
        "\(file.path)")
      #expect(file.path.utf8.count < 120)
    }
  }

  @Test func formatsAgreeOnHostileIDs() throws {
    #expect(disagreements(between: try renderAll(hostileReport)) == [])
  }
}
