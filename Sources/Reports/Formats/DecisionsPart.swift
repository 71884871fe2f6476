internal import Findings
internal import Model

/// Earlier decisions as pages show them: what became of each, and what it was seen by.
struct DecisionsPart {
  private let site: HTMLSite
  private let standings: [DecisionStanding]

  /// The decisions of a site's review.
  init(_ site: HTMLSite) {
    self.site = site
    standings = site.review.decisions.inOrder
  }

  /// Those about one agent: on its findings, and on what it holds.
  init(_ site: HTMLSite, agent id: String) {
    self.site = site
    standings = site.index.decisions(of: id).inOrder
  }

  /// The decision on a finding, for where the finding stands; nothing where nobody decided.
  static func note(_ finding: Finding, of site: HTMLSite) -> ViewValue {
    site.index.decision(onFinding: finding.id).map(DecisionsPart(site).row) ?? .none
  }

  /// The table's values; nothing where no decision is known.
  var values: ViewValue {
    guard !standings.isEmpty else { return .none }
    let more = standings.count - Self.shownMax
    return .object([
      "say": .text("\(standings.counts.joined(separator: ", ").capitalFirst)."),
      "rows": .list(standings.prefix(Self.shownMax).map(row)),
      "moreRows": more > 0 ? .count(more) : .none,
    ])
  }

  /// What is asked now, in a sentence.
  static func sheet(_ review: Review) -> String {
    sheet(rows: review.questions.count, settled: review.questions.count(where: \.isSettled))
  }

  /// How many rows a sheet has, and how many of them are settled, in a sentence.
  static func sheet(rows: Int, settled: Int) -> String {
    let open = rows - settled
    guard open + settled > 0 else { return "Nothing is asked of the reviewer" }
    let rest = settled > 0 ? "; \(NumberText.count(settled, "row", "rows")) settled before" : ""
    return "\(NumberText.count(open, "row", "rows")) to decide\(rest)"
  }

  private static let shownMax = 25

  private func row(_ standing: DecisionStanding) -> ViewValue {
    let (taken, decision) = (standing.taken, standing.taken.decision)
    let finding = site.index.findings[taken.item.id]
    return .object([
      "id": .text(taken.item.id), "about": .text(taken.item.title),
      "href": .exact(finding.map { site.href(finding: $0) }),
      "agents": site.links(agents: taken.item.agents, max: 3),
      "word": .text(decision.word.rawValue), "by": .text(decision.decidedBy),
      "reason": .text(decision.reason),
      "until": .text(decision.until.map { TimeText.date($0) } ?? "no date"),
      "review": .text(taken.asked), "asked": .text(TimeText.date(taken.askedTo)),
      "state": .text(standing.state.rawValue),
      "evidence": .texts(standing.evidence), "warnings": .texts(standing.warnings),
    ])
  }
}

extension [DecisionStanding] {
  /// What needs somebody first: by state, then the item's id.
  var inOrder: [DecisionStanding] {
    let states = DecisionStanding.State.allCases
    return states.flatMap { state in filter { $0.state == state } }
  }

  /// `2 late`, `5 done`: how many stand how, the states that need somebody first.
  package var counts: [String] {
    DecisionStanding.State.allCases.compactMap { state in
      let count = count { $0.state == state }
      return count == 0 ? nil : "\(NumberText.grouped(count)) \(state.rawValue)"
    }
  }
}

extension DecisionStanding {
  /// `revoke until 2026-05-31, by dana: late`.
  var summary: String {
    let decision = taken.decision
    let until = decision.until.map { " until \(TimeText.date($0))" } ?? ""
    return "\(decision.word.rawValue)\(until), by \(decision.decidedBy): \(state.rawValue)"
  }
}

extension String {
  /// With a capital first letter.
  fileprivate var capitalFirst: String { prefix(1).uppercased() + dropFirst() }
}
