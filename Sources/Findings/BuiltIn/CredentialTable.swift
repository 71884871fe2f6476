internal import Model

/// What identities prove themselves with, and who acts as whom.
struct CredentialTable {
  let limits: Scoring.CredentialLimits
  private var byAgent: [String: [AgentCredential]] = [:]
  /// Who was seen to assume an identity, sorted, by its id.
  private var assumers: [String: [String]] = [:]
  /// Agents as which a person was seen to sign in, with the number of times.
  private var signIns: [String: Int] = [:]

  /// - Parameter end: The review's end; with none, no age is known.
  init(_ input: ReviewInput, limits: Scoring.CredentialLimits, end: Timestamp?) {
    self.limits = limits
    for credential in input.credentials {
      func days(since time: Timestamp?) -> Int? {
        guard let time, let end else { return nil }
        return max(0, Int((end.nanoseconds - time.nanoseconds) / CredentialTable.day))
      }
      let changed = days(since: credential.changed)
      let unused: Int? =
        switch credential.lastUse {
        case .at(let time): days(since: time)
        case .never: changed
        case .unknown: nil
        }
      byAgent[credential.agent, default: []].append(
        AgentCredential(credential: credential, changedDays: changed, unusedDays: unused))
    }
    readLog(input)
  }

  /// Credentials of an agent, in the order of their places; nil where no source lists any.
  func all(of agent: String) -> [AgentCredential]? { byAgent[agent] }

  /// Those that open something now.
  func active(of agent: String) -> [AgentCredential] {
    (byAgent[agent] ?? []).filter(\.credential.isActive)
  }

  /// Other agents that were seen to assume an identity, sorted.
  func assumers(of agent: String) -> [String] { assumers[agent] ?? [] }

  /// How often somebody was seen to sign in as the agent.
  func signIns(of agent: String) -> Int { signIns[agent] ?? 0 }

  /// What the log says of who became whom. Of the resources of one agent's assuming as many are
  /// known as a tally keeps.
  private mutating func readLog(_ input: ReviewInput) {
    let agents = Set(input.agents.map(\.id))
    var found: [String: Set<String>] = [:]
    input.activity.forEachUse { agent, action, use in
      guard use.count > 0 else { return }
      let name = input.symbols.text(action)
      if limits.signIns.contains(name) {
        signIns[input.symbols.text(agent), default: 0] += use.count
      }
      guard input.vocabulary.meanings[name]?.capabilities.contains("identity.assume") == true else {
        return
      }
      for resource in use.resources.items {
        let target = input.symbols.text(resource.symbol)
        let by = input.symbols.text(agent)
        if agents.contains(target), target != by { found[target, default: []].insert(by) }
      }
    }
    for (target, by) in found { assumers[target] = by.sorted() }
  }

  private static let day: Int64 = 86_400_000_000_000
}
