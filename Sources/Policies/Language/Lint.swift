package import Documents
package import Model

/// Warnings about policies that are well-formed and probably not what was meant; sorted by file,
/// line and reason.
package func lint(_ policies: [Policy], vocabulary: Vocabulary) -> [DocumentProblem] {
  let known = KnownActions(vocabulary)
  var problems: [DocumentProblem] = []
  for policy in policies {
    func warn(_ reason: String, line: Int? = nil) {
      problems.append(
        DocumentProblem(
          file: policy.file, line: line ?? policy.line, column: 0,
          reason: "policy `\(policy.id)`: \(reason)", sourceLine: nil))
    }
    for reason in policy.spanWarnings { warn(reason) }
    for reason in policy.excuseWarnings { warn(reason) }
    for reason in policy.registerWarnings { warn(reason) }
    for (place, selector) in policy.selectors {
      if !known.canSatisfy(selector) { warn("\(place): no known action can satisfy it") }
      if selector.isContradiction { warn("\(place): it contradicts itself and matches nothing") }
    }
    for field in policy.suspectFields { warn(field) }
    if policy.examples.isEmpty { warn("it has no examples") }
    for failure in runExamples(of: policy, vocabulary: vocabulary) {
      warn("example `\(failure.example)`: \(failure.reason)", line: failure.line)
    }
  }
  return problems.sorted { ($0.file, $0.line, $0.reason) < ($1.file, $1.line, $1.reason) }
}

/// What the vocabulary knows, for selectors.
private struct KnownActions {
  private var names: [String] = []
  private var capabilities: [String]

  init(_ vocabulary: Vocabulary) {
    // An action that has a capability's name has that capability: every word can be satisfied.
    var found = Set(vocabulary.capabilities)
    for action in vocabulary.catalogue {
      names.append(action.name.lowercased())
      found.formUnion(action.meaning.capabilities)
    }
    for (name, meaning) in vocabulary.meanings {
      names.append(name.lowercased())
      found.formUnion(meaning.capabilities)
    }
    capabilities = found.sorted()
  }

  /// An action that is named in full may belong to a tool that no vocabulary knows.
  func canSatisfy(_ selector: Selector) -> Bool {
    if selector.does.isEmpty && selector.actions.isEmpty { return true }
    let does = selector.does.map { Glob($0) }
    if does.contains(where: { glob in capabilities.contains { glob.matches($0) } }) { return true }
    let actions = selector.actions.map { Glob($0.lowercased()) }
    return actions.contains { glob in glob.isLiteral || names.contains { glob.matches($0) } }
  }
}

extension Policy {
  private var chain: [Step] { chainSteps }

  /// Spans of time that say nothing or too much.
  fileprivate var spanWarnings: [String] {
    var warnings: [String] = []
    var window: Int64?
    if case .limit(let limit) = rule { window = limit.aggregate.windowNanoseconds }
    if withinNanoseconds == nil, until == nil, window == nil {
      warnings.append("it has neither `within` nor `until`: a chain may span the whole log")
    }
    if withinNanoseconds == 0 {
      warnings.append("`within: 0` holds only for events of the same instant")
    }
    if window == 0 { warnings.append("`window: 0` counts only events of the same instant") }
    for step in chain {
      if let gap = step.gapNanoseconds, let within = withinNanoseconds, gap > within {
        warnings.append("step `\(step.id)`: `gap` is longer than `within` and never matters")
      }
      if step.gapNanoseconds == 0 {
        warnings.append("step `\(step.id)`: `gap: 0` holds only for events of the same instant")
      }
    }
    return warnings
  }

  /// An `unless` or `until` that every chain brings with it.
  fileprivate var excuseWarnings: [String] {
    var warnings: [String] = []
    let isLookingBack = (excuse?.beforeNanoseconds ?? 0) > 0
    var before = chain
    if case .forbid = rule { before = Array(chain.dropLast()) }
    for (number, step) in before.enumerated() {
      for selector in excuse?.selectors ?? [] where number > 0 || isLookingBack {
        if selector.covers(step.selector) {
          warnings.append("`unless` always holds: step `\(step.id)` is such an event")
        }
      }
      if number > 0, let until, until.covers(step.selector) {
        warnings.append("it can never be broken: step `\(step.id)` ends every chain by `until`")
      }
    }
    return warnings
  }

  /// Registers that are bound and not used, or used late: each value then waits by itself.
  fileprivate var registerWarnings: [String] {
    var warnings: [String] = []
    for (number, step) in chain.enumerated() {
      for bound in step.selector.bind {
        let name = bound.register
        func uses(_ selector: Selector) -> Bool {
          (selector.same + selector.differs).contains { $0.register == name }
        }
        let users = selectors.filter { uses($0.selector) }
        if users.isEmpty {
          warnings.append("register `\(name)` is bound and never used")
        } else if number + 2 < chain.count, !uses(chain[number + 1].selector),
          chain[(number + 2)...].contains(where: { uses($0.selector) })
        {
          warnings.append(
            "register `\(name)` is not tested by step `\(chain[number + 1].id)` that follows: "
              + "every value is remembered apart")
        }
      }
    }
    return warnings
  }

  /// Fields without dots that are nearly the name of a built-in one.
  fileprivate var suspectFields: [String] {
    let known = EventField.allCases.map(\.word) + ["outcome"]
    var paths: Set<String> = []
    for field in fields {
      if case .attribute(let path) = field, !path.contains(".") { paths.insert(path) }
    }
    return paths.sorted().compactMap { path in
      guard let near = nearest(to: path, among: known) else { return nil }
      return "field `\(shown(path))` is an attribute of the source; did you mean `\(near)`?"
    }
  }
}

extension Selector {
  /// Whether every event that the other selects is selected by this one, where that is plain to see.
  fileprivate func covers(_ other: Selector) -> Bool {
    guard same.isEmpty, differs.isEmpty, condition == .always || condition == other.condition,
      other.outcomes.allSatisfy({ outcomes.contains($0) })
    else { return false }
    if does.isEmpty && actions.isEmpty { return true }
    let isWithin =
      other.does.allSatisfy { word in does.contains { Glob($0).matches(word) } }
      && other.actions.allSatisfy { word in
        actions.contains { Glob($0.lowercased()).matches(word.lowercased()) }
      }
    return isWithin && !(other.does.isEmpty && other.actions.isEmpty)
  }

  /// Whether it asks for the impossible: a register both same and different, or one field equal to
  /// two constants.
  fileprivate var isContradiction: Bool {
    if same.contains(where: { differs.contains($0) }) { return true }
    return condition.isContradiction
  }
}

extension Predicate {
  fileprivate var isContradiction: Bool {
    guard case .all(let parts) = self else { return false }
    var constants: [FieldPath: Literal] = [:]
    for part in parts {
      guard case .test(let field, .equals(let literal)) = part else { continue }
      if let other = constants[field], other != literal { return true }
      constants[field] = literal
    }
    return parts.contains { $0.isContradiction }
  }
}
