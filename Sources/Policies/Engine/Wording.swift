internal import Documents
internal import Model

/// Says in words what a violated policy looked for and did not find.
struct Wording {
  private let policy: CompiledPolicy
  private let run: KeyRun
  private let machine: ChainMachine

  init(_ policy: CompiledPolicy, _ run: KeyRun, _ machine: ChainMachine) {
    self.policy = policy
    self.run = run
    self.machine = machine
  }

  /// One line for each selector of `unless` and `absent`, with the span of time looked at.
  func lookedFor(_ judgement: Judgement, _ fields: EventFields) -> [String] {
    var lines: [String] = []
    let end = run.times[judgement.candidate]
    if let excuse = policy.policy.excuse {
      let start = judgement.verdict.startTime
      let (back, overflow) = start.subtractingReportingOverflow(excuse.beforeNanoseconds)
      let isWhole = overflow || excuse.beforeNanoseconds == Int64.max
      for selector in excuse.selectors {
        lines.append(selector.words + spanWords(isWhole ? nil : back, end))
      }
    }
    for (step, node) in judgement.witness.enumerated().dropFirst() {
      guard Int(node.step) < policy.steps.count else { continue }
      let previous = run.times[Int(judgement.witness[step - 1].candidate)]
      let time = run.times[Int(node.candidate)]
      for selector in policy.steps[Int(node.step)].absent {
        lines.append(selector.words + spanWords(previous, time))
      }
    }
    return lines
  }

  private func spanWords(_ start: Int64?, _ end: Int64) -> String {
    Policies.spanWords(start, end, isTimed: run.isTimed)
  }
}

/// The span of time that was looked at, in words; from the key's beginning when it has no start.
func spanWords(_ start: Int64?, _ end: Int64, isTimed: Bool) -> String {
  guard isTimed else { return ", in the run so far" }
  let endText = Timestamp(nanoseconds: end, fractionDigits: 0).clockWords
  guard let start else { return ", up to \(endText.date) \(endText.time)" }
  let startText = Timestamp(nanoseconds: start, fractionDigits: 0).clockWords
  if startText.date == endText.date { return ", \(startText.time) to \(endText.time)" }
  return ", \(startText.date) \(startText.time) to \(endText.date) \(endText.time)"
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
