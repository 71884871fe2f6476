internal import Findings
internal import Model

/// decisions.yaml: the rows of decisions.csv for those who keep decisions beside their code.
///
/// What a row is about stands above it as a comment; only the id and what is filled in are read.
struct DecisionList {
  private let report: Report
  private static let textMax = 200
  private static let partBytes = 1 << 20

  /// The list of a report.
  init(_ report: Report) { self.report = report }

  /// Hands the whole file over, part by part.
  func write(to take: ReportFormat.Taker) throws {
    let review = DecisionList.quoted(report.id)
    let questions = report.review.questions
    var text =
      "# What review \(review) asks to be decided, the rows of decisions.csv. Fill in decision, "
      + "decidedBy, reason\n# and until, and give this file to the next review: --decisions "
      + "decisions.yaml. A row without a decision\n# is undecided.\n"
      + "decisions:\(questions.isEmpty ? " []" : "")\n"
    for question in questions {
      let item = question.item
      text += "  # \(DecisionList.line(item.title)) (\(DecisionList.line(about(question))))\n"
      if let standing = question.standing {
        text += "  # decided before: \(DecisionList.line(standing.summary))\n"
      }
      text += "  - id: \(DecisionList.quoted(item.id))\n    review: \(review)\n"
      let words = item.words.map(\.rawValue).joined(separator: ", ")
      text += "    decision: # \(words)\n    decidedBy:\n    reason:\n    until:\n"
      guard text.utf8.count >= DecisionList.partBytes else { continue }
      try take(RenderedFile(path: "decisions.yaml", bytes: Array(text.utf8)))
      text = ""
    }
    try take(RenderedFile(path: "decisions.yaml", bytes: Array(text.utf8)))
  }

  private func about(_ question: DecisionQuestion) -> String {
    let weight =
      question.severity?.rawValue ?? question.points.map { NumberText.count($0, "point", "points") }
    return ([weight].compactMap { $0 } + [NumberText.few(question.item.agents, max: 3)])
      .joined(separator: "; ")
  }

  /// One line of a comment: some white space ends a line of YAML, and with it a comment.
  private static func line(_ text: String) -> String {
    let scalars = SafeText.visible(SafeText.cut(text, scalarsMax: textMax)).unicodeScalars.map {
      $0.properties.isWhitespace ? " " : $0
    }
    return String(String.UnicodeScalarView(scalars))
  }

  /// A text in double quotes, as JSON has it.
  private static func quoted(_ text: String) -> String {
    let inner = SafeText.visible(text).unicodeScalars.map { scalar -> String in
      if scalar == "\"" || scalar == "\\" { return "\\\(scalar)" }
      return scalar != " " && scalar.properties.isWhitespace
        ? "\\u\(hex(scalar.value))" : String(scalar)
    }
    return "\"\(inner.joined())\""
  }

  /// Four digits: all white space has a number below 65,536.
  private static func hex(_ number: UInt32) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }
}
