internal import Model

/// What one agent did, with what is needed of it for its privileges.
struct AgentUse {
  /// Events in the window, whatever their outcome, and when.
  let activity: AgentActivity
  /// By action.
  fileprivate(set) var actions: [(action: Symbol, use: ActionUse)] = []
}

/// What all agents did, and on which days which logs have anything.
struct UsageTable {
  /// Source types by bit, sorted by name.
  let sourceTypes: [String]
  /// Days in the window on which a log has anything of a realm.
  private(set) var days: [LogRealm: Set<Int64>] = [:]
  /// The window, by timed events where no flag gives it.
  let from: Timestamp?
  let to: Timestamp?

  /// One type of log, and the part of the estate that it was taken from: for AWS the account.
  struct LogRealm: Hashable {
    var source: Int
    var realm: String
  }

  private var uses: [Symbol: AgentUse] = [:]

  /// What an agent did; nil when no event names it.
  func activity(of agent: Symbol) -> AgentUse? { uses[agent] }

  /// Every action that was seen, with the source types that showed it.
  func actionsSeen() -> [Symbol: UInt64] {
    var seen: [Symbol: UInt64] = [:]
    for use in uses.values {
      for entry in use.actions { seen[entry.action, default: 0] |= entry.use.sources }
    }
    return seen
  }

  init(input: ReviewInput, from: Timestamp?, to: Timestamp?) {
    sourceTypes = input.sourceTypes
    self.from = from ?? input.activity.times.first
    self.to = to ?? input.activity.times.last
    for activity in input.activity.agents {
      uses[activity.agent] = AgentUse(activity: activity)
      let realm = UsageTable.realm(of: input.symbols.text(activity.agent))
      for (source, day) in activity.days {
        days[LogRealm(source: source, realm: realm), default: []].insert(day)
      }
    }
    input.activity.forEachUse { agent, action, use in
      uses[agent]?.actions.append((action, use))
    }
  }

  /// The account of an ARN; empty for any other id.
  static func realm(of agent: String) -> String {
    guard agent.hasPrefix("arn:") else { return "" }
    let parts = agent.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    return parts.count == 6 ? String(parts[4]) : ""
  }
}
