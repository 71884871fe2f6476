internal import Controls
internal import Findings
internal import Model
internal import Policies

extension StructuredReport {
  /// One finding with all of its occurrences.
  func writeFinding(_ finding: Finding, to sink: inout Sink) {
    sink.text("id", finding.id)
    sink.text("type", finding.kind.rawValue)
    sink.text("status", finding.status.rawValue)
    sink.text("policy", finding.policy)
    sink.text("title", finding.title)
    sink.text("severity", finding.severity.rawValue)
    sink.number("risk", finding.risk)
    if let exception = finding.exceptedBy { sink.text("exceptedBy", exception) }
    if let exception = finding.exceptionEnded { sink.text("exceptionEnded", exception) }
    sink.texts("agents", of: "agent", finding.agents)
    sink.list("privileges", of: "privilege") { sink in
      for privilege in finding.privileges {
        sink.member {
          $0.text("step", privilege.step)
          $0.text("agent", privilege.agent)
          $0.text("action", privilege.action)
          $0.text("via", privilege.via, absentBecause: "no source of privileges says")
        }
      }
    }
    sink.text(
      "linkStrength", finding.linkStrength?.rawValue, absentBecause: "it has no linked events")
    sink.integer("occurrencesInAll", finding.occurrencesInAll)
    sink.list("occurrences", of: "occurrence") { sink in
      for occurrence in finding.occurrences {
        sink.member { writeOccurrence(occurrence, to: &$0) }
      }
    }
    sink.texts("themes", of: "theme", finding.themes)
    if review.findings.count > report.extent.controlsOfFindingsMax {
      sink.text("controlsAbsentBecause", "too many findings: each control lists its own")
    } else {
      writeControls(of: finding, to: &sink)
    }
    sink.text("because", finding.because)
    sink.text("remedy", finding.remedy)
    sink.texts("falsePositives", of: "falsePositive", finding.falsePositives)
    sink.texts("assumptions", of: "assumption", finding.assumptions)
  }

  private func writeControls(of finding: Finding, to sink: inout Sink) {
    sink.list("controls", of: "control") { sink in
      for reference in index.controls(of: finding.id) {
        sink.member {
          $0.text("framework", reference.framework.id)
          $0.text("id", reference.control.id)
          if let cited = reference.control.citedAs { $0.text("citedAs", cited) }
          $0.text("reason", reference.reasons.joined(separator: " "))
        }
      }
    }
  }

  private func writeOccurrence(_ occurrence: Occurrence, to sink: inout Sink) {
    sink.text("id", occurrence.id)
    sink.map("key", of: "part", texts: occurrence.key.map { ($0.name, $0.value) })
    sink.integer("episode", occurrence.episode)
    sink.text("linkStrength", occurrence.linkStrength.rawValue)
    sink.number("risk", occurrence.risk)
    sink.flag("orderSensitive", occurrence.isOrderSensitive)
    sink.flag("untimed", occurrence.isUntimed)
    sink.list("chain", of: "event") { sink in
      for link in occurrence.chain { sink.member { writeLink(link, to: &$0) } }
    }
    if let excuse = occurrence.excusedBy {
      sink.object("excusedBy") { writeLink(excuse, to: &$0) }
    }
    if let step = occurrence.missingStep { sink.text("missingStep", step) }
    if let reason = occurrence.indeterminateReason { sink.text("indeterminateReason", reason) }
    if let value = occurrence.aggregateValue { sink.number("aggregateValue", value) }
    if let events = occurrence.aggregateEvents { sink.integer("aggregateEvents", events) }
    sink.texts("lookedForAndNotFound", of: "sought", occurrence.lookedForAndNotFound)
  }

  private func writeLink(_ link: ChainLink, to sink: inout Sink) {
    sink.text("step", link.step)
    sink.text("event", link.event)
    sink.text("time", link.time?.rfc3339, absentBecause: "the source has no clock")
    sink.text("agent", link.agent)
    sink.text("action", link.action)
    sink.text("resource", link.resource, absentBecause: "the source names none")
    sink.text("outcome", link.outcome.word)
    writePosition(link.position, to: &sink)
    sink.text(
      "rawLine", index.rawLine(link.position), absentBecause: "the record was not read again")
  }

  /// One framework as it was applied.
  func writeFramework(_ framework: FrameworkAssessment, to sink: inout Sink) {
    sink.text("id", framework.id)
    sink.text("title", framework.title)
    sink.text("version", framework.version)
    sink.text("mappingVersion", framework.mappingVersion)
    sink.text("note", framework.note)
    sink.object("controls") { sink in
      let tally = ControlTally(framework.controls)
      sink.integer("notSatisfied", tally.notSatisfied)
      sink.integer("partly", tally.partly)
      sink.integer("satisfied", tally.satisfied)
      sink.integer("notAssessed", tally.notAssessed)
    }
  }

  /// One control with its findings and its population.
  func writeControl(_ control: ControlAssessment, version: String, to sink: inout Sink) {
    sink.text("framework", control.framework)
    sink.text("version", version)
    sink.text("id", control.id)
    sink.text("title", control.title)
    if let cited = control.citedAs { sink.text("citedAs", cited) }
    if let reason = control.citedReason { sink.text("citedReason", reason) }
    sink.text("status", control.status.rawValue)
    sink.object("population") {
      $0.integer("tested", control.tested)
      $0.integer("of", control.of)
    }
    sink.texts("findings", of: "finding", control.findings)
    sink.text("reason", control.reason)
    sink.list("mappings", of: "mapping") { sink in
      for mapping in control.mappings {
        sink.member {
          $0.text("theme", mapping.theme)
          $0.text("reason", mapping.reason)
        }
      }
    }
  }

  /// One policy as it was applied.
  func writePolicy(_ policy: Policy, to sink: inout Sink) {
    sink.text("id", policy.id)
    sink.integer("languageVersion", policy.version)
    sink.text("title", policy.title)
    sink.text("severity", policy.severity.rawValue)
    sink.text("kind", policy.rule.word)
    sink.texts("steps", of: "step", policy.stepIDs)
    sink.texts("themes", of: "theme", policy.themes)
    sink.text("because", policy.because)
    sink.text("remedy", policy.remedy)
    sink.texts("falsePositives", of: "falsePositive", policy.falsePositives)
    sink.text("file", policy.file)
    sink.text("digest", policyDigest(policy))
  }

  /// How one policy fared.
  func writeHealth(_ health: PolicyHealth, to sink: inout Sink) {
    sink.text("policy", health.policy)
    sink.integer("completions", health.completions)
    sink.integer("keys", health.keys)
    sink.integer("episodes", health.episodes)
    sink.integer("excused", health.excused)
    sink.integer("nearMisses", health.nearMisses)
    sink.integer("indeterminate", health.indeterminate)
    sink.integer("pending", health.pending)
    sink.integer("unkeyed", health.unkeyed)
    let steps = index.policies[health.policy]?.stepIDs ?? []
    sink.map(
      "matchedPerStep", of: "step",
      counts: health.matchedPerStep.enumerated().map { place, count in
        (steps.indices.contains(place) ? steps[place] : "step \(place + 1)", count)
      })
    sink.texts("warnings", of: "warning", health.warnings)
  }
}
