internal import Findings
internal import Model
internal import Policies

/// Section 1 of the index: the estate as a distribution, what it holds, what was not assessed.
struct StatePart {
  private let page: IndexPage
  private var estate: Estate { page.review.estate }

  /// The section of a page.
  init(_ page: IndexPage) { self.page = page }

  /// All values.
  var values: ViewValue {
    let agents = page.review.agents
    return .object([
      "say": .text(sentence),
      "pictures": .list(
        agents.isEmpty
          ? []
          : [
            .markup(Distribution.picture(agents, isNarrow: false)),
            .markup(Distribution.picture(agents, isNarrow: true)),
          ]),
      "bands": .list(bands),
      "agents": .count(estate.agents),
      "atLeast": .count(page.review.agents.count(where: \.isBandAtLeast)),
      "held": .count(estate.held), "used": .count(estate.used),
      "unused": .count(estate.unused), "unseen": .count(estate.unseen),
      "usedShare": seenShare(estate.used), "unusedShare": seenShare(estate.unused),
      "unseenShare": share(estate.unseen),
      "heldWeight": .text(NumberText.grouped(estate.heldHazard, decimals: 1)),
      "unusedWeight": .text(NumberText.grouped(estate.unusedHazard, decimals: 1)),
      "holdsSomething": .flag(estate.held > 0),
      "unassessed": unassessed,
      "allAssessed": .text(
        agents.isEmpty
          ? "There was no agent to assess."
          : "\(agents.count == 1 ? "The one" : "Every") agent has a score, or at least a lower bound "
            + "of one."),
      "partly": partly,
    ])
  }

  private var sentence: String {
    guard let heaviest = page.review.agents.first else {
      return "The input holds no agents, so there is no estate."
    }
    let worst = estate.critical + estate.high
    let atLeast = estate.lowAtLeast + estate.moderateAtLeast
    var first: String
    if estate.agents == 1 {
      let band = heaviest.band.map {
        (heaviest.isBandAtLeast && $0 < .critical ? "at least " : "") + $0.rawValue
      }
      first = "The one agent is \(band ?? "not assessed")."
    } else {
      first =
        "\(worst == 0 ? "None" : NumberText.capitalWord(worst)) of "
        + "\(NumberText.word(estate.agents)) agents \(worst < 2 ? "is" : "are") "
        + "\(worst == 0 && atLeast + estate.notAssessed > 0 ? "known to be " : "")high or critical."
    }
    guard let top = estate.topTenShare, estate.agents > 10 else { return first }
    return first
      + " Ten agents hold \(NumberText.percent(top)) of all weight that is not known to be used."
  }

  private var bands: [ViewValue] {
    let rows: [(band: Severity?, count: Int, atLeast: Int?, range: String, name: String)] = [
      (.critical, estate.critical, estate.criticalAtLeast, "75 to 100", "critical"),
      (.high, estate.high, estate.highAtLeast, "50 to 74", "high"),
      (.moderate, estate.moderate, estate.moderateAtLeast, "25 to 49", "moderate"),
      (.low, estate.low, estate.lowAtLeast, "0 to 24", "low"),
      (nil, estate.notAssessed, nil, "no score", "not assessed"),
    ]
    return rows.map { row in
      .object([
        "band": HTMLSite.band(row.band), "count": .count(row.count), "range": .text(row.range),
        "name": .text(row.name), "atLeast": row.atLeast.map { .count($0) } ?? .text("—"),
      ])
    }
  }

  private func share(_ count: Int) -> ViewValue {
    estate.held == 0
      ? .text("—") : .text(NumberText.percent(Double(count) / Double(estate.held)))
  }

  /// The share of what was, or was not, used; none where no log could have shown any use.
  private func seenShare(_ count: Int) -> ViewValue {
    estate.unseen == estate.held ? .text("—") : share(count)
  }

  /// Agents without any score.
  private var unassessed: ViewValue {
    let agents = page.review.agents.filter { $0.risk.value == nil }
    guard let first = agents.first else { return .none }
    return .object([
      "caption": .text(
        agents.count == 1
          ? "One agent has no score."
          : "\(NumberText.capitalWord(agents.count)) agents have no score."
      ),
      "rows": .list(
        agents.prefix(IndexPage.Shown.unassessed).map { assessment in
          .object([
            "agent": page.site.link(agent: assessment.agent.id),
            "owner": .text(assessment.agent.owner),
            "held": assessment.privilegeIndex.score.value == nil
              ? .text("not known") : .count(assessment.held),
            "days": .text(
              "\(assessment.evidence.daysWithLogs) of \(assessment.evidence.daysInWindow)"),
            "reason": .text(assessment.risk.reason ?? first.risk.reason ?? "not known"),
            "remedy": .text(assessment.evidence.shortfall ?? "—"),
          ])
        }),
      "more": agents.count > IndexPage.Shown.unassessed
        ? .count(agents.count - IndexPage.Shown.unassessed) : .none,
    ])
  }

  /// Agents whose score is a lower bound, and judgements that could not be made, in words.
  private var partly: ViewValue {
    var sentences: [String] = []
    let lower = page.review.agents.count {
      if case .atLeast = $0.risk { return true }
      return false
    }
    if lower > 0 {
      sentences.append(
        "\(NumberText.capitalWord(lower)) \(lower == 1 ? "agent has" : "agents have") a score that "
          + "is a lower bound, shown as “at least”.")
    }
    let indeterminate = page.review.policyHealth.reduce(0) { $0 + $1.indeterminate }
    if indeterminate > 0 {
      sentences.append(
        "\(NumberText.capitalWord(indeterminate)) "
          + "\(indeterminate == 1 ? "chain was" : "chains were") indeterminate: a field that the "
          + "policy needs was missing.")
    }
    let pending = page.review.policyHealth.reduce(0) { $0 + $1.pending }
    if pending > 0 {
      sentences.append(
        "\(NumberText.capitalWord(pending)) \(pending == 1 ? "obligation was" : "obligations were") "
          + "still open when the log ended.")
    }
    let problems = page.report.input.problems.count
    if problems > 0 {
      sentences.append(
        "\(NumberText.capitalWord(problems)) \(problems == 1 ? "place" : "places") in the input "
          + "could not be read or judged; section 6 lists them.")
    }
    return sentences.isEmpty ? .none : .text(sentences.joined(separator: " "))
  }
}
