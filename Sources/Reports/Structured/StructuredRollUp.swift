internal import Findings

extension StructuredReport {
  /// Agents taken together by what the inputs say of them.
  func writeRollUps(to sink: inout Sink) {
    sink.list("rollUps", of: "rollUp") { sink in
      for rollUp in RollUp.all(of: report) {
        sink.member { sink in
          sink.text("by", rollUp.dimension.rawValue)
          sink.list("groups", of: "group") { sink in
            for group in rollUp.groups { sink.member { writeGroup(group, to: &$0) } }
          }
        }
      }
    }
  }

  private func writeGroup(_ group: RollUp.Group, to sink: inout Sink) {
    sink.text("name", group.name, absentBecause: "no input says it of these agents")
    sink.integer("agents", group.agents.count)
    writeBands(
      low: group.low, moderate: group.moderate, high: group.high, critical: group.critical,
      notAssessed: group.notAssessed, to: &sink)
    sink.integer("atLeast", group.atLeast)
    sink.integer("held", group.held)
    sink.integer("used", group.used)
    sink.integer("unused", group.unused)
    sink.integer("unseen", group.unseen)
    sink.object("findings") {
      $0.integer("realised", group.realised)
      $0.integer("nearMiss", group.nearMiss)
      $0.integer("latent", group.latent)
      $0.integer("others", group.others)
      $0.integer("excepted", group.excepted)
    }
    sink.integer("revocable", group.revocable)
  }

  /// Agents by band.
  func writeBands(
    low: Int, moderate: Int, high: Int, critical: Int, notAssessed: Int, to sink: inout Sink
  ) {
    sink.object("bands") {
      $0.integer("low", low)
      $0.integer("moderate", moderate)
      $0.integer("high", high)
      $0.integer("critical", critical)
      $0.integer("notAssessed", notAssessed)
    }
  }
}
