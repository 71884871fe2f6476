internal import Findings
internal import Model

extension OwnerExtract {
  /// Makes the extract of each owner, one after the other, with the path of its page.
  static func forEach(
    _ index: ReportIndex, _ body: (_ path: String, _ extract: OwnerExtract) throws -> Void
  ) rethrows {
    let owners = OwnerPages(index.report)
    let texts = OwnerTexts(index.report, owners.groups)
    let rows = rows(of: index.report, owners.groups)
    for (number, group) in owners.groups.enumerated() {
      guard let path = owners.path(of: group.name) else { continue }
      texts.begin(number)
      try body(path, OwnerExtract(index, group, texts, rows: rows[number]))
    }
  }

  /// The whole clean-up list of each owner, with the path of its file.
  static func cleanupRows(of index: ReportIndex) -> [(path: String, rows: [CleanupRow])] {
    let owners = OwnerPages(index.report)
    let texts = OwnerTexts(index.report, owners.groups)
    let rows = rows(of: index.report, owners.groups)
    return owners.groups.enumerated().compactMap { number, group in
      guard let path = owners.cleanupPath(of: group.name) else { return nil }
      texts.begin(number)
      return (path, rows[number].map { row($0, texts) })
    }
  }

  /// Rows of the clean-up list by the number of the owner, in the list's order.
  private static func rows(of report: Report, _ groups: [RollUp.Group]) -> [[CleanupRow]] {
    var numbers: [String: Int] = [:]
    for (number, group) in groups.enumerated() {
      for place in group.agents { numbers[report.review.agents[place].agent.id] = number }
    }
    var rows = [[CleanupRow]](repeating: [], count: groups.count)
    for row in report.review.cleanup {
      if let number = numbers[row.agent] { rows[number].append(row) }
    }
    return rows
  }
}
