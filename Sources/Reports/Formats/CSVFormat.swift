internal import Findings
internal import Model

extension ReportFormat {
  /// cleanup.csv, the least-privilege clean-up list, the same for each owner, privileges.csv, every
  /// privilege held, and where it was asked for replay.csv.
  ///
  /// RFC 4180 with a head line; no cell can be taken for a formula (see `SafeText.csv`).
  static let csv = ReportFormat(
    name: "csv",
    pieces: { index, _ in
      let report = index.report
      let lists = ReportPiece.longFiles { take in
        try cleanup(report.review.cleanup, "cleanup.csv", take)
        try OwnerExtract.forEachCleanup(of: report) { path, rows in try cleanup(rows, path, take) }
        if let replay = report.review.replay { try replayed(replay, take) }
      }
      let agents = report.review.agents
      return [lists]
        + ReportPiece.parts(of: "privileges.csv", agents.count, atATime: agentsOfPart) { range in
          var table = range.lowerBound == 0 ? CSVTable(columns: privilegeColumns) : CSVTable()
          for place in range { privileges(agents[place], report.input.files, &table) }
          return table.bytes
        }
    })

  /// Agents whose privileges are written one after the other.
  private static let agentsOfPart = 100

  /// The columns of cleanup.csv, one row for each row of advice, heaviest first.
  static let cleanupColumns = [
    "agent", "owner", "action", "actions", "resource", "level", "capabilities", "advice",
    "narrowTo", "riskRemovedPoints", "lastUse", "uses", "daysWithLogs", "daysInWindow",
    "neededOnFewerThanShareOfDays", "via", "because",
  ]

  /// The columns of privileges.csv, one row for each privilege of each agent.
  static let privilegeColumns = [
    "agent", "action", "actions", "resource", "except", "limits", "level", "capabilities",
    "classifiedBy", "usage", "uses", "lastUse", "observedResources", "reach", "unusedReach",
    "condition", "advice", "via", "grants", "file", "line",
  ]

  private static func cleanup(_ rows: [CleanupRow], _ path: String, _ take: Taker) throws {
    var table = CSVTable(columns: cleanupColumns)
    for row in rows {
      try table.drain(path, to: take)
      table.cell(row.agent)
      table.cell(row.owner ?? "")
      table.cell(row.action)
      table.cell(row.actions)
      table.cell(row.resources)
      table.cell(row.level.rawValue)
      table.cell(row.capabilities)
      table.cell(row.advice.rawValue)
      table.cell(row.narrowTo)
      table.cell(row.riskRemoved)
      table.cell(row.lastUse?.rfc3339 ?? "never seen")
      table.cell(row.uses)
      table.cell(row.daysWithLogs)
      table.cell(row.daysInWindow)
      table.cell(row.neededOnFewerThan ?? .nan)
      table.cell(row.via)
      table.cell(row.because)
      table.endRow()
    }
    try table.finish(path, to: take)
  }

  /// The columns of replay.csv, one row for each action of an agent that would have been denied, and
  /// each task that would have waited at a gate.
  static let replayColumns = [
    "result", "by", "agent", "owner", "action", "resource", "uses", "task", "isInnocent",
  ]

  private static func replayed(_ replay: Replay, _ take: Taker) throws {
    var table = CSVTable(columns: replayColumns)
    for (by, uses) in [
      ("proposed privileges", replay.denied), ("cut set", replay.cutSet?.denied ?? []),
    ] {
      for use in uses {
        table.add([
          "denied", by, use.agent, use.owner ?? "", use.action,
          use.resources.joined(separator: " "), String(use.uses),
          use.tasks.joined(separator: " "), "not known",
        ])
      }
    }
    for wait in replay.gates?.waits ?? [] {
      table.add([
        "waits", wait.gate, wait.agent, wait.owner ?? "", wait.action, "", String(wait.uses),
        wait.task, wait.isInnocent ? "true" : "false",
      ])
    }
    try table.finish("replay.csv", to: take)
  }

  private static func privileges(
    _ assessment: AgentAssessment, _ files: [InputFile], _ table: inout CSVTable
  ) {
    for privilege in assessment.privileges {
      table.cell(assessment.agent.id)
      table.cell(privilege.action)
      table.cell(privilege.actions)
      table.cell(privilege.resources)
      table.cell(privilege.except)
      table.cell(privilege.limits)
      table.cell(privilege.level.rawValue)
      table.cell(privilege.capabilities)
      table.cell(privilege.meaningOrigin.rawValue)
      table.cell(privilege.usage.rawValue)
      table.cell(privilege.uses)
      table.cell(privilege.lastUse?.rfc3339 ?? "never seen")
      table.cell(privilege.observedResources)
      table.cell(privilege.reach)
      table.cell(privilege.usage == .cannotBeSeen ? .nan : privilege.unusedReach)
      table.cell(privilege.condition ?? "")
      table.cell(privilege.advice?.rawValue ?? "none")
      table.cell(privilege.origin.text)
      table.cell(privilege.grants)
      let file = Int(privilege.position.file)
      table.cell(files.indices.contains(file) ? files[file].path : "not known")
      table.cell(Int(privilege.position.line))
      table.endRow()
    }
  }
}
