internal import Findings
internal import Model

/// Privileges of one agent that one statement grants, alike in service, level, use and advice.
struct PrivilegeGroup {
  /// The statement, and what the privileges have in common.
  struct Key: Hashable, Comparable {
    var via: String
    var service: String
    var level: String
    var usage: String
    var advice: String

    static func < (left: Key, right: Key) -> Bool {
      (left.via, left.service, left.level, left.usage, left.advice) < (
        right.via, right.service, right.level, right.usage, right.advice
      )
    }
  }

  var key: Key
  /// Where the statement stands; where it is written in several places, the first of them.
  var position: SourcePosition
  /// How many single actions.
  var count = 0
  /// How many of them hold under a condition that could not be judged.
  var conditional = 0
  /// Uses in the window, allowed ones.
  var uses = 0
  /// Names of the actions in the review's order, at most `actionsMax`.
  var actions: [String] = []

  /// The most names that a group lists; privileges.csv has all of them.
  static let actionsMax = 20

  /// The groups of an agent, sorted by statement, service, level, use, advice.
  static func all(of assessment: AgentAssessment, index: ReportIndex) -> [PrivilegeGroup] {
    var groups: [Key: PrivilegeGroup] = [:]
    for privilege in assessment.privileges {
      let advice = index.advice(agent: assessment.agent.id, privilege: privilege)
      let key = Key(
        via: privilege.origin.text, service: service(of: privilege.action),
        level: privilege.level.rawValue, usage: privilege.usage.rawValue,
        advice: advice?.advice.rawValue ?? "none")
      var group = groups[key] ?? PrivilegeGroup(key: key, position: privilege.position)
      group.position = min(group.position, privilege.position)
      group.count += privilege.actions
      if privilege.condition != nil { group.conditional += privilege.actions }
      group.uses += privilege.uses
      if group.actions.count < actionsMax { group.actions.append(privilege.action) }
      groups[key] = group
    }
    return groups.sorted { $0.key < $1.key }.map(\.value)
  }

  /// The part of an action's name before the colon or the dot; the whole name where there is none.
  static func service(of action: String) -> String {
    let end = action.firstIndex { $0 == ":" || $0 == "." } ?? action.endIndex
    return String(action[..<end])
  }
}
