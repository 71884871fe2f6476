internal import Findings
internal import Model

extension StructuredReport {
  /// One exception and how it stands.
  func writeException(_ standing: ExceptionStanding, to sink: inout Sink) {
    let exception = standing.exception
    sink.text("id", exception.id)
    sink.text("state", standing.state.rawValue)
    sink.text("target", exception.targetText)
    sink.text("owner", exception.owner)
    sink.text("approver", exception.approver)
    sink.text("reason", exception.reason)
    sink.text("ticket", exception.ticket, absentBecause: "none is named")
    sink.text(
      "compensatingControl", exception.compensatingControl, absentBecause: "none is named")
    sink.text("from", exception.from.rfc3339)
    sink.text("until", exception.until.rfc3339)
    sink.text("file", exception.file)
    sink.integer("line", exception.line)
    sink.texts("findings", of: "finding", standing.findings)
    sink.texts("warnings", of: "warning", standing.warnings)
  }
}
