import Foundation
import TestSupport
import Testing

/// `sequitur decisions check`, and what a review says of a sheet that it cannot take as it is.
@Suite struct DecisionsTests {
  private static let year = "examples/acme/year"

  /// A history of the first quarter, and the ids that it asks about.
  private func asked() throws -> (out: Scratch, ids: [String]) {
    let out = try Scratch()
    let result = try Command.run([
      "review", "\(Self.year)/2026-Q1/input", "--config", "\(Self.year)/2026-Q1/review.yaml",
      "--formats", "decisions", "--quiet", "--out", out.url.path,
    ])
    try #require(result.status == 0, "\(result.error)")
    let sheet = String(decoding: try out.bytes("acme-2026-Q1/decisions.csv"), as: UTF8.self)
    let ids = sheet.components(separatedBy: "\r\n").dropFirst().filter { !$0.isEmpty }
      .map { String($0.prefix { $0 != "," }) }
    return (out, ids)
  }

  private func write(_ text: String, to out: Scratch) throws -> String {
    let file = out.url.appendingPathComponent("sheet.csv")
    try Data(text.utf8).write(to: file)
    return file.path
  }

  /// Every row of decisions.yaml is one of decisions.csv, and is read when it is filled in.
  @Test func theSheetAsYAMLAsksTheSame() throws {
    let (out, ids) = try asked()
    let text = String(decoding: try out.bytes("acme-2026-Q1/decisions.yaml"), as: UTF8.self)
    let sheet = out.url.appendingPathComponent("acme-2026-Q1/decisions.yaml").path
    #expect(
      try check(sheet, out).output == "0 decisions; \(ids.count) undecided; 0 problems\n")
    let filled = text.replacing("    decision: #", with: "    decision: keep #")
      .replacing("    decidedBy:\n", with: "    decidedBy: dana.okafor\n")
      .replacing("    reason:\n", with: "    reason: \"in use: see the log\"\n")
    let folder = try Scratch()
    try Data(filled.utf8).write(to: folder.url.appendingPathComponent("decisions.yaml"))
    let result = try check(folder.url.path, out)
    #expect(
      result.output
        == "\(ids.count) decisions: \(ids.count) keep; 0 undecided; 0 problems\n")
  }

  private func check(_ sheet: String, _ out: Scratch) throws -> Command.Result {
    try Command.run([
      "decisions", "check", sheet, "--history",
      out.url.appendingPathComponent("history.sqlite").path,
      "--at", "2026-04-15",
    ])
  }

  @Test func aSheetAsItWasWrittenAsksForEverything() throws {
    let (out, ids) = try asked()
    #expect(ids.count > 10)
    let sheet = out.url.appendingPathComponent("acme-2026-Q1/decisions.csv").path
    let result = try check(sheet, out)
    #expect(result.status == 0)
    #expect(result.output == "0 decisions; \(ids.count) undecided; 0 problems\n")
  }

  @Test func whatIsWrongIsNamedByLine() throws {
    let (out, ids) = try asked()
    let chain = try #require(ids.first { $0.hasPrefix("vendor-created") })
    let blind = try #require(ids.first { $0.hasPrefix("policy-blind") })
    let sheet = try write(
      """
      id;decision;decidedBy;reason;until;review
      \(chain);keep;Finance operations;it is what it is for;;acme-2026-Q1
      \(blind);revoke;dana.okafor;gone;;acme-2026-Q1
      nothing-0;keep;dana.okafor;gone;;acme-2026-Q1
      \(ids[1]);keep;dana.okafor;in use;1.4.2026;Jan 26
      \(ids[2]);keep;dana.okafor;one;;
      \(ids[2]);revoke;dana.okafor;other;;
      """, to: out)
    let result = try check(sheet, out)
    #expect(result.status == 1)
    #expect(
      result.output == """
        sheet.csv:2: is decided by who gains from it: somebody else must (counted)
        sheet.csv:3: `revoke` does not fit: Policies met no event that could begin their chain: \
        expected keep, except (not counted)
        sheet.csv:4: no review before this one asked about `nothing-0` (not counted)
        sheet.csv:5: `until` is in the past (counted)
        sheet.csv:5: review `Jan 26` did not ask about `\(ids[1])` (taken as an answer to review \
        acme-2026-Q1, which did)
        sheet.csv:7: decided otherwise than at sheet.csv:6: neither counts (not counted)
        2 decisions: 2 keep; 0 undecided; 6 problems

        """)
  }

  @Test func aReviewCountsWhatItCouldNotTake() throws {
    let (out, ids) = try asked()
    let sheet = try write("id,decision,decidedBy,reason\n\(ids[0]),keep,,\n", to: out)
    let arguments = [
      "review", "\(Self.year)/2026-Q2/input", "--name", "next", "--from", "2026-04-01", "--to",
      "2026-06-30", "--formats", "json", "--quiet", "--out", out.url.path, "--decisions", sheet,
    ]
    #expect(try Command.run(arguments).status == 0)
    let report = try Written.object(out.bytes("next/report.json"))
    let problems = (report["evidence"] as? [String: Any])?["problems"] as? [[String: Any]] ?? []
    #expect(problems.map { $0["file"] as? String } == ["sheet.csv"])
    #expect(
      problems.map { $0["reason"] as? String } == ["a decision without `decidedBy`, `reason`"])
    #expect(try Command.run(arguments + ["--strict"]).status == 2)
  }

  @Test func decisionsNeedTheHistoryOfWhoAsked() throws {
    let (out, ids) = try asked()
    let sheet = try write("id,decision,decidedBy,reason\n\(ids[0]),keep,al,r\n", to: out)
    let result = try Command.run([
      "review", "\(Self.year)/2026-Q2/input", "--no-history", "--quiet", "--out", out.url.path,
      "--decisions", sheet,
    ])
    #expect(result.status == 2)
    #expect(result.error.contains("leave out --no-history"))
    let nowhere = try Command.run(["decisions", "check", sheet, "--history", "/nowhere/h.sqlite"])
    #expect(nowhere.status == 2)
    #expect(nowhere.error.contains("/nowhere/h.sqlite: no such file"))
  }
}
