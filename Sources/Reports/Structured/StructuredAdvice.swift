internal import Findings
internal import Model
internal import Policies

/// What to take away and where to ask first, over all agents.
extension StructuredReport {
  /// The cut set; absent where no chain can be ended by it.
  func writeCutSet(to sink: inout Sink) {
    guard let cutSet = review.cutSet else {
      sink.text(
        "cutSetAbsentBecause",
        review.findings.contains { $0.status == .latent }
          ? "no possible chain ends by revoking what is known to be unused"
          : "no chain is possible by what is held")
      return
    }
    sink.object("cutSet") { sink in
      sink.integer("chains", cutSet.chains)
      sink.integer("ended", cutSet.ended)
      sink.integer("uncovered", cutSet.uncovered)
      sink.flag("isExact", cutSet.isExact)
      sink.integer("fewest", cutSet.fewest)
      sink.integer("uses", cutSet.uses)
      sink.list("rows", of: "row") { sink in
        for row in cutSet.rows { sink.member { writeCutRow(row, to: &$0) } }
      }
      sink.texts("left", of: "finding", cutSet.left)
    }
  }

  private func writeCutRow(_ row: CutRow, to sink: inout Sink) {
    sink.text("action", row.action)
    sink.flag("isNarrowing", row.isNarrowing)
    sink.integer("actions", row.actions)
    sink.texts("resources", of: "resource", row.resources)
    sink.texts("via", of: "grant", row.origins)
    sink.text("level", row.level.rawValue)
    sink.texts("capabilities", of: "capability", row.capabilities)
    sink.texts("holders", of: "agent", row.holders)
    sink.texts("keepers", of: "agent", row.keepers)
    sink.integer("ends", row.ends)
    sink.integer("endedSoFar", row.endedSoFar)
  }

  /// The gates; absent where no chain happened.
  func writeGates(to sink: inout Sink) {
    guard let plan = review.gates else {
      sink.text("gatesAbsentBecause", "no chain was seen to break a policy")
      return
    }
    sink.object("gates") { sink in
      sink.integer("chains", plan.chains)
      sink.integer("stopped", plan.stopped)
      sink.flag("isExact", plan.isExact)
      sink.integer("innocentTasks", plan.innocentTasks)
      if let weeks = plan.weeks {
        sink.number("weeks", weeks)
      } else {
        sink.text("weeksAbsentBecause", "no timed event and no flag gives a window")
      }
      sink.list("rows", of: "gate") { sink in
        for gate in plan.gates { sink.member { writeGate(gate, to: &$0) } }
      }
      sink.texts("unstopped", of: "finding", plan.unstopped)
    }
  }

  private func writeGate(_ gate: Gate, to sink: inout Sink) {
    sink.text("policy", gate.policy.id)
    sink.text("action", gate.action)
    sink.texts("capabilities", of: "capability", gate.capabilities)
    sink.texts("agents", of: "agent", gate.agents)
    sink.texts("findings", of: "finding", gate.findings)
    sink.integer("chains", gate.chains)
    sink.integer("uses", gate.uses)
    sink.integer("innocentTasks", gate.innocentTasks)
    sink.integer("violatingTasks", gate.violatingTasks)
    if let rate = gate.innocentTasksPerWeek {
      sink.number("innocentTasksPerWeek", rate)
    } else {
      sink.text("innocentTasksPerWeekAbsentBecause", "the window is not known")
    }
    sink.text("text", gate.text)
  }

  /// The replay; absent where it was not asked for.
  func writeReplay(to sink: inout Sink) {
    guard let replay = review.replay else {
      sink.text("replayAbsentBecause", "it was not asked for: `sequitur review --replay`")
      return
    }
    sink.object("replay") { sink in
      sink.integer("uses", replay.uses)
      sink.integer("agents", replay.agents)
      sink.integer("chains", replay.chains)
      sink.integer("chainsLeft", replay.chainsLeft)
      sink.list("denied", of: "use") { sink in
        for use in replay.denied { sink.member { writeDenied(use, to: &$0) } }
      }
      if let cutSet = replay.cutSet {
        sink.object("cutSet") { sink in
          sink.integer("ended", cutSet.ended)
          sink.list("denied", of: "use") { sink in
            for use in cutSet.denied { sink.member { writeDenied(use, to: &$0) } }
          }
        }
      }
      if let gates = replay.gates {
        sink.object("gates") { sink in
          sink.integer("chains", gates.chains)
          sink.integer("stopped", gates.stopped)
          sink.integer("innocentTasks", gates.innocentTasks)
          sink.list("waits", of: "task") { sink in
            for wait in gates.waits { sink.member { writeWait(wait, to: &$0) } }
          }
        }
      }
    }
  }

  private func writeDenied(_ use: DeniedUse, to sink: inout Sink) {
    sink.text("agent", use.agent)
    sink.text("owner", use.owner, absentBecause: "no inventory names one")
    sink.text("action", use.action)
    sink.texts("resources", of: "resource", use.resources)
    sink.integer("uses", use.uses)
    sink.texts("tasks", of: "task", use.tasks)
  }

  private func writeWait(_ wait: GateWait, to sink: inout Sink) {
    sink.text("gate", wait.gate)
    sink.text("task", wait.task)
    sink.text("agent", wait.agent)
    sink.text("owner", wait.owner, absentBecause: "no inventory names one")
    sink.text("action", wait.action)
    sink.integer("uses", wait.uses)
    sink.flag("isInnocent", wait.isInnocent)
  }
}
