internal import Controls
internal import Findings
internal import Model

/// One finding as a SARIF result.
struct SARIFResult {
  let log: SARIFLog
  let finding: Finding

  /// Occurrences that become code flows, and events of one of them; report.json has all.
  private static let flowsMax = 5
  private static let eventsMax = 50

  private var index: ReportIndex { log.index }

  /// The occurrences of most risk, the first of equal ones by id.
  private var shown: ArraySlice<Occurrence> {
    finding.occurrences.sorted { ($1.risk, $0.id) < ($0.risk, $1.id) }.prefix(Self.flowsMax)
  }

  /// Writes the result.
  func write(to sink: inout JSONSink) {
    sink.text("ruleId", finding.policy)
    if let place = log.rulePlaces[finding.policy] { sink.integer("ruleIndex", place) }
    sink.text("kind", kind)
    // Only what failed has a level.
    sink.text("level", kind == "fail" ? SARIFLog.level(finding.severity) : "none")
    sink.object("message") { $0.text("text", message) }
    sink.list("locations", of: "location") { sink in
      if let link = shown.first?.chain.last, let path = index.path(link.position) {
        sink.member { log.writePlace(path, line: Int(link.position.line), to: &$0) }
      } else {
        sink.member(writeAgents)
      }
    }
    sink.object("partialFingerprints") { $0.text("sequiturFinding/v1", finding.id) }
    sink.integer("occurrenceCount", max(1, finding.occurrencesInAll))
    sink.number("rank", finding.risk * 100)
    let flows = shown.filter { occurrence in
      occurrence.chain.contains { index.path($0.position) != nil }
    }
    if !flows.isEmpty {
      sink.list("codeFlows", of: "codeFlow") { sink in
        for occurrence in flows { sink.member { writeFlow(occurrence, to: &$0) } }
      }
    }
    sink.list("taxa", of: "taxon") { sink in
      for reference in index.controls(of: finding.id) {
        sink.member { sink in
          sink.text("id", reference.control.id)
          sink.object("toolComponent") { $0.text("name", reference.framework.id) }
        }
      }
    }
    sink.object("properties") { sink in
      sink.text("type", finding.kind.rawValue)
      sink.text("status", finding.status.rawValue)
      sink.text("severity", finding.severity.rawValue)
      sink.texts("agents", of: "agent", finding.agents)
    }
  }

  /// What happened fails; what nearly did or could is for review; what could not be decided is open.
  private var kind: String {
    switch finding.status {
    case .realised, .open: return "fail"
    case .nearMiss, .latent: return "review"
    case .pending, .indeterminate: return "open"
    case .excused: return "informational"
    }
  }

  private var message: String {
    let agents = NumberText.few(finding.agents, max: 3)
    return SARIFLog.message(
      "\(finding.title): \(agents) (\(finding.status.rawValue), \(finding.severity.rawValue)). "
        + finding.because)
  }

  /// A finding without an event lies with its agents.
  private func writeAgents(to sink: inout JSONSink) {
    sink.list("logicalLocations", of: "location") { sink in
      for agent in finding.agents {
        sink.member { sink in
          sink.text("name", Naming.short(agent))
          sink.text("fullyQualifiedName", agent)
          sink.text("kind", "agent")
        }
      }
    }
  }

  private func writeFlow(_ occurrence: Occurrence, to sink: inout JSONSink) {
    sink.object("message") { $0.text("text", SARIFLog.message(occurrence.id)) }
    sink.list("threadFlows", of: "threadFlow") { sink in
      sink.member { sink in
        sink.list("locations", of: "location") { sink in
          for link in occurrence.chain.prefix(Self.eventsMax) {
            sink.member { writeEvent(link, to: &$0) }
          }
        }
      }
    }
  }

  private func writeEvent(_ link: ChainLink, to sink: inout JSONSink) {
    sink.object("location") { sink in
      if let path = index.path(link.position) {
        log.writePlace(path, line: Int(link.position.line), to: &sink)
      }
      let resource = link.resource.map { " on \($0)" } ?? ""
      sink.object("message") {
        $0.text(
          "text", SARIFLog.message("\(link.step): \(link.agent) \(link.action)\(resource)"))
      }
    }
    if let time = link.time { sink.text("executionTimeUtc", time.rfc3339) }
  }
}
