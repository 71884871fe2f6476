internal import Model
internal import Policies

/// Makes the findings of the built-in rules.
///
/// What a reviewer decides agent by agent is one finding an agent; what is fixed once for many (a
/// log to switch on, a vocabulary file) is one finding for all of them.
struct BuiltInFindings {
  let agents: [Agent]
  let indexed: [IndexedPrivileges]
  let rows: PrivilegeRows
  let usage: UsageTable
  let evaluation: Evaluation
  let scoring: Scoring
  let eventCount: Int
  let credentials: CredentialTable

  /// The most actions that a finding lists one by one.
  private static let listedMax = 25

  private var catalogue: ActionCatalogue { rows.catalogue }

  /// The findings, in no particular order.
  func findings() -> [Finding] {
    var findings: [Finding] = []
    let hasInventory = agents.contains(where: \.isInInventory)
    for (agent, indexed) in zip(agents, indexed) {
      findings += [
        overPrivileged(agent, indexed), escalationPath(agent, indexed), noOwner(agent, indexed),
        dormant(agent, indexed), hasInventory ? orphaned(agent, indexed) : nil,
        expired(agent, indexed), longLivedCredential(agent), unusedCredential(agent),
        sharedIdentity(agent), humanUse(agent),
      ].compactMap { $0 }
    }
    findings += evidenceTooThin()
    if let finding = unclassifiedActions() { findings.append(finding) }
    if let finding = policyBlind() { findings.append(finding) }
    return findings
  }

  /// `identity` tells findings of one rule apart that name no single agent.
  func finding(
    _ rule: BuiltInRule, severity: Severity, agents: [String], privileges: [StepPrivilege] = [],
    identity: [String], because: String, assumptions: [String] = []
  ) -> Finding {
    Finding(
      id: "\(rule.rawValue)-\(digest([rule.rawValue] + identity, hexDigits: 12))",
      kind: rule.kind, status: .open, policy: rule.rawValue, title: rule.title,
      severity: severity, risk: scoring.composition.weight(severity), agents: agents,
      privileges: privileges, linkStrength: nil, occurrences: [], themes: rule.themes,
      because: because, remedy: rule.remedy, falsePositives: [], assumptions: assumptions)
  }

  private func overPrivileged(_ agent: Agent, _ indexed: IndexedPrivileges) -> Finding? {
    guard let value = indexed.index.score.value else { return nil }
    let band = scoring.band(of: value)
    guard band >= .high else { return nil }
    let held = indexed.privileges.held
    var because = "privilege index \(indexed.index.score.reason == nil ? "" : "at least ")\(value)"
    if let reason = indexed.index.floorReason, indexed.index.floor == value {
      because += " (\(reason))"
    }
    because += ": \(grouped(held)) held"
    if indexed.unseen < held { because += ", \(grouped(indexed.used)) used" }
    if indexed.unused > 0 { because += ", \(grouped(indexed.unused)) unused" }
    if indexed.unseen > 0 { because += ", \(grouped(indexed.unseen)) whose use cannot be seen" }
    let terms = indexed.index.terms.filter { $0.exposure > 0 }.sorted { left, right in
      left.factor != right.factor
        ? left.factor < right.factor : left.hazardClass < right.hazardClass
    }
    let heaviest = terms.prefix(3).map { term in
      let unused = term.held - term.used
      return
        "\(term.hazardClass) (\(unused > 0 ? "\(grouped(unused)) not seen used" : "used less widely"))"
    }
    if !heaviest.isEmpty { because += "; heaviest: \(heaviest.joined(separator: ", "))" }
    return finding(
      .overPrivileged, severity: band, agents: [agent.id], identity: [agent.id], because: because,
      assumptions: [indexed.index.score.reason].compactMap { $0 })
  }

  /// Administrators get none: their every privilege is such a path, and the index says so.
  private func escalationPath(_ agent: Agent, _ indexed: IndexedPrivileges) -> Finding? {
    guard !indexed.openPaths.isEmpty, !indexed.privileges.isAdministrator else { return nil }
    let paths = indexed.openPaths
    let unused = paths.count { $0.unused > 0 }
    var privileges: [StepPrivilege] = []
    for path in paths {
      for action in path.actions {
        let block = indexed.privileges.block(of: action)
        let via = block.flatMap { indexed.privileges.origin(of: $0)?.text }
        privileges.append(
          StepPrivilege(
            step: path.path.id, agent: agent.id, action: catalogue.names[action], via: via))
      }
    }
    let reasons = paths.map { "\($0.path.id): \($0.path.because)" }
    let because =
      "\(counted(paths.count, "path")), \(unused) of them with steps not seen used; "
      + listed(reasons, max: 3)
    return finding(
      .escalationPath, severity: unused > 0 ? .high : .moderate, agents: [agent.id],
      privileges: privileges, identity: [agent.id], because: because,
      assumptions: [
        "a target exists for each path: a role that can be passed or assumed, a "
          + "running instance, a function"
      ])
  }

  private func noOwner(_ agent: Agent, _ indexed: IndexedPrivileges) -> Finding? {
    guard agent.isInInventory, agent.owner == nil, agent.kind != .user,
      !agent.isServiceLinked
    else { return nil }
    let events = indexed.privileges.evidence.events
    let held = indexed.privileges.held
    guard held > 0 || events > 0 else { return nil }
    let band = indexed.index.score.value.map { scoring.band(of: $0) } ?? .low
    return finding(
      .noOwner, severity: band >= .high ? .high : .moderate, agents: [agent.id],
      identity: [agent.id],
      because: "the inventory names no owner; \(counted(held, "privilege")) held, "
        + "\(counted(events, "event")) in the window")
  }

  private func dormant(_ agent: Agent, _ indexed: IndexedPrivileges) -> Finding? {
    let evidence = indexed.privileges.evidence
    guard agent.isInInventory, indexed.privileges.held > 0, evidence.events == 0,
      evidence.isEnough, !agent.isServiceLinked
    else { return nil }
    let band = scoring.band(of: indexed.value)
    return finding(
      .dormant, severity: band >= .high ? .high : .moderate, agents: [agent.id],
      identity: [agent.id],
      because: "no event on \(counted(evidence.daysWithLogs, "day")) with logs of "
        + "\(evidence.daysInWindow) in the window; "
        + "\(counted(indexed.privileges.held, "privilege")) held")
  }

  private func orphaned(_ agent: Agent, _ indexed: IndexedPrivileges) -> Finding? {
    let evidence = indexed.privileges.evidence
    // A service of the platform acts in everybody's logs; no organisation has it in an inventory.
    guard !agent.isInInventory, !agent.isPlatformService, evidence.events > 0 else { return nil }
    return finding(
      .orphaned, severity: .moderate, agents: [agent.id], identity: [agent.id],
      because: "\(counted(evidence.events, "event")) in the window, in no inventory; seen in "
        + listed(evidence.sources, max: 5))
  }

  private func expired(_ agent: Agent, _ indexed: IndexedPrivileges) -> Finding? {
    guard let expires = agent.expires, let end = usage.to, expires < end else { return nil }
    let held = indexed.privileges.held
    if let last = indexed.privileges.evidence.lastEvent, expires < last {
      return finding(
        .expired, severity: .high, agents: [agent.id], identity: [agent.id],
        because: "its end was \(expires.rfc3339), its last event is of \(last.rfc3339)")
    }
    guard held > 0 else { return nil }
    return finding(
      .expired, severity: .moderate, agents: [agent.id], identity: [agent.id],
      because: "its end was \(expires.rfc3339), and it still holds "
        + counted(held, "privilege"))
  }

  /// One finding for each thing to mend: a shortfall of days, and all logs to switch on.
  private func evidenceTooThin() -> [Finding] {
    var byShortfall: [String: [String]] = [:]
    var blind: [String] = []
    var switchOn: Set<String> = []
    for (agent, indexed) in zip(agents, indexed) where indexed.unseen > 0 {
      let privileges = indexed.privileges
      if let shortfall = privileges.evidence.shortfall {
        byShortfall[shortfall, default: []].append(agent.id)
      } else {
        blind.append(agent.id)
        switchOn.formUnion(
          privileges.blindSpots.filter { bears($0, on: privileges) }.map(\.switchOn))
      }
    }
    var findings = byShortfall.keys.sorted().map { shortfall in
      thin(shortfall, identity: shortfall, agents: byShortfall[shortfall] ?? [])
    }
    if !blind.isEmpty {
      let logs = listed(switchOn.sorted(), max: 10)
      findings.append(
        thin("no event shows that these are on: \(logs)", identity: "switch on", agents: blind))
    }
    return findings
  }

  private func thin(_ reason: String, identity: String, agents: [String]) -> Finding {
    finding(
      .evidenceTooThin, severity: .low, agents: agents, identity: [identity],
      because: "\(reason); privileges of \(counted(agents.count, "agent")) cannot be called unused")
  }

  private func bears(_ spot: EvidenceMaker.BlindSpot, on privileges: AgentPrivileges) -> Bool {
    privileges.blocks.contains { block in
      block.actions.contains { action in
        privileges.uses[action] == nil && spot.covers(action, catalogue)
      }
    }
  }

  private func unclassifiedActions() -> Finding? {
    var involved: [String] = []
    var privileges: [StepPrivilege] = []
    var actions: Set<String> = []
    for (agent, indexed) in zip(agents, indexed) {
      let own = indexed.privileges.blocks.flatMap(\.actions).filter {
        $0 >= catalogue.catalogueCount && catalogue.meanings[$0].level == .unknown
          && catalogue.meanings[$0].capabilities.isEmpty
      }
      if own.isEmpty { continue }
      involved.append(agent.id)
      for action in own {
        actions.insert(catalogue.names[action])
        if privileges.count == BuiltInFindings.listedMax { continue }
        let via = indexed.privileges.block(of: action).flatMap {
          indexed.privileges.origin(of: $0)?.text
        }
        privileges.append(
          StepPrivilege(
            step: "unclassified", agent: agent.id, action: catalogue.names[action], via: via))
      }
    }
    guard !actions.isEmpty else { return nil }
    return finding(
      .unclassifiedActions, severity: .low, agents: involved, privileges: privileges,
      identity: [],
      because: "\(counted(actions.count, "action")) without a meaning, weighed as Write: "
        + listed(actions.sorted(), max: 5))
  }

  private func policyBlind() -> Finding? {
    guard eventCount > 0 else { return nil }
    let blind = evaluation.health.filter { ($0.matchedPerStep.first ?? 0) == 0 }.map(\.policy)
    guard !blind.isEmpty else { return nil }
    return finding(
      .policyBlind, severity: .low, agents: [], identity: [],
      because: "\(blind.count) of \(counted(evaluation.health.count, "policy")) met no event at "
        + "their first step: \(listed(blind.sorted(), max: 20))")
  }
}
