internal import Model

extension ReviewInput {
  /// Where the reports of a platform and the logs do not agree on what was used.
  ///
  /// Only times that the logs span can be compared; with no log there is nothing to agree with.
  var disagreementsWithReports: [Problem] {
    guard !reportedUses.isEmpty, let first = activity.times.first, let last = activity.times.last
    else { return [] }
    let logged = loggedUses()
    var problems: [Problem] = []
    for use in reportedUses {
      let seen = logged[use.agent] ?? [:]
      let action = use.action.lowercased()
      let isSeen: Bool
      if action.hasSuffix(":*") {
        isSeen = seen.keys.contains { $0.hasPrefix(action.dropLast()) }
      } else {
        isSeen = seen[action] != nil
      }
      if let time = use.last, first <= time, time <= last, !isSeen {
        problems.append(
          problem(
            use,
            "the report says that \(quoted(use.agent)) used \(quoted(use.action)) on "
              + "\(time.rfc3339.prefix(10)), and no log shows it",
            use.action.hasSuffix(":*")
              ? "which of the service's actions it was is unknown" : "taken as used"))
      } else if use.last == nil, seen[action] ?? 0 > 0 {
        problems.append(
          problem(
            use,
            "the report knows of no use of \(quoted(use.action)) by \(quoted(use.agent)), and a "
              + "log shows it", "taken as used"))
      }
    }
    return problems
  }

  /// Allowed uses by agent and action, without case; an action that was only refused is there too.
  private func loggedUses() -> [String: [String: Int]] {
    let agents = Set(reportedUses.map(\.agent))
    var logged: [String: [String: Int]] = [:]
    activity.forEachUse { agent, action, use in
      let id = symbols.text(agent)
      guard agents.contains(id) else { return }
      logged[id, default: [:]][symbols.text(action).lowercased(), default: 0] += use.count
    }
    return logged
  }

  private func problem(_ use: ReportedUse, _ reason: String, _ consequence: String) -> Problem {
    let file = Int(use.position.file)
    return Problem(
      file: files.indices.contains(file) ? files[file].path : "", line: Int(use.position.line),
      reason: reason, consequence: consequence)
  }
}
