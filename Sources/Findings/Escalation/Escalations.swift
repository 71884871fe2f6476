internal import Model

/// An escalation path that is open to an agent.
struct OpenPath: Equatable {
  let path: EscalationPath
  /// The actions it needs, in its order.
  let actions: [Int]
  /// How many of them were not used.
  let unused: Int
}

/// The escalation paths of all platforms, by action number.
struct Escalations {
  private let paths: [(path: EscalationPath, needs: [Int], freely: [Int])]

  init(_ paths: [EscalationPath], catalogue: inout ActionCatalogue) {
    var numbered: [(path: EscalationPath, needs: [Int], freely: [Int])] = []
    for path in paths.sorted(by: { $0.id < $1.id }) {
      var needs: [Int] = []
      for action in path.needs { needs.append(catalogue.number(of: action)) }
      var freely: [Int] = []
      for action in path.freely { freely.append(catalogue.number(of: action)) }
      numbered.append((path, needs, freely))
    }
    self.paths = numbered
  }

  /// The paths open to an agent, by id, without the privileges that `isRemoved` names.
  func open(
    to privileges: AgentPrivileges, reach: ReachNumbers,
    without isRemoved: (_ block: Int, _ action: Int) -> Bool
  ) -> [OpenPath] {
    guard !paths.isEmpty, !privileges.blocks.isEmpty else { return [] }
    var blockOf: [Int: Int] = [:]
    func block(_ action: Int) -> Int? {
      if let known = blockOf[action] { return known < 0 ? nil : known }
      let block = privileges.block(of: action)
      blockOf[action] = block ?? -1
      return block
    }
    return paths.compactMap { entry in
      let isHeld = entry.needs.allSatisfy { action in
        guard let block = block(action) else { return false }
        return !isRemoved(block, action)
      }
      guard isHeld else { return nil }
      let isFree = entry.freely.allSatisfy { action in
        guard let block = block(action) else { return false }
        let scope = privileges.blocks[block].scope
        if let target = entry.path.target { return scope.reaches(Glob(target)) }
        return scope.patterns.contains { pattern in
          switch reach.breadth(of: pattern) {
          case .every, .part: return true
          case .named: return false
          }
        }
      }
      guard isFree else { return nil }
      let unused = entry.needs.count { privileges.uses[$0] == nil }
      return OpenPath(path: entry.path, actions: entry.needs, unused: unused)
    }
  }
}
