internal import Findings
internal import Foundation

/// What a decision is about, in one column, as JSON.
struct StoredItem: Codable {
  private var id: String
  private var title: String
  private var agents: [String]
  private var names: [String]
  private var owners: [String]
  /// Of a finding.
  private var policy: String?
  private var kind: String?
  private var status: String?
  /// Agents and actions of the steps, one list each.
  private var stepAgents: [String]?
  private var stepActions: [String]?
  /// Of advice.
  private var advice: String?
  private var actions: [String]?
  private var besides: [String]?
  private var resources: [String]?
  private var via: String?

  /// The column's text.
  static func encode(_ item: DecisionItem) throws -> String {
    var stored = StoredItem(
      id: item.id, title: item.title, agents: item.agents, names: item.names, owners: item.owners)
    switch item.subject {
    case .finding(let policy, let kind, let status, let steps):
      stored.policy = policy
      stored.kind = kind.rawValue
      stored.status = status.rawValue
      stored.stepAgents = steps.map(\.agent)
      stored.stepActions = steps.map(\.action)
    case .advice(let advice):
      stored.advice = advice.advice.rawValue
      stored.actions = advice.actions
      stored.besides = advice.besides
      stored.resources = advice.resources
      stored.via = advice.via
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(stored), as: UTF8.self)
  }

  /// The item of a column; another text is damage.
  static func decode(_ text: String) throws -> DecisionItem {
    let stored = try JSONDecoder().decode(StoredItem.self, from: Data(text.utf8))
    return DecisionItem(
      id: stored.id, title: stored.title, agents: stored.agents, names: stored.names,
      owners: stored.owners, subject: try stored.subject())
  }

  private func subject() throws -> DecisionItem.Subject {
    if let policy, let kind = kind.flatMap(Finding.Kind.init(rawValue:)),
      let status = status.flatMap(Finding.Status.init(rawValue:)), let stepAgents, let stepActions
    {
      return .finding(
        policy: policy, kind: kind, status: status,
        steps: zip(stepAgents, stepActions).map { DecisionItem.Step(agent: $0, action: $1) })
    }
    guard let advice = advice.flatMap(CleanupRow.Advice.init(rawValue:)), let actions, let besides,
      let resources, let via
    else { throw HistoryProblem.damaged("`\(id.prefix(80))` is neither a finding nor advice") }
    return .advice(
      DecisionItem.Advice(
        advice: advice, actions: actions, besides: besides, resources: resources, via: via))
  }
}
