internal import Model
internal import Policies

/// Whether a condition of a step could hold for a privilege, and what must be assumed for it.
struct Possibility {
  var canBeTrue: Bool
  var canBeFalse: Bool
  /// What was not known and taken to be so, in words.
  var assumed: [String] = []

  static let unknown = Possibility(canBeTrue: true, canBeFalse: true)

  init(canBeTrue: Bool, canBeFalse: Bool, assumed: [String] = []) {
    self.canBeTrue = canBeTrue
    self.canBeFalse = canBeFalse
    self.assumed = assumed
  }

  init(_ known: Bool) { self.init(canBeTrue: known, canBeFalse: !known) }

  var negated: Possibility {
    Possibility(
      canBeTrue: canBeFalse, canBeFalse: canBeTrue, assumed: assumed.map { "not: \($0)" })
  }
}

/// A privilege that could serve a step, as far as conditions on fields go.
struct StepSubject {
  let agent: Agent
  let action: String
  /// Resource patterns on which the action is held.
  let patterns: [String]

  /// Whether a condition could hold: agent and action are known, the resource is one of the
  /// patterns, and every other field is assumed to be as the step wants it.
  func possibility(of predicate: Predicate) -> Possibility {
    switch predicate {
    case .always: return Possibility(true)
    case .not(let inner): return possibility(of: inner).negated
    case .all(let parts):
      let all = parts.map { possibility(of: $0) }
      return Possibility(
        canBeTrue: all.allSatisfy(\.canBeTrue), canBeFalse: all.contains(where: \.canBeFalse),
        assumed: all.flatMap(\.assumed))
    case .any(let parts):
      let all = parts.map { possibility(of: $0) }
      let isCertain = all.contains { $0.canBeTrue && !$0.canBeFalse }
      return Possibility(
        canBeTrue: all.contains(where: \.canBeTrue), canBeFalse: all.allSatisfy(\.canBeFalse),
        assumed: isCertain ? [] : all.filter(\.canBeTrue).prefix(1).flatMap(\.assumed))
    case .test(let field, let test): return possibility(of: test, on: field)
    }
  }

  private func possibility(of test: Test, on field: FieldPath) -> Possibility {
    switch field {
    case .agent(let path):
      guard let value = agent.value(at: path) else {
        if case .exists(let wanted) = test { return Possibility(!wanted) }
        return assumed(test, field)
      }
      return test.judge(value) ?? assumed(test, field)
    case .event(.agent): return test.judge(agent.id) ?? assumed(test, field)
    case .event(.action): return test.judge(action) ?? assumed(test, field)
    case .event(.resource): return resource(test) ?? assumed(test, field)
    case .event, .outcome, .attribute, .task: return assumed(test, field)
    }
  }

  private func assumed(_ test: Test, _ field: FieldPath) -> Possibility {
    Possibility(canBeTrue: true, canBeFalse: true, assumed: [test.words(field.text)])
  }

  /// A test of the resource against the patterns; nil where patterns cannot tell.
  private func resource(_ test: Test) -> Possibility? {
    func against(_ globs: [Glob]) -> Possibility {
      let resources = patterns.map { Glob($0) }
      return Possibility(
        canBeTrue: globs.contains { glob in resources.contains { $0.intersects(glob) } },
        canBeFalse: !resources.allSatisfy { held in globs.contains { $0.covers(held) } })
    }
    switch test {
    case .equals(.text(let text)): return against([Glob.literal(text)])
    case .oneOf(let literals):
      var globs: [Glob] = []
      for case .text(let text) in literals { globs.append(Glob.literal(text)) }
      return globs.count == literals.count ? against(globs) : nil
    case .like(let patterns): return against(patterns.map { Glob($0) })
    case .exists(let wanted): return Possibility(wanted)
    case .equals, .matches, .greater, .greaterOrEqual, .less, .lessOrEqual, .equalsField:
      return nil
    }
  }
}

extension Agent {
  /// A field of the inventory by the path that policies use after `agent.`.
  func value(at path: String) -> String? {
    switch path {
    case "id", "agent": return id
    case "name": return name
    case "kind": return kind?.rawValue
    case "owner": return owner
    case "sponsor": return sponsor
    case "purpose": return purpose
    case "environment": return environment
    case "criticality": return criticality
    case "created": return created?.rfc3339
    case "expires": return expires?.rfc3339
    default: return attributes.first { $0.name == path }?.value
    }
  }
}

extension Test {
  /// The test of a known text; nil where only a run of the engine could tell.
  fileprivate func judge(_ value: String) -> Possibility? {
    switch self {
    case .equals(let literal): return Possibility(literal.isWritten(as: value))
    case .oneOf(let literals):
      return Possibility(literals.contains { $0.isWritten(as: value) })
    case .like(let patterns): return Possibility(patterns.contains { Glob($0).matches(value) })
    case .exists(let wanted): return Possibility(wanted)
    case .greater(let bound): return Double(value).map { Possibility($0 > bound) }
    case .greaterOrEqual(let bound): return Double(value).map { Possibility($0 >= bound) }
    case .less(let bound): return Double(value).map { Possibility($0 < bound) }
    case .lessOrEqual(let bound): return Double(value).map { Possibility($0 <= bound) }
    case .matches, .equalsField: return nil
    }
  }

  /// The test in words, for a list of assumptions.
  fileprivate func words(_ field: String) -> String {
    switch self {
    case .equals(let literal): return "`\(field)` is \(literal.words)"
    case .oneOf(let literals):
      return "`\(field)` is one of \(listed(literals.map(\.words), max: 5))"
    case .like(let patterns):
      return "`\(field)` is like \(listed(patterns.map { "`\($0)`" }, max: 5))"
    case .matches(let pattern): return "`\(field)` matches `\(pattern)`"
    case .greater(let bound): return "`\(field)` is over \(decimalText(bound, digits: 4))"
    case .greaterOrEqual(let bound):
      return "`\(field)` is at least \(decimalText(bound, digits: 4))"
    case .less(let bound): return "`\(field)` is under \(decimalText(bound, digits: 4))"
    case .lessOrEqual(let bound):
      return "`\(field)` is at most \(decimalText(bound, digits: 4))"
    case .exists(let wanted): return wanted ? "`\(field)` is there" : "`\(field)` is not there"
    case .equalsField(let other): return "`\(field)` equals `\(other.text)`"
    }
  }
}

extension Literal {
  fileprivate func isWritten(as text: String) -> Bool {
    switch self {
    case .text(let value): return value == text
    case .number(let value): return Double(text) == value
    case .bool(let value): return text == (value ? "true" : "false")
    }
  }

  fileprivate var words: String {
    switch self {
    case .text(let value): return "`\(value)`"
    case .number(let value): return decimalText(value, digits: 4)
    case .bool(let value): return value ? "true" : "false"
    }
  }
}
