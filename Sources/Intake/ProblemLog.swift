internal import Model

/// The problems of one file: the first of each kind are listed, the others counted.
struct ProblemLog {
  /// All problems found, listed or not.
  private(set) var count = 0
  private(set) var listed: [Problem] = []
  private let file: String
  private let listedMax: Int
  private var counts: [Kind: Int] = [:]

  private struct Kind: Hashable {
    var reason: String
    var consequence: String
  }

  init(file: String, limits: InputLimits) {
    self.file = file
    listedMax = limits.problemsListedMax
  }

  /// Notes a problem. Its kind is its reason up to the first user input.
  mutating func add(line: Int, _ reason: String, consequence: String) {
    count += 1
    let general = String(reason.prefix { $0 != "`" })
    let kind = Kind(reason: general, consequence: consequence)
    let before = counts[kind, default: 0]
    counts[kind] = before + 1
    guard before < listedMax else { return }
    listed.append(Problem(file: file, line: line, reason: reason, consequence: consequence))
  }

  /// The listed problems, and one more for each kind of which some are not.
  func finished() -> [Problem] {
    var all = listed
    for (kind, count) in counts where count > listedMax {
      let reason = kind.reason.hasSuffix(" ") ? String(kind.reason.dropLast()) : kind.reason
      all.append(
        Problem(
          file: file, line: 0, reason: "\(count - listedMax) more like this: \(reason)",
          consequence: kind.consequence))
    }
    return all
  }
}
