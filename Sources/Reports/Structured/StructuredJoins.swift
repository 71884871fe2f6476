internal import Model

extension StructuredReport {
  /// Which names and ids of different sources were taken for one, each with its rule.
  func writeJoins(_ joins: Joins, to sink: inout Sink) {
    sink.list("agentJoins", of: "join") { sink in
      for join in joins.agents {
        sink.member {
          $0.text("rule", join.rule.rawValue)
          $0.text("because", join.rule.explanation)
          $0.text("name", join.name)
          $0.text("agent", join.agent)
        }
      }
    }
    sink.list("taskJoins", of: "join") { sink in
      for join in joins.tasks { sink.member { write(join, to: &$0) } }
    }
    sink.list("clocks", of: "clock") { sink in
      for clock in joins.clocks {
        sink.member {
          $0.text("callers", clock.callers)
          $0.text("servers", clock.servers)
          $0.integer("requests", clock.requests)
          $0.flag("agrees", clock.isZero && clock.isSteady)
          $0.integer("atLeastMilliseconds", Int(clock.atLeast / 1_000_000))
          $0.integer("atMostMilliseconds", Int(clock.atMost / 1_000_000))
        }
      }
    }
  }

  private func write(_ join: TaskJoin, to sink: inout Sink) {
    sink.text("rule", join.rule.rawValue)
    sink.text("because", join.rule.explanation)
    sink.text("name", join.name, absentBecause: "each event has an id of its own")
    sink.text("task", join.task)
    sink.text("source", join.source)
    sink.text("knownBy", join.knownBy, absentBecause: "any source may know it")
    sink.integer("events", join.events)
  }
}
