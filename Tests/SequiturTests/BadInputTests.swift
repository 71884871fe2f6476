import Foundation
import TestSupport
import Testing

/// A folder in which nearly everything is broken: the run ends, says what it could not read in
/// every format, and judges the rest.
@Suite struct BadInputTests {
  private func brokenFolder() throws -> Scratch {
    let input = try Scratch()
    func write(_ name: String, _ bytes: Data) throws {
      try bytes.write(to: input.url.appendingPathComponent(name))
    }
    let good = #"{"time":"2026-07-01T10:00:00Z","agent":"a","action":"secret.read","id":"e1"}"#
    let lines = [
      good,
      #"{"time":"2026-07-01T10:01:00","agent":"a","action":"deploy.release"}"#,
      #"{"agent":"a","time":"2026-07-01T10:02:00Z"}"#,
      #"{"time":"2026-07-01T10:03:00Z","agent":{"name":"a"},"action":"x"}"#,
      good,
      #"{"time":"2026-07-01T10:04:00Z","agent":"<script>alert(1)</script>","action":"=1+1"}"#,
      #"{"time":"2026-07-01T10:05:00Z","agent":"a","acti"#,
    ]
    try write("events.ndjson", Data(lines.joined(separator: "\n").utf8))
    let other = good.replacingOccurrences(of: "e1", with: "e2")
    try write(
      "invalid.ndjson", Data(other.utf8) + Data([0x0A, 0x7B, 0x22, 0xFF, 0xFE, 0x22, 0x0A]))
    let deep = String(repeating: "[", count: 100_000)
    let third = good.replacingOccurrences(of: "e1", with: "e3")
    try write("deep.ndjson", Data("\(third)\n{\"agent\":\(deep)\n".utf8))
    try write("picture.png", Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]))
    try write("empty.json", Data())
    try write("cut.json.gz", try truncatedGzip())
    return input
  }

  private func truncatedGzip() throws -> Data {
    let scratch = try Scratch()
    let plain = scratch.url.appendingPathComponent("plain")
    let line = #"{"time":"2026-07-01T10:00:00Z","agent":"b","action":"data.read","id":"#
    let text = (0..<5_000).map { "\(line)\"g\($0)\"}" }.joined(separator: "\n")
    try Data(text.utf8).write(to: plain)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-n", plain.path]
    try process.run()
    process.waitUntilExit()
    let whole = try Data(contentsOf: plain.appendingPathExtension("gz"))
    return whole.prefix(whole.count * 2 / 3)
  }

  @Test func theRestIsJudgedAndEveryFormatNamesTheProblems() throws {
    let input = try brokenFolder()
    let folder = try Scratch()
    let arguments = ["review", input.url.path, "--quiet", "--out", folder.url.path]
    let result = try Command.run(arguments)
    #expect(result.status == 0, "\(result.error)")
    let report = try Written(folder)
    let xml = try report.text("report.xml")
    let html = try report.text("index.html")
    #expect(report.events > 1_000, "what came before the cut is kept")
    let files = Set(report.problems.compactMap { $0["file"] as? String })
    #expect(
      files == [
        "cut.json.gz", "deep.ndjson", "empty.json", "events.ndjson", "invalid.ndjson",
        "picture.png",
      ])
    for problem in report.problems {
      let file = try #require(problem["file"] as? String)
      #expect(problem["reason"] as? String != "")
      #expect(xml.contains(file) && html.contains(file), "\(file)")
    }
    let inEvents = report.problems.filter { $0["file"] as? String == "events.ndjson" }
    #expect(Set(inEvents.compactMap { $0["line"] as? Int }) == [2, 3, 4, 5, 7])
    #expect(!html.contains("<script>alert") && !xml.contains("<script>"))
    #expect(try Command.run(arguments + ["--strict"]).status == 2)
  }

  @Test func aFolderOfNothingReadableIsNoReview() throws {
    let input = try Scratch()
    try Data("just words".utf8).write(to: input.url.appendingPathComponent("notes.txt"))
    let folder = try Scratch()
    let result = try Command.run(["review", input.url.path, "--quiet", "--out", folder.url.path])
    #expect(result.status == 2)
    #expect(result.error.contains("nothing to review"))
    #expect(try folder.files().isEmpty)
  }

  @Test func killingARunLeavesTheLastReviewWhole() throws {
    let folder = try Scratch()
    #expect(try Command.reviewAcme(into: folder, []).status == 0)
    let name = "acme-2026-Q3/report.json"
    let before = try folder.bytes(name)
    for delay in stride(from: 0.0, through: 0.6, by: 0.05) {
      try Command.reviewAcmeAndKill(into: folder, afterSeconds: delay)
      #expect(try folder.bytes(name) == before)
      let pages = try folder.files().filter { $0.hasPrefix("acme-2026-Q3/") }
      #expect(pages.contains("acme-2026-Q3/index.html"))
    }
  }
}
