internal import Findings
internal import Model

/// What the window says to the advice when it is run through once more.
struct ReplayPart {
  private let page: IndexPage
  private let replay: Replay

  /// The part of a page; nil where no replay was asked for.
  init?(_ page: IndexPage) {
    guard let replay = page.review.replay else { return nil }
    self.page = page
    self.replay = replay
  }

  /// Rows that the page shows.
  private static let rowsMax = 20

  /// All values.
  var values: ViewValue {
    let denied = replay.denied + (replay.cutSet?.denied ?? [])
    return .object([
      "isClean": .flag(replay.isClean), "say": .text(sentence),
      "rows": .list(denied.prefix(ReplayPart.rowsMax).map(row)),
      "more": denied.count > ReplayPart.rowsMax
        ? .count(denied.count - ReplayPart.rowsMax) : .none,
      "gates": .text(replay.gates.map(sentence)),
      "cutSet": .text(
        replay.cutSet.map { cutSet in
          "The cut set alone would have denied "
            + "\(NumberText.count(uses(cutSet.denied), "observed use", "observed uses")) and ends "
            + "\(NumberText.count(cutSet.ended, "possible chain", "possible chains"))."
        }),
      "ended": replay.cutSet.map { .count($0.ended) } ?? .none,
    ])
  }

  private func uses(_ denied: [DeniedUse]) -> Int { denied.reduce(0) { $0 + $1.uses } }

  private var sentence: String {
    let all = NumberText.count(replay.uses, "observed use", "observed uses")
    let agents = NumberText.count(replay.agents, "agent", "agents")
    let chains =
      "\(NumberText.grouped(replay.chains - replay.chainsLeft)) of "
      + "\(NumberText.count(replay.chains, "possible chain", "possible chains")) would end."
    guard !replay.denied.isEmpty else {
      return
        "With the proposed privileges of \(agents) in place, all \(all) would have been allowed "
        + "again, and \(chains)"
    }
    return "The proposed privileges of \(agents) would have denied "
      + "\(NumberText.grouped(uses(replay.denied))) of \(all): the rows below say whose. \(chains)"
  }

  private func sentence(_ gates: GateReplay) -> String {
    "At the gates \(NumberText.grouped(gates.stopped)) of the "
      + "\(NumberText.count(gates.chains, "chain", "chains")) that happened would have waited, and "
      + "\(NumberText.count(gates.innocentTasks, "innocent task", "innocent tasks")); "
      + "replay.csv names them."
  }

  private func row(_ use: DeniedUse) -> ViewValue {
    .object([
      "action": .text(use.action), "agent": page.site.link(agent: use.agent),
      "owner": .text(use.owner), "uses": .count(use.uses),
      "scope": .text(use.resources.isEmpty ? "altogether" : CleanupPart.scope(use.resources)),
      "tasks": .text(use.tasks.isEmpty ? "not known" : NumberText.few(use.tasks, max: 3)),
    ])
  }
}
