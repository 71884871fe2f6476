import Findings
import Foundation
import Model
import Reports
import TestSupport
import Testing

@Suite struct HTMLTests {
  @Test func whereNothingIsComparedNothingElseIsSaid() throws {
    var report = SampleReport.plain.report
    report.change = .absent(because: "no earlier review is in the history")
    report.trend = .absent(because: "no earlier review is in the history")
    let page = try text("index.html", in: renderAll(report))
    let start = try #require(page.range(of: "<h3 id=\"change\">"))
    let end = try #require(page.range(of: "<h3", range: start.upperBound..<page.endIndex))
    let section = page[start.lowerBound..<end.lowerBound]
    #expect(section.contains("Not said: no earlier review is in the history."))
    #expect(section.components(separatedBy: "<p>").count == 2, "\(section)")
  }

  @Test(arguments: StructuredTests.reports)
  func pagesAreWellFormed(name: String, report: Report) throws {
    try withFolder { folder in
      for file in try renderAll(report) where file.path.hasSuffix(".html") {
        let page = folder.appendingPathComponent("page.html")
        try Data(file.bytes).write(to: page)
        // Inline SVG is XML inside HTML: libxml2's HTML parser does not know its elements.
        guard let result = try Validator.run("xmllint", ["--html", "--noout", page.path]) else {
          return
        }
        let mistakes = result.output.split(separator: "\n").filter {
          $0.contains("parser error :") && !$0.contains(" invalid")
        }
        #expect(mistakes.isEmpty, "\(name) \(file.path): \(mistakes.prefix(3))")
      }
    }
  }

  @Test(arguments: StructuredTests.reports)
  func pagesAskNothingOfAnyNetwork(name: String, report: Report) throws {
    for file in try renderAll(report) where file.path.hasSuffix(".html") {
      let page = String(decoding: file.bytes, as: UTF8.self)
      #expect(page.contains("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"))
      for attribute in ["src=\"", "href=\""] {
        for part in page.components(separatedBy: " \(attribute)").dropFirst() {
          let address = part.prefix { $0 != "\"" }
          #expect(!address.contains(":") && !address.hasPrefix("//"), "\(file.path): \(address)")
        }
      }
      // An owner's page has its style in it, and allows it by its digest.
      let styles = file.path.hasPrefix("owners/") ? 1 : 0
      #expect(page.components(separatedBy: "<style").count - 1 == styles, "\(name) \(file.path)")
      for word in [" style=\"", "javascript:", "@import", " onclick="] {
        #expect(!page.contains(word), "\(name) \(file.path) holds \(word)")
      }
    }
  }

  @Test(arguments: StructuredTests.reports)
  func linksResolve(name: String, report: Report) throws {
    let files = try renderAll(report)
    let paths = Set(files.map(\.path))
    var anchors: [String: Set<String>] = [:]
    for file in files where file.path.hasSuffix(".html") {
      let page = String(decoding: file.bytes, as: UTF8.self)
      let ids = page.components(separatedBy: " id=\"").dropFirst().map {
        String($0.prefix { $0 != "\"" })
      }
      #expect(Set(ids).count == ids.count, "\(name) \(file.path): an id stands twice")
      anchors[file.path] = Set(ids)
    }
    for file in files where file.path.hasSuffix(".html") {
      let page = String(decoding: file.bytes, as: UTF8.self)
      for part in page.components(separatedBy: " href=\"").dropFirst() {
        let address = String(part.prefix { $0 != "\"" })
        let pieces = address.split(separator: "#", omittingEmptySubsequences: false)
        var path = String(pieces[0])
        if path.isEmpty {
          path = file.path
        } else if path.hasPrefix("../") {
          path = String(path.dropFirst(3))
        }
        #expect(paths.contains(path), "\(name) \(file.path): \(address)")
        if pieces.count > 1, path.hasSuffix(".html") {
          #expect(
            anchors[path]?.contains(String(pieces[1])) == true, "\(name) \(file.path): \(address)")
        }
      }
    }
  }

  @Test func headingStatesWhatWasFound() throws {
    let headings: [(Report, String)] = [
      (SampleReport.plain.report, "Four chains happened that no single check would stop"),
      (SampleReport.empty, "Nothing was assessed: the input holds no agents"),
      (reportWithChains(1), "One chain happened that no single check would stop"),
      (
        reportWithChains(0),
        "No chain was seen to break a policy; six agents hold what was never used"
      ),
      (
        reportWithARefusal,
        "Four chains broke a policy, three of them by permitted steps alone"
      ),
    ]
    for (report, heading) in headings {
      let page = try text("index.html", in: try renderAll(report))
      #expect(page.contains("<h1>\(heading)</h1>"), "\(heading)")
    }
  }

  /// The sample with so many occurrences of its first finding, and no other that was realised.
  private func reportWithChains(_ count: Int) -> Report {
    var report = SampleReport.plain.report
    let first = report.review.findings[0].id
    report.review.findings.removeAll { $0.status == .realised && $0.id != first }
    if count == 0 {
      report.review.findings.removeFirst()
    } else {
      report.review.findings[0].occurrences.removeLast(
        report.review.findings[0].occurrences.count - count)
    }
    return report
  }

  /// The sample with one step that was refused: no claim that all of it was permitted.
  private var reportWithARefusal: Report {
    var report = SampleReport.plain.report
    report.review.findings[0].occurrences[0].chain[0].outcome = .denied
    return report
  }

  /// Where no log shows any use, nothing is called unused, and no share is a zero.
  @Test func withoutALogNothingIsCalledUnused() throws {
    var report = SampleReport.plain.report
    report.input.events = 0
    report.review.findings.removeAll { $0.kind == .composition }
    report.review.cleanup = []
    for place in report.review.agents.indices {
      report.review.agents[place].used = 0
      report.review.agents[place].unused = 0
      report.review.agents[place].unseen = report.review.agents[place].held
    }
    report.review.estate.used = 0
    report.review.estate.unused = 0
    report.review.estate.unseen = report.review.estate.held
    let page = try text("index.html", in: try renderAll(report))
    #expect(page.contains("<h1>No action was observed, so no chain could be judged</h1>"))
    #expect(page.contains("No log shows whether the 82 privileges are used."))
    for claim in ["were never used", "was never used", ">0%<", "No chain that happened"] {
      #expect(!page.contains(claim), "\(claim)")
    }
  }

  @Test func anEmptyReviewPassesNothing() throws {
    let page = try text("index.html", in: try renderAll(SampleReport.empty))
    #expect(page.contains("neither a pass nor a zero"))
    for word in ["Every agent has a score", "100%", "No chain was seen", "nothing that is held"] {
      #expect(!page.contains(word), "\(word)")
    }
  }

  @Test func scoresCanBeComputedAgain() throws {
    let files = try renderAll(SampleReport.plain.report)
    let file = try #require(files.first { $0.path.hasPrefix("agents/ops-agent-") })
    let page = String(decoding: file.bytes, as: UTF8.self)
    let section = try #require(
      page.components(separatedBy: "<b>Privilege index.</b>").last?.components(
        separatedBy: "</table>"
      ).first)
    let factors = section.components(separatedBy: "data-label=\"1 − h x\">").dropFirst().compactMap
    {
      Double($0.prefix { $0 != "<" })
    }
    #expect(factors.count == 4)
    let index = 100 * (1 - factors.reduce(1, *))
    #expect(Int(index.rounded()) == 52)
    #expect(section.contains("data-label=\"Index\">52</td>"))
  }

  @Test func rawLinesAreReached() throws {
    let files = try renderAll(SampleReport.plain.report)
    let file = try #require(files.first { $0.path.hasPrefix("agents/ops-agent-") })
    let page = String(decoding: file.bytes, as: UTF8.self)
    #expect(page.contains("cloudtrail/2026-q3.ndjson.gz:14"))
    #expect(page.contains("&lt;text, 14 characters&gt;"))
  }

  @Test func agentsOfOneNameAreToldApart() throws {
    var report = SampleReport.plain.report
    report.review.agents[5].agent.id = "arn:aws:iam::999988887777:role/ops-agent"
    report.review.agents[0].agent.name = nil
    let page = try text("index.html", in: try renderAll(report))
    #expect(page.contains(">ops-agent in 111122223333</a>"))
    #expect(page.contains(">ops-agent in 999988887777</a>"))
  }

  @Test func theIndexStaysSmall() throws {
    var report = SampleReport.plain.report
    let agent = report.review.agents[4]
    for number in 0..<3_000 {
      var copy = agent
      copy.agent.id = "agent-\(number)"
      copy.privileges = HeldPrivileges([])
      report.review.agents.append(copy)
    }
    report.review.estate.low += 3_000
    let page = try #require(
      try ReportFormat.all[0].render(report, try projectTemplates()).first {
        $0.path == "index.html"
      })
    #expect(page.bytes.count < 300_000)
  }

  /// Writes the samples to a folder to be looked at: `SEQUITUR_SAMPLE_OUT=dir`.
  @Test func writeTheSample() throws {
    guard let folder = ProcessInfo.processInfo.environment["SEQUITUR_SAMPLE_OUT"] else { return }
    for (name, report) in StructuredTests.reports {
      for file in try renderAll(report) {
        let url = URL(fileURLWithPath: folder).appendingPathComponent("\(name)/\(file.path)")
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(file.bytes).write(to: url)
      }
    }
  }
}
