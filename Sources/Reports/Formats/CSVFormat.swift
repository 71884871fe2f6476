internal import Findings
internal import Model

extension ReportFormat {
  /// cleanup.csv, the least-privilege clean-up list, the same for each owner, privileges.csv, every
  /// privilege held, and where it was asked for replay.csv.
  ///
  /// RFC 4180 with a head line; no cell can be taken for a formula (see `SafeText.csv`).
  static let csv = ReportFormat(name: "csv") { index, _, take in
    let report = index.report
    var table = CSVTable(columns: cleanupColumns, path: "cleanup.csv")
    try cleanup(report.review.cleanup, &table, take)
    table = CSVTable(columns: privilegeColumns, path: "privileges.csv")
    try privileges(report, &table, take)
    try OwnerExtract.forEachCleanup(of: report) { path, rows in
      table = CSVTable(columns: cleanupColumns, path: path)
      try cleanup(rows, &table, take)
    }
    if let replay = report.review.replay {
      table = CSVTable(columns: replayColumns, path: "replay.csv")
      try replayed(replay, &table, take)
    }
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

  private static func cleanup(
    _ rows: [CleanupRow], _ table: inout CSVTable, _ take: Taker
  ) throws {
    for row in rows {
      try table.drain(to: take)
      table.add([
        row.agent, row.owner ?? "", row.action, String(row.actions),
        row.resources.joined(separator: " "), row.level.rawValue,
        row.capabilities.joined(separator: " "), row.advice.rawValue,
        row.narrowTo.joined(separator: " "), String(row.riskRemoved),
        row.lastUse?.rfc3339 ?? "never seen", String(row.uses), String(row.daysWithLogs),
        String(row.daysInWindow),
        row.neededOnFewerThan.flatMap { NumberText.decimal($0, decimalsMax: 6) } ?? "not known",
        row.via, row.because,
      ])
    }
    try table.finish(to: take)
  }

  /// The columns of replay.csv, one row for each action of an agent that would have been denied, and
  /// each task that would have waited at a gate.
  static let replayColumns = [
    "result", "by", "agent", "owner", "action", "resource", "uses", "task", "isInnocent",
  ]

  private static func replayed(
    _ replay: Replay, _ table: inout CSVTable, _ take: Taker
  ) throws {
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
    try table.finish(to: take)
  }

  private static func privileges(
    _ report: Report, _ table: inout CSVTable, _ take: Taker
  ) throws {
    let files = report.input.files
    for assessment in report.review.agents {
      for privilege in assessment.privileges {
        let file = Int(privilege.position.file)
        try table.drain(to: take)
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
          privilege.condition ?? "", privilege.advice?.rawValue ?? "none", privilege.origin.text,
          String(privilege.grants), files.indices.contains(file) ? files[file].path : "not known",
          String(privilege.position.line),
        ])
      }
    }
    try table.finish(to: take)
  }
}

/// Rows of cells as CSV: RFC 4180, CRLF, UTF-8; handed over part by part.
struct CSVTable {
  private let path: String
  /// What was written and not handed over.
  private(set) var bytes: [UInt8] = []
  private static let partBytes = 1 << 20

  /// A table with its head line.
  init(columns: [String], path: String) {
    self.path = path
    add(columns)
  }

  /// One row.
  mutating func add(_ cells: [String]) {
    for (place, cell) in cells.enumerated() {
      if place > 0 { bytes.append(UInt8(ascii: ",")) }
      if !appendPlain(cell) { bytes.append(contentsOf: SafeText.csv(cell).utf8) }
    }
    bytes.append(0x0D)
    bytes.append(0x0A)
  }

  /// Appends a text that stands in CSV as it is, the common case; false for others.
  private mutating func appendPlain(_ cell: String) -> Bool {
    var cell = cell
    return cell.withUTF8 { text in
      guard let first = text.first else { return true }
      let isPlain = SafeText.startsNoFormula(first) && text.allSatisfy(SafeText.isPlainInCSV)
      if isPlain { bytes.append(contentsOf: text) }
      return isPlain
    }
  }

  /// Hands over what was written, where it is enough for a part.
  mutating func drain(to take: ReportFormat.Taker) throws {
    if bytes.count >= CSVTable.partBytes { try finish(to: take) }
  }

  /// Hands over what was written.
  mutating func finish(to take: ReportFormat.Taker) throws {
    try take(RenderedFile(path: path, bytes: bytes))
    bytes.removeAll(keepingCapacity: true)
  }
}
