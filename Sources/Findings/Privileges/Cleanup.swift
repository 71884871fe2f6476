internal import Model

/// Makes the clean-up list: what could be taken away from an agent, and what that is worth.
struct CleanupMaker {
  let rows: PrivilegeRows
  let indexing: PrivilegeIndexing
  let scoring: Scoring
  /// Whether the review knows owners at all: only then does the lack of one mean something.
  let ownersAreRecorded: Bool

  private var catalogue: ActionCatalogue { rows.catalogue }

  /// What is advised for one row, and why.
  private struct Decision {
    let advice: CleanupRow.Advice
    let narrowTo: [String]
    let because: String
  }

  /// The rows of an agent, in no particular order.
  func rows(for agent: Agent, _ indexed: IndexedPrivileges) -> [CleanupRow] {
    rows.units(indexed.privileges, grain: .removable).compactMap { unit in
      guard let decision = decision(agent, indexed.privileges, unit) else { return nil }
      return row(agent, indexed, unit, decision)
    }
  }

  private func row(
    _ agent: Agent, _ indexed: IndexedPrivileges, _ unit: PrivilegeUnit, _ decision: Decision
  ) -> CleanupRow {
    let privileges = indexed.privileges
    let without = indexing.value(
      indexed, without: unit.actions, of: unit.block, catalogue: catalogue)
    let use = privileges.uses[unit.leading]
    let hazard = unit.actions.reduce(0) { sum, action in
      sum + catalogue.hazard(of: action) * privileges.unusedReach(of: action, block: unit.block)
    }
    let patterns = rows.patterns(of: unit)
    return CleanupRow(
      agent: agent.id, owner: agent.owner, action: unit.text, actions: unit.actions.count,
      patterns: patterns, besides: rows.used(under: patterns, privileges),
      resources: privileges.blocks[unit.block].scope.patterns,
      level: catalogue.meanings[unit.leading].level,
      capabilities: rows.capabilities(of: unit.actions), advice: decision.advice,
      narrowTo: decision.narrowTo, riskRemoved: indexed.value - without, hazardRemoved: hazard,
      lastUse: use?.last, uses: use?.count ?? 0, daysWithLogs: privileges.evidence.daysWithLogs,
      daysInWindow: privileges.evidence.daysInWindow,
      neededOnFewerThan: use == nil && unit.usage == .unused
        ? privileges.evidence.neededOnFewerThan : nil,
      origin: privileges.origin(of: unit.block)?.origin ?? Origin(policy: "", statement: nil),
      because: decision.because)
  }

  /// Nil where there is nothing to decide: used as granted, and not rarely.
  private func decision(
    _ agent: Agent, _ privileges: AgentPrivileges, _ unit: PrivilegeUnit
  ) -> Decision? {
    if agent.isServiceLinked {
      guard unit.usage != .used else { return nil }
      return Decision(
        advice: .keep, narrowTo: [],
        because: "a service-linked role: the platform alone can change its policy; where its "
          + "service is not in use, delete the role as a whole")
    }
    switch unit.usage {
    case .cannotBeSeen: return unseen(privileges, unit)
    case .unused: return unused(agent, privileges)
    case .used, .usedNarrower: return used(privileges, unit)
    }
  }

  private func unseen(_ privileges: AgentPrivileges, _ unit: PrivilegeUnit) -> Decision {
    let folded = catalogue.folded[unit.leading]
    let spot = privileges.blindSpots.first { $0.covers(folded) }
    let reason = spot.map { "use cannot be seen: switch on \($0.switchOn)" }
    return Decision(
      advice: .keepEvidenceThin, narrowTo: [],
      because: reason ?? privileges.evidence.shortfall ?? "use cannot be seen")
  }

  private func unused(_ agent: Agent, _ privileges: AgentPrivileges) -> Decision {
    let days = privileges.evidence.daysWithLogs
    var because = "no use on \(counted(days, "day")) with logs"
    if let share = privileges.evidence.neededOnFewerThan {
      because += "; needed on fewer than \(decimalText(share * 100, digits: 1))% of days (95%)"
    }
    if ownersAreRecorded, agent.owner == nil {
      return Decision(
        advice: .needsOwner, narrowTo: [],
        because: "\(because); nobody owns this agent to confirm it")
    }
    return Decision(advice: .revoke, narrowTo: [], because: because)
  }

  private func used(_ privileges: AgentPrivileges, _ unit: PrivilegeUnit) -> Decision? {
    guard let use = privileges.uses[unit.leading] else { return nil }
    let evidence = privileges.evidence
    let uses = "\(counted(use.count, "use")) on \(counted(use.days.count, "day"))"
    let isRare =
      evidence.isEnough && !use.days.isEmpty && use.days.count <= scoring.advice.rareDaysMax
    if isRegular(use) {
      return Decision(
        advice: .keep, narrowTo: [], because: "\(uses): used rarely, but at regular times")
    }
    if isRare, catalogue.hazard(of: unit.leading) >= scoring.advice.justInTimeHazardMin {
      return Decision(
        advice: .justInTime, narrowTo: rows.observed(use),
        because: "\(uses) of \(evidence.daysInWindow): too hazardous to stand by")
    }
    guard unit.usage == .usedNarrower else { return nil }
    guard evidence.isEnough else {
      return Decision(
        advice: .keepEvidenceThin, narrowTo: [], because: evidence.shortfall ?? "too few days")
    }
    guard use.resources.count < HeldPrivilege.observedResourcesMax else {
      return Decision(
        advice: .keep, narrowTo: [],
        because: "\(uses), on \(HeldPrivilege.observedResourcesMax) or more resources")
    }
    let observed = rows.observed(use)
    return Decision(
      advice: .narrow, narrowTo: observed,
      because: "\(uses), on \(counted(observed.count, "resource")) only")
  }

  /// Month end, quarter end: three days or more, each about as far from the last.
  private func isRegular(_ use: ActionUse) -> Bool {
    guard use.days.count >= 3, use.days.count < ActionUse.daysMax else { return false }
    let gaps = zip(use.days.dropFirst(), use.days).map { $0 - $1 }
    guard let least = gaps.min(), let most = gaps.max() else { return false }
    return least >= Int64(scoring.advice.regularDaysApartMin) && most - least <= max(4, least / 5)
  }
}
