import Foundation
import TestSupport
import Testing

/// What a run tells machines: figures for Prometheus, and a log of JSON lines.
@Suite struct RunFiguresTests {
  /// Values by `name{labels}`, read without the product.
  private func samples(_ text: String) -> [String: Double] {
    var samples: [String: Double] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      guard let space = line.lastIndex(of: " ") else { continue }
      samples[String(line[..<space])] = Double(line[line.index(after: space)...])
    }
    return samples
  }

  private func hasNoMistake(_ path: String) throws {
    guard let answer = try Validator.script("metrics.py", [path]) else { return }
    #expect(answer.status == 0, "\(answer.output)")
  }

  @Test func figuresAreThoseOfTheReport() throws {
    let out = try Scratch()
    let figures = try Scratch()
    let path = figures.url.appendingPathComponent("sequitur.prom").path
    let result = try Command.reviewAcme(into: out, ["--metrics", path, "--formats", "json"])
    #expect(result.status == 0, "\(result.error)")
    #expect(try figures.files() == ["sequitur.prom"])
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect((mode ?? 0) & 0o444 == 0o444, "a collector runs as somebody else")
    try hasNoMistake(path)
    let found = samples(try String(contentsOfFile: path, encoding: .utf8))
    let written = try Written(out)
    #expect(found["sequitur_last_run_success"] == 1)
    #expect(found[#"sequitur_review_info{review="acme-2026-Q3",version="0.1.0"}"#] == 1)
    for band in ["critical", "high", "moderate", "low"] {
      let count = written.agents.count { $0["band"] as? String == band }
      #expect(found["sequitur_agents{band=\"\(band)\"}"] == Double(count), "\(band)")
    }
    let all = found.filter { $0.key.hasPrefix("sequitur_findings{") }.values.reduce(0, +)
    #expect(all == Double(written.findings.count))
    let problems = found.filter { $0.key.hasPrefix("sequitur_input_problems{") }.values.reduce(0, +)
    #expect(problems == Double(written.problems.count))
    let events = found.filter { $0.key.hasPrefix("sequitur_input_events{") }.values.reduce(0, +)
    #expect(events == Double(written.events))
    #expect(!found.keys.contains { $0.hasPrefix("sequitur_findings_changed") })
  }

  /// A run without a result says so, and has no figures of a review: an old file would look like a
  /// result, and a zero like a good one.
  @Test func aRunWithoutAResultHasNoFigures() throws {
    let input = try Scratch()
    try Data("neither".utf8).write(to: input.url.appendingPathComponent("notes.txt"))
    let path = input.url.appendingPathComponent("a \"b\".prom").path
    let result = try Command.run([
      "review", input.url.path, "--metrics", path, "--out", input.url.path + "/out",
    ])
    #expect(result.status == 2)
    try hasNoMistake(path)
    let found = samples(try String(contentsOfFile: path, encoding: .utf8))
    #expect(found["sequitur_last_run_success"] == 0)
    #expect(found["sequitur_last_run_exit_code"] == 2)
    #expect(found.count == 4)
  }

  @Test func labelsAreEscaped() throws {
    let input = try Scratch()
    let line = #"{"time":"2026-07-01T10:00:00Z","agent":"a","action":"data.read","id":"e"}"#
    try Data(line.utf8).write(to: input.url.appendingPathComponent("e.ndjson"))
    let file = input.url.appendingPathComponent("review.yaml")
    try Data("metrics: figures.prom\nout: out\nreview: r-1\n".utf8).write(to: file)
    let result = try Command.run(["review", input.url.path, "--config", file.path])
    #expect(result.status == 0, "\(result.error)")
    try hasNoMistake(input.url.appendingPathComponent("figures.prom").path)
    let missing = try Command.run([
      "review", input.url.path, "--metrics", input.url.path + "/none/x.prom", "--no-history",
      "--out", input.url.path + "/other",
    ])
    #expect(missing.status == 2)
    #expect(missing.error.contains("--metrics: "))
    #expect(try !input.files().contains { $0.hasPrefix("other/") }, "found out too late")
  }

  // MARK: the log

  private func lines(_ text: String) throws -> [[String: Any]] {
    try text.split(separator: "\n").map { try Written.object(Data($0.utf8)) }
  }

  @Test func everyLineIsAnObjectWithATimeALevelAndAnEvent() throws {
    let out = try Scratch()
    let result = try Command.run([
      "review", "examples/acme/input", "--config", "examples/acme/review.yaml", "--out",
      out.url.path, "--formats", "json", "--log-format", "json",
    ])
    #expect(result.status == 0)
    let lines = try lines(result.error)
    let events = lines.compactMap { $0["event"] as? String }
    #expect(events.count == lines.count)
    #expect(events.first == "started")
    #expect(events.last == "finished")
    for line in lines {
      let time = try #require(line["time"] as? String)
      #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil, "\(time)")
      #expect(["info", "warning", "error"].contains(line["level"] as? String))
    }
    let written = try Written(out)
    #expect(events.count { $0 == "problem" } == written.problems.count)
    let closing = try #require(lines.last)
    #expect(closing["agents"] as? Int == written.agents.count)
    #expect(closing["exitCode"] as? Int == 0)
    #expect(result.output.hasPrefix("Review acme-2026-Q3"))
    let quiet = try Command.reviewAcme(
      into: out, ["--formats", "json", "--log-format", "json"]
    ).error
    #expect(try self.lines(quiet).allSatisfy { $0["level"] as? String == "warning" })
  }

  @Test func aFailureIsALineToo() throws {
    let input = try Scratch()
    try Data("neither".utf8).write(to: input.url.appendingPathComponent("notes.txt"))
    let result = try Command.run([
      "review", input.url.path, "--log-format", "json", "--out", input.url.path + "/out",
    ])
    #expect(result.status == 2)
    let last = try #require(try lines(result.error).last)
    #expect(last["event"] as? String == "failed")
    #expect(last["level"] as? String == "error")
    #expect((last["message"] as? String)?.hasPrefix("nothing to review") == true)
    #expect(last["exitCode"] as? Int == 2)
  }
}
