package import Documents
package import Model

/// Warnings about policies that are well-formed and probably not what was meant; sorted by file,
/// line and reason. Each has the place of what it is about.
package func lint(_ policies: [Policy], vocabulary: Vocabulary) -> [DocumentProblem] {
  let known = KnownActions(vocabulary)
  var problems: [DocumentProblem] = []
  for policy in policies {
    var warnings = policy.spanWarnings + policy.excuseWarnings + policy.registerWarnings
    warnings += policy.flowWarnings + policy.kindWarnings + policy.fieldWarnings
    for (place, selector) in policy.selectors {
      if !known.canSatisfy(selector) {
        warnings.append(LintWarning(place, "\(place): no known action can satisfy it"))
      }
      if selector.isContradiction {
        warnings.append(LintWarning(place, "\(place): it contradicts itself and matches nothing"))
      }
    }
    if policy.examples.isEmpty { warnings.append(LintWarning("`policy`", "it has no examples")) }
    for other in policies where other.shadows(policy) {
      warnings.append(
        LintWarning(
          "`policy`",
          "whatever breaks it breaks `\(other.id)` too, which is \(other.severity.rawValue)"))
    }
    problems += warnings.map { $0.problem(of: policy) }
    for failure in runExamples(of: policy, vocabulary: vocabulary) {
      problems.append(
        DocumentProblem(
          file: policy.file, line: failure.line, column: 0,
          reason: "policy `\(policy.id)`: example `\(failure.example)`: \(failure.reason)",
          sourceLine: nil))
    }
  }
  return problems.sorted { ($0.file, $0.line, $0.reason) < ($1.file, $1.line, $1.reason) }
}

/// A warning and the part of the policy that it is about.
struct LintWarning {
  /// The words of `Policy.places`.
  let subject: String
  let reason: String

  init(_ subject: String, _ reason: String) {
    self.subject = subject
    self.reason = reason
  }

  func problem(of policy: Policy) -> DocumentProblem {
    let place = policy.places[subject]
    return DocumentProblem(
      file: policy.file, line: place?.line ?? policy.line, column: place?.column ?? 0,
      reason: "policy `\(policy.id)`: \(reason)", sourceLine: place?.text)
  }
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
  /// Spans of time that say nothing or too much.
  fileprivate var spanWarnings: [LintWarning] {
    var warnings: [LintWarning] = []
    var window: Int64?
    if case .limit(let limit) = rule { window = limit.aggregate.windowNanoseconds }
    if isBoundable, withinNanoseconds == nil, until == nil, window == nil {
      warnings.append(
        LintWarning(
          "`policy`", "it has neither `within` nor `until`: a chain may span the whole log"))
    }
    if withinNanoseconds == 0 {
      warnings.append(
        LintWarning("`within`", "`within: 0` holds only for events of the same instant"))
    }
    if window == 0 {
      warnings.append(
        LintWarning("`window`", "`window: 0` counts only events of the same instant"))
    }
    for step in chainSteps {
      let place = "`gap` of step `\(step.id)`"
      if let gap = step.gapNanoseconds, let within = withinNanoseconds, gap > within {
        warnings.append(
          LintWarning(
            place, "step `\(step.id)`: `gap` is longer than `within` and never matters"))
      }
      if step.gapNanoseconds == 0 {
        warnings.append(
          LintWarning(
            place, "step `\(step.id)`: `gap: 0` holds only for events of the same instant"))
      }
    }
    return warnings
  }

  /// Whether it is a kind that spans time: orders and scopes last as long as their key, and so does
  /// a precondition in a task.
  private var isBoundable: Bool {
    switch rule {
    case .forbid, .limit: return true
    case .order, .scope: return false
    case .require: return key.first?.firstOf.first != .event(.task)
    }
  }

  /// An `unless` or `until` that every chain brings with it, or that can never matter.
  fileprivate var excuseWarnings: [LintWarning] {
    var warnings: [LintWarning] = []
    let isLookingBack = (excuse?.beforeNanoseconds ?? 0) > 0
    var before = chainSteps
    if case .forbid = rule { before = Array(before.dropLast()) }
    for (number, step) in before.enumerated() {
      for selector in excuse?.selectors ?? [] where number > 0 || isLookingBack {
        if selector.covers(step.selector) {
          warnings.append(
            LintWarning("`unless`", "`unless` always holds: step `\(step.id)` is such an event"))
        }
      }
      if number > 0, let until, until.covers(step.selector) {
        warnings.append(
          LintWarning(
            "`until`", "it can never be broken: step `\(step.id)` ends every chain by `until`"))
      }
    }
    let looksBackOnly: Bool
    switch rule {
    case .forbid, .limit: looksBackOnly = false
    case .order, .scope: looksBackOnly = true
    case .require(let requirement): looksBackOnly = requirement.direction == .precondition
    }
    if excuse != nil, !isLookingBack, looksBackOnly {
      warnings.append(
        LintWarning("`unless`", "`unless` with `before: 0` can excuse nothing of this kind"))
    }
    return warnings
  }

  /// Registers that are bound and not used, or used late: each value then waits by itself.
  fileprivate var registerWarnings: [LintWarning] {
    var warnings: [LintWarning] = []
    func uses(_ selector: Selector, _ name: String) -> Bool {
      (selector.same + selector.differs).contains { $0.register == name }
    }
    func isUsed(_ name: String) -> Bool { selectors.contains { uses($0.selector, name) } }
    let chain = chainSteps
    for (number, step) in chain.enumerated() {
      for name in step.selector.bind.map(\.register) {
        let place = "`bind` of step `\(step.id)`"
        if !isUsed(name) {
          warnings.append(LintWarning(place, "register `\(name)` is bound and never used"))
        } else if number + 2 < chain.count, !uses(chain[number + 1].selector, name),
          chain[(number + 2)...].contains(where: { uses($0.selector, name) })
        {
          warnings.append(
            LintWarning(
              place,
              "register `\(name)` is not tested by step `\(chain[number + 1].id)` that follows: "
                + "every value is remembered apart"))
        }
      }
    }
    switch rule {
    case .forbid, .limit, .order: break
    case .require(let requirement):
      for name in requirement.trigger.selector.bind.map(\.register) where !isUsed(name) {
        warnings.append(
          LintWarning(
            "`\(requirement.trigger.id)`", "register `\(name)` is bound and never used"))
      }
    case .scope(let scope):
      let bounds = scope.allow.flatMap(\.bounds)
      for name in scope.bind.map(\.register)
      where !bounds.contains(.register(name)) && !isUsed(name) {
        warnings.append(LintWarning("`bind`", "register `\(name)` is bound and never used"))
      }
    }
    return warnings
  }

  /// Values of one result that flow into several steps: they are remembered in pairs.
  fileprivate var flowWarnings: [LintWarning] {
    var warnings: [LintWarning] = []
    let chain = chainSteps
    for (number, step) in chain.enumerated() {
      guard let flow = step.flows else { continue }
      if let other = chain[..<number].last(where: { $0.flows?.from == flow.from }) {
        warnings.append(
          LintWarning(
            "`flows` of step `\(step.id)`",
            "steps `\(other.id)` and `\(step.id)` both take a value of step "
              + "`\(chain[flow.from].id)`: every pair of values is remembered"))
      }
    }
    return warnings
  }
}
