import Documents
import Model
import TestSupport

@testable import Policies

/// Policies and traces of a few lines, and what comes out of them.
enum Kinds {
  static func policy(_ tail: String) throws -> Policy {
    let head = """
      policy: kind
      version: 1
      title: t
      severity: low
      themes: [approval-bypass]
      because: b
      falsePositives: [f]
      remedy: r

      """
    return try readPolicies(
      text: head + tail, file: "kind.yaml", themes: Language.themes(),
      capabilities: Language.capabilities)[0]
  }

  static func input(_ lines: [String], agents: String = "") -> ReviewInput {
    var trace = ExampleTrace()
    trace.readEvents(lines.joined(separator: "\n"))
    trace.readAgents(agents)
    return trace.input(
      vocabulary: Vocabulary(
        capabilities: Language.capabilities, catalogue: [], meanings: [:], version: "test"))
  }

  /// The matches as `status events`, with ` by event` for what excuses and ` ~` where the order of
  /// tied events matters. Events by their place in time, from 0.
  static func found(_ tail: String, _ lines: [String], agents: String = "") throws -> [String] {
    let evaluation = evaluate(
      [try policy(tail)], input: input(lines, agents: agents), from: nil, to: nil)
    return evaluation.matches.map { match in
      let events = match.chain.map { String($0.event) }.joined(separator: ",")
      return "\(match.status.rawValue) \(events)" + (match.excusedBy.map { " by \($0)" } ?? "")
        + (match.isOrderSensitive ? " ~" : "")
    }
  }
}
