internal import Model

/// The privilege index of one agent, with what is needed to ask what it would be without a part.
struct IndexedPrivileges {
  let privileges: AgentPrivileges
  let load: PrivilegeLoad
  let openPaths: [OpenPath]
  let index: PrivilegeIndex
  /// The index with its floor, whatever its status; 0 where no source lists privileges.
  let value: Int
  let used: Int
  let unused: Int
  let unseen: Int
  /// Sum of hazard times held reach.
  let heldHazard: Double
}

/// The least value of an index, and why.
private struct Floor {
  let value: Int
  let reason: String
}

/// Makes privilege indexes.
struct PrivilegeIndexing {
  let scoring: Scoring
  let escalations: Escalations

  /// The index of an agent with all its terms.
  func index(_ privileges: AgentPrivileges, catalogue: ActionCatalogue) -> IndexedPrivileges {
    var load = PrivilegeLoad(classCount: scoring.hazards.count)
    var heldHazard = 0.0
    var used = 0
    var unused = 0
    var unseen = 0
    for number in privileges.blocks.indices {
      for action in privileges.blocks[number].actions {
        let isUsed = privileges.uses[action] != nil
        load.add(
          1, in: catalogue.classes[action],
          unusedReach: privileges.unusedReach(of: action, block: number), used: isUsed)
        heldHazard += catalogue.hazard(of: action) * privileges.reaches[number]
        if isUsed {
          used += 1
        } else if privileges.isVisible(action, catalogue) {
          unused += 1
        } else {
          unseen += 1
        }
      }
    }
    let paths = escalations.open(to: privileges, reach: scoring.reach) { _, _ in false }
    let floor = floor(
      isAdministrator: privileges.isAdministrator, hasUse: used > 0, paths: paths)
    let value = max(load.index(scoring), floor?.value ?? 0)
    return IndexedPrivileges(
      privileges: privileges, load: load, openPaths: paths,
      index: PrivilegeIndex(
        score: score(privileges, value: value, load: load, unseen: unseen),
        terms: load.terms(scoring), floor: floor?.value, floorReason: floor?.reason),
      value: value, used: used, unused: unused, unseen: unseen, heldHazard: heldHazard)
  }

  /// The index without the unused reach of a row.
  func value(
    _ indexed: IndexedPrivileges, without unit: PrivilegeUnit, catalogue: ActionCatalogue
  ) -> Int {
    var load = indexed.load
    // Narrowing a used action leaves it held: only what was never used can close a path.
    var gone: Set<Int> = []
    for part in unit.parts {
      for action in part.actions {
        load.remove(
          1, in: catalogue.classes[action],
          unusedReach: indexed.privileges.unusedReach(of: action, block: part.block))
        if indexed.privileges.uses[action] == nil { gone.insert(action) }
      }
    }
    let paths =
      gone.isEmpty
      ? indexed.openPaths
      : indexed.openPaths.filter { path in !path.actions.contains { gone.contains($0) } }
    let floor = floor(
      isAdministrator: indexed.privileges.isAdministrator && gone.isEmpty,
      hasUse: indexed.used > 0, paths: paths)
    return max(load.index(scoring), floor?.value ?? 0)
  }

  private func floor(isAdministrator: Bool, hasUse: Bool, paths: [OpenPath]) -> Floor? {
    if isAdministrator, !hasUse {
      return Floor(
        value: scoring.floors.administratorUnused,
        reason: "holds every action on every resource, and no use of any was seen")
    }
    if let path = paths.first(where: { $0.unused == $0.actions.count }) {
      return Floor(
        value: scoring.floors.escalationUnused,
        reason: "an escalation path to administrator, no step of which was seen used: "
          + path.path.id)
    }
    if let path = paths.first(where: { $0.unused > 0 }) {
      return Floor(
        value: scoring.floors.escalationPartlyUnused,
        reason: "an escalation path to administrator, some steps of which were not seen used: "
          + path.path.id)
    }
    return nil
  }

  /// Grants alone prove what is held; only "unused" needs the log. Where nothing is unused there is
  /// nothing that more log could change; where something is, thin evidence never shows as 0.
  private func score(
    _ privileges: AgentPrivileges, value: Int, load: PrivilegeLoad, unseen: Int
  ) -> Score {
    guard privileges.isListed else {
      return .notAssessed(reason: "no source lists its privileges")
    }
    let isThin = !privileges.evidence.isEnough && load.hazard(scoring) > 0
    guard unseen > 0 || isThin else { return .assessed(value) }
    let shown = max(1, value)
    if let shortfall = privileges.evidence.shortfall {
      return .atLeast(
        shown, reason: "not fully assessed: \(shortfall); until then it counts as unused")
    }
    let logs = listed(privileges.blindSpots.map(\.switchOn), max: 4)
    let what = counted(unseen, "privilege")
    return .atLeast(
      shown,
      reason: "not fully assessed: use of \(what) cannot be seen without \(logs); until then "
        + "it counts as unused")
  }
}
