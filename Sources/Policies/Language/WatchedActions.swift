package import Model

/// Which actions some policy looks at: events of all others need not be kept one by one.
package struct WatchedActions: Sendable {
  private let does: [Glob]
  private let actions: [Glob]
  private let watchesAll: Bool
  /// Whether policies follow work through its delegation, for which any event may be a link.
  package let followsDelegation: Bool

  /// What some policies look at.
  package init(_ policies: [Policy]) {
    var does: Set<String> = []
    var actions: Set<String> = []
    var watchesAll = false
    for policy in policies {
      // What a scope is bound to may be any event of the key.
      if case .scope = policy.rule { watchesAll = true }
      for (_, selector) in policy.selectors {
        does.formUnion(selector.does)
        actions.formUnion(selector.actions.map { $0.lowercased() })
        if selector.does.isEmpty, selector.actions.isEmpty { watchesAll = true }
      }
    }
    // Where a task begins and ends matters to every kind of policy, and approvals to gates.
    does.formUnion(WatchedActions.always)
    actions.formUnion(WatchedActions.always)
    self.does = does.sorted().map { Glob($0) }
    self.actions = actions.sorted().map { Glob($0) }
    self.watchesAll = watchesAll
    followsDelegation = policies.contains { $0.delegation != nil }
  }

  /// Actions, and capabilities, that are looked at whatever the policies say.
  private static let always = ["approval.grant", "task.end", "task.request"]

  /// Whether some policy looks at an action.
  ///
  /// - Parameter meaning: What its name alone says; where a description may add to that, it is
  ///   looked at.
  package func contains(_ action: String, meaning: ActionMeaning) -> Bool {
    if watchesAll { return true }
    switch meaning.origin {
    case .annotations, .nameWords, .descriptionWords, .none: return true
    case .named, .pattern: break
    }
    let lowered = action.lowercased()
    return actions.contains { $0.matches(lowered) }
      || does.contains { glob in meaning.capabilities.contains { glob.matches($0) } }
  }
}
