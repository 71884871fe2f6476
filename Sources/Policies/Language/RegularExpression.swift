/// A regular expression matched in time linear in the text, whatever the expression.
///
/// Thompson's construction run as Pike's machine: a set of states advances over the text once.
/// Knows literals, `.`, classes, `\d \w \s`, `^ $`, groups, `|`, `* + ?` and `{m,n}`; no
/// back-references, which cannot be matched so. It searches: anchor it to match a whole text.
package struct RegularExpression: Sendable, Equatable {
  /// One instruction of the machine.
  enum Instruction: Sendable, Equatable {
    case one(CharacterClass)
    case split(Int, Int)
    case jump(Int)
    case start
    case end
    case accept
  }

  /// A set of characters.
  struct CharacterClass: Sendable, Equatable {
    var ranges: [ClosedRange<UInt32>]
    var isNegated = false

    func contains(_ scalar: UInt32) -> Bool {
      ranges.contains { $0.contains(scalar) } != isNegated
    }
  }

  /// What is wrong with an expression.
  package struct SyntaxError: Error, Equatable {
    /// In words.
    package var reason: String
  }

  private let program: [Instruction]

  /// Compiles an expression.
  ///
  /// - Throws: `SyntaxError` when it is malformed or needs more than 5,000 states.
  package init(_ text: String) throws(SyntaxError) {
    var parser = RegularExpressionParser(text)
    program = try parser.program()
  }

  /// Whether some part of the text matches.
  package func matches(_ text: String) -> Bool {
    var current = States(count: program.count)
    var next = States(count: program.count)
    let scalars = text.unicodeScalars
    var index = scalars.startIndex
    var isStart = true
    while true {
      let isEnd = index == scalars.endIndex
      if add(0, to: &current, isStart: isStart, isEnd: isEnd) { return true }
      if isEnd { return false }
      let scalar = scalars[index].value
      index = scalars.index(after: index)
      next.clear()
      let nextIsEnd = index == scalars.endIndex
      for state in current.list {
        guard case .one(let characters) = program[state], characters.contains(scalar) else {
          continue
        }
        if add(state + 1, to: &next, isStart: false, isEnd: nextIsEnd) { return true }
      }
      swap(&current, &next)
      isStart = false
    }
  }

  /// Adds a state and all that it leads to without reading; true when that is acceptance.
  private func add(_ first: Int, to states: inout States, isStart: Bool, isEnd: Bool) -> Bool {
    var stack = [first]
    while let state = stack.popLast() {
      guard states.insert(state) else { continue }
      switch program[state] {
      case .accept: return true
      case .one: break
      case .jump(let target): stack.append(target)
      case .split(let left, let right):
        stack.append(right)
        stack.append(left)
      case .start: if isStart { stack.append(state + 1) }
      case .end: if isEnd { stack.append(state + 1) }
      }
    }
    return false
  }

  /// A set of states that clears in the time of what it holds.
  private struct States {
    var list: [Int] = []
    private var isMember: [Bool]

    init(count: Int) { isMember = Array(repeating: false, count: count) }

    mutating func insert(_ state: Int) -> Bool {
      if isMember[state] { return false }
      isMember[state] = true
      list.append(state)
      return true
    }

    mutating func clear() {
      for state in list { isMember[state] = false }
      list.removeAll(keepingCapacity: true)
    }
  }
}
