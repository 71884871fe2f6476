/// Everything that is remembered of a key between two events: a value, so that the orders of tied
/// events can be tried side by side.
struct ChainState {
  /// The prefixes of one stage: those without registers apart, since most policies have none.
  struct Stage {
    var solo = Front()
    var fronts: [Int32: Front] = [:]

    var isEmpty: Bool { solo.isEmpty && fronts.isEmpty }

    /// The numbers of the register assignments in order, the empty one first.
    var environments: [Int32] {
      let others = fronts.keys.sorted()
      return solo.isEmpty ? others : [0] + others
    }

    subscript(_ environment: Int32) -> Front {
      get { environment == 0 ? solo : fronts[environment] ?? Front() }
      set {
        if environment == 0 {
          solo = newValue
        } else if newValue.isEmpty {
          fronts[environment] = nil
        } else {
          fronts[environment] = newValue
        }
      }
    }

    /// Adds a prefix in place.
    mutating func insert(_ cell: Cell, _ environment: Int32, hasGap: Bool) {
      if environment == 0 {
        solo.insert(cell, hasGap: hasGap)
      } else {
        fronts[environment, default: Front()].insert(cell, hasGap: hasGap)
      }
    }

    /// Drops prefixes of an assignment whose gap has passed and gives the one with the latest start.
    mutating func first(_ environment: Int32, at time: Int64, gap: Int64?) -> Cell? {
      if environment == 0 { return solo.first(at: time, gap: gap) }
      return fronts[environment]?.first(at: time, gap: gap)
    }

    /// Whether some prefix of an assignment is as wanted.
    func holds(_ environment: Int32, _ isWanted: (Cell) -> Bool) -> Bool {
      if environment == 0 { return solo.live.contains(where: isWanted) }
      return fronts[environment]?.live.contains(where: isWanted) ?? false
    }

    mutating func clear() {
      solo.clear()
      fronts.removeAll(keepingCapacity: true)
    }
  }

  /// An event that excuses chains completed after it.
  struct ExcuseMark {
    var candidate: Int32
    var time: Int64
    var sequence: Int32
  }

  var stages: [Stage]
  var excuses: [ExcuseMark] = []

  init(stages count: Int) { stages = Array(repeating: Stage(), count: count) }

  /// Joins what another order of the same events leads to.
  ///
  /// Orders of the same events bring the same excuses: only where one is spent can they differ, and
  /// then those already spent stay spent.
  mutating func merge(_ other: ChainState, hasGap: [Bool], spendsExcuses: Bool) {
    for index in stages.indices {
      for environment in other.stages[index].environments {
        stages[index][environment].merge(
          other.stages[index][environment], hasGap: hasGap[index])
      }
    }
    guard spendsExcuses else { return }
    let kept = Set(other.excuses.map(\.candidate))
    excuses.removeAll { !kept.contains($0.candidate) }
  }

  /// Whether two states judge all later events alike.
  func hasSameFuture(as other: ChainState, spendsExcuses: Bool) -> Bool {
    if spendsExcuses, excuses.map(\.candidate) != other.excuses.map(\.candidate) { return false }
    for (mine, theirs) in zip(stages, other.stages) {
      let environments = mine.environments
      guard environments == theirs.environments,
        environments.allSatisfy({ mine[$0].hasSameFuture(as: theirs[$0]) })
      else { return false }
    }
    return true
  }
}
