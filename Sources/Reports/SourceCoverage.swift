internal import Model

/// What all files of one source type gave together.
struct SourceCoverage {
  /// The source type; nil for the files that were not recognised.
  var type: String?
  var files = 0
  var events = 0
  var agents = 0
  var statements = 0
  var problems = 0
  var firstEvent: Timestamp?
  var lastEvent: Timestamp?

  /// One for each type, sorted by it, the files not recognised last.
  static func all(of files: [InputFile]) -> [SourceCoverage] {
    var byType: [String: SourceCoverage] = [:]
    var unrecognised: SourceCoverage?
    for file in files {
      if let type = file.type {
        byType[type, default: SourceCoverage(type: type)].add(file)
      } else {
        var coverage = unrecognised ?? SourceCoverage(type: nil)
        coverage.add(file)
        unrecognised = coverage
      }
    }
    return byType.sorted { $0.key < $1.key }.map(\.value) + (unrecognised.map { [$0] } ?? [])
  }

  private mutating func add(_ file: InputFile) {
    files += 1
    events += file.events
    agents += file.agents
    statements += file.statements
    problems += file.problems
    if let first = file.firstEvent { firstEvent = min(firstEvent ?? first, first) }
    if let last = file.lastEvent { lastEvent = max(lastEvent ?? last, last) }
  }
}
