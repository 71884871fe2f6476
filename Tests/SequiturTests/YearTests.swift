import Foundation
import TestSupport
import Testing

/// The four quarters of `examples/acme/year`: what was decided, what became of it, and whose change
/// a change was, by the words of every format.
@Suite struct YearTests {
  private static let folder = "examples/acme/year"

  /// Reviews one quarter after the other into one folder.
  private func reviewed() throws -> Scratch {
    let out = try Scratch()
    for quarter in 1...4 {
      let result = try Command.run([
        "review", "\(Self.folder)/2026-Q\(quarter)/input", "--config",
        "\(Self.folder)/2026-Q\(quarter)/review.yaml", "--formats", "html,json,xml,decisions",
        "--quiet", "--out", out.url.path,
      ])
      try #require(result.status == 0, "\(result.error)")
    }
    return out
  }

  private func report(_ out: Scratch, _ quarter: Int) throws -> [String: Any] {
    try Written.object(out.bytes("acme-2026-Q\(quarter)/report.json"))
  }

  /// The one row of a list of a report that has a value.
  private func row(
    _ report: [String: Any], _ list: String, _ key: String, _ value: String
  ) throws -> [String: Any] {
    let rows = report[list] as? [[String: Any]] ?? []
    return try #require(
      rows.first { ($0[key] as? String ?? "").hasPrefix(value) }, "\(list): \(rows)")
  }

  private func text(_ out: Scratch, _ quarter: Int, _ file: String) throws -> String {
    String(decoding: try out.bytes("acme-2026-Q\(quarter)/\(file)"), as: UTF8.self)
  }

  @Test func everyTurnOfTheYearIsNamed() throws {
    let out = try reviewed()
    try aRevokedPrivilegeCameBack(out)
    try aChainWasFixed(out)
    try anExceptionExpired(out)
    try aScoreMovedByThePoliciesAlone(out)
    try theSheetIsPartOfThePack(out)
    try aDecisionStandsWhereItsItemStands(out)
  }

  /// The words around a decision's id in a page or an XML report.
  private func section(_ text: String, _ id: String, from open: String, to close: String) -> String
  {
    text.components(separatedBy: open).dropFirst()
      .map { $0.components(separatedBy: close)[0] }.first { $0.contains(id) } ?? ""
  }

  /// Expects a state of a decision in JSON, XML and HTML, and a piece of its evidence.
  private func expect(
    _ out: Scratch, _ quarter: Int, _ about: String, _ state: String, seen: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let decision = try row(try report(out, quarter), "decisions", "id", about)
    let id = try #require(decision["id"] as? String)
    #expect(decision["state"] as? String == state, sourceLocation: sourceLocation)
    let evidence = (decision["evidence"] as? [String] ?? []).joined(separator: "; ")
    #expect(evidence.contains(seen), "\(evidence)", sourceLocation: sourceLocation)
    let xml = section(
      try text(out, quarter, "report.xml"), "<id>\(id)</id>", from: "<taken>",
      to: "</taken>")
    #expect(xml.contains("<state>\(state)</state>"), "\(xml)", sourceLocation: sourceLocation)
    let page = section(
      try text(out, quarter, "index.html"), ">\(id)</small>", from: "<tr>", to: "</tr>")
    #expect(page.contains("<b>\(state)</b>"), "\(page)", sourceLocation: sourceLocation)
  }

  private func aRevokedPrivilegeCameBack(_ out: Scratch) throws {
    try expect(
      out, 2, "advice-aa783e4f24c3", "done", seen: "does not hold `crm:DeleteCustomer` any more")
    try expect(
      out, 3, "advice-aa783e4f24c3", "undone again", seen: "it was done in review acme-2026-Q2")
    try expect(out, 3, "advice-aa783e4f24c3", "undone again", seen: "granted by agent template")
    try expect(
      out, 4, "advice-aa783e4f24c3", "undone again", seen: "`crm:DeleteCustomer` is still held")
    // What came back is asked about again, with what was decided.
    let sheet = try text(out, 4, "decisions.csv")
    #expect(
      sheet.contains("\"revoke until 2026-05-31, by dana.okafor: undone again\""), "\(sheet)")
  }

  private func aChainWasFixed(_ out: Scratch) throws {
    let policy = "vendor-created-then-bank-details-changed"
    try expect(
      out, 2, policy, "done", seen: "`procurement-bot` does not hold `erp:UpdateBankDetails`")
    try expect(out, 4, policy, "done", seen: "does not hold")
    let change = try #require(try report(out, 2)["change"] as? [String: Any])
    let resolved = try row(change, "findings", "finding", policy)
    #expect(resolved["kind"] as? String == "resolved")
    #expect(resolved["causes"] as? [String] == ["organisation"])
  }

  private func anExceptionExpired(_ out: Scratch) throws {
    let policy = "small-exports-pass-the-limit"
    try expect(out, 2, policy, "in force", seen: "it happened 1 time since")
    try expect(out, 3, policy, "ended", seen: "what it was for is still there")
    let before = try row(try report(out, 2), "findings", "policy", policy)
    #expect((before["exceptedBy"] as? String)?.hasPrefix("decision on \(policy)") == true)
    let after = try row(try report(out, 3), "findings", "policy", policy)
    #expect(after["exceptedBy"] == nil)
    #expect((after["exceptionEnded"] as? String)?.hasPrefix("decision on \(policy)") == true)
    #expect(try text(out, 3, "index.html").contains("ended on 2026-06-30"))
  }

  private func aScoreMovedByThePoliciesAlone(_ out: Scratch) throws {
    let change = try #require(try report(out, 4)["change"] as? [String: Any])
    let moved = try row(change, "agents", "agent", "ops-agent")
    #expect(moved["causes"] as? [String] == ["policies"])
    #expect(moved["privilegeIndexBefore"] as? Int == moved["privilegeIndexAfter"] as? Int)
    let (before, now) = (
      moved["compositionIndexBefore"] as? Int, moved["compositionIndexAfter"] as? Int
    )
    #expect(try #require(before) < #require(now))
    #expect(
      change["ruleChanges"] as? [String] == ["policies added: restarted-right-after-release"])
    let xml = section(
      try text(out, 4, "report.xml"), "<agent>ops-agent</agent>", from: "<agentChange>",
      to: "</agentChange>")
    #expect(xml.contains("<cause>policies</cause>"), "\(xml)")
    let page = try text(out, 4, "index.html")
    let scores = page.components(separatedBy: "Agents whose scores moved").last ?? ""
    #expect(section(scores, "ops-agent", from: "<tr>", to: "</tr>").contains("other policies"))
    // In the quarters before, with the same work and the same policies, it did not move.
    for quarter in [2, 3] {
      let earlier = try #require(try report(out, quarter)["change"] as? [String: Any])
      let agents = (earlier["agents"] as? [[String: Any]] ?? []).map { $0["agent"] as? String }
      #expect(!agents.contains("ops-agent"), "quarter \(quarter)")
    }
  }

  /// On the pages of the agents, beside the finding, and in the words of `explain`.
  private func aDecisionStandsWhereItsItemStands(_ out: Scratch) throws {
    let advice = try row(try report(out, 3), "decisions", "id", "advice-aa783e4f24c3")
    let id = try #require((advice["agents"] as? [String])?.first)
    let name = try #require(
      try out.files().first { $0.hasPrefix("acme-2026-Q3/agents/\(id)") }, "\(id)")
    let page = String(decoding: try out.bytes(name), as: UTF8.self)
    let rows = page.components(separatedBy: "id=\"decisions\"").last ?? ""
    let revoked = section(rows, "advice-aa783e4f24c3", from: "<tr>", to: "</tr>")
    #expect(revoked.contains("<b>undone again</b>"), "\(revoked)")
    #expect(revoked.contains("dana.okafor"), "\(revoked)")

    let chain = try row(
      try report(out, 3), "decisions", "id", "small-exports-pass-the-limit")
    let finding = try #require(chain["id"] as? String)
    let agent = try #require((chain["agents"] as? [String])?.first)
    let home = try #require(
      try out.files().first { $0.hasPrefix("acme-2026-Q3/agents/\(agent)") }, "\(agent)")
    let text = String(decoding: try out.bytes(home), as: UTF8.self)
    let article = section(
      text, "data-finding=\"\(finding)\"", from: "<article", to: "<section class=\"occurrence\"")
    let reason = try #require(chain["reason"] as? String)
    #expect(article.contains("<dt>Decision</dt><dd><b>ended</b>: except"), "\(article)")
    #expect(article.contains("on the sheet of review acme-2026-Q1 of 2026-03-31"), "\(article)")

    let told = try Command.run(["explain", finding, "--out", out.url.path])
    #expect(told.output.contains(": ended\n  reason: \(reason)\n  seen: "), "\(told.output)")
    #expect(told.output.contains("on the sheet of review acme-2026-Q1"), "\(told.output)")
    let ofAdvice = try Command.run(["explain", "advice-aa783e4f24c3", "--out", out.url.path])
    #expect(ofAdvice.output.contains("advice-aa783e4f24c3 · advice · review acme-2026-Q4"))
    #expect(ofAdvice.output.contains("by dana.okafor on the sheet of"), "\(ofAdvice.output)")
    #expect(ofAdvice.output.contains(": undone again\n"), "\(ofAdvice.output)")
  }

  private func theSheetIsPartOfThePack(_ out: Scratch) throws {
    let sheet = try Data(
      contentsOf: Project.root.appendingPathComponent("\(Self.folder)/decisions-2026-Q1.csv"))
    #expect(try out.bytes("acme-2026-Q2/decisions-read/1") == sheet)
    let manifest = try Written.object(out.bytes("acme-2026-Q2/manifest.json"))
    func digest(_ list: String, _ path: String) -> String? {
      (manifest[list] as? [[String: Any]])?.first { $0["path"] as? String == path }?["sha256"]
        as? String
    }
    let copied = try #require(digest("files", "decisions-read/1"))
    #expect(digest("inputs", "decisions-2026-Q1.csv") == copied)
  }

  @Test func itsInputsAreWhatTheGeneratorWrites() throws {
    guard
      let answer = try Validator.run(
        "python3",
        [Project.root.appendingPathComponent("\(Self.folder)/generate.py").path, "--check"])
    else { return }
    #expect(answer.status == 0, "\(answer.output)")
  }
}
