internal import Findings
internal import Model

extension ReportFormat {
  /// cleanup.csv, the least-privilege clean-up list, the same for each owner, privileges.csv, every
  /// privilege held, and where it was asked for replay.csv.
  ///
  /// RFC 4180 with a head line; no cell can be taken for a formula (see `SafeText.csv`).
  static let csv = ReportFormat(name: "csv") { report, _ in
    let index = ReportIndex(report)
    var files = [
      RenderedFile(path: "cleanup.csv", bytes: cleanup(report.review.cleanup)),
      RenderedFile(path: "privileges.csv", bytes: privileges(index)),
    ]
    files += OwnerExtract.cleanupRows(of: index).map { path, rows in
      RenderedFile(path: path, bytes: cleanup(rows))
    }
    if let replay = report.review.replay {
      files.append(RenderedFile(path: "replay.csv", bytes: replayed(replay)))
    }
    return files
  }

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

  private static func cleanup(_ rows: [CleanupRow]) -> [UInt8] {
    var table = CSVTable(columns: cleanupColumns)
    for row in rows {
      table.add([
        row.agent, row.owner ?? "", row.action, String(row.actions),
        row.resources.joined(separator: " "), row.level.rawValue,
        row.capabilities.joined(separator: " "), row.advice.rawValue,
        row.narrowTo.joined(separator: " "), String(row.riskRemoved),
        row.lastUse?.rfc3339 ?? "never seen", String(row.uses), String(row.daysWithLogs),
        String(row.daysInWindow),
        row.neededOnFewerThan.flatMap { NumberText.decimal($0, decimalsMax: 6) } ?? "not known",
        row.origin.text, row.because,
      ])
    }
    return table.bytes
  }

  /// The columns of replay.csv, one row for each action of an agent that would have been denied, and
  /// each task that would have waited at a gate.
  static let replayColumns = [
    "result", "by", "agent", "owner", "action", "resource", "uses", "task", "isInnocent",
  ]

  private static func replayed(_ replay: Replay) -> [UInt8] {
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
    return table.bytes
  }

  private static func privileges(_ index: ReportIndex) -> [UInt8] {
    var table = CSVTable(columns: privilegeColumns)
    for assessment in index.report.review.agents {
      for privilege in assessment.privileges {
        let advice = index.advice(agent: assessment.agent.id, privilege: privilege)
        table.add([
          assessment.agent.id, privilege.action, String(privilege.actions),
          privilege.resources.joined(separator: " "), privilege.except.joined(separator: " "),
          privilege.limits.joined(separator: " "), privilege.level.rawValue,
          privilege.capabilities.joined(separator: " "), privilege.meaningOrigin.rawValue,
          privilege.usage.rawValue, String(privilege.uses),
          privilege.lastUse?.rfc3339 ?? "never seen",
          privilege.observedResources.joined(separator: " "),
          NumberText.decimal(privilege.reach, decimalsMax: 6) ?? "not known",
          privilege.usage == .cannotBeSeen
            ? "not known"
            : NumberText.decimal(privilege.unusedReach, decimalsMax: 6) ?? "not known",
          privilege.condition ?? "", advice?.advice.rawValue ?? "none", privilege.origin.text,
          String(privilege.grants), index.path(privilege.position) ?? "not known",
          String(privilege.position.line),
        ])
      }
    }
    return table.bytes
  }
}

/// Rows of cells as CSV: RFC 4180, CRLF, UTF-8.
struct CSVTable {
  /// What was written so far.
  private(set) var bytes: [UInt8] = []

  /// A table with its head line.
  init(columns: [String]) { add(columns) }

  /// One row.
  mutating func add(_ cells: [String]) {
    for (place, cell) in cells.enumerated() {
      if place > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes.append(contentsOf: SafeText.csv(cell).utf8)
    }
    bytes.append(contentsOf: [0x0D, 0x0A])
  }
}
