internal import Findings
internal import Model

/// What an agent's page says about what to change: its rows of the clean-up list, its part of the
/// cut set and of the gates, the text that takes the place of its grants, and what the replay says.
struct AgentAdvice {
  private let site: HTMLSite
  private let agent: String
  private let isHeldKnown: Bool
  /// Whether the privileges are shown one by one, each with its advice: rows would repeat them.
  private let isToldAbove: Bool
  private let rows: [CleanupRow]

  /// The advice on an agent.
  init(_ site: HTMLSite, assessment: AgentAssessment) {
    self.site = site
    agent = assessment.agent.id
    isHeldKnown = assessment.held > 0 || assessment.privilegeIndex.score.value != nil
    isToldAbove = assessment.privileges.count <= AgentPage.Shown.privileges
    rows = site.index.cleanup(of: agent)
  }

  /// Rows that the page shows; cleanup.csv has all.
  private static let rowsMax = 30
  /// The most of a text that the page shows; policies/ has the whole.
  private static let textBytesMax = 20_000

  /// All values.
  var values: ViewValue {
    let cuts = site.index.cuts(of: agent)
    let gates = site.index.gates(of: agent)
    let doable = isToldAbove ? [] : rows.filter { $0.advice.isDoable }
    return .object([
      "say": .text(sentence),
      "rows": .list(doable.prefix(AgentAdvice.rowsMax).map { CleanupPart.row($0, site: site) }),
      "hasRows": .flag(!doable.isEmpty),
      "more": doable.count > AgentAdvice.rowsMax
        ? .count(doable.count - AgentAdvice.rowsMax) : .none,
      "waiting": .text(waiting),
      "cuts": .list(cuts.map { CutSetPart.row($0.row, place: $0.place, site: site) }),
      "hasCuts": .flag(!cuts.isEmpty), "cutRows": .count(site.review.cutSet?.rows.count ?? 0),
      "possible": .count(site.review.cutSet?.chains ?? 0),
      "gates": .list(
        site.review.gates.map { plan in gates.map { GatesPart.row($0, of: plan, site: site) } }
          ?? []),
      "hasGates": .flag(!gates.isEmpty), "proposal": proposal, "replay": .text(replay),
    ])
  }

  private var sentence: String {
    guard isHeldKnown else {
      return "No source lists what it holds, so nothing can be advised on it."
    }
    guard !rows.isEmpty else {
      return "On this evidence nothing that it holds is to be revoked or narrowed."
    }
    let verbs: [(CleanupRow.Advice, String, String)] = [
      (.revoke, "revoke ", ""), (.narrow, "narrow ", ""), (.justInTime, "make ", " just-in-time"),
      (.needsOwner, "ask an owner about ", ""),
    ]
    let parts = verbs.compactMap { advice, verb, rest -> String? in
      let actions = rows.reduce(0) { $0 + ($1.advice == advice ? $1.actions : 0) }
      return actions == 0
        ? nil : verb + NumberText.count(actions, "privilege", "privileges") + rest
    }
    guard !parts.isEmpty else { return "Nothing can be taken away on this evidence." }
    return "What the evidence allows: " + parts.joined(separator: ", ")
      + (isToldAbove ? "; section 3 has each with its advice." : ".")
  }

  /// Rows that nothing can be done about before more is known.
  private var waiting: String? {
    let thin = rows.filter { $0.advice == .keepEvidenceThin }
    guard !thin.isEmpty else { return nil }
    let actions = thin.reduce(0) { $0 + $1.actions }
    return "Of \(NumberText.count(actions, "privilege", "privileges")) the evidence is too thin "
      + "to advise anything: section 3 says which, the last section what is lacking."
  }

  /// What takes the place of its grants; nothing where no source lists them.
  private var proposal: ViewValue {
    guard let proposal = site.index.proposal(of: agent) else { return .none }
    let names = site.policyFiles(of: proposal)
    return .object([
      "kept": .count(proposal.kept), "removed": .count(proposal.removed),
      "notes": .texts(proposal.notes), "hasNotes": .flag(!proposal.notes.isEmpty),
      "texts": .list(
        zip(proposal.texts, names).map { text, name in
          .object([
            "path": .text("policies/\(name)"),
            "text": text.text.utf8.count <= AgentAdvice.textBytesMax ? .exact(text.text) : .none,
          ])
        }),
      "hasTexts": .flag(!proposal.texts.isEmpty),
    ])
  }

  /// What the window says when it is run through once more; nil where that was not asked for.
  private var replay: String? {
    guard let replay = site.review.replay, site.index.proposal(of: agent) != nil,
      rows.contains(where: \.advice.isDoable)
    else { return nil }
    let denied = replay.denied.filter { $0.agent == agent }
    let waits = replay.gates.map { $0.waits.filter { $0.agent == agent } } ?? []
    var text =
      denied.isEmpty
      ? "With this carried out, nothing that it was seen to do would have been denied"
      : "With this carried out, it would have been denied "
        + NumberText.few(
          denied.map { "\($0.action) (\(NumberText.count($0.uses, "use", "uses")))" }, max: 5)
    if !waits.isEmpty {
      let tasks = Set(waits.map(\.task)).count
      let innocent = Set(waits.filter(\.isInnocent).map(\.task)).count
      text +=
        "; at the gates \(NumberText.count(tasks, "task", "tasks")) would have waited, "
        + "\(innocent == 0 ? "none" : NumberText.grouped(innocent)) of them innocent"
    }
    return text + "."
  }
}
