internal import Model

/// Who may act as whom, or hand a task to whom.
struct Delegations {
  fileprivate let edges: [[Int]]
  fileprivate var count: Int { edges.count }

  init(agents: [Agent], trusts: [Trust]) {
    var numbers: [String: Int] = [:]
    for (number, agent) in agents.enumerated() { numbers[agent.id] = number }
    var edges = agents.map { agent in agent.mayDelegateTo.compactMap { numbers[$0] } }
    var patterns: [String: [Int]] = [:]
    for trust in trusts {
      guard let target = numbers[trust.to] else { continue }
      if let source = numbers[trust.from] {
        edges[source].append(target)
        continue
      }
      let sources = patterns[trust.from] ?? Delegations.matching(trust.from, agents)
      patterns[trust.from] = sources
      for source in sources where source != target { edges[source].append(target) }
    }
    self.edges = edges.map { $0.count > 1 ? Set($0).sorted() : $0 }
  }

  private static func matching(_ pattern: String, _ agents: [Agent]) -> [Int] {
    let glob = Glob(pattern)
    if glob.isLiteral { return [] }
    return agents.indices.filter { glob.matches(agents[$0].id) }
  }

  /// Whether an agent may act through anybody.
  func isSource(_ agent: Int) -> Bool { !edges[agent].isEmpty }

  /// The agents through which some can be reached, and these themselves, rising.
  func reaching(_ targets: Set<Int>) -> [Int] {
    var into = [[Int]](repeating: [], count: edges.count)
    for (source, targets) in edges.enumerated() {
      for target in targets { into[target].append(source) }
    }
    var members = targets
    var front = Array(targets)
    while let next = front.popLast() {
      for source in into[next] where members.insert(source).inserted { front.append(source) }
    }
    return members.sorted()
  }
}

/// Walks delegations from one agent after the other, with one table of who was met.
struct DelegationWalk {
  private let reachable: Delegations
  /// The number of the walk that met each agent last.
  private var met: [Int32]
  private var walk: Int32 = 0

  init(_ reachable: Delegations) {
    self.reachable = reachable
    met = Array(repeating: 0, count: reachable.count)
  }

  /// An agent and all that it reaches in at most `depth` steps, rising.
  mutating func group(of agent: Int, depth: Int) -> [Int] {
    walk += 1
    met[agent] = walk
    var members = [agent]
    var start = 0
    var left = depth
    while left > 0, start < members.count {
      let end = members.count
      for place in start..<end {
        for target in reachable.edges[members[place]] where met[target] != walk {
          met[target] = walk
          members.append(target)
        }
      }
      start = end
      left -= 1
    }
    return members.sorted()
  }
}
