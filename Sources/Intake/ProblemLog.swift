internal import Model

/// The problems of one file: the first of each kind are listed, the others counted.
struct ProblemLog: Sendable {
  /// All problems found, listed or not.
  private(set) var count = 0
  private(set) var listed: [Problem] = []
  private let file: String
  private let listedMax: Int
  private var kinds: [Kind: Tally] = [:]

  /// What problems have in common: all but what the user's input says.
  private struct Kind: Hashable, Sendable {
    var words: String
    var consequence: String
  }

  private struct Tally: Sendable {
    var count: Int
    /// The first reason of its kind.
    var example: String
  }

  init(file: String, limits: InputLimits) {
    self.file = file
    listedMax = limits.problemsListedMax
  }

  /// Notes a problem. Its reason shows the user's input in backticks; a name in backticks at its
  /// very beginning is that of a field.
  mutating func add(line: Int, _ reason: String, consequence: String) {
    count += 1
    let kind = Kind(words: ProblemLog.words(reason), consequence: consequence)
    let before = kinds[kind]?.count ?? 0
    kinds[kind, default: Tally(count: 0, example: reason)].count += 1
    guard before < listedMax else { return }
    listed.append(Problem(file: file, line: line, reason: reason, consequence: consequence))
  }

  /// Adds the problems of a later part of the file, which has so many lines ahead of it.
  mutating func absorb(_ other: ProblemLog, lines: Int) {
    count += other.count
    for problem in other.listed {
      let kind = Kind(
        words: ProblemLog.words(problem.reason), consequence: problem.consequence)
      let before = kinds[kind]?.count ?? 0
      kinds[kind, default: Tally(count: 0, example: problem.reason)].count += 1
      guard before < listedMax else { continue }
      var problem = problem
      if problem.line > 0 { problem.line += lines }
      listed.append(problem)
    }
    for (kind, tally) in other.kinds where tally.count > listedMax {
      kinds[kind]?.count += tally.count - listedMax
    }
  }

  /// The listed problems, and one more for each kind of which some are not.
  func finished() -> [Problem] {
    var all = listed
    for (kind, tally) in kinds where tally.count > listedMax {
      all.append(
        Problem(
          file: file, line: 0,
          reason: "\(tally.count - listedMax) more like this: \(tally.example)",
          consequence: kind.consequence))
    }
    return all
  }

  /// A reason without what stands in backticks, but for a name at its beginning.
  private static func words(_ reason: String) -> String {
    let parts = reason.split(separator: "`", omittingEmptySubsequences: false)
    var kept = ""
    for (index, part) in parts.enumerated() where index.isMultiple(of: 2) || index == 1 {
      if index != 1 || parts[0].isEmpty { kept += part }
    }
    return kept
  }
}
