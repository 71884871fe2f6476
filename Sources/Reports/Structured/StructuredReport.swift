internal import Controls
internal import Findings
internal import Model
internal import Policies

/// The report as named values in their order: what report.json and report.xml both are.
///
/// The names are the contract; `templates/schema/` documents each of them.
struct StructuredReport<Sink: ReportSink> {
  let index: ReportIndex
  var report: Report { index.report }
  var review: Review { index.report.review }

  /// Writes a part of the report.
  func write(_ part: ReportPart, to sink: inout Sink) {
    switch part {
    case .head: writeHead(to: &sink)
    case .agents(let range):
      members("agents", of: "agent", review.agents, range, to: &sink) { writeAgent($0, to: &$1) }
    case .findings(let range):
      members("findings", of: "finding", review.findings, range, to: &sink) {
        writeFinding($0, to: &$1)
      }
    case .frameworks: writeFrameworks(to: &sink)
    case .cleanup(let range):
      members("cleanup", of: "action", review.cleanup, range, to: &sink) {
        writeCleanup($0, to: &$1)
      }
    case .cleanupGroups: writeCleanupGroups(to: &sink)
    case .tail: writeTail(to: &sink)
    }
  }

  /// Some members of a list; the first ones open it, the last ones close it.
  private func members<Member>(
    _ name: String, of item: String, _ all: [Member], _ range: Range<Int>, to sink: inout Sink,
    _ each: (Member, inout Sink) -> Void
  ) {
    if range.lowerBound == 0 { sink.open(name, of: item) }
    for place in range { sink.member { each(all[place], &$0) } }
    if range.upperBound == all.count { sink.close() }
  }

  private func writeHead(to sink: inout Sink) {
    sink.text("schemaVersion", report.schemaVersion)
    sink.object("tool") {
      $0.text("name", report.tool)
      $0.text("version", report.toolVersion)
    }
    sink.object("review") { writeReview(to: &$0) }
    sink.object("evidence") { writeEvidence(to: &$0) }
    sink.object("estate") { writeEstate(to: &$0) }
    writeRollUps(to: &sink)
  }

  private func writeFrameworks(to sink: inout Sink) {
    sink.list("frameworks", of: "framework") { sink in
      for framework in report.frameworks { sink.member { writeFramework(framework, to: &$0) } }
    }
    sink.list("controls", of: "control") { sink in
      for framework in report.frameworks {
        for control in framework.controls {
          sink.member { writeControl(control, version: framework.version, to: &$0) }
        }
      }
    }
  }

  private func writeTail(to sink: inout Sink) {
    writeCutSet(to: &sink)
    writeGates(to: &sink)
    writeReplay(to: &sink)
    sink.list("policies", of: "policy") { sink in
      for policy in report.policies { sink.member { writePolicy(policy, to: &$0) } }
    }
    sink.list("policyHealth", of: "health") { sink in
      for health in review.policyHealth { sink.member { writeHealth(health, to: &$0) } }
    }
    sink.object("scoring") {
      $0.text("version", review.scoringVersion)
      $0.map("numbers", of: "number", texts: review.scoringNumbers.map { ($0.name, $0.value) })
    }
    sink.list("exceptions", of: "exception") { sink in
      for standing in review.exceptions { sink.member { writeException(standing, to: &$0) } }
    }
    sink.list("decisions", of: "taken") { sink in
      for standing in review.decisions { sink.member { writeDecision(standing, to: &$0) } }
    }
    sink.object("decisionSheet") { writeDecisionSheet(to: &$0) }
    switch report.change {
    case .known(let change): sink.object("change") { writeChange(change, to: &$0) }
    case .absent(let because): sink.text("changeAbsentBecause", because)
    }
    writeTrend(to: &sink)
  }

  private func writeReview(to sink: inout Sink) {
    sink.text("id", report.id)
    let noWindow = "no timed event and no flag gives one"
    sink.text("from", review.from?.rfc3339, absentBecause: noWindow)
    sink.text("to", review.to?.rfc3339, absentBecause: noWindow)
    sink.list("inputs", of: "input") { sink in
      for file in report.input.files { sink.member { writeInput(file, to: &$0) } }
    }
  }

  private func writeInput(_ file: InputFile, to sink: inout Sink) {
    sink.text("path", file.path)
    sink.text("sha256", file.sha256, absentBecause: "no digest of it was made")
    sink.text("type", file.type, absentBecause: file.recognisedBecause)
    if file.type != nil { sink.text("recognisedBecause", file.recognisedBecause) }
    sink.integer("sizeBytes", file.bytes)
    sink.integer("events", file.events)
    sink.integer("agents", file.agents)
    sink.integer("statements", file.statements)
    sink.integer("problems", file.problems)
    sink.text(
      "firstEvent", file.firstEvent?.rfc3339, absentBecause: "it holds no event with a time")
    sink.text("lastEvent", file.lastEvent?.rfc3339, absentBecause: "it holds no event with a time")
  }

  private func writeEvidence(to sink: inout Sink) {
    let input = report.input
    sink.integer("events", input.events)
    sink.integer("agents", review.estate.agents)
    sink.integer("privileges", review.estate.held)
    sink.integer("statements", input.statements)
    let noTime = "no event has a time"
    sink.text("firstEvent", input.firstEvent?.rfc3339, absentBecause: noTime)
    sink.text("lastEvent", input.lastEvent?.rfc3339, absentBecause: noTime)
    sink.integer("unclassifiedActions", input.unclassifiedActions.count)
    sink.text("vocabularyVersion", input.vocabularyVersion)
    sink.list("coverage", of: "source") { sink in
      for source in SourceCoverage.all(of: input.files) {
        sink.member { writeCoverage(source, to: &$0) }
      }
    }
    sink.list("unclassified", of: "action") { sink in
      for action in input.unclassifiedActions {
        sink.member {
          $0.text("name", action.name)
          $0.integer("events", action.count)
        }
      }
    }
    sink.list("unwatched", of: "capability") { sink in
      for capability in review.unwatched {
        sink.member {
          $0.text("name", capability.name)
          $0.integer("events", capability.count)
        }
      }
    }
    writeJoins(input.joins, to: &sink)
    sink.list("problems", of: "problem") { sink in
      for problem in input.problems {
        sink.member {
          $0.text("file", problem.file)
          $0.integer("line", problem.line)
          $0.text("reason", problem.reason)
          $0.text("consequence", problem.consequence)
        }
      }
    }
  }

  private func writeCoverage(_ source: SourceCoverage, to sink: inout Sink) {
    sink.text("type", source.type, absentBecause: "the files were not recognised")
    sink.integer("files", source.files)
    sink.integer("events", source.events)
    sink.integer("agents", source.agents)
    sink.integer("statements", source.statements)
    sink.integer("problems", source.problems)
    let noTime = "no event of this source has a time"
    sink.text("firstEvent", source.firstEvent?.rfc3339, absentBecause: noTime)
    sink.text("lastEvent", source.lastEvent?.rfc3339, absentBecause: noTime)
  }

  private func writeEstate(to sink: inout Sink) {
    let estate = review.estate
    sink.integer("agents", estate.agents)
    writeBands(
      low: estate.low, moderate: estate.moderate, high: estate.high, critical: estate.critical,
      notAssessed: estate.notAssessed, to: &sink)
    sink.object("bandsAtLeast") {
      $0.integer("low", estate.lowAtLeast)
      $0.integer("moderate", estate.moderateAtLeast)
      $0.integer("high", estate.highAtLeast)
      $0.integer("critical", estate.criticalAtLeast)
    }
    sink.integer("held", estate.held)
    sink.integer("used", estate.used)
    sink.integer("unused", estate.unused)
    sink.integer("unseen", estate.unseen)
    sink.number("heldWeight", estate.heldHazard)
    sink.number("unusedWeight", estate.unusedHazard)
    if let share = estate.topTenShare {
      sink.number("topTenShareOfUnusedWeight", share)
    } else {
      sink.text("topTenShareOfUnusedWeightAbsentBecause", "nothing is known to be unused")
    }
  }
}
