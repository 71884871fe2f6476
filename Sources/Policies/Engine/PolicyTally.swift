internal import Model

/// What is known of one policy so far. Tallies of pieces add up in any order: the matches are sorted
/// by their keys' texts in the end.
struct PolicyTally {
  private let policy: CompiledPolicy
  private var health: PolicyHealth
  private var counts = PieceResult.Counts()
  private var found: [[Match]] = []
  /// Where only events were asked for: those that break the policy, or may break it.
  private(set) var broken: [Int32] = []

  init(_ policy: CompiledPolicy) {
    self.policy = policy
    health = PolicyHealth(policy: policy.policy.id, steps: policy.stepCount)
  }

  /// Adds what one stretch of the table counted.
  mutating func add(
    _ run: RecordRun, _ group: WatchTable.Group, _ local: Int, _ policy: CompiledPolicy
  ) {
    for (number, profile) in group.profiles.enumerated() where run.profileCounts[number] > 0 {
      for index in profile.entries {
        let entry = group.entries[Int(index)]
        guard Int(entry.policy) == local else { continue }
        count(entry.certain, times: run.profileCounts[number])
        for test in group.tests[Int(entry.tests)..<Int(entry.tests + entry.testCount)]
        where !test.isDenied {
          let condition = Int(profile.conditions.lowerBound) + Int(test.shift) / 2
          count(test.bit, times: run.conditionCounts[condition])
        }
      }
    }
    group.withTables { tables in
      for record in run.unkeyed {
        for index in group.profiles[record.profile].entries
        where Int(group.entries[Int(index)].policy) == local {
          let masks = tables.masks(
            tables.entries.baseAddress.unsafelyUnwrapped + Int(index), record.truths)
          if masks.possible | masks.denied != 0 { health.unkeyed += 1 }
        }
      }
    }
  }

  /// Counts events for each step of some roles.
  private mutating func count(_ roles: UInt32, times: Int) {
    var steps = roles & policy.stepMask
    while steps != 0 {
      health.matchedPerStep[policy.step(ofBit: steps.trailingZeroBitCount)] += times
      steps &= steps &- 1
    }
  }

  /// Adds what one piece found.
  mutating func add(_ result: PieceResult, _ local: Int) {
    counts.add(result.counts[local])
    broken += result.broken[local]
    for item in result.found where item.policy == local { found.append(item.matches) }
  }

  /// Adds what was found in other keys, over another table.
  mutating func merge(_ other: PolicyTally) {
    for step in health.matchedPerStep.indices {
      health.matchedPerStep[step] += other.health.matchedPerStep[step]
    }
    health.unkeyed += other.health.unkeyed
    counts.add(other.counts)
    found += other.found
    broken += other.broken
  }

  /// How many matches there are.
  var matchCount: Int { found.reduce(0) { $0 + $1.count } }

  /// The indexes of all events that its matches name.
  func forEachEvent(_ body: (Int) -> Void) {
    for match in found.joined() {
      for step in match.chain { body(step.event) }
      if let excuse = match.excusedBy { body(excuse) }
    }
    for event in broken { body(Int(event)) }
  }

  /// Gives the policy and the events that the matches name other numbers.
  mutating func renumber(policy: Int, event: (Int) -> Int) {
    broken = broken.map { Int32(truncatingIfNeeded: event(Int($0))) }
    for list in found.indices {
      for index in found[list].indices {
        found[list][index].policy = policy
        for step in found[list][index].chain.indices {
          found[list][index].chain[step].event = event(found[list][index].chain[step].event)
        }
        if let excuse = found[list][index].excusedBy {
          found[list][index].excusedBy = event(excuse)
        }
      }
    }
  }

  /// Adds the policy's matches, by key, and its health.
  func finish(_ evaluation: inout Evaluation) {
    var health = health
    health.keys = counts.keys
    evaluation.pairs += counts.keyed + health.unkeyed
    let order = found.indices.map { index in
      let first = found[index][0]
      return (
        values: first.key.map(\.value), fields: first.key.map(\.name),
        event: first.chain.last?.event ?? 0, index: index
      )
    }.sorted { left, right in
      if left.values != right.values { return left.values.lexicographicallyPrecedes(right.values) }
      if left.fields != right.fields { return left.fields.lexicographicallyPrecedes(right.fields) }
      return left.event < right.event
    }
    for item in order {
      health.add(found[item.index])
      evaluation.matches += found[item.index]
    }
    health.warn(policy, counts)
    evaluation.health.append(health)
  }
}

extension PolicyHealth {
  /// Counts the matches of one key.
  fileprivate mutating func add(_ matches: [Match]) {
    var realised: Set<Int> = []
    for match in matches {
      switch match.status {
      case .realised:
        completions += 1
        realised.insert(match.episode)
      case .excused: excused += 1
      case .nearMiss: nearMisses += 1
      case .indeterminate: indeterminate += 1
      case .pending: pending += 1
      }
    }
    episodes += realised.count
  }

  /// Says why a policy may be blind, and what of it was not judged in full.
  fileprivate mutating func warn(
    _ policy: CompiledPolicy, _ counts: PieceResult.Counts
  ) {
    for (number, count) in matchedPerStep.enumerated() where count == 0 {
      warnings.append("no event matched step `\(policy.policy.stepIDs[number])`")
    }
    if unkeyed > 0, counts.keyed == 0 {
      warnings.append("not assessed: every event that it looks at lacks the correlation key")
    } else if unkeyed > 0 {
      let lacking = unkeyed == 1 ? "event that it looks at lacks" : "events that it looks at lack"
      warnings.append("\(unkeyed) \(lacking) the correlation key")
    }
    if counts.cutTies > 0 {
      warnings.append(
        "\(counts.cutTies) groups of events of equal time were judged in some of their orders only")
    }
    if counts.hitStateLimit {
      warnings.append("a key had more register values at one time than are kept")
    }
    if keys > 0, completions >= 20, episodes >= keys {
      warnings.append("it was broken in every one of \(keys) keys")
    }
    warnings.sort()
  }
}
