internal import Controls
internal import Findings
internal import Model

/// The ids of everything in an OSCAL document: the same thing has the same UUID in the XML, in the
/// JSON and, where it lives on, in the next review.
struct OSCALNames {
  private let report: Report
  /// Tokens of controls by framework and published id.
  private let tokens: [String: String]
  private let review: String
  let result: String
  let plan: String
  let tool: String

  /// The names of a report.
  init(_ report: Report) {
    self.report = report
    review = [report.id, report.review.from?.rfc3339 ?? "", report.review.to?.rfc3339 ?? ""]
      .joined(separator: " ")
    result = NameUUID.make("result", review)
    plan = NameUUID.make("plan", review)
    tool = NameUUID.make("tool", report.tool)
    var tokens: [String: String] = [:]
    var taken: Set<String> = []
    for framework in report.frameworks {
      for control in framework.controls {
        var token = OSCALText.token(control.id, framework: framework.id)
        // Two lists may call different things alike.
        if !taken.insert(token).inserted { token = "\(framework.id)_\(token)" }
        taken.insert(token)
        tokens["\(framework.id) \(control.id)"] = token
      }
    }
    self.tokens = tokens
  }

  /// The token of a control.
  func token(_ control: ControlAssessment) -> String {
    tokens["\(control.framework) \(control.id)"]
      ?? OSCALText.token(control.id, framework: control.framework)
  }

  /// The document, which is another one whenever what was read differs.
  var document: String {
    NameUUID.make(
      "document", review, report.toolVersion,
      report.input.files.map { "\($0.path) \($0.sha256 ?? "\($0.bytes)")" }.joined(separator: "\n"))
  }

  /// An agent, a risk: the same from review to review.
  func agent(_ id: String) -> String { NameUUID.make("agent", id) }
  func risk(_ finding: Finding) -> String { NameUUID.make("risk", finding.id) }
  func remedy(_ finding: Finding) -> String { NameUUID.make("remedy", finding.id) }

  /// What was seen and judged in this review.
  func observation(_ finding: Finding) -> String {
    NameUUID.make("observation", review, finding.id)
  }
  func observation(_ control: ControlAssessment) -> String {
    NameUUID.make("control-observation", review, control.framework, control.id)
  }
  func finding(_ control: ControlAssessment) -> String {
    NameUUID.make("finding", review, control.framework, control.id)
  }
  func file(_ file: InputFile) -> String { NameUUID.make("file", review, file.path) }

  /// When the review's window ends: no clock is read. Nil without any time.
  var time: Timestamp? { report.review.to ?? report.input.lastEvent }
}
