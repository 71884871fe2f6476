/// The privilege index while it is being made: per class, how many actions have which unused reach.
///
/// Classes are indices into `Scoring.hazards`. Sums run over rising reach, so that the order of
/// statements never shows in the last digit.
struct PrivilegeLoad: Equatable {
  private(set) var classes: [ClassLoad]

  /// One class.
  struct ClassLoad: Equatable {
    /// Actions by their unused reach.
    var unused: [Double: Int] = [:]
    var held = 0
    var used = 0
  }

  init(classCount: Int) { classes = Array(repeating: ClassLoad(), count: classCount) }

  /// Counts actions of one class with one unused reach.
  mutating func add(_ count: Int, in hazardClass: Int, unusedReach: Double, used: Bool) {
    guard classes.indices.contains(hazardClass) else { return }
    classes[hazardClass].held += count
    if used { classes[hazardClass].used += count }
    if unusedReach > 0 { classes[hazardClass].unused[unusedReach, default: 0] += count }
  }

  /// Takes away the unused reach of actions that were counted.
  mutating func remove(_ count: Int, in hazardClass: Int, unusedReach: Double) {
    guard classes.indices.contains(hazardClass), unusedReach > 0 else { return }
    let left = (classes[hazardClass].unused[unusedReach] ?? 0) - count
    classes[hazardClass].unused[unusedReach] = left > 0 ? left : nil
  }

  /// One row a class that is held, by falling hazard, then name.
  func terms(_ scoring: Scoring) -> [PrivilegeTerm] {
    var terms: [PrivilegeTerm] = []
    for (index, load) in classes.enumerated() where load.held > 0 {
      let hazard = scoring.hazards[index]
      let reaches = load.unused.keys.sorted()
      let sum = reaches.reduce(0) { $0 + $1 * Double(load.unused[$1] ?? 0) }
      let exposure = scoring.exposure.value(max: reaches.last ?? 0, sum: sum)
      terms.append(
        PrivilegeTerm(
          hazardClass: hazard.name, hazard: hazard.hazard, maxUnusedReach: reaches.last ?? 0,
          sumUnusedReach: sum, exposure: exposure, factor: 1 - hazard.hazard * exposure,
          held: load.held, used: load.used))
    }
    return terms
  }

  /// The index before any floor.
  func index(_ scoring: Scoring) -> Int {
    percentage(1 - terms(scoring).reduce(1) { $0 * $1.factor })
  }

  /// The sum of hazard times unused reach.
  func hazard(_ scoring: Scoring) -> Double {
    terms(scoring).reduce(0) { $0 + $1.hazard * $1.sumUnusedReach }
  }
}

extension Scoring.Exposure {
  /// x of a class from the greatest and the sum of its unused reach.
  func value(max: Double, sum: Double) -> Double {
    maxShare * max + sumShare * min(1, binaryLogarithm(1 + sum) / doublings)
  }
}
