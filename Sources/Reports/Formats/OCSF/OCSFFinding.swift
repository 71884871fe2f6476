internal import Controls
internal import Findings
internal import Model
internal import Policies

/// One of our findings as an OCSF event.
struct OCSFFinding {
  let index: ReportIndex
  let finding: Finding

  /// Events that are listed as evidence, and privileges; report.json has all.
  private static let evidenceMax = 20

  private var isAboutAccess: Bool { finding.kind == .privilege || finding.kind == .identity }

  /// Writes the event.
  func write(to sink: inout JSONSink) {
    let times = finding.occurrences.flatMap { $0.chain.compactMap(\.time) }
    let eventClass: OCSFClass = isAboutAccess ? .iamAnalysis : .detection
    eventClass.writeHead(index.report, time: times.max(), to: &sink)
    let severity = OCSFClass.severity(finding.severity)
    sink.integer("severity_id", severity.id)
    sink.text("severity", severity.word)
    writeStatus(to: &sink)
    sink.text("message", "\(finding.title): \(NumberText.few(finding.agents, max: 3))")
    sink.integer("count", max(1, finding.occurrencesInAll))
    if let first = times.min(), let last = times.max() {
      sink.integer("start_time", OCSFClass.milliseconds(first))
      sink.integer("end_time", OCSFClass.milliseconds(last))
    }
    sink.object("finding_info") { writeInfo(times: times, to: &$0) }
    if !finding.remedy.isEmpty {
      sink.object("remediation") { $0.text("desc", finding.remedy) }
    }
    if isAboutAccess { writeAccess(to: &sink) } else { writeDetection(to: &sink) }
  }

  /// New for what stands; suppressed where an approval excused it.
  private func writeStatus(to sink: inout JSONSink) {
    let isExcused = finding.status == .excused
    sink.integer("status_id", isExcused ? 3 : 1)
    sink.text("status", isExcused ? "Suppressed" : "New")
    sink.text("status_detail", finding.status.rawValue)
  }

  private func writeInfo(times: [Timestamp], to sink: inout JSONSink) {
    sink.text("uid", finding.id)
    sink.text("title", finding.title)
    sink.text("desc", finding.because)
    sink.texts("types", of: "type", [finding.kind.rawValue] + finding.themes)
    if let first = times.min(), let last = times.max() {
      sink.integer("first_seen_time", OCSFClass.milliseconds(first))
      sink.integer("last_seen_time", OCSFClass.milliseconds(last))
    }
    sink.object("analytic") { sink in
      sink.text("uid", finding.policy)
      sink.text("name", index.policies[finding.policy]?.title ?? finding.title)
      sink.integer("type_id", 1)
      sink.text("type", "Rule")
    }
    sink.list("tags", of: "tag") { sink in
      for reference in index.controls(of: finding.id) {
        sink.member { sink in
          sink.text("name", reference.framework.id)
          sink.text("value", reference.control.id)
        }
      }
    }
  }

  private func writeDetection(to sink: inout JSONSink) {
    sink.flag("is_alert", finding.status == .realised)
    sink.integer("risk_score", Int((finding.risk * 100).rounded()))
    writeResources(to: &sink)
    let links = finding.occurrences.flatMap(\.chain).prefix(Self.evidenceMax)
    guard !links.isEmpty else { return }
    sink.list("evidences", of: "evidence") { sink in
      for link in links { sink.member { writeEvidence(link, to: &$0) } }
    }
  }

  private func writeEvidence(_ link: ChainLink, to sink: inout JSONSink) {
    sink.text("uid", link.event)
    sink.text("name", link.step)
    sink.object("actor") { writeUser(link.agent, to: &$0) }
    sink.object("api") { $0.text("operation", link.action) }
    if let resource = link.resource {
      sink.list("resources", of: "resource") { $0.member { $0.text("uid", resource) } }
    }
    sink.object("data") { sink in
      if let time = link.time { sink.text("time", time.rfc3339) }
      sink.text("outcome", link.outcome.word)
      if let path = index.path(link.position) {
        sink.text("file", path)
        sink.integer("line", Int(link.position.line))
      }
    }
  }

  private func writeUser(_ agent: String, to sink: inout JSONSink) {
    sink.object("user") { writeIdentity(agent, to: &$0) }
  }

  private func writeIdentity(_ agent: String, to sink: inout JSONSink) {
    sink.text("uid", agent)
    sink.text("name", Naming.short(agent))
    sink.integer("type_id", 3)
    sink.text("type", "System")
  }

  private func writeAccess(to sink: inout JSONSink) {
    guard let agent = finding.agents.first else { return }
    sink.object("user") { writeIdentity(agent, to: &$0) }
    if finding.agents.count > 1 { writeResources(to: &sink) }
    guard let place = index.agents[agent] else { return }
    let assessment = index.report.review.agents[place]
    sink.object("identity_activity_metrics") { sink in
      if let first = assessment.evidence.firstEvent {
        sink.integer("first_seen_time", OCSFClass.milliseconds(first))
      }
      if let last = assessment.evidence.lastEvent {
        sink.integer("last_seen_time", OCSFClass.milliseconds(last))
      }
    }
    sink.list("permission_analysis_results", of: "result") { sink in
      sink.member { sink in
        sink.integer("analyzed_privileges_count", assessment.held)
        // Whether the rest is used cannot be seen: no count is better than a wrong one.
        if assessment.unseen == 0 {
          sink.integer("unused_privileges_count", assessment.unused)
        }
        sink.texts(
          "granted_privileges", of: "privilege",
          finding.privileges.prefix(Self.evidenceMax).map(\.action))
      }
    }
  }

  private func writeResources(to sink: inout JSONSink) {
    guard !finding.agents.isEmpty else { return }
    sink.list("resources", of: "resource") { sink in
      for agent in finding.agents {
        sink.member { sink in
          sink.text("uid", agent)
          sink.text("name", Naming.short(agent))
          sink.text("type", "agent")
        }
      }
    }
  }
}

/// One control as an OCSF compliance finding.
struct OCSFControl {
  let index: ReportIndex
  let framework: FrameworkAssessment
  let control: ControlAssessment

  /// Findings that are named; report.json has all.
  private static let relatedMax = 100

  /// Writes the event.
  func write(to sink: inout JSONSink) {
    OCSFClass.compliance.writeHead(index.report, time: nil, to: &sink)
    let worst = control.findings.compactMap { index.findings[$0]?.severity }.max()
    var severity = (id: 1, word: "Informational")
    if let worst, control.status == .notSatisfied || control.status == .partly {
      severity = OCSFClass.severity(worst)
    }
    sink.integer("severity_id", severity.id)
    sink.text("severity", severity.word)
    sink.text("message", "\(framework.title) \(control.id): \(control.status.rawValue)")
    sink.object("finding_info") { sink in
      sink.text("uid", "\(framework.id) \(control.id)")
      sink.text("title", "\(control.id) \(control.title)")
      sink.text("desc", control.reason)
      sink.integer("related_events_count", control.findings.count)
      sink.list("related_events", of: "event") { sink in
        for id in control.findings.prefix(Self.relatedMax) {
          sink.member { sink in
            sink.text("uid", id)
            if let title = index.findings[id]?.title { sink.text("title", title) }
          }
        }
      }
    }
    sink.object("compliance", writeCompliance)
  }

  private func writeCompliance(to sink: inout JSONSink) {
    sink.texts("standards", of: "standard", ["\(framework.title) \(framework.version)"])
    sink.text("control", control.id)
    if let cited = control.citedAs { sink.texts("requirements", of: "requirement", [cited]) }
    let status = self.status
    sink.integer("status_id", status.id)
    sink.text("status", status.word)
    sink.text("status_code", control.status.rawValue)
    sink.text("status_detail", control.reason)
    sink.list("control_parameters", of: "parameter") { sink in
      for (name, value) in [
        ("populationTested", "\(control.tested)"), ("population", "\(control.of)"),
      ] {
        sink.member { sink in
          sink.text("name", name)
          sink.text("value", value)
        }
      }
    }
  }

  /// What was not assessed is unknown, and neither a pass nor a failure.
  private var status: (id: Int, word: String) {
    switch control.status {
    case .satisfied: return (1, "Pass")
    case .partly: return (2, "Warning")
    case .notSatisfied: return (3, "Fail")
    case .notAssessed: return (0, "Unknown")
    }
  }
}
