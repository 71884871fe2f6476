internal import Findings
internal import Model

extension StructuredReport {
  /// What is asked now, and what was read.
  func writeDecisionSheet(to sink: inout Sink) {
    sink.integer("rows", review.questions.count)
    sink.integer("settled", review.questions.count(where: \.isSettled))
    let notAsked = CleanupRow.Advice.allCases.filter { !$0.isAsked }
    sink.map(
      "notAsked", of: "advice",
      counts: notAsked.map { advice in
        (advice.rawValue, review.cleanup.count { $0.advice == advice })
      })
    sink.list("read", of: "file") { sink in
      for (place, file) in report.decisionFiles.enumerated() {
        sink.member {
          $0.text("path", file.path)
          $0.text("sha256", file.sha256)
          $0.text("copy", DecisionFile.copyPath(place))
          $0.integer("decisions", file.decisions)
          $0.integer("undecided", file.undecided)
        }
      }
    }
  }

  /// An earlier decision, with what became of it.
  func writeDecision(_ standing: DecisionStanding, to sink: inout Sink) {
    let (taken, decision) = (standing.taken, standing.taken.decision)
    sink.text("id", taken.item.id)
    sink.text("about", taken.item.title)
    sink.texts("agents", of: "agent", taken.item.agents)
    sink.text("decision", decision.word.rawValue)
    sink.text("decidedBy", decision.decidedBy)
    sink.text("reason", decision.reason)
    sink.text("until", decision.until?.rfc3339, absentBecause: "no date was given")
    sink.text("askedBy", taken.asked)
    sink.text("state", standing.state.rawValue)
    sink.texts("evidence", of: "fact", standing.evidence)
    sink.texts("warnings", of: "warning", standing.warnings)
    sink.text("file", decision.file)
    sink.integer("line", decision.line)
  }
}
