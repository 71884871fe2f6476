import Foundation
import TestSupport
import Testing

/// An owner's page, and the list beside it, name and count nothing of other owners.
@Suite struct OwnerPageTests {
  /// A page as a reader, or a program, may see it: as it is, and with entities resolved; of the
  /// style, which is ours, nothing.
  private static func readings(_ bytes: Data) -> [String] {
    var text = String(decoding: bytes, as: UTF8.self)
    if let start = text.range(of: "<style>"), let end = text.range(of: "</style>") {
      text.removeSubrange(start.lowerBound..<end.upperBound)
    }
    var plain = text
    for (entity, character) in [
      ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#96;", "`"),
      ("&amp;", "&"),
    ] {
      plain = plain.replacing(entity, with: character)
    }
    let withoutTags = plain.replacing(/<[^<>]*>/, with: "")
    let unescaped = plain.replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
      .replacing("\\/", with: "/").replacing("\\t", with: "\t")
    return [text, plain, withoutTags, unescaped, plain.replacing("[U+202E]", with: "\u{202E}")]
  }

  /// Which of some names stand in a page, the owner's own taken out first, since one name may be a
  /// part of another.
  private static func found(
    _ names: Set<String>, besides own: Set<String>, in page: Data
  ) -> Set<String> {
    var found: Set<String> = []
    let longestFirst = own.sorted { ($1.count, $0) < ($0.count, $1) }
    for reading in readings(page) {
      var rest = reading
      for name in longestFirst { rest = rest.replacing(name, with: "\u{1}") }
      for name in names where !own.contains(name) && stands(name, in: rest) { found.insert(name) }
    }
    return found
  }

  /// A name of plain letters counts as a word of its own, since pages have words.
  private static func stands(_ name: String, in text: String) -> Bool {
    guard name.unicodeScalars.allSatisfy({ $0.isASCII && $0.properties.isAlphabetic }) else {
      return text.contains(name)
    }
    var rest = text[...]
    while let range = rest.range(of: name) {
      let before =
        range.lowerBound > text.startIndex ? text[text.index(before: range.lowerBound)] : " "
      let after = range.upperBound < text.endIndex ? text[range.upperBound] : " "
      if !before.isLetter, !before.isNumber, !after.isLetter, !after.isNumber { return true }
      rest = rest[range.upperBound...]
    }
    return false
  }

  /// Names of agents and owners, each with the owner whose it is.
  private typealias Names = [(text: String, owner: String?)]

  /// Holds every file of `owners/` against the names of all others; gives how many pages tell of
  /// chains that others take part in.
  private func check(
    _ names: Names, nobodys: Set<String> = [], in scratch: Scratch, review: String,
    pageWords: Set<String> = []
  ) throws -> Int {
    let files = try scratch.files().filter { $0.hasPrefix("\(review)/owners/") }
    let owners = Set(names.map(\.owner))
    #expect(files.count { $0.hasSuffix(".html") } == owners.count)
    // The clean-up list and the decision sheet.
    #expect(files.count { $0.hasSuffix(".csv") } == 2 * owners.count)
    #expect(files.count { $0.hasSuffix(".decisions.csv") } == owners.count)
    let everything = Set(names.map(\.text)).union(nobodys).subtracting(pageWords)
    var crossing = 0
    for path in files {
      let bytes = try scratch.bytes(path)
      let html = try scratch.bytes(
        path.replacing(".decisions.csv", with: ".html").replacing(".csv", with: ".html"))
      let owner = try #require(try owner(of: html, names), "\(path)")
      let own = Set(names.filter { $0.owner == owner.name }.map(\.text))
      let leaks = OwnerPageTests.found(everything, besides: own, in: bytes)
      #expect(leaks.isEmpty, "\(path): \(leaks.sorted())")
      guard path.hasSuffix(".html") else { continue }
      let page = String(decoding: bytes, as: UTF8.self)
      #expect(!page.contains("href=\"http") && !page.contains("src="), "\(path)")
      #expect(!page.replacing("href=\"#", with: "").contains("href="), "\(path) leads out")
      if page.contains("another owner&#39;s agent</i>") { crossing += 1 }
    }
    return crossing
  }

  private struct Owner { var name: String? }

  /// Whose page it is, told from the agents that it marks as its own.
  private func owner(of html: Data, _ names: Names) throws -> Owner? {
    let page = String(decoding: html, as: UTF8.self)
    guard let start = page.range(of: "data-agent=\""),
      let end = page.range(of: "\"", range: start.upperBound..<page.endIndex)
    else { return nil }
    let mark = Data(page[start.upperBound..<end.lowerBound].utf8)
    let id = OwnerPageTests.readings(mark)[4]
    return names.first { $0.text == id }.map { Owner(name: $0.owner) }
  }

  @Test func acmesOwnersSeeTheirOwnOnly() throws {
    let review = try ExampleReview.read()
    let (scratch, report) = (review.scratch, review.report)
    var names: [(text: String, owner: String?)] = []
    for agent in report.agents {
      let owner = agent["owner"] as? String
      let aliases = agent["aliases"] as? [String] ?? []
      let all = [agent["id"] as? String, agent["name"] as? String].compactMap { $0 } + aliases
      names += all.map { ($0, owner) }
      if let owner { names.append((owner, owner)) }
    }
    // People who approve are on nobody's page, unless they own an agent or are one.
    let people = try Project.text("examples/acme/input/inventory/people.yaml")
      .matches(of: /agent: (\S+)/).map { String($0.1) }
    #expect(people.count > 3)
    let known = Set(names.map(\.text))
    _ = try check(
      names, nobodys: Set(people).subtracting(known), in: scratch, review: "acme-2026-Q3",
      // A policy's title begins with this word, which is an owner's name as well.
      pageWords: ["Data"])
    #expect(Set(names.map(\.owner)).count > 4)
    try everyProposalIsOnOnePage(scratch, report)
  }

  /// Gates and policy texts are on the pages of those whose agents they are for.
  private func everyProposalIsOnOnePage(_ scratch: Scratch, _ report: Written) throws {
    let folder = "acme-2026-Q3"
    let pages = try scratch.files().filter {
      $0.hasPrefix("\(folder)/owners/") && $0.hasSuffix(".html")
    }.map { String(decoding: try scratch.bytes($0), as: UTF8.self) }
    let index = String(decoding: try scratch.bytes("\(folder)/policies/index.csv"), as: UTF8.self)
    let agents = report.agents.compactMap { $0["id"] as? String }
      .filter { index.contains("\r\n\($0),") }
    #expect(agents.count > 5)
    for agent in agents {
      let details = pages.compactMap { page in
        page.components(separatedBy: "data-agent=\"\(agent)\"").dropFirst().first?
          .components(separatedBy: "</article>").first
      }
      #expect(details.count == 1, "\(agent)")
      #expect(details.first?.contains("If the advice were carried out") == true, "\(agent)")
    }
    #expect(pages.contains { $0.contains("as a sequence policy</summary>") })
    #expect(pages.contains { $0.contains("What would take the place of its grants (aws)") })
  }

  @Test(arguments: zip([UInt64(7), 20_260_701], [false, true]))
  func hostileNamesDoNotLeak(seed: UInt64, showsValues: Bool) throws {
    let input = try Scratch()
    let policies = try Scratch()
    let policy = policies.url.appendingPathComponent("ticket-then-secret.yaml")
    var estate = OwnerEstate(seed: seed)
    try estate.write(into: input.url, policy: policy)
    let out = try Scratch()
    let arguments = [
      "review", input.url.path, "--policies", policy.path, "--no-shipped-policies", "--quiet",
      "--out", out.url.path,
    ]
    let first = try Command.run(
      arguments + ["--name", "first", "--to", "2026-08-20", "--formats", "decisions"])
    #expect(first.status == 0, "\(first.error)")
    let sent = try Scratch()
    let decided = try decideAll(in: out, review: "first", estate.agents, sendingBackTo: sent)
    let result = try Command.run(
      arguments + ["--name", "estate", "--decisions", sent.url.path]
        + ["--formats", "html,json,csv,decisions,policies"]
        + (showsValues ? ["--show-values"] : []))
    #expect(result.status == 0, "\(result.error)")
    try everyDecisionCame(decided, out)
    var names: [(text: String, owner: String?)] = []
    for agent in estate.agents {
      names.append((agent.id, agent.owner))
      if let name = agent.name { names.append((name, agent.owner)) }
      if let owner = agent.owner { names.append((owner, owner)) }
    }
    let crossing = try check(
      names, in: out, review: "estate", pageWords: ["not stated", "support"])
    #expect(crossing > 5)
  }

  /// Fills in what every owner was sent and puts it, with what else they were sent and a workbook,
  /// into a folder; gives the ids, each with how many owners it was sent to. Reasons name others.
  private func decideAll(
    in out: Scratch, review: String, _ agents: [OwnerEstate.Agent], sendingBackTo sent: Scratch
  ) throws -> [String: Int] {
    let whole = String(decoding: try out.bytes("\(review)/decisions.csv"), as: UTF8.self)
    var decided: [String: Int] = [:]
    for path in try out.files() where path.hasPrefix("\(review)/owners/") {
      let text = String(decoding: try out.bytes(path), as: UTF8.self)
      var lines = text.components(separatedBy: "\r\n")
      for (place, line) in lines.enumerated().dropFirst() where !line.isEmpty {
        let id = String(line.prefix { $0 != "," })
        #expect(whole.contains("\r\n\(id),"), "\(path): \(id)")
        decided[id, default: 0] += 1
        let reason = "asked \(agents[place % agents.count].id)".replacing("\"", with: "\"\"")
        let isShared = line.contains("another owner's agent")
        lines[place] = line.replacing(
          ",,,,,", with: ",keep,al,\"\(isShared ? "in use" : reason)\",,", maxReplacements: 1)
      }
      let name = path.components(separatedBy: "/").last ?? ""
      try Data(lines.joined(separator: "\r\n").utf8)
        .write(to: sent.url.appendingPathComponent(name))
    }
    #expect(decided.values.contains { $0 > 1 })
    let all = whole.components(separatedBy: "\r\n").dropFirst().filter { !$0.isEmpty }
      .map { String($0.prefix { $0 != "," }) }
    #expect(Set(decided.keys) == Set(all))
    try Data("PK".utf8).write(to: sent.url.appendingPathComponent("sheet.xlsx"))
    try Data("agent,owner\r\n".utf8).write(to: sent.url.appendingPathComponent("cleanup.csv"))
    try Data("id,name\r\n".utf8).write(to: sent.url.appendingPathComponent("cut.csv"))
    return decided
  }

  /// Every decision that owners sent back is read, once, and what could not be read is named.
  private func everyDecisionCame(_ decided: [String: Int], _ out: Scratch) throws {
    let report = try Written.object(out.bytes("estate/report.json"))
    let decisions = report["decisions"] as? [[String: Any]] ?? []
    #expect(Set(decisions.compactMap { $0["id"] as? String }) == Set(decided.keys))
    let evidence = report["evidence"] as? [String: Any]
    let problems = (evidence?["problems"] as? [[String: Any]] ?? []).map {
      "\($0["file"] ?? ""): \($0["reason"] ?? "")"
    }
    #expect(
      problems == [
        "cut.csv: no line names the columns `id` and `decision`",
        "sheet.xlsx: a workbook: save the sheet as CSV",
      ])
  }

  /// Every agent is in exactly one group of each roll-up, and what is not stated is one of them.
  @Test func rollUpsLoseNobody() throws {
    let scratch = try ExampleReview.read().scratch
    let path = try #require(try scratch.files().first { $0.hasSuffix("/report.json") })
    let report = try Written.object(scratch.bytes(path))
    let agents = try #require(report["agents"] as? [[String: Any]])
    let rollUps = try #require(report["rollUps"] as? [[String: Any]])
    #expect(
      rollUps.compactMap { $0["by"] as? String } == ["owner", "team", "environment", "platform"])
    for rollUp in rollUps {
      let by = rollUp["by"] as? String ?? ""
      let groups = try #require(rollUp["groups"] as? [[String: Any]])
      #expect(groups.reduce(0) { $0 + ($1["agents"] as? Int ?? 0) } == agents.count, "\(by)")
      for name in ["held", "used", "unused", "unseen"] {
        let sum = groups.reduce(0) { $0 + ($1[name] as? Int ?? 0) }
        #expect(sum == agents.reduce(0) { $0 + ($1[name] as? Int ?? 0) }, "\(by): \(name)")
      }
      let unnamed = groups.filter { $0["name"] == nil }
      #expect(unnamed.count <= 1)
      #expect(unnamed.allSatisfy { $0["nameAbsentBecause"] != nil })
      guard by == "owner" else { continue }
      for group in groups {
        let name = group["name"] as? String
        let own = agents.filter { $0["owner"] as? String == name }
        #expect(group["agents"] as? Int == own.count, "\(name ?? "not stated")")
        let critical = own.count { $0["band"] as? String == "critical" }
        #expect((group["bands"] as? [String: Int])?["critical"] == critical)
      }
    }
  }
}
