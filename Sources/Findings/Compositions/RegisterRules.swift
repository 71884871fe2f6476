internal import Model
internal import Policies

/// What registers ask of the privileges of a chain.
struct RegisterRules {
  private let selectors: [Selector]
  /// Comparisons that only values could settle, in words.
  let assumed: [String]

  init(_ selectors: [Selector]) {
    self.selectors = selectors
    var assumed: [String] = []
    for (index, selector) in selectors.enumerated() {
      for (use, word) in selector.same.map({ ($0, "equals") })
        + selector.differs.map({ ($0, "differs from") })
      {
        guard let bound = RegisterRules.binding(of: use.register, before: index, in: selectors)
        else { continue }
        let isJudged =
          bound.field == use.field
          && (use.field == .event(.agent) || use.field == .event(.resource) && word == "equals")
        if isJudged { continue }
        assumed.append("`\(use.field.text)` \(word) `\(bound.field.text)` of an earlier step")
      }
    }
    self.assumed = assumed
  }

  /// Whether a candidate for the next step fits what its registers were bound to.
  func allow(_ candidate: StepCandidate, after chosen: [StepCandidate]) -> Bool {
    let selector = selectors[chosen.count]
    for use in selector.same {
      guard
        let bound = RegisterRules.binding(of: use.register, before: chosen.count, in: selectors),
        bound.field == use.field
      else { continue }
      let earlier = chosen[bound.step]
      if use.field == .event(.agent), earlier.agent != candidate.agent { return false }
      if use.field == .event(.resource) {
        let others = candidate.patterns.map { Glob($0) }
        let isShared = earlier.patterns.contains { pattern in
          let left = Glob(pattern)
          return others.contains { left.intersects($0) }
        }
        if !isShared { return false }
      }
    }
    for use in selector.differs {
      guard
        let bound = RegisterRules.binding(of: use.register, before: chosen.count, in: selectors),
        bound.field == use.field
      else { continue }
      if use.field == .event(.agent), chosen[bound.step].agent == candidate.agent { return false }
    }
    return true
  }

  /// The last step before another that binds a register, and the field it binds.
  private static func binding(
    of register: String, before step: Int, in selectors: [Selector]
  ) -> (step: Int, field: FieldPath)? {
    for index in (0..<step).reversed() {
      if let bound = selectors[index].bind.last(where: { $0.register == register }) {
        return (index, bound.field)
      }
    }
    return nil
  }
}
