import Model
import Policies

/// One event as the brute force sees it: plain values, no symbols.
struct BruteEvent {
  var line: Int
  var id: String?
  /// Minutes; nil without a clock.
  var time: Int?
  var order = -1
  /// The run of an event without a clock.
  var run = 0
  var parent: String?
  var action: String
  var outcome = Outcome.allowed
  /// Fields by path, agent, task and session too; a list has several values, a missing field none.
  var fields: [String: [AttributeText]] = [:]

  /// A value of a field.
  enum AttributeText: Hashable {
    case text(String)
    case number(Double)

    /// The value as the examples write it.
    var text: String {
      switch self {
      case .text(let text): return text
      case .number(let number): return String(Int(number))
      }
    }
  }

  var task: String? { fields["task"]?.first?.text }

  func values(_ path: String) -> [AttributeText] { fields[path] ?? [] }

  func values(_ path: FieldPath) -> [AttributeText] {
    if case .agent("kind") = path {
      let kind = fields["agent"]?.first.flatMap { RandomCase.agentKinds[$0.text] }
      return kind.map { [.text($0)] } ?? []
    }
    return values(path.text)
  }

  var nanoseconds: Int64 { Int64(time ?? 0) * 60_000_000_000 }
}

extension BruteForce {
  // MARK: Three-valued predicates; nil is unknown

  static func and(_ parts: [Bool?]) -> Bool? {
    if parts.contains(false) { return false }
    return parts.contains(nil) ? nil : true
  }

  static func truth(_ predicate: Predicate, _ event: BruteEvent) -> Bool? {
    switch predicate {
    case .always: return true
    case .all(let parts): return and(parts.map { truth($0, event) })
    case .any(let parts):
      return and(parts.map { truth($0, event).map { !$0 } }).map { !$0 }
    case .not(let part): return truth(part, event).map { !$0 }
    case .test(let field, .exists(let wanted)): return event.values(field).isEmpty != wanted
    case .test(let field, .equalsField(let other)):
      let values = event.values(field)
      let others = event.values(other)
      return values.isEmpty || others.isEmpty ? nil : values.contains { others.contains($0) }
    case .test(let field, let test):
      let values = event.values(field)
      return values.isEmpty ? nil : values.contains { holds(test, $0) }
    }
  }

  private static func holds(_ test: Test, _ value: BruteEvent.AttributeText) -> Bool {
    let literal: Literal
    switch value {
    case .text(let text): literal = .text(text)
    case .number(let number): literal = .number(number)
    }
    switch test {
    case .equals(let wanted): return literal == wanted
    case .oneOf(let literals): return literals.contains(literal)
    case .like(let globs): return globs.contains { isLike($0, value.text) }
    case .matches(let pattern):
      return (try? Regex(pattern)).map { value.text.firstMatch(of: $0) != nil } ?? false
    case .greater, .greaterOrEqual, .less, .lessOrEqual:
      guard case .number(let number) = value else { return false }
      return isInBound(test, number)
    case .exists, .equalsField: return false
    }
  }

  private static func isInBound(_ test: Test, _ number: Double) -> Bool {
    switch test {
    case .greater(let bound): return number > bound
    case .greaterOrEqual(let bound): return number >= bound
    case .less(let bound): return number < bound
    case .lessOrEqual(let bound): return number <= bound
    default: return false
    }
  }

  /// Whether a text is like a word, or begins as a word that ends in a star.
  static func isLike(_ glob: String, _ text: String) -> Bool {
    glob.hasSuffix("*") ? text.hasPrefix(glob.dropLast()) : text == glob
  }

  /// Whether a selector names what the event does.
  private static func isNamed(_ selector: Selector, _ event: BruteEvent) -> Bool {
    if selector.does.isEmpty, selector.actions.isEmpty { return true }
    return selector.does.contains { isLike($0, event.action) }
      || selector.actions.contains { isLike($0.lowercased(), event.action) }
  }

  typealias Registers = [String: [BruteEvent.AttributeText]]

  func truth(_ selector: Selector, _ event: BruteEvent, _ registers: Registers) -> Bool? {
    guard Self.isNamed(selector, event), selector.outcomes.contains(event.outcome) else {
      return false
    }
    var parts = [Self.truth(selector.condition, event)]
    for test in selector.same {
      let values = event.values(test.field)
      let bound = registers[test.register] ?? []
      parts.append(bound.isEmpty || values.isEmpty ? nil : values.contains(bound[0]))
    }
    for test in selector.differs {
      let values = event.values(test.field)
      let bound = registers[test.register] ?? []
      parts.append(bound.isEmpty || values.isEmpty ? nil : !values.contains(bound[0]))
    }
    return Self.and(parts)
  }

  func serves(_ selector: Selector, _ event: BruteEvent, _ registers: Registers, _ mode: Mode)
    -> Bool
  {
    let truth = truth(selector, event, registers)
    return mode == .certain ? truth == true : truth != false
  }

  func prevents(_ selector: Selector, _ event: BruteEvent, _ registers: Registers, _ mode: Mode)
    -> Bool
  {
    serves(selector, event, registers, mode == .certain ? .possible : .certain)
  }
}
