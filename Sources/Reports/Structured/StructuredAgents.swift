internal import Findings
internal import Model

extension StructuredReport {
  /// One agent: who it is, its scores with every term, what it holds, and the evidence.
  func writeAgent(_ assessment: AgentAssessment, to sink: inout Sink) {
    writeIdentity(assessment.agent, to: &sink)
    sink.text("band", assessment.band?.rawValue, absentBecause: "it has no score")
    sink.text("bandStatus", assessment.bandStatus)
    sink.object("privilegeIndex") { writePrivilegeIndex(assessment.privilegeIndex, to: &$0) }
    sink.object("compositionIndex") { writeCompositionIndex(assessment.compositionIndex, to: &$0) }
    sink.object("risk") { writeScore(assessment.risk, to: &$0) }
    sink.integer("held", assessment.held)
    sink.integer("used", assessment.used)
    sink.integer("unused", assessment.unused)
    sink.integer("unseen", assessment.unseen)
    sink.integer("conditionalStatements", assessment.conditionalStatements)
    sink.object("evidence") { writeUsageEvidence(assessment.evidence, to: &$0) }
    writeCredentials(assessment.credentials, to: &sink)
    sink.list("privileges", of: "privilege") { sink in
      for group in assessment.privileges.groups {
        sink.member { writePrivileges(group, to: &$0) }
      }
    }
    sink.texts("findings", of: "finding", assessment.findings)
  }

  private func writeIdentity(_ agent: Agent, to sink: inout Sink) {
    let silent =
      agent.isInInventory ? "the inventory does not say" : "no inventory names this identity"
    sink.text("id", agent.id)
    sink.text("name", agent.name, absentBecause: silent)
    sink.text("kind", agent.kind?.rawValue, absentBecause: silent)
    sink.text("owner", agent.owner, absentBecause: silent)
    sink.text("sponsor", agent.sponsor, absentBecause: silent)
    sink.text("purpose", agent.purpose, absentBecause: silent)
    sink.text("environment", agent.environment, absentBecause: silent)
    sink.text("criticality", agent.criticality, absentBecause: silent)
    sink.text("created", agent.created?.rfc3339, absentBecause: silent)
    sink.text("expires", agent.expires?.rfc3339, absentBecause: silent)
    sink.flag("isInInventory", agent.isInInventory)
    sink.texts("aliases", of: "alias", agent.aliases)
    sink.texts("mayDelegateTo", of: "agent", agent.mayDelegateTo)
    sink.map("attributes", of: "attribute", texts: agent.attributes.map { ($0.name, $0.value) })
    if let position = agent.position {
      writePosition(position, to: &sink)
    } else {
      sink.text("fileAbsentBecause", "it is known from events or grants only")
    }
  }

  /// The place of a record; `file` is absent when the review read no such file.
  func writePosition(_ position: SourcePosition, to sink: inout Sink) {
    sink.text("file", index.path(position), absentBecause: "no file of the review holds it")
    sink.integer("line", Int(position.line))
  }

  /// A score: its status, its number where it has one, and why it is no plain number.
  private func writeScore(_ score: Score, to sink: inout Sink) {
    sink.text("status", score.statusWord)
    if let value = score.value { sink.integer("value", value) }
    if let reason = score.reason { sink.text("reason", reason) }
  }

  private func writePrivilegeIndex(_ index: PrivilegeIndex, to sink: inout Sink) {
    writeScore(index.score, to: &sink)
    sink.list("terms", of: "term") { sink in
      for term in index.terms {
        sink.member {
          $0.text("hazardClass", term.hazardClass)
          $0.number("hazard", term.hazard)
          $0.number("maxUnusedReach", term.maxUnusedReach)
          $0.number("sumUnusedReach", term.sumUnusedReach)
          $0.number("exposure", term.exposure)
          $0.number("factor", term.factor)
          $0.integer("held", term.held)
          $0.integer("used", term.used)
        }
      }
    }
    writeFloor(index.floor, index.floorReason, to: &sink)
  }

  private func writeCompositionIndex(_ index: CompositionIndex, to sink: inout Sink) {
    writeScore(index.score, to: &sink)
    sink.list("terms", of: "term") { sink in
      for term in index.terms {
        sink.member {
          $0.text("finding", term.finding)
          $0.text(
            "occurrence", term.occurrence, absentBecause: "a latent chain: nothing happened")
          $0.text("policy", term.policy)
          $0.number("risk", term.risk)
          $0.integer("place", term.place)
          $0.number("factor", term.factor)
        }
      }
    }
    if let lift = index.latentLift { sink.integer("latentLift", lift) }
    writeFloor(index.floor, index.floorReason, to: &sink)
  }

  private func writeFloor(_ floor: Int?, _ reason: String?, to sink: inout Sink) {
    if let floor { sink.integer("floor", floor) }
    if let reason { sink.text("floorReason", reason) }
  }

  private func writeUsageEvidence(_ evidence: UsageEvidence, to sink: inout Sink) {
    sink.integer("events", evidence.events)
    sink.integer("daysWithLogs", evidence.daysWithLogs)
    sink.integer("daysInWindow", evidence.daysInWindow)
    let noTime = "none of its events has a time"
    sink.text("firstEvent", evidence.firstEvent?.rfc3339, absentBecause: noTime)
    sink.text("lastEvent", evidence.lastEvent?.rfc3339, absentBecause: noTime)
    sink.texts("sources", of: "source", evidence.sources)
    if let coverage = evidence.coverage {
      sink.number("coverage", coverage)
    } else {
      sink.text("coverageAbsentBecause", "no events")
    }
    if let bound = evidence.neededOnFewerThan {
      sink.number("neededOnFewerThanShareOfDays", bound)
    } else {
      sink.text("neededOnFewerThanShareOfDaysAbsentBecause", "no days with logs")
    }
    sink.flag("isEnough", evidence.isEnough)
    if let shortfall = evidence.shortfall { sink.text("shortfall", shortfall) }
  }

  private func writePrivileges(_ group: PrivilegeGroup, to sink: inout Sink) {
    sink.text("via", group.key.via)
    writePosition(group.position, to: &sink)
    let many = "a row for each would be too many"
    sink.text("service", group.key.service, absentBecause: many)
    sink.text("level", group.key.level?.rawValue, absentBecause: many)
    sink.text("usage", group.key.usage.rawValue)
    sink.text("advice", group.key.advice?.rawValue ?? "none")
    sink.integer("count", group.count)
    sink.integer("conditional", group.conditional)
    sink.integer("uses", group.uses)
    sink.texts("actions", of: "action", group.actions)
  }

  /// One row of the clean-up list.
  func writeCleanup(_ row: CleanupRow, to sink: inout Sink) {
    sink.text("agent", row.agent)
    sink.text("owner", row.owner, absentBecause: "no inventory names one")
    sink.text("action", row.action)
    sink.integer("actions", row.actions)
    sink.text("resource", row.resources.joined(separator: " "))
    sink.text("level", row.level.rawValue)
    sink.texts("capabilities", of: "capability", row.capabilities)
    sink.text("advice", row.advice.rawValue)
    sink.texts("narrowTo", of: "resource", row.narrowTo)
    sink.integer("riskRemoved", row.riskRemoved)
    sink.number("hazardRemoved", row.hazardRemoved)
    sink.text(
      "lastUse", row.lastUse?.rfc3339,
      absentBecause: row.uses > 0 ? "its uses have no time" : "no use was seen")
    sink.object("confidence") { sink in
      sink.integer("uses", row.uses)
      sink.integer("daysWithLogs", row.daysWithLogs)
      sink.integer("daysInWindow", row.daysInWindow)
      if let bound = row.neededOnFewerThan {
        sink.number("neededOnFewerThanShareOfDays", bound)
      } else {
        let reason = row.uses > 0 ? "it was used" : "no days with logs"
        sink.text("neededOnFewerThanShareOfDaysAbsentBecause", reason)
      }
    }
    sink.text("via", row.via)
    sink.text("because", row.because)
  }
}
