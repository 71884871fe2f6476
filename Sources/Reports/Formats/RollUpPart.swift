internal import Findings
internal import Model

/// Agents by owner, team, environment and platform, in section 3 of the index.
struct RollUpPart {
  private let page: IndexPage
  private let owners: OwnerPages

  /// Rows of owners have pages behind them, those of other groups have not.
  private static let ownersShown = 100
  private static let groupsShown = 25

  /// The part of a page.
  init(_ page: IndexPage) {
    self.page = page
    owners = OwnerPages(page.report)
  }

  /// All values; nothing where there is no agent.
  var values: ViewValue {
    guard !page.review.agents.isEmpty else { return .none }
    let all = RollUp.all(of: page.report)
    let silent = all.filter { !$0.isStated }.map(\.dimension.rawValue)
    return .object([
      "tables": .list(all.filter(\.isStated).map(table)),
      "silent": .text(
        silent.isEmpty
          ? nil : "No input says the \(RollUpPart.list(silent)) of any agent."),
    ])
  }

  private static func list(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }

  private func table(_ rollUp: RollUp) -> ViewValue {
    let word = rollUp.dimension.rawValue
    let isOwner = rollUp.dimension == .owner
    let most = isOwner ? RollUpPart.ownersShown : RollUpPart.groupsShown
    // What is not stated stays in the table, however many groups there are.
    var shown = Array(rollUp.groups.prefix(most))
    if let last = rollUp.groups.last, last.name == nil, shown.last?.name != nil {
      shown.append(last)
    }
    return .object([
      "caption": .text("By \(word)."),
      "head": .text(word.prefix(1).uppercased() + word.dropFirst()), "isOwner": .flag(isOwner),
      "rows": .list(shown.map { row($0, isOwner: isOwner) }),
      "agents": .count(rollUp.groups.reduce(0) { $0 + $1.agents.count }),
      "unused": .count(page.review.estate.unused), "held": .count(page.review.estate.held),
      "more": rollUp.groups.count > shown.count
        ? .count(rollUp.groups.count - shown.count) : .none,
    ])
  }

  private func row(_ group: RollUp.Group, isOwner: Bool) -> ViewValue {
    let bands: [(Severity?, Int)] = [
      (.critical, group.critical), (.high, group.high), (.moderate, group.moderate),
      (.low, group.low), (nil, group.notAssessed),
    ]
    let chains: [(Finding.Status, Int)] = [
      (.realised, group.realised), (.nearMiss, group.nearMiss), (.latent, group.latent),
    ]
    return .object([
      "name": .text(group.name ?? "not stated"), "isStated": .flag(group.name != nil),
      "href": isOwner ? .exact(owners.paths(of: group.name)?.page) : .none,
      "agents": .count(group.agents.count),
      "bands": .list(
        bands.filter { $0.1 > 0 }.map {
          .object(["band": HTMLSite.band($0.0), "count": .count($0.1)])
        }),
      "bar": .markup(
        PrivilegeBar.picture(used: group.used, unused: group.unused, unseen: group.unseen)),
      "held": .count(group.held), "unused": .count(group.unused),
      "isSeen": .flag(group.held > group.unseen),
      "chains": .list(
        chains.filter { $0.1 > 0 }.map {
          .object(["status": HTMLSite.status($0.0), "count": .count($0.1)])
        }),
      "others": .count(group.others), "revocable": .count(group.revocable),
    ])
  }
}
