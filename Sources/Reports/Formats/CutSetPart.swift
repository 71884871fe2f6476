internal import Findings
internal import Model

/// What to revoke so that possible chains end.
struct CutSetPart {
  private let page: IndexPage
  private let cutSet: CutSet

  /// The part of a page; nil where there is nothing to say.
  init?(_ page: IndexPage) {
    guard let cutSet = page.review.cutSet, !cutSet.rows.isEmpty else { return nil }
    self.page = page
    self.cutSet = cutSet
  }

  /// Rows that the page shows.
  private static let rowsMax = 20

  private var shown: ArraySlice<CutRow> { cutSet.rows.prefix(CutSetPart.rowsMax) }

  /// All values.
  var values: ViewValue {
    let steps = shown.map(\.endedSoFar)
    return .object([
      "say": .text(sentence), "method": .text(method),
      "pictures": .list(
        [false, true].map { isNarrow in
          .markup(Staircase.picture(chains: cutSet.chains, ended: steps, isNarrow: isNarrow))
        }),
      "rows": .list(shown.enumerated().map { CutSetPart.row($1, place: $0, site: page.site) }),
      "range": .text(shown.count == 1 ? "1" : "1–\(shown.count)"),
      "isCut": .flag(shown.count < cutSet.rows.count), "all": .count(cutSet.rows.count),
      "soFar": .count(steps.last ?? 0), "chains": .count(cutSet.chains),
      "ended": .count(cutSet.ended), "notes": .texts(notes), "hasNotes": .flag(!notes.isEmpty),
    ])
  }

  /// `Revoke 3 privileges: 41 of 60 possible chains end, 0 observed tasks break.`
  var sentence: String {
    "Revoke \(NumberText.count(cutSet.rows.count, "privilege", "privileges")): "
      + "\(NumberText.grouped(cutSet.ended)) of "
      + "\(NumberText.count(cutSet.chains, "possible chain ends", "possible chains end")), "
      + "\(NumberText.grouped(cutSet.uses)) observed tasks break."
  }

  private var method: String {
    if cutSet.isExact {
      return cutSet.rows.count == 1
        ? "The search is complete: nothing less ends as many."
        : "The search is complete: no fewer privileges end as many chains."
    }
    return
      "The choice is greedy: at least \(NumberText.grouped(cutSet.fewest)) are needed to end as "
      + "many chains."
  }

  private var notes: [String] {
    var notes: [String] = []
    let keepers = cutSet.rows.filter { !$0.keepers.isEmpty }.count
    if keepers > 0 {
      notes.append(
        "\(NumberText.capitalWord(keepers)) \(keepers == 1 ? "row is" : "rows are") also held, by the "
          + "same statements, by agents that use it or whose use cannot be seen: give those a "
          + "statement of their own before the shared one is edited.")
    }
    if !cutSet.left.isEmpty {
      notes.append(
        "\(NumberText.capitalWord(cutSet.left.count)) possible "
          + "\(cutSet.left.count == 1 ? "chain stays" : "chains stay"): every step of "
          + "\(cutSet.left.count == 1 ? "it" : "each") is in use, or its use cannot be seen.")
    }
    if cutSet.uncovered > 0 {
      notes.append(
        "\(NumberText.capitalWord(cutSet.uncovered)) more "
          + "\(cutSet.uncovered == 1 ? "comes" : "come") to light once others have ended, and "
          + "\(cutSet.uncovered == 1 ? "stays" : "stay") possible.")
    }
    return notes
  }

  /// One row, at its place from 0: also used on agents' pages.
  static func row(_ row: CutRow, place: Int, site: HTMLSite) -> ViewValue {
    .object([
      "n": .text("\(place + 1)"), "action": .text(row.action),
      "verb": .text(row.isNarrowing ? "narrow to what was used" : "revoke"),
      "more": row.actions > 1 ? .text("\(NumberText.grouped(row.actions)) actions") : .none,
      "scope": .text(CleanupPart.scope(row.resources)),
      "via": .text(NumberText.few(row.origins, max: 2)),
      "capabilities": .text(
        row.capabilities.isEmpty ? nil : NumberText.few(row.capabilities, max: 3)),
      "holders": .count(row.holders.count),
      "agents": site.links(agents: row.holders, max: 4),
      "keepers": row.keepers.isEmpty ? .none : site.links(agents: row.keepers, max: 3),
      "ends": .count(row.ends), "soFar": .count(row.endedSoFar),
    ])
  }

  /// The rows for the first screen.
  var ledger: [ViewValue] {
    cutSet.rows.prefix(IndexPage.Shown.ledger).enumerated().map { place, row in
      .object([
        "n": .text("\(place + 1)"), "action": .text(row.action),
        "scope": .text(CleanupPart.scope(row.resources)), "agents": .count(row.holders.count),
        "isOne": .flag(row.holders.count == 1),
        "points": .text(NumberText.count(row.ends, "chain", "chains")),
      ])
    }
  }
}
