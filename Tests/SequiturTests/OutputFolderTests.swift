import Foundation
import Testing

/// What a run does to the folder that it writes to.
@Suite struct OutputFolderTests {
  @Test func theNextRunRemovesWhatKilledRunsLeftAndNothingElse() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["true"]
    try process.run()
    process.waitUntilExit()
    let over = process.processIdentifier
    let alive = ProcessInfo.processInfo.processIdentifier
    let removed = [".r.writing-\(over)", ".2026-01-01_2026-02-01.replaced-\(over)"]
    let kept = [".r.writing-\(alive)", ".r.writing-x", ".writing-\(over)", ".r.other-\(over)", "r"]
    let folder = try Scratch()
    for name in removed + kept {
      let inside = folder.url.appendingPathComponent(name).appendingPathComponent("agents")
      try FileManager.default.createDirectory(at: inside, withIntermediateDirectories: true)
    }
    let input = try Scratch.oneEvent()
    let result = try Command.run(["review", input.url.path, "--out", folder.url.path])
    #expect(result.status == 0, "\(result.error)")
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    #expect(Set(left) == Set(kept + ["2026-07-01_2026-07-01", "history.sqlite"]))
  }

  @Test func aFolderThatIsNoReviewIsNotReplaced() throws {
    let folder = try Scratch()
    let strange = folder.url.appendingPathComponent("2026-07-01_2026-07-01")
    try FileManager.default.createDirectory(at: strange, withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: strange.appendingPathComponent("thesis.txt"))
    let input = try Scratch.oneEvent()
    let result = try Command.run(["review", input.url.path, "--out", folder.url.path])
    #expect(result.status == 2)
    #expect(result.error.contains("is not replaced"), "\(result.error)")
    #expect(try folder.files() == ["2026-07-01_2026-07-01/thesis.txt"])
  }

  @Test func theSummaryAgreesWithTheReport() throws {
    let folder = try Scratch()
    let result = try Command.reviewAcme(into: folder, ["--json-summary"])
    let summary = try Written.object(Data(result.output.utf8))
    let chains = try #require(summary["chains"] as? [String: Int])
    let report = try Written(folder)
    let realised = report.findings.filter {
      $0["type"] as? String == "composition" && $0["status"] as? String == "realised"
    }
    let times = realised.reduce(0) { $0 + (($1["occurrences"] as? [Any])?.count ?? 0) }
    #expect(!realised.isEmpty)
    #expect(chains["realised"] == realised.count)
    #expect(chains["realisedTimes"] == times)
    #expect(summary["events"] as? Int == report.events)
    #expect(summary["problems"] as? Int == report.problems.count)
    let review = "acme-2026-Q3/"
    let files = try folder.files().filter { $0.hasPrefix(review) }
      .map { String($0.dropFirst(review.count)) }
    #expect(summary["files"] as? [String] == files)
    let page = try report.text("index.html")
    #expect(page.contains("<strong>\(times) chains</strong>"))
    let text = try ExampleReview.read().result.output
    #expect(text.contains("\(realised.count) findings of chains that happened (\(times) times)"))
  }
}
