import Foundation
import Testing

/// Reviews one after the other: what changed between them, in every format.
@Suite struct HistoryTests {
  /// A log of one chain a quarter, as a folder; `days` are those on which it happened.
  private func input(_ days: [String], sends: Bool = true) throws -> Scratch {
    let folder = try Scratch()
    var lines: [String] = []
    for (number, day) in days.enumerated() {
      lines.append(
        #"{"time":"\#(day)T10:00:00Z","id":"r\#(number)","agent":"bot","task":"T\#(number)","#
          + #""action":"read_ticket"}"#)
      lines.append(
        #"{"time":"\#(day)T10:01:00Z","id":"s\#(number)","agent":"bot","task":"T\#(number)","#
          + #""action":"\#(sends ? "vault_read" : "read_ticket")","resource":"prod/db"}"#)
    }
    try Data((lines.joined(separator: "\n") + "\n").utf8)
      .write(to: folder.url.appendingPathComponent("events.ndjson"))
    try Data(TicketPolicy.text.utf8).write(to: folder.url.appendingPathComponent("policy.txt"))
    return folder
  }

  @discardableResult
  private func review(
    _ days: [String], from: String, to: String, into out: Scratch, sends: Bool = true,
    _ flags: [String] = []
  ) throws -> Command.Result {
    let input = try input(days, sends: sends)
    let policies = try Scratch()
    let path = policies.url.appendingPathComponent("ticket-then-secret.yaml")
    try Data(TicketPolicy.text.utf8).write(to: path)
    return try Command.run(
      [
        "review", input.url.path, "--policies", path.path, "--no-shipped-policies", "--quiet",
        "--from", from, "--to", to, "--out", out.url.path,
      ] + flags)
  }

  private func report(_ out: Scratch, _ id: String) throws -> [String: Any] {
    try Written.object(out.bytes("\(id)/report.json"))
  }

  /// `kind (causes)` of each finding of the policy that changed.
  private func changes(_ out: Scratch, _ id: String) throws -> [String] {
    let change = try #require(try report(out, id)["change"] as? [String: Any])
    let findings = try #require(change["findings"] as? [[String: Any]])
    return findings.filter { $0["policy"] as? String == "ticket-then-secret" }.map { finding in
      let causes = finding["causes"] as? [String] ?? []
      return "\(finding["kind"] ?? "") (\(causes.joined(separator: ", ")))"
    }
  }

  @Test func aChainComesGoesAndComesBack() throws {
    let out = try Scratch()
    try review(["2026-02-03"], from: "2026-01-01", to: "2026-03-31", into: out)
    #expect(
      try report(out, "2026-01-01_2026-03-31")["changeAbsentBecause"] as? String
        == "no earlier review is in the history")
    try review(["2026-05-04"], from: "2026-04-01", to: "2026-06-30", into: out, sends: false)
    try review(["2026-08-05"], from: "2026-07-01", to: "2026-09-30", into: out)
    #expect(try changes(out, "2026-04-01_2026-06-30") == ["resolved (organisation)"])
    #expect(try changes(out, "2026-07-01_2026-09-30") == ["reopened (organisation)"])
    let page = String(decoding: try out.bytes("2026-07-01_2026-09-30/index.html"), as: UTF8.self)
    #expect(page.contains("last seen in 2026-01-01_2026-03-31"))
    let xml = String(decoding: try out.bytes("2026-07-01_2026-09-30/report.xml"), as: UTF8.self)
    #expect(xml.contains("<lastSeenIn>2026-01-01_2026-03-31</lastSeenIn>"))
  }

  @Test func theTrendHasTheReviewsBeforeAndThisOne() throws {
    let out = try Scratch()
    try review(["2026-02-03"], from: "2026-01-01", to: "2026-03-31", into: out)
    try review(["2026-08-05"], from: "2026-07-01", to: "2026-09-30", into: out)
    try review(["2026-05-04"], from: "2026-04-01", to: "2026-06-30", into: out, sends: false)
    let id = "2026-04-01_2026-06-30"
    let trend = try #require(try report(out, id)["trend"] as? [[String: Any]])
    // The one that ended later is no part of it, though it was made before.
    #expect(trend.compactMap { $0["review"] as? String } == ["2026-01-01_2026-03-31", id])
    let realised = trend.compactMap { ($0["findings"] as? [String: Int])?["realised"] }
    #expect(realised == [1, 0])
    let xml = String(decoding: try out.bytes("\(id)/report.xml"), as: UTF8.self)
    #expect(xml.contains("<review>2026-01-01_2026-03-31</review>"))
    let page = String(decoding: try out.bytes("\(id)/index.html"), as: UTF8.self)
    for name in ["trend-bands", "trend-findings", "trend-privileges"] {
      #expect(page.contains("<title id=\"\(name)-t\">"), "\(name)")
      #expect(page.contains("<desc id=\"\(name)-narrow-d\">"), "\(name)")
    }
    #expect(page.contains("realised: 1, 0;"))
    try review(["2026-08-05"], from: "2026-07-01", to: "2026-09-30", into: out, ["--no-history"])
    #expect(
      try report(out, "2026-07-01_2026-09-30")["trendAbsentBecause"] as? String
        == "--no-history was given")
  }

  @Test func theSameReviewAgainIsTheSameBytes() throws {
    let out = try Scratch()
    let id = "2026-04-01_2026-06-30"
    try review(["2026-02-03"], from: "2026-01-01", to: "2026-03-31", into: out)
    let input = try input(["2026-05-04"])
    let arguments = [
      "review", input.url.path, "--quiet", "--from", "2026-04-01", "--to", "2026-06-30", "--out",
      out.url.path,
    ]
    _ = try Command.run(arguments)
    let first = try out.files().filter { $0.hasPrefix(id) }.map { try out.bytes($0) }
    _ = try Command.run(arguments)
    let second = try out.files().filter { $0.hasPrefix(id) }.map { try out.bytes($0) }
    #expect(first.count > 3)
    #expect(first == second)
  }

  @Test func withoutAHistoryNothingIsKept() throws {
    let out = try Scratch()
    try review(
      ["2026-02-03"], from: "2026-01-01", to: "2026-03-31", into: out, ["--no-history"])
    #expect(try !out.files().contains { $0.hasSuffix(".sqlite") })
    #expect(
      try report(out, "2026-01-01_2026-03-31")["changeAbsentBecause"] as? String
        == "--no-history was given")
  }

  @Test func aFileThatIsNoHistoryStopsTheRunAndIsLeftAlone() throws {
    let out = try Scratch()
    let path = out.url.appendingPathComponent("notes.txt")
    let notes = Data(repeating: 0x41, count: 8_192)
    try notes.write(to: path)
    let result = try review(
      ["2026-02-03"], from: "2026-01-01", to: "2026-03-31", into: out, ["--history", path.path])
    #expect(result.status == 2)
    #expect(result.error == "\(path.path): is no history of reviews\n")
    #expect(try Data(contentsOf: path) == notes)
    #expect(try out.files() == ["notes.txt"])
  }

  @Test func compareSaysTheSameFromTheFilesAlone() throws {
    let out = try Scratch()
    try review(["2026-02-03"], from: "2026-01-01", to: "2026-03-31", into: out)
    try review(["2026-05-04"], from: "2026-04-01", to: "2026-06-30", into: out, sends: false)
    let folders = ["2026-01-01_2026-03-31", "2026-04-01_2026-06-30"].map {
      out.url.appendingPathComponent($0).path
    }
    let result = try Command.run(["compare"] + folders)
    #expect(result.status == 0)
    #expect(result.output.contains("resolved  ticket-then-secret-"))
    #expect(result.output.contains("(realised to -): organisation"))
    let backwards = try Command.run(["compare"] + folders.reversed())
    #expect(backwards.status == 2)
    #expect(backwards.error.contains("name the earlier review first"))
  }

  /// A transcript without times has no place among reviews: it is named by what was read, compared
  /// with nothing and kept nowhere, and what agents hold is not known and no zero.
  @Test func aReviewWithoutTimesIsNamedByWhatWasRead() throws {
    let out = try Scratch()
    var names: [String] = []
    for text in ["Deploy it", "Deploy it", "Deploy that"] {
      let input = try Scratch()
      let transcript =
        #"{"messages":[{"role":"user","content":"\#(text)"},{"role":"assistant","tool_calls":[{"id":"#
        + #""c1","type":"function","function":{"name":"deploy","arguments":"{}"}}]},{"role":"tool","#
        + #""tool_call_id":"c1","content":"done"}]}"#
      try Data(transcript.utf8).write(to: input.url.appendingPathComponent("run.json"))
      let result = try Command.run([
        "review", input.url.path, "--quiet", "--out", out.url.path, "--formats", "html,json",
      ])
      #expect(result.status == 0, "\(result.error)")
      let name = result.output.dropFirst("Review ".count).prefix { $0 != "\n" }
      names.append(String(name))
      #expect(
        result.output.contains(
          "\n  clean-up  not known: no source lists what agents hold\n"), "\(result.output)")
    }
    #expect(names[0].wholeMatch(of: /untimed-[0-9a-f]{8}/) != nil, "\(names)")
    #expect(names[1] == names[0] && names[2] != names[0], "\(names)")
    let folders = try FileManager.default.contentsOfDirectory(atPath: out.url.path)
    #expect(Set(folders) == Set(names))
    let page = String(decoding: try out.bytes("\(names[0])/index.html"), as: UTF8.self)
    #expect(
      page.contains("No source lists what agents hold, so what could be taken away is not known."))
    #expect(!page.contains("nothing to revoke or to narrow"))
    #expect(
      try report(out, names[0])["changeAbsentBecause"] as? String
        == "this review has no end in time: no timed event and no flag gives one")
  }

  @Test func killedRunsLeaveAHistoryThatOpens() throws {
    let out = try Scratch()
    for step in 0..<12 {
      try Command.reviewAcmeAndKill(into: out, afterSeconds: 0.1 + Double(step) * 0.15)
    }
    #expect(try Command.reviewAcme(into: out, []).status == 0)
    #expect(try out.files().contains("history.sqlite"))
  }
}
