internal import Controls
internal import Findings
internal import Model
internal import Policies

extension OSCALAssessment {
  /// The most events that an observation names as evidence, and findings that a control names;
  /// report.json has all of them.
  private var evidenceMax: Int { 20 }
  private var relatedMax: Int { 100 }

  /// One of our findings as what was observed.
  func writeObservation(_ finding: Finding, to sink: inout Sink) {
    sink.attribute("uuid", names.observation(finding))
    sink.line("title", finding.title)
    sink.prose("description", finding.because)
    sink.properties([
      ("finding-id", finding.id), ("finding-type", finding.kind.rawValue),
      ("finding-status", finding.status.rawValue), ("policy", finding.policy),
      ("severity", finding.severity.rawValue),
      ("risk", NumberText.decimal(finding.risk, decimalsMax: 6)),
      ("link-strength", finding.linkStrength?.rawValue),
      ("occurrences", "\(finding.occurrencesInAll)"),
    ])
    sink.eachText(["EXAMINE"], "method", in: "methods")
    sink.eachText(["finding"], "type", in: "types")
    writeOrigin(to: &sink)
    let known = finding.agents.filter { index.agents[$0] != nil }
    sink.each(known, "subject", in: "subjects") { agent, sink in
      sink.attribute("subject-uuid", names.agent(agent))
      sink.attribute("type", "component")
    }
    let events = finding.occurrences.prefix(evidenceMax).flatMap {
      $0.chain + [$0.excusedBy].compactMap { $0 }
    }
    sink.each(events.prefix(evidenceMax), "relevant-evidence", in: "relevant-evidence") {
      writeEvidence($0, to: &$1)
    }
    let last = finding.occurrences.compactMap { $0.chain.last?.time }.max()
    sink.text("collected", last?.rfc3339 ?? time)
    if events.count > evidenceMax || finding.occurrences.count > evidenceMax {
      sink.prose(
        "remarks",
        "The first \(evidenceMax) events are named as evidence; report.json has all of "
          + "\(NumberText.count(finding.occurrencesInAll, "occurrence", "occurrences")).")
    }
  }

  private func writeEvidence(_ link: ChainLink, to sink: inout Sink) {
    let place = Int(link.position.file)
    if report.input.files.indices.contains(place) {
      sink.attribute("href", "#\(names.file(report.input.files[place]))")
    }
    let time = link.time.map(TimeText.full) ?? "no clock"
    let resource = link.resource.map { " on \($0)" } ?? ""
    let line = link.position.line > 0 ? ", line \(link.position.line)" : ""
    sink.prose(
      "description",
      "\(time), step \(link.step): \(link.agent) \(link.action)\(resource), "
        + "\(link.outcome.word)\(line)")
  }

  /// A control as what was examined, with its population.
  func writeObservation(_ control: ControlAssessment, to sink: inout Sink) {
    sink.attribute("uuid", names.observation(control))
    sink.line("title", "\(control.id) \(control.title)")
    sink.prose("description", control.reason)
    writeProperties(of: control, to: &sink)
    sink.eachText(["EXAMINE"], "method", in: "methods")
    sink.eachText(["control-objective"], "type", in: "types")
    writeOrigin(to: &sink)
    sink.text("collected", time)
    if control.status == .notAssessed {
      sink.prose("remarks", "Not assessed: neither satisfied nor not satisfied.")
    }
  }

  /// A review of nothing.
  func writeEmptyObservation(to sink: inout Sink) {
    sink.attribute("uuid", NameUUID.make("observation", names.result))
    sink.prose("description", "Nothing was found and no control was assessed.")
    sink.eachText(["EXAMINE"], "method", in: "methods")
    sink.text("collected", time)
  }

  /// A finding that is not excused as a risk.
  func writeRisk(_ finding: Finding, to sink: inout Sink) {
    sink.attribute("uuid", names.risk(finding))
    sink.line("title", finding.title)
    sink.prose("description", finding.because)
    sink.prose("statement", "\(finding.title): \(finding.agents.joined(separator: ", "))")
    sink.properties([("finding-id", finding.id)])
    sink.text("status", riskStatus(finding) ?? "open")
    sink.each([finding], "characterization", in: "characterizations") { finding, sink in
      sink.object("origin") { writeActor(to: &$0) }
      let facets = [
        ("severity", finding.severity.rawValue),
        ("risk", NumberText.decimal(finding.risk, decimalsMax: 6) ?? "not known"),
      ]
      sink.each(facets, "facet", in: "facets") { facet, sink in
        sink.attribute("name", facet.0)
        sink.attribute("system", OSCALText.namespace)
        sink.attribute("value", facet.1)
      }
    }
    if !finding.remedy.isEmpty {
      sink.each([finding.remedy], "response", in: "remediations") { remedy, sink in
        sink.attribute("uuid", names.remedy(finding))
        sink.attribute("lifecycle", "recommendation")
        sink.line("title", "What to do")
        sink.prose("description", remedy)
      }
    }
    sink.each([finding], "related-observation", in: "related-observations") { finding, sink in
      sink.attribute("observation-uuid", names.observation(finding))
    }
  }

  /// An assessed control as OSCAL's finding.
  func writeFinding(_ control: ControlAssessment, to sink: inout Sink) {
    let mapped = control.findings.compactMap { index.findings[$0] }
    let shown = mapped.prefix(relatedMax)
    sink.attribute("uuid", names.finding(control))
    sink.line("title", "\(control.id) \(control.title): \(control.status.rawValue)")
    sink.prose("description", control.reason)
    writeProperties(of: control, to: &sink)
    writeOrigin(to: &sink)
    sink.object("target") { writeTarget(control, to: &$0) }
    let observations = [names.observation(control)] + shown.map(names.observation)
    sink.each(observations, "related-observation", in: "related-observations") { id, sink in
      sink.attribute("observation-uuid", id)
    }
    let risks = shown.filter { riskStatus($0) != nil }
    // XML says associated-risk where JSON says related-risks.
    sink.each(risks, "associated-risk", in: "related-risks") { finding, sink in
      sink.attribute("risk-uuid", names.risk(finding))
    }
    if mapped.count > shown.count {
      sink.prose(
        "remarks",
        "The first \(relatedMax) of \(NumberText.grouped(mapped.count)) findings that map to it "
          + "are named; report.json has all of them.")
    }
  }

  private func writeTarget(_ control: ControlAssessment, to sink: inout Sink) {
    sink.attribute("type", "objective-id")
    sink.attribute("target-id", names.token(control))
    sink.line("title", "\(control.id) \(control.title)")
    sink.object("status") { sink in
      sink.attribute("state", control.status == .satisfied ? "satisfied" : "not-satisfied")
      sink.attribute("reason", control.status == .satisfied ? "pass" : "fail")
      if control.status == .partly {
        sink.prose(
          "remarks", "Partly: OSCAL has no such state. \(control.reason)")
      }
    }
  }

  private func writeProperties(of control: ControlAssessment, to sink: inout Sink) {
    sink.properties([
      ("framework", control.framework), ("published-id", control.id),
      ("cited-as", control.citedAs), ("status", control.status.rawValue),
      ("population-tested", "\(control.tested)"), ("population", "\(control.of)"),
      ("findings", "\(control.findings.count)"),
    ])
  }

  private func writeOrigin(to sink: inout Sink) {
    sink.each([names.tool], "origin", in: "origins") { _, sink in writeActor(to: &sink) }
  }

  private func writeActor(to sink: inout Sink) {
    sink.each([names.tool], "actor", in: "actors") { tool, sink in
      sink.attribute("type", "tool")
      sink.attribute("actor-uuid", tool)
    }
  }
}
