internal import Controls

/// How many controls stand in each status.
struct ControlTally {
  var notSatisfied = 0
  var partly = 0
  var satisfied = 0
  var notAssessed = 0

  /// All together.
  var all: Int { notSatisfied + partly + satisfied + notAssessed }

  /// Counts controls.
  init(_ controls: [ControlAssessment]) {
    for control in controls {
      switch control.status {
      case .notSatisfied: notSatisfied += 1
      case .partly: partly += 1
      case .satisfied: satisfied += 1
      case .notAssessed: notAssessed += 1
      }
    }
  }
}
