internal import Model

/// The candidates that may serve one needed selector, found by the values that they must share.
struct NeededIndex {
  /// Candidates in the table's order, with the nearest other one on each side that may be judged
  /// otherwise: those between have the same values.
  struct Line {
    private(set) var candidates: [Int] = []
    private(set) var earlier: [Int] = []
    private(set) var later: [Int] = []

    fileprivate mutating func add(_ candidate: Int, isLikeLast: Bool) {
      let index = candidates.count
      earlier.append(isLikeLast ? earlier[index - 1] : index - 1)
      candidates.append(candidate)
    }

    fileprivate mutating func finish() {
      later = Array(candidates.indices)
      for index in candidates.indices.reversed() {
        let next = index + 1
        let isLikeNext = next < candidates.count && earlier[next] == earlier[index]
        later[index] = isLikeNext ? later[next] : next
      }
    }
  }

  let role: Int
  private let registers: [Int]
  private var all = Line()
  /// Those that lack a field or have several values: every value may be theirs.
  private var loose = Line()
  private var byValues: [[AttributeValue]: Line] = [:]

  init(_ view: RuleView, role: Int) {
    self.role = role
    let tests = view.policy.roles[role].same
    registers = tests.map(\.register)
    let fields = (tests + view.policy.roles[role].differs).map(\.field)
    var lastOfLine: [[AttributeValue]: Int] = [:]
    var lastLoose: Int?
    var last: Int?
    func isLike(_ left: Int?, _ right: Int) -> Bool {
      guard let left, view.truth(role, left) == view.truth(role, right) else { return false }
      return fields.allSatisfy {
        view.run.value(left, field: $0) == view.run.value(right, field: $0)
      }
    }
    for candidate in view.candidates(of: [role]) {
      all.add(candidate, isLikeLast: isLike(last, candidate))
      last = candidate
      if tests.isEmpty { continue }
      var key: [AttributeValue] = []
      for test in tests {
        if case .one(let value) = view.run.value(candidate, field: test.field) { key.append(value) }
      }
      if key.count == tests.count {
        byValues[key, default: Line()].add(
          candidate, isLikeLast: isLike(lastOfLine[key], candidate))
        lastOfLine[key] = candidate
      } else {
        loose.add(candidate, isLikeLast: isLike(lastLoose, candidate))
        lastLoose = candidate
      }
    }
    all.finish()
    loose.finish()
    for key in byValues.keys { byValues[key]?.finish() }
  }

  /// The lines that hold every candidate that may serve under an assignment.
  func lines(for assignment: RuleView.Assignment) -> [Line] {
    var key: [AttributeValue] = []
    for register in registers {
      guard let value = assignment[register] else { return [all] }
      key.append(value)
    }
    if key.isEmpty { return [all] }
    return (byValues[key].map { [$0] } ?? []) + [loose]
  }
}
