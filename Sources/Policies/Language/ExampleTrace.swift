package import Model

/// The events and agents of an example, as its lines say them.
///
/// A line of events is `10:05 ops-agent task=T1 deploy.release args.amount=5 outcome=denied`: a
/// time (`10:05`, `10:05:30`, `+1d 10:05`, RFC 3339, or `-` for no clock), then tokens. Those with
/// `=` are fields, whose values may be quoted; the first other one is the agent, the next the action.
package struct ExampleTrace: Sendable, Equatable {
  /// One line of events.
  package struct Line: Sendable, Equatable {
    /// Nil for a line without a clock.
    package var time: Timestamp?
    package var agent: String
    package var action: String
    /// The fields in the line's order; quoted values are always text.
    package var fields: [Field]
    /// The line, from 0.
    package var line: Int
  }

  /// One `name=value`.
  package struct Field: Sendable, Equatable {
    package var name: String
    package var value: String
    package var isQuoted: Bool
  }

  /// One line of agents.
  package struct AgentLine: Sendable, Equatable {
    package var id: String
    package var fields: [Field]
  }

  /// A line that could not be read.
  package struct Mistake: Sendable, Equatable {
    /// The line, from 0.
    package var line: Int
    package var reason: String
  }

  package var events: [Line] = []
  package var agents: [AgentLine] = []
  package var mistakes: [Mistake] = []

  /// An empty trace.
  package init() {}

  /// The day of times without a date: 2026-01-01.
  private static let dayZeroSeconds: Int64 = 20_454 * 86_400

  /// Reads lines of events; blank ones and those that begin with `#` are left out.
  package mutating func readEvents(_ text: String) {
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      guard var tokens = tokens(of: line, number), !tokens.isEmpty else { continue }
      let time: Timestamp?
      if tokens[0].text == "-" {
        time = nil
        tokens.removeFirst()
      } else {
        guard let (stamp, count) = ExampleTrace.time(tokens) else {
          note(number, "`\(shown(tokens[0].text))` is not a time such as 10:05 or +1d 10:05")
          continue
        }
        time = stamp
        tokens.removeFirst(count)
      }
      let bare = tokens.filter { $0.name == nil }
      guard bare.count == 2 else {
        note(number, "expected a time, an agent and an action, then fields as name=value")
        continue
      }
      let fields = tokens.compactMap { $0.field }
      if let wrong = fields.first(where: { !ExampleTrace.isKnownOutcome($0) }) {
        note(number, "unknown outcome `\(shown(wrong.value))`")
        continue
      }
      events.append(
        Line(
          time: time, agent: bare[0].text, action: bare[1].text, fields: fields, line: number))
    }
  }

  /// Reads lines of agents: an id, then fields.
  package mutating func readAgents(_ text: String) {
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      guard let tokens = tokens(of: line, number), let first = tokens.first else { continue }
      guard first.name == nil, tokens.dropFirst().allSatisfy({ $0.name != nil }) else {
        note(number, "expected an agent's id, then fields as name=value")
        continue
      }
      let fields = tokens.compactMap { $0.field }
      if let kind = fields.first(where: { $0.name == "kind" }),
        AgentKind(rawValue: kind.value) == nil
      {
        note(number, "unknown kind of agent `\(shown(kind.value))`")
        continue
      }
      agents.append(AgentLine(id: first.text, fields: fields))
    }
  }

  private mutating func note(_ line: Int, _ reason: String) {
    mistakes.append(Mistake(line: line, reason: reason))
  }

  private static func isKnownOutcome(_ field: Field) -> Bool {
    field.name != "outcome" || Outcome.allCases.contains { $0.word == field.value }
  }

  private struct Token {
    /// The part before `=`; nil for a bare token.
    var name: String?
    /// The whole bare token, or the value.
    var text: String
    var isQuoted: Bool

    var field: Field? { name.map { Field(name: $0, value: text, isQuoted: isQuoted) } }
  }

  /// The tokens of a line; nil after a mistake.
  private mutating func tokens(of line: Substring, _ number: Int) -> [Token]? {
    var tokens: [Token] = []
    var rest = line.drop { $0 == " " || $0 == "\t" || $0 == "\r" }
    if rest.first == "#" { return [] }
    while !rest.isEmpty {
      let word = rest.prefix { !" \t\r=".contains($0) }
      rest = rest.dropFirst(word.count)
      var token = Token(name: nil, text: String(word), isQuoted: false)
      if rest.first == "=" {
        rest = rest.dropFirst()
        token.name = String(word)
        if let quote = rest.first, quote == "\"" || quote == "'" {
          let value = rest.dropFirst().prefix { $0 != quote }
          rest = rest.dropFirst(value.count + 1)
          guard rest.first == quote else {
            note(number, "a quote that does not end")
            return nil
          }
          rest = rest.dropFirst()
          token.text = String(value)
          token.isQuoted = true
        } else {
          let value = rest.prefix { !" \t\r".contains($0) }
          rest = rest.dropFirst(value.count)
          token.text = String(value)
        }
        guard !word.isEmpty, token.isQuoted || !token.text.isEmpty else {
          note(number, "expected a field as name=value")
          return nil
        }
      }
      tokens.append(token)
      rest = rest.drop { $0 == " " || $0 == "\t" || $0 == "\r" }
    }
    return tokens
  }

  /// The time at the front of a line and how many tokens it takes.
  private static func time(_ tokens: [Token]) -> (Timestamp, Int)? {
    guard let first = tokens.first, first.name == nil else { return nil }
    if let stamp = Timestamp(rfc3339: first.text) { return (stamp, 1) }
    if first.text.hasPrefix("+"), first.text.hasSuffix("d"), tokens.count > 1,
      let days = Int64(first.text.dropFirst().dropLast()), (0...36_500).contains(days),
      let seconds = clockSeconds(tokens[1].text)
    {
      return (Timestamp(seconds: dayZeroSeconds + days * 86_400 + seconds), 2)
    }
    guard let seconds = clockSeconds(first.text) else { return nil }
    return (Timestamp(seconds: dayZeroSeconds + seconds), 1)
  }

  /// Seconds since midnight of `HH:MM` or `HH:MM:SS`.
  private static func clockSeconds(_ text: String) -> Int64? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), parts.allSatisfy({ $0.utf8.count == 2 }) else {
      return nil
    }
    var numbers: [Int64] = []
    for part in parts {
      guard part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(part) else {
        return nil
      }
      numbers.append(number)
    }
    let second = numbers.count == 3 ? numbers[2] : 0
    guard numbers[0] < 24, numbers[1] < 60, second < 60 else { return nil }
    return numbers[0] * 3_600 + numbers[1] * 60 + second
  }
}
