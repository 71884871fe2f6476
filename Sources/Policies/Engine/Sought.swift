internal import Model

/// What a violated policy looked for and did not find. It becomes words where somebody reads it.
package struct Sought: Sendable, Equatable {
  /// The span of time that was looked at, in nanoseconds since 1970.
  package enum Span: Sendable, Equatable {
    /// None is told.
    case none
    /// The source has no clock.
    case run
    /// From the key's beginning.
    case upTo(Int64)
    case between(Int64, Int64)
  }

  /// What it was, in words.
  package var what: String
  /// Where it was looked for.
  package var span = Span.none

  /// Something that was looked for in a span of time.
  package init(what: String, _ span: Span = .none) {
    self.what = what
    self.span = span
  }

  /// For example `approval.grant by a user, 09:30 to 10:09`.
  package var words: String {
    switch span {
    case .none: return what
    case .run: return what + ", in the run so far"
    case .upTo(let end):
      let end = Timestamp(nanoseconds: end, fractionDigits: 0).clockWords
      return what + ", up to \(end.date) \(end.time)"
    case .between(let start, let end):
      let start = Timestamp(nanoseconds: start, fractionDigits: 0).clockWords
      let end = Timestamp(nanoseconds: end, fractionDigits: 0).clockWords
      if start.date == end.date { return what + ", \(start.time) to \(end.time)" }
      return what + ", \(start.date) \(start.time) to \(end.date) \(end.time)"
    }
  }
}

extension Match {
  /// What the policy looked for and did not find, in words.
  package var lookedForAndNotFound: [String] { sought.map(\.words) }
}

extension KeyRun {
  /// A span of time in which something was looked for; from the key's beginning without a start.
  func span(from start: Int64?, to end: Int64) -> Sought.Span {
    guard isTimed else { return .run }
    return start.map { .between($0, end) } ?? .upTo(end)
  }
}

extension Timestamp {
  /// The date and the time of day, seconds only where there are some.
  var clockWords: (date: String, time: String) {
    let text = rfc3339
    let date = String(text.prefix(10))
    let seconds = text.dropFirst(17).prefix(2)
    return (date, String(text.dropFirst(11).prefix(seconds == "00" ? 5 : 8)))
  }
}

extension Selector {
  /// What it selects, in a few words.
  var words: String {
    var text = (does + actions).joined(separator: " or ")
    if text.isEmpty { text = "an event" }
    for part in condition.words { text += " \(part)" }
    for test in same { text += " with the same \(test.field.text) as \(test.register)" }
    for test in differs {
      let field = test.field == .event(.agent) ? "" : " with \(test.field.text)"
      text += "\(field) other than the \(test.register)"
    }
    return text
  }
}

extension Predicate {
  /// The conditions as phrases; `by a user` for the kind of agent.
  fileprivate var words: [String] {
    switch self {
    case .always: return []
    case .all(let parts): return parts.flatMap(\.words)
    case .any(let parts): return [parts.flatMap(\.words).joined(separator: " or ")]
    case .not(let part): return ["not " + part.words.joined(separator: " ")]
    case .test(.agent("kind"), .equals(.text(let kind))):
      return ["by a\("aeio".contains(kind.prefix(1)) ? "n" : "") \(kind)"]
    case .test(let field, let test): return ["with \(field.text) \(test.words)"]
    }
  }
}

extension Test {
  /// The test as a phrase after the field's name.
  fileprivate var words: String {
    switch self {
    case .equals(let literal): return literal.text
    case .oneOf(let literals): return literals.map(\.text).joined(separator: " or ")
    case .like(let globs): return "like " + globs.joined(separator: " or ")
    case .matches(let expression): return "matching \(expression)"
    case .greater(let number): return "over \(Literal.number(number).text)"
    case .greaterOrEqual(let number): return "at least \(Literal.number(number).text)"
    case .less(let number): return "under \(Literal.number(number).text)"
    case .lessOrEqual(let number): return "at most \(Literal.number(number).text)"
    case .exists(let isThere): return isThere ? "present" : "absent"
    case .equalsField(let other): return "equal to \(other.text)"
    }
  }
}
