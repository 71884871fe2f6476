internal import Findings
internal import Model
internal import Policies

extension Report {
  /// The report with a label for each value that a policy correlates by and that is no name.
  ///
  /// A key such as `args.account` holds what an agent passed to a tool. It becomes `<value 1>`, the
  /// same for the same value all through the report: a digest of an account number could be guessed
  /// back, a label can't. Tasks, sessions, agents, resources and ids stay, as in raw records.
  package func maskingValues() -> Report {
    var labels: [String: String] = [:]
    var report = self
    for place in report.review.findings.indices {
      let occurrences = report.review.findings[place].occurrences
      guard occurrences.contains(where: { $0.key.contains { !Report.isName($0.name) } }) else {
        continue
      }
      report.review.findings[place].occurrences = occurrences.map { occurrence in
        var occurrence = occurrence
        occurrence.key = occurrence.key.map { part in
          guard !Report.isName(part.name) else { return part }
          let label = labels[part.value] ?? "<value \(labels.count + 1)>"
          labels[part.value] = label
          return NamedValue(name: part.name, value: label)
        }
        return occurrence
      }
    }
    return report
  }

  /// Whether a part of a key says who, where or which, and no more.
  private static func isName(_ path: String) -> Bool {
    if EventField.allCases.contains(where: { $0.word == path }) || path == "outcome" { return true }
    let last = path.split(separator: ".").last.map(String.init) ?? path
    return ["Id", "ID", "_id", "Arn", "ARN"].contains { last.hasSuffix($0) }
  }
}
