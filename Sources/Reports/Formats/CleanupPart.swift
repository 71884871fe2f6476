internal import Findings
internal import Model

/// Section 2 of the index: what to do first.
struct CleanupPart {
  private let page: IndexPage

  /// The section of a page.
  init(_ page: IndexPage) { self.page = page }

  /// All values.
  var values: ViewValue {
    let rows = page.review.cleanup
    return .object([
      "cutSet": CutSetPart(page)?.values ?? .none, "gates": GatesPart(page)?.values ?? .none,
      "replay": ReplayPart(page)?.values ?? .none,
      "say": .text(sentence), "hasRows": .flag(!rows.isEmpty),
      "rowCount": .count(rows.count), "isOne": .flag(rows.count == 1),
      "advice": .list(advice),
      "actions": .count(rows.reduce(0) { $0 + $1.actions }),
      "weight": .text(
        NumberText.grouped(rows.reduce(0) { $0 + $1.hazardRemoved }, decimals: 1)),
      "rows": .list(shown.map { CleanupPart.row($0, site: page.site) }), "caption": .text(caption),
    ])
  }

  private var sentence: String {
    let rows = page.review.cleanup
    guard !rows.isEmpty else {
      let isSomebodyThere = page.review.estate.agents > 0
      guard isSomebodyThere else { return "Nothing was assessed, so nothing can be advised." }
      return page.report.isHeldKnown
        ? "On this evidence there is nothing to revoke or to narrow."
        : "No source lists what agents hold, so what could be taken away is not known."
    }
    var parts: [String] = []
    for (advice, verb) in [(CleanupRow.Advice.revoke, "revoke"), (.narrow, "narrow")] {
      let chosen = rows.filter { $0.advice == advice }
      let actions = chosen.reduce(0) { $0 + $1.actions }
      if chosen.isEmpty { continue }
      parts.append(
        NumberText.count(chosen.count, "row", "rows") + " to \(verb)"
          + (actions == chosen.count
            ? "" : " (\(NumberText.count(actions, "privilege", "privileges")))"))
    }
    let start = parts.isEmpty ? "" : "\(parts.joined(separator: " and ")). "
    guard let first = rows.first(where: { $0.advice.isDoable }) else {
      return "Nothing can be taken away on this evidence: section 1 says what is lacking, and the "
        + "rows below what waits for it."
    }
    return start
      + "The heaviest single step takes \(NumberText.count(first.riskRemoved, "point", "points")) "
      + "off the index of \(page.site.name(agent: first.agent))."
  }

  /// What can be carried out, heaviest first; where nothing can, what waits for evidence.
  private var shown: [CleanupRow] {
    let doable = page.review.cleanup.filter { $0.advice.isDoable }
    let rows = doable.isEmpty ? page.review.cleanup : doable
    return Array(rows.prefix(IndexPage.Shown.cleanup))
  }

  private var caption: String {
    let rows = shown.count == 1 ? "row" : NumberText.count(shown.count, "row", "rows")
    let isDoable = shown.contains { $0.advice.isDoable }
    return isDoable ? "The heaviest \(rows)." : "The heaviest \(rows) waiting for evidence."
  }

  private var advice: [ViewValue] {
    CleanupRow.Advice.allCases.compactMap { advice in
      let rows = page.review.cleanup.filter { $0.advice == advice }
      guard !rows.isEmpty else { return nil }
      return .object([
        "advice": .text(advice.rawValue), "because": .text(CleanupPart.meaning(advice)),
        "rows": .count(rows.count), "actions": .count(rows.reduce(0) { $0 + $1.actions }),
        "agents": .count(Set(rows.map(\.agent)).count),
        "weight": .text(
          NumberText.grouped(rows.reduce(0) { $0 + $1.hazardRemoved }, decimals: 1)),
      ])
    }
  }

  private static func meaning(_ advice: CleanupRow.Advice) -> String {
    switch advice {
    case .revoke: return "held, never used, and the log would have shown it"
    case .narrow: return "used, but granted wider than observed"
    case .justInTime: return "used rarely, of high hazard"
    case .keep: return "used at regular times or widely, or not ours to change"
    case .keepEvidenceThin: return "the log cannot show use, or too few days were seen"
    case .needsOwner: return "there is nobody to ask"
    }
  }

  /// One row: also used on agents' pages.
  static func row(_ row: CleanupRow, site: HTMLSite) -> ViewValue {
    .object([
      "agent": site.link(agent: row.agent), "owner": .text(row.owner),
      "action": .text(row.action), "scope": .text(CleanupPart.scope(row.resources)),
      "level": .text(row.level.rawValue),
      "capabilities": .text(
        row.capabilities.isEmpty ? nil : NumberText.few(row.capabilities, max: 3)),
      "points": .text(NumberText.grouped(row.riskRemoved)), "advice": .text(row.advice.rawValue),
      "narrowTo": .text(row.narrowTo.isEmpty ? nil : CleanupPart.scope(row.narrowTo)),
      "use": .text(CleanupPart.use(row)), "via": .text(row.via),
    ])
  }

  /// Resource patterns in a few words.
  static func scope(_ resources: [String]) -> String {
    if resources == ["*"] { return "on every resource" }
    guard let first = resources.first else { return "on no resource" }
    let shown = SafeText.cut(first, scalarsMax: 90)
    return resources.count == 1
      ? "on \(shown)" : "on \(shown) and \(NumberText.grouped(resources.count - 1)) more"
  }

  private static func use(_ row: CleanupRow) -> String {
    if let last = row.lastUse { return "\(TimeText.date(last)), \(uses(row.uses))" }
    if row.uses > 0 { return uses(row.uses) }
    if row.advice == .keepEvidenceThin { return "cannot be seen" }
    return "never in \(NumberText.count(row.daysWithLogs, "day", "days")) with logs"
  }

  private static func uses(_ count: Int) -> String { NumberText.count(count, "use", "uses") }
}

extension CleanupRow.Advice {
  /// Whether there is something to carry out, and not only something to find out.
  var isDoable: Bool {
    switch self {
    case .revoke, .narrow, .justInTime, .needsOwner: return true
    case .keep, .keepEvidenceThin: return false
    }
  }
}
