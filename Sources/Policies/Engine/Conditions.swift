internal import Model

/// The conditions of all policies of a run, resolved against its texts.
struct Conditions: Sendable {
  indirect enum Condition: Sendable {
    case always
    case all([Condition])
    case any([Condition])
    case not(Condition)
    /// The index of a test.
    case test(Int)
  }

  private struct Test {
    var field: FieldPath
    var access: FieldAccess
    var kind: Kind
    /// What is known of texts already seen, by symbol: patterns run once for each distinct text.
    var memo = TextMemo()

    /// The same where it reads no texts.
    var plain: PlainTest? {
      var test: PlainTest
      switch kind {
      case .literals(let literals):
        guard literals.count == 1, !literals[0].readsTexts else { return nil }
        test = PlainTest(kind: .equal, symbol: literals[0].symbol.raw)
        test.number = literals[0].number ?? .nan
        test.bool = literals[0].bool.map { $0 ? 1 : 0 } ?? 2
      case .compare(.greaterOrEqual, let bound): test = PlainTest(kind: .atLeast, number: bound)
      case .compare(.greater, let bound): test = PlainTest(kind: .over, number: bound)
      case .compare(.lessOrEqual, let bound): test = PlainTest(kind: .atMost, number: bound)
      case .compare(.less, let bound): test = PlainTest(kind: .under, number: bound)
      case .exists(let isWanted): test = PlainTest(kind: isWanted ? .exists : .isMissing)
      case .like, .matches, .field: return nil
      }
      switch access {
      case .builtIn(let field): test.offset = Int32(BuiltInField(field).offset)
      case .attribute(let path): test.path = path.raw
      default: return nil
      }
      return test
    }
  }

  private enum Kind {
    case literals([CompiledLiteral])
    case like([Glob])
    case matches(RegularExpression)
    case compare(Comparison, Double)
    case exists(Bool)
    case field(FieldAccess)
  }

  private enum Comparison { case greater, greaterOrEqual, less, lessOrEqual }

  /// A constant in every form in which a source may write it.
  private struct CompiledLiteral {
    var symbol: Symbol
    var number: Double?
    var bool: Bool?
    /// Whether texts are read as numbers before they are compared.
    var readsTexts: Bool
  }

  private var tests: [Test] = []
  /// Conditions that are more than `always`, equal ones once, and what they were compiled from.
  private var numbered: [Condition] = []
  private var predicates: [Predicate] = []
  /// For each numbered condition that is one test without texts to read: that test.
  private var plain: [PlainTest?] = []

  /// The number of a condition, the same for equal ones; nil where it always holds.
  mutating func number(of predicate: Predicate, _ fields: inout EventFields) -> Int? {
    if predicate == .always { return nil }
    if let known = predicates.firstIndex(of: predicate) { return known }
    predicates.append(predicate)
    let condition = compile(predicate, &fields)
    numbered.append(condition)
    if case .test(let index) = condition {
      plain.append(tests[index].plain)
    } else {
      plain.append(nil)
    }
    return numbered.count - 1
  }

  /// Judges a condition by its number.
  @inline(__always)
  mutating func truth(
    number: Int, _ event: UnsafePointer<Event>, _ columns: EventColumns, _ fields: EventFields
  ) -> Truth {
    if let test = plain[number], let truth = test.truth(event, columns.attributes) {
      return truth
    }
    return truth(numbered[number], event.pointee, fields)
  }

  /// Compiles a predicate.
  mutating func compile(_ predicate: Predicate, _ fields: inout EventFields) -> Condition {
    switch predicate {
    case .always: return .always
    case .all(let parts): return .all(parts.map { compile($0, &fields) })
    case .any(let parts): return .any(parts.map { compile($0, &fields) })
    case .not(let part): return .not(compile(part, &fields))
    case .test(let field, let test):
      var access = fields.access(field)
      if case .exists = test { access = fields.presence(field) }
      tests.append(Test(field: field, access: access, kind: Self.kind(test, &fields)))
      return .test(tests.count - 1)
    }
  }

  private static func kind(_ test: Policies.Test, _ fields: inout EventFields) -> Kind {
    switch test {
    case .equals(let literal): return .literals([compile(literal, &fields)])
    case .oneOf(let literals): return .literals(literals.map { compile($0, &fields) })
    case .like(let globs): return .like(globs.map { Glob($0) })
    case .matches(let text):
      // The reader has refused what does not compile; an empty list matches nothing.
      guard let expression = try? RegularExpression(text) else { return .like([]) }
      return .matches(expression)
    case .greater(let number): return .compare(.greater, number)
    case .greaterOrEqual(let number): return .compare(.greaterOrEqual, number)
    case .less(let number): return .compare(.less, number)
    case .lessOrEqual(let number): return .compare(.lessOrEqual, number)
    case .exists(let wanted): return .exists(wanted)
    case .equalsField(let other): return .field(fields.access(other))
    }
  }

  private static func compile(_ literal: Literal, _ fields: inout EventFields) -> CompiledLiteral {
    let symbol = fields.texts.symbol(literal.text)
    switch literal {
    case .text(let text):
      let bool = text == "true" ? true : text == "false" ? false : nil
      return CompiledLiteral(
        symbol: symbol, number: Double(text), bool: bool, readsTexts: false)
    case .number(let number):
      return CompiledLiteral(symbol: symbol, number: number, bool: nil, readsTexts: true)
    case .bool(let bool):
      return CompiledLiteral(symbol: symbol, number: nil, bool: bool, readsTexts: false)
    }
  }

  /// Judges a condition on an event.
  mutating func truth(_ condition: Condition, _ event: Event, _ fields: EventFields) -> Truth {
    switch condition {
    case .always: return .yes
    case .all(let parts):
      var truth = Truth.yes
      for part in parts {
        truth = min(truth, self.truth(part, event, fields))
        if truth == .no { break }
      }
      return truth
    case .any(let parts):
      var truth = Truth.no
      for part in parts {
        truth = max(truth, self.truth(part, event, fields))
        if truth == .yes { break }
      }
      return truth
    case .not(let part): return self.truth(part, event, fields).negated
    case .test(let index): return truth(test: index, event, fields)
    }
  }

  /// The first field whose absence leaves a condition unknown on an event.
  mutating func missingField(
    _ condition: Condition, _ event: Event, _ fields: EventFields
  ) -> FieldPath? {
    switch condition {
    case .always: return nil
    case .all(let parts), .any(let parts):
      for part in parts {
        if let field = missingField(part, event, fields) { return field }
      }
      return nil
    case .not(let part): return missingField(part, event, fields)
    case .test(let index):
      return truth(test: index, event, fields) == .unknown ? tests[index].field : nil
    }
  }

  private mutating func truth(test index: Int, _ event: Event, _ fields: EventFields) -> Truth {
    if case .field(let other) = tests[index].kind {
      let left = fields.identities(tests[index].access, of: event)
      let right = fields.identities(other, of: event)
      if left.isNone || right.isNone { return .unknown }
      return Truth(left.contains { value in right.contains { $0 == value } })
    }
    let values = fields.values(tests[index].access, of: event)
    if case .exists(let wanted) = tests[index].kind { return Truth(values.isNone != wanted) }
    switch values {
    case .none: return .unknown
    case .one(let value): return truth(test: index, value, event, fields)
    case .many(let list):
      var truth = Truth.no
      for value in list { truth = max(truth, self.truth(test: index, value, event, fields)) }
      return truth
    }
  }

  private mutating func truth(
    test index: Int, _ value: AttributeValue, _ event: Event, _ fields: EventFields
  ) -> Truth {
    switch tests[index].kind {
    case .exists, .field: return .yes
    case .literals(let literals):
      return Truth(literals.contains { equals(value, $0, index, fields) })
    case .compare(let comparison, let bound):
      guard let number = number(value, fields) else { return .no }
      return Truth(Self.holds(comparison, number, bound))
    case .like(let globs):
      return Truth(
        remembered(index, value) {
          let text = fields.texts.text(value)
          return globs.contains { $0.matches(text) }
        })
    case .matches(let expression):
      return Truth(remembered(index, value) { expression.matches(fields.texts.text(value)) })
    }
  }

  private mutating func remembered(
    _ index: Int, _ value: AttributeValue, _ judge: () -> Bool
  ) -> Bool {
    guard case .text(let symbol) = value else { return judge() }
    if let known = tests[index].memo.known(symbol) { return known }
    let result = judge()
    tests[index].memo.remember(symbol, result)
    return result
  }

  private func equals(
    _ value: AttributeValue, _ literal: CompiledLiteral, _ index: Int, _ fields: EventFields
  ) -> Bool {
    switch value {
    case .text(let symbol):
      if symbol == literal.symbol { return true }
      return literal.readsTexts && number(value, fields) == literal.number
    case .number(let number): return number == literal.number
    case .bool(let bool): return bool == literal.bool
    case .token: return false
    }
  }

  /// A number, also where a source writes it as text.
  private func number(_ value: AttributeValue, _ fields: EventFields) -> Double? {
    numberValue(value, fields)
  }

  private static func holds(_ comparison: Comparison, _ left: Double, _ right: Double) -> Bool {
    switch comparison {
    case .greater: return left > right
    case .greaterOrEqual: return left >= right
    case .less: return left < right
    case .lessOrEqual: return left <= right
    }
  }
}

/// The finite number that a value is or that its text writes; nil for any other.
func numberValue(_ value: AttributeValue, _ fields: EventFields) -> Double? {
  switch value {
  case .number(let number): return number.isFinite ? number : nil
  case .bool, .token: return nil
  case .text(let symbol):
    guard let number = Double(fields.texts.text(symbol)), number.isFinite else { return nil }
    return number
  }
}
