internal import Findings
internal import Model
internal import Policies

/// Section 4 of the index: which chains happened, nearly happened, or could.
struct ChainsPart {
  private let page: IndexPage
  private let compositions: [Finding]

  /// The section of a page.
  init(_ page: IndexPage) {
    self.page = page
    compositions = page.review.findings.filter { $0.kind == .composition }
  }

  /// All values.
  var values: ViewValue {
    let tally = counts(compositions)
    let shown = shownFindings
    return .object([
      "say": .text(sentence), "has": .flag(!compositions.isEmpty),
      "tally": .list(
        ChainsPart.order.map { status in
          let findings = compositions.count { $0.status == status }
          return .object([
            "status": HTMLSite.status(status), "count": .count(tally[status] ?? 0),
            "findings": findings > 0 && findings != tally[status]
              ? .text(NumberText.count(findings, "finding", "findings")) : .none,
          ])
        }),
      "matrix": matrix,
      "pictures": .list(pictures), "hasPictures": .flag(!pictures.isEmpty),
      "drawn": .text(drawn),
      "rows": .list(shown.map { row($0) }),
      "more": compositions.count > shown.count ? .count(compositions.count - shown.count) : .none,
      "all": .count(compositions.count),
    ])
  }

  private static let order: [Finding.Status] = [
    .realised, .nearMiss, .latent, .excused, .indeterminate, .pending,
  ]

  private var realised: [Finding] { compositions.filter { $0.status == .realised } }

  private var sentence: String {
    if page.report.policies.isEmpty { return "No policy was applied, so no chain was judged." }
    if compositions.isEmpty {
      return page.report.input.events == 0
        ? "No events were read, so no chain was judged."
        : "None of \(NumberText.count(page.report.policies.count, "policy", "policies")) found a chain in "
          + "\(NumberText.count(page.report.input.events, "event", "events"))."
    }
    let policies = Set(compositions.map(\.policy)).count
    return "\(NumberText.capitalWord(compositions.count)) "
      + "\(compositions.count == 1 ? "finding" : "findings") about chains, by "
      + "\(NumberText.word(policies)) \(policies == 1 ? "policy" : "policies") of "
      + "\(NumberText.word(page.report.policies.count))."
  }

  /// Occurrences by status; a latent chain, which has none, counts one.
  private func counts(_ findings: [Finding]) -> [Finding.Status: Int] {
    var counts: [Finding.Status: Int] = [:]
    for finding in findings {
      counts[finding.status, default: 0] += max(1, finding.occurrencesInAll)
    }
    return counts
  }

  /// Every realised one up to a bound, then some of each other status.
  private var shownFindings: [Finding] {
    var left: [Finding.Status: Int] = [.realised: IndexPage.Shown.realised]
    return compositions.filter { finding in
      let rest = left[finding.status] ?? IndexPage.Shown.otherChains
      left[finding.status] = rest - 1
      return rest > 0
    }.sorted {
      (HTMLSite.rank($0.status), $1.risk, $0.id) < (HTMLSite.rank($1.status), $0.risk, $1.id)
    }
  }

  private func row(_ finding: Finding) -> ViewValue {
    let view = ChainView(site: page.site)
    let latest = finding.occurrences.compactMap { $0.chain.last?.time }.max()
    return .object([
      "title": .text(finding.title), "href": .exact(page.site.href(finding: finding)),
      "policy": .text(finding.policy), "id": .exact(finding.id),
      "status": HTMLSite.status(finding.status), "band": HTMLSite.band(finding.severity),
      "exception": ExceptionsPart(page.site).note(finding),
      "agents": page.site.links(agents: finding.agents, max: 3),
      "times": finding.occurrences.isEmpty ? .text("—") : .count(finding.occurrencesInAll),
      "latest": .text(latest.map(TimeText.date) ?? "—"),
      "link": .text(finding.linkStrength.map { view.words($0.rawValue) } ?? "—"),
      "risk": .text(NumberText.fixed(finding.risk, decimals: 3)),
    ])
  }

  private var drawn: String {
    let count = pictures.count
    if count == page.chainsThatHappened {
      return count == 1 ? "The chain that happened, drawn" : "The chains that happened, drawn"
    }
    return "The chains that happened: \(NumberText.word(count)) of "
      + "\(NumberText.word(page.chainsThatHappened)), drawn"
  }

  /// The heaviest occurrences, of different findings first.
  private var pictures: [ViewValue] {
    let view = ChainView(site: page.site)
    var chosen: [(Finding, Occurrence)] = []
    for round in 0..<2 {
      for finding in realised where chosen.count < IndexPage.Shown.pictures {
        let byRisk = finding.occurrences.sorted { ($1.risk, $0.id) < ($0.risk, $1.id) }
        if byRisk.indices.contains(round) { chosen.append((finding, byRisk[round])) }
      }
    }
    return chosen.map { finding, occurrence in
      .object([
        "title": .text(finding.title), "finding": .text(finding.id),
        "band": HTMLSite.band(finding.severity), "status": HTMLSite.status(finding.status),
        "href": .exact(
          page.site.href(finding: finding).prefix { $0 != "#" } + "#"
            + Naming.anchor(occurrence.id)),
        "occurrence": view.occurrence(occurrence, of: finding),
      ])
    }
  }

  /// Rows: agents by risk; columns: policies; cells: how the chains of both stand.
  private var matrix: ViewValue {
    var cells: [String: [String: [Finding.Status: Int]]] = [:]
    var weights: [String: Int] = [:]
    for finding in compositions where finding.status != .excused {
      let count = max(1, finding.occurrencesInAll)
      weights[finding.policy, default: 0] += finding.status == .realised ? 1_000 : 1
      for agent in finding.agents {
        cells[agent, default: [:]][finding.policy, default: [:]][finding.status, default: 0] +=
          count
      }
    }
    let policies = weights.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    let columns = policies.prefix(IndexPage.Shown.matrixPolicies)
    let agents = page.review.agents.map(\.agent.id).filter { agent in
      columns.contains { cells[agent]?[$0] != nil }
    }
    guard !agents.isEmpty else { return .none }
    let rows = agents.prefix(IndexPage.Shown.matrixAgents)
    return .object([
      "columns": .texts(Array(columns)),
      "rows": .list(
        rows.map { agent in
          .object([
            "agent": page.site.link(agent: agent),
            "cells": .list(columns.map { cell(cells[agent]?[$0] ?? [:]) }),
          ])
        }),
      "foot": .list(
        columns.map { policy in
          let counts = counts(compositions.filter { $0.policy == policy })
          return .text(
            [Finding.Status.realised, .nearMiss, .latent].map { "\(counts[$0] ?? 0)" }
              .joined(separator: " · "))
        }),
      "moreAgents": agents.count > rows.count ? .count(agents.count - rows.count) : .none,
      "morePolicies": policies.count > columns.count
        ? .count(policies.count - columns.count) : .none,
    ])
  }

  private func cell(_ counts: [Finding.Status: Int]) -> ViewValue {
    .object([
      "isEmpty": .flag(counts.isEmpty),
      "marks": .list(
        ChainsPart.order.compactMap { status in
          counts[status].map {
            .object([
              "status": HTMLSite.status(status), "count": $0 > 1 ? .count($0) : .none,
            ])
          }
        }),
    ])
  }
}
