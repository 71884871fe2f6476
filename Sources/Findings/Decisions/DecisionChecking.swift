internal import Model

/// Holds earlier decisions against what agents hold now and what they did.
struct DecisionChecking {
  let agents: [Agent]
  let privileges: [AgentPrivileges]
  /// Places of agents by id.
  let numbers: [String: Int]
  let catalogue: ActionCatalogue
  let findings: [Finding]
  let end: Timestamp?

  /// What the review sees of the subject of a decision.
  private enum Sight {
    /// It is as it was; what is done about it is not done.
    case there([String])
    /// It is not so any more.
    case gone([String])
    /// Nothing shows whether it is.
    case unknown(String)
  }

  /// What became of each decision, in the order given.
  func standings(_ decisions: [TakenDecision]) -> [DecisionStanding] {
    // Accounts of which some source lists privileges: who is not listed there is gone.
    var realms: Set<String> = []
    for (agent, held) in zip(agents, privileges) where held.isListed {
      realms.insert(UsageTable.realm(of: agent.id))
    }
    // A finding whose privileges moved has another id; it is still the same policy's and agents'.
    var alike: [[String]: [Finding]] = [:]
    for finding in findings {
      alike[[finding.policy] + finding.agents, default: []].append(finding)
    }
    return decisions.compactMap { taken in
      let sight: Sight
      switch taken.item.subject {
      case .advice(let advice): sight = see(advice, taken, realms)
      case .finding(let policy, let kind, _, let steps):
        let same = alike[[policy] + taken.item.agents] ?? []
        sight =
          kind == .composition
          ? see(steps, same, taken, realms) : see(same, taken, realms)
      }
      return standing(taken, sight)
    }
  }

  /// Nil for what was said before and is for nothing any more.
  private func standing(_ taken: TakenDecision, _ sight: Sight) -> DecisionStanding? {
    let decision = taken.decision
    let hasPassed = decision.until.flatMap { until in end.map { until < $0 } } ?? false
    var state: DecisionStanding.State
    var evidence: [String]
    switch sight {
    case .there(let seen):
      evidence = seen
      state = hasPassed ? .late : .notDone
      if let review = taken.doneIn, decision.isToBeDone {
        state = .undoneAgain
        evidence.insert("it was done in review \(review)", at: 0)
      }
    case .gone(let seen):
      evidence = seen
      state = .done
    case .unknown(let reason):
      evidence = [reason]
      state = .notJudged
    }
    if !decision.isToBeDone {
      state = end == nil ? .notJudged : hasPassed ? .ended : .inForce
      if state == .ended, case .there = sight {
        evidence.insert("it has ended, and what it was for is still there", at: 0)
      } else if state == .ended, taken.isCarried {
        return nil
      }
    }
    return DecisionStanding(
      taken: taken, state: state, evidence: evidence,
      warnings: decision.warnings(about: taken.item))
  }

  // MARK: advice

  private func see(
    _ advice: DecisionItem.Advice, _ taken: TakenDecision, _ realms: Set<String>
  ) -> Sight {
    guard let agent = taken.item.agents.first, let number = numbers[agent],
      privileges[number].isListed
    else { return unlisted(taken.item.agents.first ?? "", realms) }
    let held = privileges[number]
    let left = self.left(of: advice, held)
    let isNarrowing = taken.decision.word == .narrow
    let open = isNarrowing ? left.filter { isAsWide($0.block, advice, held) } : left
    guard !open.isEmpty else {
      let names = listed(advice.actions.map { "`\($0)`" }, max: 3)
      let narrowed = isNarrowing ? left.first : nil
      guard let narrowed else { return .gone(["`\(agent)` does not hold \(names) any more"]) }
      let scope = held.blocks[narrowed.block].scope.patterns
      return .gone(["held on \(listed(scope.map { "`\($0)`" }, max: 3)) only"])
    }
    var evidence = [still(open, held, isNarrowing)]
    let uses = open.compactMap { held.uses[$0.action] }
    if !uses.isEmpty {
      let last = uses.compactMap(\.last).max().map { ", last at \($0.rfc3339)" } ?? ""
      evidence.append(
        "used \(counted(uses.reduce(0) { $0 + $1.count }, "time")) in this window\(last)")
    } else if held.evidence.isEnough {
      evidence.append("not used on \(counted(held.evidence.daysWithLogs, "day")) with logs")
    }
    return .there(evidence)
  }

  /// Which actions are held, on what, and by which statement.
  private func still(
    _ open: [(action: Int, block: Int)], _ held: AgentPrivileges, _ isNarrowing: Bool
  ) -> String {
    let names = listed(open.map { "`\(catalogue.names[$0.action])`" }, max: 3)
    let blocks = Set(open.map(\.block)).sorted()
    let scope = Set(blocks.flatMap { held.blocks[$0].scope.patterns }).sorted()
    let origins = Set(blocks.compactMap { held.origin(of: $0)?.text }).sorted()
    return "\(names) \(open.count == 1 ? "is" : "are") still held"
      + "\(isNarrowing ? " as widely" : "") on \(listed(scope.map { "`\($0)`" }, max: 2)), "
      + "granted by \(listed(origins, max: 2))"
  }

  /// The privileges that advice was about and that are held, in order of the actions' numbers.
  private func left(
    of advice: DecisionItem.Advice, _ held: AgentPrivileges
  ) -> [(action: Int, block: Int)] {
    var left: [Int: Int] = [:]
    let resources = advice.resources.map { Glob($0) }
    func overlaps(_ block: Int) -> Bool {
      held.blocks[block].scope.patterns.contains { pattern in
        let pattern = Glob(pattern)
        return resources.contains { $0.intersects(pattern) }
      }
    }
    for name in advice.actions where !name.hasSuffix("*") {
      guard let action = catalogue.knownNumber(of: name), let block = held.block(of: action),
        overlaps(block)
      else { continue }
      left[action] = block
    }
    let wildcards = advice.actions.filter { $0.hasSuffix("*") }.map { Glob($0.lowercased()) }
    guard !wildcards.isEmpty else { return left.sorted { $0.key < $1.key }.map { ($0, $1) } }
    let besides = Set(advice.besides.map { $0.lowercased() })
    for block in held.blocks.indices where overlaps(block) {
      for action in held.blocks[block].actions {
        let name = catalogue.folded[action]
        guard wildcards.contains(where: { $0.matches(name) }), !besides.contains(name),
          held.uses[action] != nil || held.isVisible(action, catalogue)
        else { continue }
        left[action] = block
      }
    }
    return left.sorted { $0.key < $1.key }.map { ($0, $1) }
  }

  /// Whether a block reaches all that the grant reached.
  private func isAsWide(
    _ block: Int, _ advice: DecisionItem.Advice, _ held: AgentPrivileges
  ) -> Bool {
    advice.resources.allSatisfy { held.blocks[block].scope.reaches(Glob($0)) }
  }

  /// An agent of which no source lists privileges: gone where others of its account are listed.
  private func unlisted(_ agent: String, _ realms: Set<String>) -> Sight {
    let realm = UsageTable.realm(of: agent)
    guard realms.contains(realm) else {
      return .unknown("no source of this review lists what `\(agent)` holds")
    }
    let place = realm.isEmpty ? "others" : "others of account \(realm)"
    return .gone(["`\(agent)` holds nothing any more; \(place) are listed"])
  }

  // MARK: findings

  /// A chain: can it still be run, and did it happen?
  private func see(
    _ steps: [DecisionItem.Step], _ same: [Finding], _ taken: TakenDecision, _ realms: Set<String>
  ) -> Sight {
    let happened = self.happened(same, since: taken.askedTo)
    switch taken.decision.word {
    case .revoke:
      return possible(steps, same, happened, realms)
    case .narrow:
      if let happened { return .there([happened]) }
      let silent = taken.item.agents.filter { id in
        (numbers[id].map { privileges[$0].evidence.events } ?? 0) == 0
      }
      guard silent.isEmpty else {
        return .unknown(
          "no event of \(listed(silent.map { "`\($0)`" }, max: 3)) was seen in this window")
      }
      return .gone(["it did not happen in this window"])
    case .keep, .except:
      if let happened { return .there([happened]) }
      let isThere = same.contains { $0.status != .excused }
      return isThere
        ? .there(["it did not happen again; it still can"]) : .gone(["it did not happen again"])
    }
  }

  /// Whether a chain can be run, by what its agents hold.
  private func possible(
    _ steps: [DecisionItem.Step], _ same: [Finding], _ happened: String?, _ realms: Set<String>
  ) -> Sight {
    var unknown: [String] = []
    for step in steps {
      guard let number = numbers[step.agent], privileges[number].isListed else {
        if realms.contains(UsageTable.realm(of: step.agent)), numbers[step.agent] == nil {
          return .gone(["`\(step.agent)` is not there any more"] + [happened].compactMap { $0 })
        }
        if !unknown.contains(step.agent) { unknown.append(step.agent) }
        continue
      }
      let action = catalogue.knownNumber(of: step.action)
      guard action.flatMap({ privileges[number].block(of: $0) }) == nil else { continue }
      return .gone(
        ["`\(step.agent)` does not hold `\(step.action)` any more"] + [happened].compactMap { $0 })
    }
    if let happened { return .there([happened]) }
    guard unknown.isEmpty else {
      return .unknown(
        "it did not happen in this window; no source lists what "
          + "\(listed(unknown.map { "`\($0)`" }, max: 3)) may do")
    }
    return .there(["every step of it is still permitted; it did not happen in this window"])
  }

  /// How often a chain happened after the review that asked, in words; nil when it did not.
  private func happened(_ same: [Finding], since: Timestamp) -> String? {
    var count = 0
    var last: (time: Timestamp, id: String)?
    for finding in same where finding.status == .realised {
      for occurrence in finding.occurrences {
        guard let time = occurrence.chain.last?.time else {
          count += 1
          continue
        }
        if time <= since { continue }
        count += 1
        if last == nil || (last.map { $0.time < time } ?? false) { last = (time, occurrence.id) }
      }
    }
    guard count > 0 else { return nil }
    let when = last.map { ", last at \($0.time.rfc3339) (\($0.id))" } ?? ""
    return "it happened \(counted(count, "time")) since\(when)"
  }

  /// A finding that is no chain: is it still found?
  private func see(
    _ same: [Finding], _ taken: TakenDecision, _ realms: Set<String>
  ) -> Sight {
    if let finding = same.first { return .there(["still found: \(finding.because)"]) }
    let absent = taken.item.agents.filter { numbers[$0] == nil }
    guard absent.isEmpty || absent.allSatisfy({ realms.contains(UsageTable.realm(of: $0)) }) else {
      return .unknown(
        "\(listed(absent.map { "`\($0)`" }, max: 3)) is in no source of this review")
    }
    return .gone(
      [absent.isEmpty ? "not found any more" : "`\(absent[0])` is not there any more"])
  }
}
