internal import Model
internal import Policies

/// A step of a policy as a latent chain sees it: which actions can serve it.
struct LatentStep {
  let id: String
  let selector: Selector
  /// The actions, rising; nil when any will do.
  let actions: [Int]?
  /// The same, to be asked for each of many privileges.
  private let wanted: ActionSet

  private init(id: String, selector: Selector, actions: [Int]?) {
    self.id = id
    self.selector = selector
    self.actions = actions
    var wanted = ActionSet(count: (actions?.last ?? -1) + 1)
    for action in actions ?? [] { wanted.insert(action) }
    self.wanted = wanted
  }

  /// The actions of a block that the step can be, rising.
  func actions(in block: PrivilegeBlock) -> [Int] {
    guard let actions else { return block.actions }
    if actions.count <= block.actions.count { return actions.filter { block.contains($0) } }
    // The usual block holds one action: nothing is copied.
    if block.actions.allSatisfy({ wanted.contains($0) }) { return block.actions }
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
  /// Resource patterns on which it is held.
  let patterns: [String]
  /// Hazard x reach of the action.
  let weight: Double
  /// What was taken to hold, in words.
  let assumed: [String]
}

/// Which steps of which policies each agent has an action for, by the names of actions alone.
struct ServableSteps {
  /// The words of each agent's set of steps, one agent after the other.
  private var words: [UInt64]
  private let wordCount: Int
  /// The numbers of each policy's steps.
  private let ranges: [Range<Int>]
  /// The steps that some agent has an action for.
  private var any: [UInt64]

  init(_ steps: [[LatentStep]], privileges: [AgentPrivileges], actions: Int) {
    var ranges: [Range<Int>] = []
    var byAction = [[Int32]](repeating: [], count: actions)
    var free: [Int] = []
    for own in steps {
      let start = ranges.last?.upperBound ?? 0
      ranges.append(start..<start + own.count)
      for (place, step) in own.enumerated() {
        guard let wanted = step.actions else {
          free.append(start + place)
          continue
        }
        for action in wanted { byAction[action].append(Int32(start + place)) }
      }
    }
    self.ranges = ranges
    let wordCount = ((ranges.last?.upperBound ?? 0) + 63) / 64
    var words = [UInt64](repeating: 0, count: wordCount * privileges.count)
    for (agent, held) in privileges.enumerated() {
      let base = agent * wordCount
      for block in held.blocks {
        for action in block.actions {
          for step in byAction[action] {
            words[base + Int(step >> 6)] |= 1 << UInt64(step & 63)
          }
        }
      }
      if held.blocks.isEmpty { continue }
      for step in free { words[base + step >> 6] |= 1 << UInt64(step & 63) }
    }
    var any = [UInt64](repeating: 0, count: wordCount)
    for place in words.indices { any[place % wordCount] |= words[place] }
    self.words = words
    self.wordCount = wordCount
    self.any = any
  }

  private func has(_ agent: Int, _ step: Int) -> Bool {
    words[agent * wordCount + step >> 6] & (1 << UInt64(step & 63)) != 0
  }

  /// Whether an agent has an action for every step of a policy that has steps.
  func isComplete(_ agent: Int, policy: Int) -> Bool {
    !ranges[policy].isEmpty && ranges[policy].allSatisfy { has(agent, $0) }
  }

  /// Whether some agents have, together.
  func isComplete(_ agents: [Int], policy: Int) -> Bool {
    ranges[policy].allSatisfy { step in agents.contains { has($0, step) } }
  }

  /// Whether an agent has an action for any step of a policy.
  func servesAny(_ agent: Int, policy: Int) -> Bool {
    ranges[policy].contains { has(agent, $0) }
  }

  /// Whether every step of a policy that has steps can be served by somebody.
  func isServed(_ policy: Int) -> Bool {
    !ranges[policy].isEmpty
      && ranges[policy].allSatisfy { any[$0 >> 6] & (1 << UInt64($0 & 63)) != 0 }
  }
}
