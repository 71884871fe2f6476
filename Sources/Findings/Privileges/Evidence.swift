internal import Model

/// What the logs can say about one agent's use of its privileges.
struct EvidenceMaker {
  let usage: UsageTable
  let scoring: Scoring
  /// Actions, without case, that the logs show only when something is switched on which is not:
  /// by source, the rules of which no event was ever seen.
  private let blind: [(source: Int, spot: BlindSpot)]

  init(
    usage: UsageTable, scoring: Scoring, symbols: Symbols, catalogue: ActionCatalogue
  ) {
    self.usage = usage
    self.scoring = scoring
    let actions = usage.actionsSeen().map {
      (name: symbols.text($0.key).lowercased(), sources: $0.value)
    }
    var catalogue = catalogue
    blind = scoring.visibility.compactMap { rule in
      guard let source = usage.sourceTypes.firstIndex(of: rule.log) else { return nil }
      let globs = rule.actions.map { Glob($0.lowercased()) }
      let isOn = actions.contains { action in
        action.sources & (1 << UInt64(source)) != 0 && globs.contains { $0.matches(action.name) }
      }
      guard !isOn else { return nil }
      var known = ActionSet(count: catalogue.catalogueCount)
      for pattern in rule.actions { known.formUnion(catalogue.expand(pattern)) }
      return (source, BlindSpot(switchOn: rule.switchOn, globs: globs, known: known))
    }
  }

  /// The evidence for an agent whose grants come from some source types.
  func evidence(
    agent: String, activity: AgentUse?, grantTypes: [String]
  ) -> UsageEvidence {
    let sources = logs(of: activity, grantTypes: grantTypes, realm: UsageTable.realm(of: agent))
    let realm = UsageTable.realm(of: agent)
    var days: Set<Int64> = []
    for source in sources {
      days.formUnion(usage.days[UsageTable.LogRealm(source: source, realm: realm)] ?? [])
    }
    var daysInWindow = 0
    if let from = usage.from, let to = usage.to, from <= to {
      daysInWindow = Int(to.dayNumber - from.dayNumber) + 1
    }
    let shortfall = shortfall(
      days: days.count, of: daysInWindow, hasLog: !sources.isEmpty, activity: activity,
      grantTypes: grantTypes)
    let seen = usage.sourceTypes.indices.filter {
      (activity?.activity.sources ?? 0) & (1 << UInt64($0)) != 0
    }
    return UsageEvidence(
      events: activity?.activity.events ?? 0, daysWithLogs: days.count, daysInWindow: daysInWindow,
      firstEvent: activity?.activity.first, lastEvent: activity?.activity.last,
      sources: seen.map { usage.sourceTypes[$0] }, coverage: EvidenceMaker.coverage(activity),
      neededOnFewerThan: days.isEmpty
        ? nil : min(1, scoring.evidence.ruleOfThree / Double(days.count)),
      isEnough: shortfall == nil, shortfall: shortfall)
  }

  /// The blind spots that bear on an agent.
  func blindRules(
    activity: AgentUse?, grantTypes: [String], realm: String
  ) -> [BlindSpot] {
    let logs = logs(of: activity, grantTypes: grantTypes, realm: realm)
    return blind.filter { logs.contains($0.source) }.map(\.spot)
  }

  /// Actions that the logs could not have shown.
  struct BlindSpot {
    let switchOn: String
    let globs: [Glob]
    /// Actions of the catalogue that lie in it.
    let known: ActionSet

    /// Whether an action lies in it.
    func covers(_ action: Int, _ catalogue: ActionCatalogue) -> Bool {
      if action < catalogue.catalogueCount { return known.contains(action) }
      let folded = catalogue.folded[action]
      return globs.contains { $0.matches(folded) }
    }
  }

  /// The sources that show the agent, or would: those of its events, and those of its grants' use
  /// as far as they reach its realm.
  private func logs(of activity: AgentUse?, grantTypes: [String], realm: String) -> [Int] {
    var expected: Set<String> = []
    for type in grantTypes { expected.formUnion(expectedLogs(of: type)) }
    return usage.sourceTypes.indices.filter { source in
      if (activity?.activity.sources ?? 0) & (1 << UInt64(source)) != 0 { return true }
      return expected.contains(usage.sourceTypes[source])
        && usage.days[UsageTable.LogRealm(source: source, realm: realm)] != nil
    }
  }

  private func expectedLogs(of type: String) -> [String] {
    let rules = scoring.logs.filter { $0.grants == type }
    return rules.isEmpty ? [type] : rules.flatMap(\.logs)
  }

  private func shortfall(
    days: Int, of window: Int, hasLog: Bool, activity: AgentUse?, grantTypes: [String]
  ) -> String? {
    guard hasLog else {
      let wanted = Set(grantTypes.flatMap { expectedLogs(of: $0) }).sorted()
      let hint = wanted.isEmpty ? "" : ": give a log of type \(wanted.joined(separator: " or "))"
      return "no log shows this agent\(hint)"
    }
    if days == 0 { return "its log has no clock: days of use cannot be counted" }
    if days < scoring.evidence.daysMin {
      return "\(counted(days, "day")) with logs; \(scoring.evidence.daysMin) are needed"
    }
    let needed = scoring.evidence.windowShareMin
    if Double(days) < needed * Double(window) {
      return "logs on \(days) of the window's \(counted(window, "day")); "
        + "\(percentage(needed))% are needed"
    }
    return nil
  }

  /// Good-Turing: one less the share of actions seen exactly once among all that was seen.
  private static func coverage(_ activity: AgentUse?) -> Double? {
    guard let activity else { return nil }
    var uses = 0
    var once = 0
    for (_, use) in activity.actions {
      uses += use.count
      if use.count == 1 { once += 1 }
    }
    return uses == 0 ? nil : 1 - Double(once) / Double(uses)
  }
}
