internal import Controls
internal import Findings
internal import Model

/// A report as OSCAL assessment results: agents are components, our findings are observations and
/// risks, and each control that was assessed is a finding.
///
/// OSCAL has two states: `partly` becomes `not-satisfied` with remarks that say so, and a control
/// that was not assessed is an observation without a finding.
struct OSCALAssessment<Sink: OSCALSink> {
  let index: ReportIndex
  let names: OSCALNames
  var report: Report { index.report }
  var review: Review { index.report.review }

  /// The version of OSCAL that is written.
  static var oscalVersion: String { "1.2.3" }

  /// The results of a report.
  init(_ index: ReportIndex) {
    self.index = index
    names = OSCALNames(index.report)
  }

  /// A time that OSCAL requires; where a review knows none, the epoch, and remarks that say so.
  var time: String { (names.time ?? Timestamp(seconds: 0)).rfc3339 }

  /// Writes what is inside `assessment-results`.
  func write(to sink: inout Sink) {
    sink.attribute("uuid", names.document)
    sink.object("metadata") { writeMetadata(to: &$0) }
    sink.object("import-ap") { $0.attribute("href", "#\(names.plan)") }
    sink.each([report], "result", in: "results") { _, sink in writeResult(to: &sink) }
    sink.object("back-matter") { writeBackMatter(to: &$0) }
  }

  private func writeMetadata(to sink: inout Sink) {
    sink.line("title", "Sequence-level authorisation review \(report.id)")
    sink.text("last-modified", time)
    sink.text("version", OSCALText.string(report.schemaVersion))
    sink.text("oscal-version", Self.oscalVersion)
    sink.properties([
      ("tool", "\(report.tool) \(report.toolVersion)"),
      ("scoring-version", review.scoringVersion),
      ("vocabulary-version", report.input.vocabularyVersion),
    ])
    if names.time == nil {
      sink.prose(
        "remarks", "Nothing in this review has a time, so the times that OSCAL requires are 1970.")
    }
  }

  private func writeResult(to sink: inout Sink) {
    sink.attribute("uuid", names.result)
    sink.line("title", "Review \(report.id)")
    sink.prose("description", summary)
    sink.text("start", review.from?.rfc3339 ?? time)
    sink.text("end", time)
    sink.object("local-definitions") { writeComponents(to: &$0) }
    sink.object("reviewed-controls") { writeReviewedControls(to: &$0) }
    sink.each(Observed.all(of: report), "observation", in: "observations") { observed, sink in
      switch observed {
      case .finding(let finding): writeObservation(finding, to: &sink)
      case .control(let control): writeObservation(control, to: &sink)
      case .nothing: writeEmptyObservation(to: &sink)
      }
    }
    sink.each(review.findings.filter { riskStatus($0) != nil }, "risk", in: "risks") {
      writeRisk($0, to: &$1)
    }
    let assessed = report.frameworks.flatMap(\.controls).filter { $0.status != .notAssessed }
    sink.each(assessed, "finding", in: "findings") { writeFinding($0, to: &$1) }
  }

  private var summary: String {
    let estate = review.estate
    return "\(NumberText.count(report.input.events, "event", "events")) from "
      + "\(NumberText.count(report.input.files.count, "file", "files")) and "
      + "\(NumberText.count(estate.held, "privilege", "privileges")) of "
      + "\(NumberText.count(estate.agents, "agent", "agents")) were judged. Agents by band: "
      + "\(estate.critical) critical, \(estate.high) high, \(estate.moderate) moderate, "
      + "\(estate.low) low, \(estate.notAssessed) not assessed. "
      + "\(NumberText.count(report.input.problems.count, "problem", "problems")) in the input."
  }

  private func writeComponents(to sink: inout Sink) {
    sink.each([nil] + review.agents.map(Optional.some), "component", in: "components") {
      assessment, sink in
      if let assessment {
        writeAgent(assessment, to: &sink)
      } else {
        sink.attribute("uuid", names.tool)
        sink.attribute("type", "software")
        sink.line("title", report.tool)
        sink.prose("description", "The tool that made this review, version \(report.toolVersion).")
        sink.object("status") { $0.attribute("state", "operational") }
      }
    }
  }

  private func writeAgent(_ assessment: AgentAssessment, to sink: inout Sink) {
    let agent = assessment.agent
    sink.attribute("uuid", names.agent(agent.id))
    sink.attribute("type", "software")
    sink.line("title", Naming.label(agent))
    sink.prose("description", "A non-human identity: \(agent.purpose ?? "no purpose is recorded").")
    let score = assessment.risk
    sink.properties([
      ("agent-id", agent.id), ("kind", agent.kind?.rawValue), ("owner", agent.owner),
      ("environment", agent.environment), ("band", assessment.band?.rawValue ?? "not assessed"),
      ("risk", score.value.map { "\(score.statusWord == "at least" ? "at least " : "")\($0)" }),
      ("risk-status", score.statusWord),
      ("privileges-held", "\(assessment.held)"), ("privileges-used", "\(assessment.used)"),
      ("privileges-unused", "\(assessment.unused)"),
      ("privileges-of-unseen-use", "\(assessment.unseen)"),
    ])
    sink.object("status") { $0.attribute("state", "operational") }
  }

  private func writeReviewedControls(to sink: inout Sink) {
    let frameworks = report.frameworks.filter { !$0.controls.isEmpty }
    guard !frameworks.isEmpty else {
      // OSCAL wants a selection, and has none of nothing: all of no framework.
      sink.each(["none"], "control-selection", in: "control-selections") { _, sink in
        sink.prose("description", "No framework was applied.")
        sink.object("include-all") { _ in }
      }
      return
    }
    sink.each(frameworks, "control-selection", in: "control-selections") { framework, sink in
      sink.prose("description", framework.title)
      sink.properties([
        ("framework", framework.id), ("framework-version", framework.version),
        ("mapping-version", framework.mappingVersion),
      ])
      sink.each(framework.controls, "include-control", in: "include-controls") { control, sink in
        sink.attribute("control-id", names.token(control))
      }
    }
  }

  private func writeBackMatter(to sink: inout Sink) {
    sink.each([nil] + report.input.files.map(Optional.some), "resource", in: "resources") {
      file, sink in
      guard let file else {
        sink.attribute("uuid", names.plan)
        sink.line("title", "Assessment plan")
        sink.prose(
          "description",
          "No plan was written apart: the policies, mappings and flags of the review, which "
            + "report.json lists, say what was assessed.")
        return
      }
      sink.attribute("uuid", names.file(file))
      sink.line("title", file.path)
      sink.prose("description", "An input of the review: \(file.recognisedBecause).")
      sink.properties([
        ("source-type", file.type ?? "not recognised"), ("size-bytes", "\(file.bytes)"),
        ("events", "\(file.events)"), ("problems", "\(file.problems)"),
      ])
      sink.each([file.path], "rlink", in: "rlinks") { path, sink in
        sink.attribute("href", URIText.path(path))
        sink.each([file.sha256].compactMap { $0 }, "hash", in: "hashes") { digest, sink in
          sink.attribute("algorithm", "SHA-256")
          sink.content("value", digest)
        }
      }
    }
  }

  /// `open` for what stands, `investigating` for what is not settled; nil where an approval excused
  /// it.
  func riskStatus(_ finding: Finding) -> String? {
    switch finding.status {
    case .realised, .nearMiss, .latent, .open: return "open"
    case .pending, .indeterminate: return "investigating"
    case .excused: return nil
    }
  }
}

/// What becomes an observation.
enum Observed {
  case finding(Finding)
  case control(ControlAssessment)
  /// A review that found nothing still observed that.
  case nothing

  /// Findings first, then controls, each in the report's order.
  static func all(of report: Report) -> [Observed] {
    let all =
      report.review.findings.map(Observed.finding)
      + report.frameworks.flatMap(\.controls).map(Observed.control)
    return all.isEmpty ? [.nothing] : all
  }
}
