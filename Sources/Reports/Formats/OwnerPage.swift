internal import Crypto
internal import Findings
internal import Foundation
internal import Model

/// The values of an owner's page: one file that can be sent to that owner alone.
///
/// It asks for no other file: the style is in it, scripts are not, and no link leads out of it.
struct OwnerPage {
  /// The style of all pages, and the word by which a page allows exactly this one.
  struct Style {
    let text: String
    let digest: String

    /// A style of a text.
    init(text: String) {
      self.text = text
      digest = Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString()
    }
  }

  private let extract: OwnerExtract
  private let style: Style
  private let site: HTMLSite
  /// The agents whose policy texts the page carries.
  private let carrying: Set<String>
  private var review: Review { extract.report.review }

  /// Occurrences of a chain that are shown with their events and lines.
  private static let fullOccurrences = 2

  /// The page of an extract.
  init(_ extract: OwnerExtract, style: Style) {
    self.extract = extract
    self.style = style
    site = HTMLSite(onePage: ReportIndex(extract.report))
    carrying = OwnerPage.carrying(extract.report.review.agents, extract.proposals)
  }

  /// All values.
  var values: ViewValue {
    let index = IndexPage(site)
    let view = FindingView(
      site: site, fullOccurrences: OwnerPage.fullOccurrences, occurrences: 25, isHome: { _ in true }
    )
    let chains = review.findings.filter { $0.kind == .composition }
    let others = review.findings.filter { $0.kind != .composition }
    return site.page(
      title: "\(name), review \(site.report.id)",
      [
        "style": .markup(style.text), "styleDigest": .exact(style.digest),
        "owner": .text(name), "isStated": .flag(extract.owner != nil),
        "heading": .text(heading), "lede": .text(lede),
        "agents": AgentsPart(index).values, "decide": OwnerDecisions(extract, site).values,
        "cuts": cuts, "gates": gates,
        "details": .list(review.agents.map(detail)),
        "findingsLeft": extract.findingsLeft > 0 ? .count(extract.findingsLeft) : .none,
        "agentsLeft": extract.agentsLeft > 0 ? .count(extract.agentsLeft) : .none,
        "cleanup": .list(review.cleanup.map(row)), "hasCleanup": .flag(!review.cleanup.isEmpty),
        "isHeldKnown": .flag(extract.isHeldKnown),
        "cleanupLeft": extract.cleanupAll > review.cleanup.count
          ? .count(extract.cleanupAll - review.cleanup.count) : .none,
        "cleanupSay": .text(cleanupSentence),
        "chains": .list(chains.map(view.chain)), "hasChains": .flag(!chains.isEmpty),
        "others": .list(others.map(view.other)), "hasOthers": .flag(!others.isEmpty),
        "change": ChangePart(index).values,
      ])
  }

  private var name: String {
    extract.owner.map { SafeText.cut($0, scalarsMax: 80) } ?? "No owner stated"
  }

  private var agentCount: Int { review.agents.count + extract.agentsLeft }

  private var heading: String {
    let agents =
      "\(NumberText.capitalWord(agentCount)) \(agentCount == 1 ? "agent" : "agents")"
    return extract.owner == nil
      ? "\(agents) of whom no input states an owner"
      : "\(agents) of \(name)"
  }

  private var lede: String {
    let estate = review.estate
    var sentences: [String] = []
    let happened = review.findings.reduce(0) {
      $0 + ($1.kind == .composition && $1.status == .realised ? max(1, $1.occurrencesInAll) : 0)
    }
    sentences.append(
      happened == 0
        ? "No chain that they took part in was seen to break a policy."
        : "\(NumberText.capitalWord(happened)) \(happened == 1 ? "chain" : "chains") that they took "
          + "part in broke a policy.")
    if estate.held > estate.unseen {
      sentences.append(
        "\(NumberText.grouped(estate.unused)) of "
          + "\(NumberText.count(estate.held, "privilege", "privileges")) "
          + "\(estate.unused == 1 ? "was" : "were") never used.")
    } else if estate.held > 0 {
      sentences.append(
        "They hold \(NumberText.count(estate.held, "privilege", "privileges")); no log shows whether "
          + "\(estate.held == 1 ? "it is" : "they are") used.")
    }
    if estate.notAssessed > 0 {
      sentences.append(
        "\(NumberText.capitalWord(estate.notAssessed)) left too little evidence to be judged, which "
          + "is neither a pass nor a zero.")
    }
    return sentences.joined(separator: " ")
  }

  private var cleanupSentence: String {
    let counts = extract.advice.map { "\(NumberText.grouped($0.count)) “\($0.advice.rawValue)”" }
    return "\(NumberText.count(extract.cleanupAll, "row", "rows")): "
      + counts.joined(separator: ", ") + "."
  }

  private func row(_ row: CleanupRow) -> ViewValue {
    .object([
      "action": .text(row.action), "scope": .text(CleanupPart.scope(row.resources)),
      "agent": site.link(agent: row.agent), "advice": .text(row.advice.rawValue),
      "narrowTo": .text(row.narrowTo.isEmpty ? nil : CleanupPart.scope(row.narrowTo)),
      "points": .text(
        row.riskRemoved > 0 ? NumberText.count(row.riskRemoved, "point", "points") : nil),
      "lastUse": .text(row.lastUse.map(TimeText.date) ?? "never seen"),
      "via": .text(row.via), "because": .text(row.because),
    ])
  }

  /// Rows of the cut set; nothing where none of it is this owner's.
  private var cuts: ViewValue {
    guard !extract.cuts.isEmpty else { return .none }
    let left = extract.cutsAll - extract.cuts.count
    return .object([
      "rows": .list(
        extract.cuts.map { row in
          .object([
            "action": .text(row.action), "scope": .text(CleanupPart.scope(row.resources)),
            "verb": .text(row.isNarrowing ? "narrow to what was used" : "revoke"),
            "more": row.actions > 1 ? .text("\(NumberText.grouped(row.actions)) actions") : .none,
            "agents": site.links(agents: row.holders, max: 4),
            "keepers": row.keepers.isEmpty ? .none : site.links(agents: row.keepers, max: 3),
            "via": .text(NumberText.few(row.origins, max: 2)),
          ])
        }),
      "left": left > 0 ? .count(left) : .none,
    ])
  }

  /// Gates at which its agents would wait; nothing where there is none.
  private var gates: ViewValue {
    guard !extract.gates.isEmpty else { return .none }
    return .list(
      extract.gates.map { own in
        let gate = own.gate
        let isShown = !gate.text.isEmpty && gate.text.utf8.count <= OwnerPage.textBytesMax
        return .object([
          "action": .text(gate.action), "agents": site.links(agents: gate.agents, max: 4),
          "findings": .list(
            gate.findings.compactMap { site.index.findings[$0] }.prefix(5).map { finding in
              .object([
                "href": .exact(site.href(finding: finding)), "title": .text(finding.title),
              ])
            }),
          "isShared": .flag(own.isShared), "chains": .count(gate.chains),
          "innocent": .count(gate.innocentTasks),
          "text": isShown ? .exact(gate.text) : .none,
        ])
      })
  }

  /// A text that is longer is a file of the review's folder and on no page.
  private static let textBytesMax = 12_000
  /// Bytes of texts that one page carries.
  private static let textsBytesMax = 400_000

  /// The agents whose texts the page carries: those that come first, as far as there is room.
  private static func carrying(_ agents: [AgentAssessment], _ proposals: [String: Proposal])
    -> Set<String>
  {
    var bytes = 0
    var carrying: Set<String> = []
    for assessment in agents {
      guard let proposal = proposals[assessment.agent.id] else { continue }
      bytes += proposal.texts.reduce(0) { $0 + $1.text.utf8.count }
      guard bytes <= textsBytesMax else { break }
      carrying.insert(assessment.agent.id)
    }
    return carrying
  }

  /// What would take the place of an agent's grants; nothing where the review made no texts.
  private func proposal(of agent: String) -> ViewValue {
    guard let proposal = extract.proposals[agent] else { return .none }
    return .object([
      "kept": .count(proposal.kept), "removed": .count(proposal.removed),
      "notes": .texts(proposal.notes), "hasNotes": .flag(!proposal.notes.isEmpty),
      "isNothing": .flag(proposal.texts.isEmpty),
      "texts": .list(
        proposal.texts.map { text in
          .object([
            "platform": .text(text.platform.rawValue), "isWithheld": .flag(text.text.isEmpty),
            "text": carrying.contains(agent) && text.text.utf8.count <= OwnerPage.textBytesMax
              && !text.text.isEmpty ? .exact(text.text) : .none,
          ])
        }),
    ])
  }

  private func detail(_ assessment: AgentAssessment) -> ViewValue {
    let id = assessment.agent.id
    let groups = extract.privileges[id] ?? []
    return .object([
      "id": .exact(id), "anchor": .exact(site.anchor(agent: id)),
      "name": .text(site.name(agent: id)), "band": HTMLSite.band(of: assessment),
      "risk": HTMLSite.score(assessment.risk),
      "facts": .list(AgentFacts(site, agent: assessment.agent).values),
      "bar": .markup(
        PrivilegeBar.picture(
          used: assessment.used, unused: assessment.unused, unseen: assessment.unseen)),
      "held": .count(assessment.held), "used": .count(assessment.used),
      "unused": .count(assessment.unused), "unseen": .count(assessment.unseen),
      "groups": .list(groups.map(group)), "hasGroups": .flag(!groups.isEmpty),
      "groupsLeft": groupsLeft(assessment, groups),
      "evidence": AgentPage.evidence(of: assessment), "proposal": proposal(of: id),
    ])
  }

  private func groupsLeft(_ assessment: AgentAssessment, _ groups: [PrivilegeGroup]) -> ViewValue {
    let left = assessment.held - groups.reduce(0) { $0 + $1.count }
    return left > 0 ? .count(left) : .none
  }

  private func group(_ group: PrivilegeGroup) -> ViewValue {
    .object([
      "via": .text(group.key.via), "service": .text(group.key.service ?? "several"),
      "level": .text(group.key.level?.rawValue ?? "several"),
      "usage": .text(group.key.usage.rawValue),
      "advice": .text(group.key.advice?.rawValue ?? "none"), "count": .count(group.count),
      "actions": .text(SafeText.cut(group.actions.joined(separator: ", "), scalarsMax: 160)),
    ])
  }
}
