internal import Findings
internal import Model
internal import Policies

/// The values of index.html: what is said first, and the parts that follow.
struct IndexPage {
  let site: HTMLSite

  /// How many rows of each table the index shows; all else is on agents' pages and in the files.
  enum Shown {
    static let agents = 100
    static let cleanup = 10
    static let ledger = 5
    static let unassessed = 20
    static let realised = 50
    static let otherChains = 20
    static let matrixAgents = 25
    static let matrixPolicies = 10
    static let pictures = 3
    static let problems = 20
    static let joins = 20
    static let problemPlaces = 500
    static let policies = 60
  }

  var report: Report { site.report }
  var review: Review { site.review }

  /// The index of a site.
  init(_ site: HTMLSite) { self.site = site }

  /// Chains that happened: occurrences of realised findings.
  var chainsThatHappened: Int {
    review.findings.reduce(0) {
      $0 + ($1.kind == .composition && $1.status == .realised ? max(1, $1.occurrencesInAll) : 0)
    }
  }

  /// Those of them of which every step was permitted.
  private var permittedChains: Int {
    review.findings.filter { $0.kind == .composition && $0.status == .realised }.reduce(0) {
      $0 + $1.occurrences.count { $0.chain.allSatisfy { $0.outcome == .allowed } }
    }
  }

  /// `, 313 of them held by X`, where one agent of several holds more than half: an administrator
  /// must not pass for the estate.
  private func mostlyOf(_ count: KeyPath<AgentAssessment, Int>, _ all: Int) -> String {
    guard all > 1, review.agents.count > 1,
      let most = review.agents.first(where: { $0[keyPath: count] * 2 > all })
    else { return "" }
    let share = most[keyPath: count]
    return ", \(share == all ? "all" : NumberText.grouped(share)) of them held by "
      + site.name(agent: most.agent.id)
  }

  /// All values.
  var values: ViewValue {
    site.page(
      title: "Review \(report.id): agents and other non-human identities",
      [
        "heading": .text(heading), "lede": .text(lede),
        "agentCount": .text(agentCount),
        "ledger": ledger,
        "state": StatePart(self).values, "change": ChangePart(self).values,
        "decided": DecisionsPart(site).values,
        "sheet": .text(DecisionsPart.sheet(review)),
        "trend": TrendPart(report)?.values ?? .none, "rollUp": RollUpPart(self).values,
        "first": CleanupPart(self).values,
        "agents": AgentsPart(self).values,
        "chains": ChainsPart(self).values,
        "controls": ControlsPart(self).values,
        "evidence": EvidencePart(self).values,
      ])
  }

  private var agentCount: String {
    NumberText.count(
      review.estate.agents, "agent or other non-human identity",
      "agents and other non-human identities")
  }

  /// The page's first sentence: the finding, not the topic.
  var heading: String {
    let estate = review.estate
    if estate.agents == 0 { return "Nothing was assessed: the input holds no agents" }
    let happened = chainsThatHappened
    if happened > 0 {
      let chains = "\(NumberText.capitalWord(happened)) \(happened == 1 ? "chain" : "chains")"
      let permitted = permittedChains
      if permitted == happened { return "\(chains) happened that no single check would stop" }
      return permitted == 0
        ? "\(chains) broke a policy"
        : "\(chains) broke a policy, \(NumberText.word(permitted)) of them by permitted steps alone"
    }
    if estate.notAssessed == estate.agents { return "No agent could be assessed" }
    if report.input.events == 0 { return "No action was observed, so no chain could be judged" }
    if report.policies.isEmpty { return "No policy was applied, so no chain could be judged" }
    let seen = "No chain was seen to break a policy"
    if estate.held == 0 { return "\(seen); what is held is not known" }
    let holders = review.agents.count { $0.unused > 0 }
    if holders > 0 {
      return "\(seen); \(NumberText.word(holders)) \(holders == 1 ? "agent holds" : "agents hold") "
        + "what was never used"
    }
    return estate.unseen > 0
      ? "\(seen); whether what is held is used cannot be seen"
      : "\(seen), and nothing that is held lies unused"
  }

  private var lede: String {
    let estate = review.estate
    var sentences: [String] = []
    let happened = chainsThatHappened
    if happened > 0, permittedChains == happened {
      sentences.append("Every step in \(happened == 1 ? "it" : "them") was permitted.")
    }
    if estate.held > 0 {
      if estate.unused > 0 || estate.unseen == 0 {
        sentences.append(
          "\(NumberText.grouped(estate.unused)) of \(NumberText.grouped(estate.held)) privileges "
            + "\(estate.unused == 1 ? "was" : "were") never used\(mostlyOf(\.unused, estate.unused))."
        )
      }
      if estate.unseen * 2 > estate.held {
        sentences.append(
          "No log shows whether \(estate.unseen == estate.held ? "the" : "another") "
            + "\(NumberText.count(estate.unseen, "privilege", "privileges")) "
            + "\(estate.unseen == 1 ? "is" : "are") used\(mostlyOf(\.unseen, estate.unseen)).")
      }
    } else if estate.agents > 0 {
      sentences.append("No source of privileges was read, so what agents hold is not known.")
    }
    if estate.notAssessed > 0 {
      sentences.append(
        "\(NumberText.capitalWord(estate.notAssessed)) "
          + "\(estate.notAssessed == 1 ? "agent" : "agents") of "
          + "\(NumberText.word(estate.agents)) left too little evidence to be judged.")
    }
    if estate.agents == 0 {
      sentences.append(
        "That is neither a pass nor a zero. Section 6 says what was read and what was wrong with it."
      )
    }
    return sentences.joined(separator: " ")
  }

  /// The first screen: what to take away, and what to look into.
  private var ledger: ViewValue {
    guard review.estate.agents > 0 else { return .none }
    let revoked = RevocationGroup.all(of: review.cleanup)
    let rows = review.cleanup.filter { $0.advice == .revoke }
    let actions = rows.reduce(0) { $0 + $1.actions }
    let most = Dictionary(grouping: rows, by: \.agent).mapValues {
      $0.reduce(0) { $0 + $1.actions }
    }
    .first { $0.value * 2 > actions && $0.value < actions }
    let realised = review.findings.filter { $0.kind == .composition && $0.status == .realised }
    let cutSet = CutSetPart(self)
    return .object([
      "cutSet": cutSet.map { .object(["say": .text($0.sentence), "rows": .list($0.ledger)]) }
        ?? .none,
      "gates": .text(GatesPart(self)?.sentence),
      "revoke": rows.isEmpty
        ? .none
        : .text(
          actions == rows.count
            ? NumberText.count(actions, "privilege", "privileges")
            : "\(NumberText.grouped(rows.count)) grants"),
      "revokeOf": .text(
        actions == rows.count
          ? ""
          : " of \(NumberText.count(actions, "privilege", "privileges"))"
            + (most.map {
              ", \(NumberText.grouped($0.value)) of them held by \(site.name(agent: $0.key))"
            } ?? "")),
      "nothing": .text(
        report.input.events == 0
          ? "No action was observed, so no chain was judged."
          : report.policies.isEmpty
            ? "No policy was applied, so no chain was judged."
            : "No chain was seen to break a policy."),
      "revocations": .list(
        revoked.prefix(Shown.ledger).enumerated().map { place, group in
          .object([
            "n": .text("\(place + 1)"), "action": .text(group.action),
            "scope": .text(group.scope), "agents": .count(group.agents),
            "isOne": .flag(group.agents == 1), "points": .text(group.pointsText),
          ])
        }),
      "happened": .text(
        chainsThatHappened > 0
          ? NumberText.count(chainsThatHappened, "chain", "chains") : nil),
      "realised": .list(
        realised.prefix(Shown.ledger).enumerated().map { place, finding in
          .object([
            "n": .text("\(place + 1)"), "title": .text(finding.title),
            "href": .exact(site.href(finding: finding)),
            "agents": site.links(agents: finding.agents, max: 3),
            "times": .text(
              NumberText.count(max(1, finding.occurrencesInAll), "time", "times")),
            "band": HTMLSite.band(finding.severity),
          ])
        }),
      "moreRealised": realised.count > Shown.ledger
        ? .count(realised.count - Shown.ledger) : .none,
    ])
  }
}

/// Advice to revoke the same action on the same scope, whoever holds it.
struct RevocationGroup {
  var action: String
  var scope: String
  var agents = 0
  var actions = 0
  var hazard = 0.0
  /// The most points that an agent's index falls, and the points of all agents together.
  var points = 0
  var pointsOfAll = 0

  /// `up to 12 points`.
  var pointsText: String {
    points == 0 ? "under 1 point" : "up to \(NumberText.count(points, "point", "points"))"
  }

  /// All groups, by the points that they take off all agents' indices together: a wildcard over a
  /// service has many actions and may still matter little.
  static func all(of rows: [CleanupRow]) -> [RevocationGroup] {
    var groups: [[String]: RevocationGroup] = [:]
    for row in rows where row.advice == .revoke {
      let key = [row.action] + row.resources
      var group =
        groups[key]
        ?? RevocationGroup(action: row.action, scope: CleanupPart.scope(row.resources))
      group.agents += 1
      group.actions += row.actions
      group.hazard += row.hazardRemoved
      group.points = max(group.points, row.riskRemoved)
      group.pointsOfAll += row.riskRemoved
      groups[key] = group
    }
    return groups.sorted { left, right in
      if left.value.pointsOfAll != right.value.pointsOfAll {
        return left.value.pointsOfAll > right.value.pointsOfAll
      }
      if left.value.hazard != right.value.hazard { return left.value.hazard > right.value.hazard }
      return left.key.lexicographicallyPrecedes(right.key)
    }.map(\.value)
  }
}
