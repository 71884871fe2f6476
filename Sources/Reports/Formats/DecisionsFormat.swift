internal import Findings
internal import Model

extension ReportFormat {
  /// decisions.csv, the sheet that a reviewer fills in and the next review reads, and a copy of each
  /// sheet that this review has read, byte by byte.
  ///
  /// UTF-8 with a byte order mark, without which Excel takes it for the code page of its machine.
  static let decisions = ReportFormat(name: "decisions") { index, _ in
    let report = index.report
    var files = [RenderedFile(path: "decisions.csv", bytes: DecisionTable(report).bytes)]
    for (place, file) in report.decisionFiles.enumerated() {
      files.append(RenderedFile(path: DecisionFile.copyPath(place), bytes: file.bytes))
    }
    return files
  }
}

/// The rows of decisions.csv.
struct DecisionTable {
  private let report: Report

  /// The sheet of a report.
  init(_ report: Report) { self.report = report }

  /// What is filled in stands left, beside the id; what it is about, to the right of it.
  static let columns =
    ["id", "decision", "decidedBy", "reason", "until"]
    + ["earlier", "about", "severity", "points", "owner", "agents", "actions", "resources"]
    + ["because", "mayBe", "review"]

  /// Names of one cell; a spreadsheet's cell ends at 32,767 characters.
  private static let namesMax = 20
  private static let nameMax = 300

  /// The whole file.
  var bytes: [UInt8] {
    var table = CSVTable(columns: Self.columns, path: "decisions.csv")
    for question in report.review.questions { table.add(cells(question)) }
    return [0xEF, 0xBB, 0xBF] + table.bytes
  }

  private func cells(_ question: DecisionQuestion) -> [String] {
    let item = question.item
    var (actions, resources): ([String], [String])
    switch item.subject {
    case .advice(let advice): (actions, resources) = (advice.actions, advice.resources)
    case .finding(_, _, _, let steps): (actions, resources) = (steps.map(\.action), [])
    }
    return [
      item.id, "", "", "", "", earlier(question.standing), item.title,
      question.severity?.rawValue ?? "", question.points.map { String($0) } ?? "",
      names(item.owners), names(item.agents), names(actions), names(resources),
      cut(question.because), item.words.map(\.rawValue).joined(separator: ", "), report.id,
    ]
  }

  /// An earlier decision on the same, and what became of it.
  private func earlier(_ standing: DecisionStanding?) -> String {
    guard let standing else { return "" }
    let decision = standing.taken.decision
    let until = decision.until.map { " until \(TimeText.date($0))" } ?? ""
    return cut(
      "\(decision.word.rawValue)\(until), by \(decision.decidedBy): \(standing.state.rawValue)")
  }

  private func names(_ names: [String]) -> String {
    let shown = names.prefix(Self.namesMax).map(cut).joined(separator: "; ")
    let more = names.count - Self.namesMax
    return more > 0 ? "\(shown); and \(NumberText.grouped(more)) more" : shown
  }

  private func cut(_ text: String) -> String { SafeText.cut(text, scalarsMax: Self.nameMax) }
}
