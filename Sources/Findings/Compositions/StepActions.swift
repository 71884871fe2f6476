internal import Model
internal import Policies

/// A step of a policy as a latent chain sees it: which actions can serve it.
struct LatentStep {
  let id: String
  let selector: Selector
  /// The actions, rising; nil when any will do.
  let actions: [Int]?
  /// The same, to be asked for each of many privileges.
  private let wanted: Set<Int>

  private init(id: String, selector: Selector, actions: [Int]?) {
    self.id = id
    self.selector = selector
    self.actions = actions
    wanted = Set(actions ?? [])
  }

  /// The actions of a block that the step can be, rising.
  func actions(in block: PrivilegeBlock) -> [Int] {
    guard let actions else { return block.actions }
    if actions.count <= block.actions.count { return actions.filter { block.contains($0) } }
    return block.actions.filter { wanted.contains($0) }
  }

  /// The steps that a chain of a policy needs, in order; none for a limit that stands alone, since
  /// how often something is done cannot be read from grants, and none for kinds that are no chains.
  static func steps(of policy: Policy, catalogue: inout ActionCatalogue) -> [LatentStep] {
    var steps: [(id: String, selector: Selector)] = []
    switch policy.rule {
    case .forbid(let chain): steps = chain.map { ($0.id, $0.selector) }
    case .limit(let limit):
      guard !limit.anchors.isEmpty else { return [] }
      steps = limit.anchors.map { ($0.id, $0.selector) }
      steps.append((limit.aggregate.stepID, limit.aggregate.of))
    // What must be there, or in which order, is nothing that a chain of privileges says.
    case .require, .order, .scope: return []
    }
    // A step that waits for a refusal or a failure is nothing that a grant makes possible.
    if steps.contains(where: { !$0.selector.outcomes.contains(.allowed) }) { return [] }
    var latent: [LatentStep] = []
    for step in steps {
      latent.append(
        LatentStep(
          id: step.id, selector: step.selector,
          actions: actions(for: step.selector, catalogue: &catalogue)))
    }
    return latent
  }

  private static func actions(
    for selector: Selector, catalogue: inout ActionCatalogue
  ) -> [Int]? {
    if selector.does.isEmpty, selector.actions.isEmpty { return nil }
    let capabilities = selector.does.map { Glob($0) }
    let names = selector.actions.map { Glob($0.lowercased()) }
    var named = ActionSet(count: catalogue.catalogueCount)
    for pattern in selector.actions { named.formUnion(catalogue.expand(pattern)) }
    // As the engine reads it: either list may name the action.
    return (0..<catalogue.count).filter { action in
      let own = catalogue.meanings[action].capabilities
      if own.contains(where: { word in capabilities.contains { $0.matches(word) } }) {
        return true
      }
      if action < catalogue.catalogueCount { return named.contains(action) }
      return names.contains { $0.matches(catalogue.folded[action]) }
    }
  }
}

/// One privilege that could serve one step: the most hazardous fitting action of a block.
struct StepCandidate {
  /// The index of the agent, and of its block.
  let agent: Int
  let block: Int
  let action: Int
  /// Fitting actions of the block.
  let fitting: Int
  let resources: [Glob]
  /// Hazard x reach of the action.
  let weight: Double
  /// What was taken to hold, in words.
  let assumed: [String]
}
