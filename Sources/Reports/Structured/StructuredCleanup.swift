internal import Findings
internal import Model

extension StructuredReport {
  /// What stands in place of the rows where they are too many.
  func writeCleanupGroups(to sink: inout Sink) {
    sink.text(
      "cleanupAbsentBecause",
      "it has \(NumberText.grouped(review.cleanup.count)) rows, which are in cleanup.csv; "
        + "cleanupGroups counts them")
    sink.list("cleanupGroups", of: "group") { sink in
      for group in CleanupGroup.all(of: review.cleanup) {
        sink.member {
          $0.text("agent", group.agent)
          $0.text("advice", group.advice.rawValue)
          $0.integer("rows", group.rows)
          $0.integer("actions", group.actions)
          $0.integer("riskRemovedMost", group.riskRemovedMost)
          $0.number("hazardRemoved", group.hazardRemoved)
        }
      }
    }
  }
}

/// Rows of the clean-up list of one agent with the same advice.
private struct CleanupGroup {
  var agent: String
  var advice: CleanupRow.Advice
  var rows = 0
  /// Single actions.
  var actions = 0
  /// Of the rows the most points that one of them takes off by itself.
  var riskRemovedMost = 0
  var hazardRemoved = 0.0

  /// The groups in the order of their first rows.
  static func all(of rows: [CleanupRow]) -> [CleanupGroup] {
    var places: [String: [CleanupRow.Advice: Int]] = [:]
    var groups: [CleanupGroup] = []
    for row in rows {
      let place = places[row.agent]?[row.advice] ?? groups.count
      if place == groups.count {
        places[row.agent, default: [:]][row.advice] = place
        groups.append(CleanupGroup(agent: row.agent, advice: row.advice))
      }
      groups[place].rows += 1
      groups[place].actions += row.actions
      groups[place].riskRemovedMost = max(groups[place].riskRemovedMost, row.riskRemoved)
      groups[place].hazardRemoved += row.hazardRemoved
    }
    return groups
  }
}
