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
      $0 + ($1.kind == .composition && $1.status == .realised ? max(1, $1.occurrences.count) : 0)
    }
  }

  /// All values.
  var values: ViewValue {
    site.page(
      title: "Review \(report.id): agents and other non-human identities",
      [
        "heading": .text(heading), "lede": .text(lede),
        "agentCount": .text(agentCount),
        "ledger": ledger,
        "state": StatePart(self).values,
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
    if happened == 1 { return "One chain happened that no single check would stop" }
    if happened > 1 {
      return "\(NumberText.capitalWord(happened)) chains happened that no single check would stop"
    }
    if estate.notAssessed == estate.agents { return "No agent could be assessed" }
    if report.input.events == 0 { return "No action was observed, so no chain could be judged" }
    if report.policies.isEmpty { return "No policy was applied, so no chain could be judged" }
    return estate.unused > 0
      ? "No chain broke a policy; \(NumberText.word(estate.unused)) "
        + "\(estate.unused == 1 ? "privilege lies" : "privileges lie") unused"
      : "No chain broke a policy, and nothing that is held lies unused"
  }

  private var lede: String {
    let estate = review.estate
    var sentences: [String] = []
    if chainsThatHappened > 0 {
      sentences.append(
        chainsThatHappened == 1
          ? "Every step in it was permitted." : "Every step in them was permitted.")
    }
    if estate.held > 0 {
      if estate.unused > 0 || estate.unseen == 0 {
        sentences.append(
          "\(NumberText.grouped(estate.unused)) of \(NumberText.grouped(estate.held)) privileges "
            + "were never used.")
      }
      if estate.unseen * 2 > estate.held {
        sentences.append(
          "Of \(estate.unseen == estate.held ? "all " : "")\(NumberText.grouped(estate.unseen)) "
            + "privileges the log cannot show whether they are used.")
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
    let actions = revoked.reduce(0) { $0 + $1.actions }
    let realised = review.findings.filter { $0.kind == .composition && $0.status == .realised }
    return .object([
      "revoke": actions > 0
        ? .text(NumberText.count(actions, "privilege", "privileges")) : .none,
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
              NumberText.count(max(1, finding.occurrences.count), "time", "times")),
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
