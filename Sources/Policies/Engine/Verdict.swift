/// What the engine says of one event as the completion of a chain.
struct Verdict {
  /// From nothing to worst.
  enum Rank: Int, Comparable {
    case none, excused, realised

    static func < (left: Rank, right: Rank) -> Bool { left.rawValue < right.rawValue }
  }

  var rank = Rank.none
  /// The last step of the witness in the arena.
  var node: Int32 = -1
  var startTime = Int64.min
  var start: Int32 = -1
  /// The candidate that excuses it.
  var excuse: Int32 = -1
  var environment: Int32 = 0

  /// Worse first; of equals the later start, of these the later in the table.
  func isPreferred(to other: Verdict) -> Bool {
    (rank.rawValue, startTime, start) > (other.rank.rawValue, other.startTime, other.start)
  }
}

/// One judged event of a key.
struct Judgement {
  /// The completing event, as a candidate.
  var candidate: Int
  var verdict: Verdict
  /// Whether another order of tied events leads to another verdict.
  var isOrderSensitive: Bool
  /// The witness, first step first.
  var witness: [ChainMachine.Node]
  /// For a limit: how many events count, and what they come to.
  var aggregateEvents: Int?
  var aggregateValue: Double?
  /// For a limit: the start of the latest anchors that reach the bound too; -1 for those shown.
  var latestStart: Int32 = -1
}

extension ChainMachine {
  /// Judges what the last event completed, and spends the excuse of an excused one where it is good
  /// for one chain only.
  mutating func judge(_ state: inout ChainState) -> Verdict {
    var best = Verdict()
    for completion in completions {
      let cell = completion.cell
      var verdict = Verdict(
        rank: .realised, node: cell.node, startTime: cell.startTime, start: cell.start,
        excuse: -1, environment: completion.environment)
      if completion.plane == 1 {
        verdict.rank = .excused
        verdict.excuse = cell.excuse
      } else if let mark = excuse(of: cell, completion.environment, state) {
        verdict.rank = .excused
        verdict.excuse = mark
      }
      if verdict.isPreferred(to: best) { best = verdict }
    }
    if best.rank == .excused, policy.policy.excuse?.uses != nil {
      state.excuses.removeAll { $0.candidate == best.excuse }
    }
    settle(&state)
    return best
  }

  /// The latest event up to a time that excuses a chain; nil for none.
  func excuse(
    of cell: Cell, _ environment: Int32, _ state: ChainState, upTo time: Int64 = Int64.max
  ) -> Int32? {
    guard let excuse = policy.policy.excuse else { return nil }
    let before = excuse.beforeNanoseconds
    for mark in state.excuses.reversed() where mark.time <= time {
      if before > 0 {
        if mark.time < cell.startTime, span(from: mark.time, to: cell.startTime) > before { break }
      } else if mark.sequence <= cell.startSequence {
        break
      }
      let event = run.candidates[Int(mark.candidate)]
      let mask = mode == .certain ? event.possible : event.certain
      if isKilled(policy.excuseRoles, of: mask, environment, by: Int(mark.candidate)) {
        return mark.candidate
      }
    }
    return nil
  }

  /// The witness that ends in a node, first step first.
  func witness(_ node: Int32) -> [Node] {
    var chain: [Node] = []
    var index = node
    while index >= 0 {
      chain.append(nodes[Int(index)])
      index = nodes[Int(index)].parent
    }
    return chain.reversed()
  }
}
