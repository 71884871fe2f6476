internal import Findings
internal import Model

extension ReportFormat {
  /// decisions.csv, the sheet that a reviewer fills in and the next review reads, the same for each
  /// owner, decisions.yaml, and a copy of each sheet that this review has read, byte by byte.
  ///
  /// UTF-8 with a byte order mark, without which Excel takes it for the code page of its machine.
  static let decisions = ReportFormat(name: "decisions") { index, _, take in
    let report = index.report
    try take(
      RenderedFile(
        path: "decisions.csv",
        bytes: DecisionTable(report.review.questions, review: report.id).bytes))
    try DecisionList(report).write(to: take)
    try OwnerExtract.forEachSheet(of: report) { path, questions, review in
      try take(
        RenderedFile(path: path, bytes: DecisionTable(questions, review: review).bytes))
    }
    for (place, file) in report.decisionFiles.enumerated() {
      try take(RenderedFile(path: DecisionFile.copyPath(place), bytes: file.bytes))
    }
  }
}

/// The rows of a decision sheet.
struct DecisionTable {
  private let questions: [DecisionQuestion]
  private let review: String

  /// A sheet of what a review asks, with the review's name, empty where it is not to be said.
  init(_ questions: [DecisionQuestion], review: String) {
    self.questions = questions
    self.review = review
  }

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
    var table = CSVTable(columns: Self.columns)
    for question in questions { table.add(cells(question)) }
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
      cut(question.because), item.words.map(\.rawValue).joined(separator: ", "), review,
    ]
  }

  /// An earlier decision on the same, and what became of it; empty where there is none.
  private func earlier(_ standing: DecisionStanding?) -> String {
    guard let standing else { return "" }
    return cut(standing.summary)
  }

  private func names(_ names: [String]) -> String {
    let shown = names.prefix(Self.namesMax).map(cut).joined(separator: "; ")
    let more = names.count - Self.namesMax
    return more > 0 ? "\(shown); and \(NumberText.grouped(more)) more" : shown
  }

  private func cut(_ text: String) -> String { SafeText.cut(text, scalarsMax: Self.nameMax) }
}
