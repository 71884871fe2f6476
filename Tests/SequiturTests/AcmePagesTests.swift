import Foundation
import TestSupport
import Testing

/// What a reader does with an agent's page of the example: compute its scores again from their terms,
/// and go on to the finding, the event, and the line of the source file.
@Suite struct AcmePagesTests {
  /// One agent's page, and what report.json says of the agent.
  private struct Page {
    let path: String
    let text: String
    let agent: [String: Any]

    /// The value of an index of report.json, nil where it was not assessed.
    func index(_ name: String) -> Int? { (agent[name] as? [String: Any])?["value"] as? Int }

    /// The table below a caption.
    func table(_ caption: String) throws -> String {
      let start = try #require(text.range(of: "<b>\(caption)</b>"), "\(path): \(caption)")
      let end = try #require(text.range(of: "</table>", range: start.upperBound..<text.endIndex))
      return String(text[start.upperBound..<end.lowerBound])
    }
  }

  /// The cells of a row by their labels, tags taken out.
  private static func cells(_ row: String) -> [String: String] {
    var cells: [String: String] = [:]
    for part in row.components(separatedBy: " data-label=\"").dropFirst() {
      guard let label = part.range(of: "\">") else { continue }
      let content = part[label.upperBound...].components(separatedBy: "</td>")[0]
      cells[String(part[..<label.lowerBound])] = content.replacing(/<[^>]*>/, with: "")
    }
    return cells
  }

  private static func number(_ cell: String?) throws -> Double {
    let text = try #require(cell).replacing(",", with: "")
    return try #require(Double(text.split(separator: " ").last ?? ""), "\(text)")
  }

  private static func rows(_ table: String, _ part: String) throws -> [String] {
    let start = try #require(table.range(of: "<\(part)>"))
    let end = try #require(table.range(of: "</\(part)>"))
    return table[start.upperBound..<end.lowerBound].components(separatedBy: "<tr").dropFirst()
      .map { String($0) }
  }

  private static func pages() throws -> [Page] {
    let report = try ExampleReview.read().report
    var agents: [String: [String: Any]] = [:]
    for agent in report.agents { agents[try #require(agent["id"] as? String)] = agent }
    let folder = report.folder.appendingPathComponent("agents")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    let pages = try names.map { name in
      let text = try report.text("agents/\(name)")
      let mark = try #require(text.firstMatch(of: /<main id="report" data-agent="([^"]*)">/))
      return Page(
        path: name, text: text, agent: try #require(agents[String(mark.1)], "\(mark.1)"))
    }
    #expect(pages.count == report.agents.count && pages.count > 15)
    return pages
  }

  @Test func theScoresFollowFromTheTermsOfThePage() throws {
    let pages = try AcmePagesTests.pages()
    var recomputed = 0
    for page in pages {
      recomputed += try privilegeIndex(page) + compositionIndex(page)
      guard
        let formula = page.text.firstMatch(
          of: /Risk = 100 × \(1 − \(1 − ([0-9.]+)\) × \(1 − ([0-9.]+)\)\) = (\d+)/)
      else { continue }
      let left = try #require(Double(formula.1))
      let right = try #require(Double(formula.2))
      let risk = Int((100 * (1 - (1 - left) * (1 - right))).rounded())
      #expect(risk == Int(formula.3), "\(page.path)")
      #expect(Int((100 * left).rounded()) == page.index("privilegeIndex"), "\(page.path)")
      #expect(Int((100 * right).rounded()) == page.index("compositionIndex"), "\(page.path)")
      #expect(Int(formula.3) == page.index("risk"), "\(page.path)")
    }
    #expect(recomputed > 25, "\(recomputed)")
  }

  /// Checks u, x and each factor of the privilege index, then their product and the index.
  private func privilegeIndex(_ page: Page) throws -> Int {
    let table = try page.table("Privilege index.")
    var product = 1.0
    var terms = 0
    for row in try AcmePagesTests.rows(table, "tbody") where row.contains("data-label=\"h\"") {
      let cells = AcmePagesTests.cells(row)
      let hazard = try AcmePagesTests.number(cells["h"])
      let most = try AcmePagesTests.number(cells["max u"])
      let sum = try AcmePagesTests.number(cells["sum u"])
      let x = try AcmePagesTests.number(cells["x"])
      let factor = try AcmePagesTests.number(cells["1 − h x"])
      let exposure = 0.7 * most + 0.3 * min(1, log2(1 + sum) / 5)
      #expect(abs(x - exposure) < 0.002, "\(page.path): \(row)")
      #expect(abs(factor - (1 - hazard * x)) < 0.0002, "\(page.path): \(row)")
      product *= factor
      terms += 1
    }
    return try conclude(page, table, product, "privilegeIndex", terms: terms)
  }

  /// The same for the chains of the composition index; latent ones are in the lift.
  private func compositionIndex(_ page: Page) throws -> Int {
    let table = try page.table("Composition index.")
    var product = 1.0
    var terms = 0
    for row in try AcmePagesTests.rows(table, "tbody") where row.contains("data-label=\"r\"") {
      let cells = AcmePagesTests.cells(row)
      terms += 1
      guard cells["Factor"] != "in the lift" else { continue }
      let risk = try AcmePagesTests.number(cells["r"])
      let place = try AcmePagesTests.number(cells["Place"])
      let factor = try AcmePagesTests.number(cells["Factor"])
      #expect(abs(factor - (1 - risk / pow(2, place - 1))) < 0.0006, "\(page.path): \(row)")
      product *= factor
    }
    return try conclude(page, table, product, "compositionIndex", terms: terms)
  }

  /// The foot of a table against the product of its factors and report.json; how many indices that
  /// were there were computed again.
  private func conclude(
    _ page: Page, _ table: String, _ product: Double, _ name: String, terms: Int
  ) throws -> Int {
    let foot = AcmePagesTests.cells(try AcmePagesTests.rows(table, "tfoot").joined())
    guard let value = page.index(name) else {
      #expect(terms == 0 && !table.contains("data-label=\"Product\""), "\(page.path): \(name)")
      return 0
    }
    #expect(Int(try AcmePagesTests.number(foot["Index"])) == value, "\(page.path): \(name)")
    guard terms > 0 else { return 1 }
    let raw = try AcmePagesTests.number(foot["Product"])
    #expect(abs(raw - 100 * (1 - product)) < 0.11, "\(page.path): \(name) \(raw) \(product)")
    let least = try ["Floor", "Lift"].compactMap { foot[$0] }.map { try AcmePagesTests.number($0) }
    let expected = max(100 * (1 - product), least.max() ?? 0)
    // A number that is shown as a lower bound is never 0.
    let isBound = foot["Index"]?.contains("least") == true && value == 1
    #expect(abs(Double(value) - expected) <= 0.5 + 0.06 || isBound, "\(page.path): \(name)")
    return 1
  }

  /// The text in place of its grants is on the page as it is in policies/, and who waits at a gate or
  /// loses something by the cut set finds both on its page.
  @Test func eachPageHoldsTheAdviceOnItsAgent() throws {
    let pages = try AcmePagesTests.pages()
    let report = try ExampleReview.read().report
    let whole = try Written.object(Data(try report.text("report.json").utf8))
    let cutSet = try #require((whole["cutSet"] as? [String: Any])?["rows"] as? [[String: Any]])
    let gates = try #require((whole["gates"] as? [String: Any])?["rows"] as? [[String: Any]])
    var texts = 0
    for page in pages {
      for text in page.text.matches(of: /<pre [^>]*aria-label="(policies\/[^"]*)">([^<]*)<\/pre>/) {
        var shown = String(text.2)
        for (name, sign) in [("lt", "<"), ("gt", ">"), ("quot", "\""), ("#39", "'"), ("amp", "&")] {
          shown = shown.replacing("&\(name);", with: sign)
        }
        #expect(try shown == report.text(String(text.1)), "\(page.path)")
        texts += 1
      }
      let id = try #require(page.agent["id"] as? String)
      let cuts = cutSet.count { ($0["holders"] as? [String])?.contains(id) == true }
      let waits = gates.count { ($0["agents"] as? [String])?.contains(id) == true }
      let cutRows =
        cuts == 0 ? [] : try AcmePagesTests.rows(page.table("Its part of the cut set:"), "tbody")
      #expect(cutRows.count == cuts, "\(page.path)")
      let gateRows =
        waits == 0
        ? [] : try AcmePagesTests.rows(page.table("Where it would wait for an approval."), "tbody")
      #expect(gateRows.count == waits, "\(page.path)")
    }
    #expect(texts > 20, "\(texts)")
  }

  @Test func everyTermLeadsToALineOfASourceFile() throws {
    let pages = try AcmePagesTests.pages()
    let texts = Dictionary(uniqueKeysWithValues: pages.map { ("agents/\($0.path)", $0.text) })
    var lines = Lines()
    var proven = 0
    for page in pages {
      for row in try AcmePagesTests.rows(page.table("Composition index."), "tbody") {
        guard let link = row.firstMatch(of: /<a href="([^"#]*)#([^"]*)">/) else { continue }
        let target = String(link.1).replacing("../", with: "")
        let text = try #require(texts[target], "\(page.path): \(target)")
        let place = try #require(text.range(of: " id=\"\(link.2)\""), "\(target)#\(link.2)")
        guard row.contains("in the lift") == false else { continue }
        let end = text.range(of: "</section>", range: place.upperBound..<text.endIndex)
        let section = String(text[place.upperBound..<(end?.lowerBound ?? text.endIndex)])
        proven += try proves(section, in: page, &lines)
      }
    }
    #expect(proven > 30, "\(proven)")
  }

  /// Looks up every event of an occurrence in its file, and the raw lines that the page shows.
  private func proves(_ section: String, in page: Page, _ lines: inout Lines) throws -> Int {
    var proven = 0
    let events = section.matches(
      of:
        #/
        data-label="Action"><code>([^<]*)</code> .*?
        data-label="File\ and\ line"><code>([^<]*):(\d+)</code><small>([^<]*)</small>
        /#)
    #expect(!events.isEmpty, "\(page.path)")
    for event in events {
      let file = String(event.2)
      #expect(lines.exists(file), "\(page.path): \(file)")
      guard let line = try lines.line(try #require(Int(event.3)), of: file) else { continue }
      let name = event.1.split(separator: ":").last ?? event.1
      #expect(line.contains(event.4) || line.contains(name), "\(file):\(event.3)")
      #expect(section.contains("<b>\(file):\(event.3)</b>"), "no raw line \(file):\(event.3)")
      proven += 1
    }
    return proven
  }

  /// The records of the example's files: lines, and those of a document by their number.
  private struct Lines {
    private var files: [String: [String]] = [:]
    private let folder = Project.root.appendingPathComponent("examples/acme/input")

    func exists(_ file: String) -> Bool {
      FileManager.default.fileExists(atPath: folder.appendingPathComponent(file).path)
    }

    /// A record, from 1; nil where a place is no line and no CloudTrail record.
    mutating func line(_ number: Int, of file: String) throws -> String? {
      if files[file] == nil { files[file] = try records(of: file) }
      guard let all = files[file], !all.isEmpty else { return nil }
      return try #require(all.indices.contains(number - 1) ? all[number - 1] : nil, "\(file)")
    }

    /// A record of a trace file is a span, whatever its line.
    private func spans(of data: Data) throws -> [String] {
      func list(_ node: Any, _ key: String) -> [Any] {
        (node as? [String: Any])?[key] as? [Any] ?? []
      }
      return try data.split(separator: UInt8(ascii: "\n")).flatMap { line in
        let request = try JSONSerialization.jsonObject(with: Data(line))
        return try list(request, "resourceSpans").flatMap { list($0, "scopeSpans") }
          .flatMap { list($0, "spans") }.map {
            String(
              decoding: try JSONSerialization.data(
                withJSONObject: $0, options: .withoutEscapingSlashes), as: UTF8.self)
          }
      }
    }

    private func records(of file: String) throws -> [String] {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      let path = folder.appendingPathComponent(file).path
      process.arguments = file.hasSuffix(".gz") ? ["gzip", "-dc", path] : ["cat", path]
      let pipe = Pipe()
      process.standardOutput = pipe
      try process.run()
      let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      if file.hasPrefix("traces/") { return try spans(of: data) }
      if file.contains(".ndjson") || file.contains(".jsonl") {
        return String(decoding: data, as: UTF8.self)
          .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      }
      let document = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
      return try (document?["Records"] as? [Any] ?? []).map {
        String(decoding: try JSONSerialization.data(withJSONObject: $0), as: UTF8.self)
      }
    }
  }
}
