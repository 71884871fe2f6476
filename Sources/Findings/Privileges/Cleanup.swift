internal import Model

/// Makes the clean-up list: what could be taken away from an agent, and what that is worth.
struct CleanupMaker {
  let rows: PrivilegeRows
  let indexing: PrivilegeIndexing
  let scoring: Scoring
  /// Whether the review knows owners at all: only then does the lack of one mean something.
  let ownersAreRecorded: Bool

  private var catalogue: ActionCatalogue { rows.catalogue }

  /// What a row comes to, before any words are made of it.
  private enum Verdict {
    case serviceLinked, unseen, needsOwner, revoke
    /// Used, by how the uses stand to what is granted.
    case regular, justInTime, narrowerOnThinEvidence, onManyResources, narrower

    var advice: CleanupRow.Advice {
      switch self {
      case .serviceLinked, .regular, .onManyResources: return .keep
      case .unseen, .narrowerOnThinEvidence: return .keepEvidenceThin
      case .needsOwner: return .needsOwner
      case .revoke: return .revoke
      case .justInTime: return .justInTime
      case .narrower: return .narrow
      }
    }
  }

  /// An agent with what bears on every row of it.
  private struct Holder {
    let agent: Agent
    let privileges: AgentPrivileges
    let isServiceLinked: Bool

    init(_ agent: Agent, _ privileges: AgentPrivileges) {
      self.agent = agent
      self.privileges = privileges
      isServiceLinked = agent.isServiceLinked
    }
  }

  /// The rows of an agent, in no particular order.
  func rows(for agent: Agent, _ indexed: IndexedPrivileges) -> [CleanupRow] {
    let holder = Holder(agent, indexed.privileges)
    return rows.removable(indexed.privileges).compactMap { unit in
      verdict(holder, unit).map { row(agent, indexed, unit, $0) }
    }
  }

  /// What an agent holds, each row with the advice on it.
  func held(by agent: Agent, _ indexed: IndexedPrivileges) -> HeldPrivileges {
    let privileges = indexed.privileges
    let holder = Holder(agent, privileges)
    let units = rows.held(privileges)
    var texts = GroupTexts(services: rows.services)
    var grouped: [GroupedRow] = []
    grouped.reserveCapacity(units.count)
    for unit in units {
      let service =
        unit.count == 1
        ? rows.services.number(of: unit.leading) : texts.number(of: rows.text(unit))
      grouped.append(
        GroupedRow(
          via: privileges.originNumbers[unit.block],
          service: service,
          position: privileges.position(of: unit.block) ?? SourcePosition(file: 0, line: 0),
          actions: unit.count, level: catalogue.meanings[unit.leading].level, usage: unit.usage,
          advice: verdict(holder, unit)?.advice,
          isConditional: privileges.blocks[unit.block].condition != nil,
          uses: privileges.uses[unit.leading]?.count ?? 0,
          weight: rows.weight(of: unit, privileges)))
    }
    texts.via = { number in
      privileges.originNumbers.firstIndex(of: number).flatMap { privileges.origin(of: $0) }?.text
        ?? ""
    }
    texts.action = { rows.text(units[$0]) }
    return HeldPrivileges(
      groups: PrivilegeGroup.all(of: grouped, most: rows.removableMax, texts), count: units.count
    ) { most in self.privileges(of: agent, indexed, most: most) }
  }

  private func privileges(
    of agent: Agent, _ indexed: IndexedPrivileges, most: Int?
  ) -> [HeldPrivilege] {
    let holder = Holder(agent, indexed.privileges)
    let units = rows.ordered(indexed.privileges)
    return units.prefix(most ?? units.count).map { unit in
      rows.row(indexed.privileges, unit, advice: verdict(holder, unit)?.advice)
    }
  }

  private func row(
    _ agent: Agent, _ indexed: IndexedPrivileges, _ unit: PrivilegeUnit, _ verdict: Verdict
  ) -> CleanupRow {
    let privileges = indexed.privileges
    let without = indexing.value(indexed, without: unit, catalogue: catalogue)
    let use = privileges.uses[unit.leading]
    var hazard = 0.0
    for part in unit.parts {
      for action in part.actions {
        hazard +=
          catalogue.hazard(of: action) * privileges.unusedReach(of: action, block: part.block)
      }
    }
    let patterns = rows.patterns(of: unit)
    return CleanupRow(
      agent: agent.id, owner: agent.owner, action: rows.text(unit), actions: unit.count,
      patterns: patterns, besides: rows.used(under: patterns, privileges),
      resources: resources(of: unit, privileges),
      level: catalogue.meanings[unit.leading].level,
      capabilities: rows.capabilities(of: unit), advice: verdict.advice,
      narrowTo: verdict == .narrower || verdict == .justInTime ? rows.observed(use) : [],
      riskRemoved: indexed.value - without, hazardRemoved: hazard,
      lastUse: use?.last, uses: use?.count ?? 0, daysWithLogs: privileges.evidence.daysWithLogs,
      daysInWindow: privileges.evidence.daysInWindow,
      neededOnFewerThan: use == nil && unit.usage == .unused
        ? privileges.evidence.neededOnFewerThan : nil,
      origin: privileges.origin(of: unit.block) ?? Origin(policy: "", statement: nil),
      origins: origins(of: unit, privileges), because: because(verdict, privileges, unit))
  }

  /// The patterns of all of its blocks, sorted.
  private func resources(of unit: PrivilegeUnit, _ privileges: AgentPrivileges) -> [String] {
    guard unit.parts.count > 1 else { return privileges.blocks[unit.block].scope.patterns }
    var patterns: Set<String> = []
    for part in unit.parts { patterns.formUnion(privileges.blocks[part.block].scope.patterns) }
    return patterns.sorted()
  }

  /// How many statements its actions come from, as far as they are the first to grant them.
  private func origins(of unit: PrivilegeUnit, _ privileges: AgentPrivileges) -> Int {
    guard unit.parts.count > 1 else { return 1 }
    return Set(unit.parts.map { privileges.originNumbers[$0.block] }).count
  }

  /// Nil where there is nothing to decide: used as granted, and not rarely.
  private func verdict(_ holder: Holder, _ unit: PrivilegeUnit) -> Verdict? {
    if holder.isServiceLinked { return unit.usage == .used ? nil : .serviceLinked }
    switch unit.usage {
    case .cannotBeSeen: return .unseen
    case .unused: return ownersAreRecorded && holder.agent.owner == nil ? .needsOwner : .revoke
    case .used, .usedNarrower: return used(holder.privileges, unit)
    }
  }

  private func used(_ privileges: AgentPrivileges, _ unit: PrivilegeUnit) -> Verdict? {
    guard let use = privileges.uses[unit.leading] else { return nil }
    let evidence = privileges.evidence
    let isRare =
      evidence.isEnough && !use.days.isEmpty && use.days.count <= scoring.advice.rareDaysMax
    if isRegular(use) { return .regular }
    if isRare, catalogue.hazard(of: unit.leading) >= scoring.advice.justInTimeHazardMin {
      return .justInTime
    }
    guard unit.usage == .usedNarrower else { return nil }
    guard evidence.isEnough else { return .narrowerOnThinEvidence }
    return use.resources.count < HeldPrivilege.observedResourcesMax ? .narrower : .onManyResources
  }

  private func because(
    _ verdict: Verdict, _ privileges: AgentPrivileges, _ unit: PrivilegeUnit
  ) -> String {
    let evidence = privileges.evidence
    switch verdict {
    case .serviceLinked:
      return "a service-linked role: the platform alone can change its policy; where its "
        + "service is not in use, delete the role as a whole"
    case .unseen:
      let spot = privileges.blindSpots.first { $0.covers(unit.leading, catalogue) }
      return spot.map { "use cannot be seen: switch on \($0.switchOn)" }
        ?? evidence.shortfall ?? "use cannot be seen"
    case .revoke: return unused(evidence)
    case .needsOwner: return "\(unused(evidence)); nobody owns this agent to confirm it"
    case .regular: return "\(uses(privileges, unit)): used rarely, but at regular times"
    case .justInTime:
      return "\(uses(privileges, unit)) of \(evidence.daysInWindow): too hazardous to stand by"
    case .narrowerOnThinEvidence: return evidence.shortfall ?? "too few days"
    case .onManyResources:
      return
        "\(uses(privileges, unit)), on \(HeldPrivilege.observedResourcesMax) or more resources"
    case .narrower:
      let observed = privileges.uses[unit.leading]?.resources.count ?? 0
      return "\(uses(privileges, unit)), on \(counted(observed, "resource")) only"
    }
  }

  private func unused(_ evidence: UsageEvidence) -> String {
    var because = "no use on \(counted(evidence.daysWithLogs, "day")) with logs"
    if let share = evidence.neededOnFewerThan {
      because += "; needed on fewer than \(decimalText(share * 100, digits: 1))% of days (95%)"
    }
    return because
  }

  private func uses(_ privileges: AgentPrivileges, _ unit: PrivilegeUnit) -> String {
    let use = privileges.uses[unit.leading]
    return "\(counted(use?.count ?? 0, "use")) on \(counted(use?.days.count ?? 0, "day"))"
  }

  /// Month end, quarter end: three days or more, each about as far from the last.
  private func isRegular(_ use: ActionUse) -> Bool {
    guard use.days.count >= 3, use.days.count < ActionUse.daysMax else { return false }
    let gaps = zip(use.days.dropFirst(), use.days).map { $0 - $1 }
    guard let least = gaps.min(), let most = gaps.max() else { return false }
    return least >= Int64(scoring.advice.regularDaysApartMin) && most - least <= max(4, least / 5)
  }
}
