/// A pattern over texts: `*` any run, `?` one character, everything else itself.
///
/// Canonical: neighbouring wildcards are brought into one form (`**` is `*`, `*?` is `?*`), so that
/// equal patterns are equal values. Matching never backtracks further than the last `*`: at most
/// pattern times text steps, whatever the pattern.
package struct Glob: Hashable, Sendable {
  /// Unicode scalars; `anyRun` and `anyOne` for the wildcards.
  private let tokens: [Int32]

  private static let anyRun: Int32 = -1
  private static let anyOne: Int32 = -2

  /// A pattern as a policy writes it, with case.
  package init(_ pattern: String) {
    var tokens: [Int32] = []
    var ones = 0
    var hasRun = false
    func flush() {
      for _ in 0..<ones { tokens.append(Glob.anyOne) }
      if hasRun { tokens.append(Glob.anyRun) }
      ones = 0
      hasRun = false
    }
    for scalar in pattern.unicodeScalars {
      switch scalar {
      case "*": hasRun = true
      case "?": ones += 1
      default:
        flush()
        tokens.append(Int32(bitPattern: scalar.value))
      }
    }
    flush()
    self.tokens = tokens
  }

  /// A pattern that matches one text only, wildcard characters in it included.
  package static func literal(_ text: String) -> Glob {
    Glob(tokens: text.unicodeScalars.map { Int32(bitPattern: $0.value) })
  }

  private init(tokens: [Int32]) { self.tokens = tokens }

  /// Whether it has no wildcard.
  package var isLiteral: Bool { !tokens.contains { $0 < 0 } }

  /// Whether it matches every text.
  package var isEverything: Bool { tokens == [Glob.anyRun] }

  /// The pattern in canonical writing.
  package var text: String {
    var text = String.UnicodeScalarView()
    for token in tokens {
      switch token {
      case Glob.anyRun: text.append("*")
      case Glob.anyOne: text.append("?")
      default: if let scalar = Unicode.Scalar(UInt32(bitPattern: token)) { text.append(scalar) }
      }
    }
    return String(text)
  }

  /// Whether it matches a text.
  package func matches(_ text: String) -> Bool {
    if isEverything { return true }
    // Nearly all texts are ASCII, whose bytes are their scalars.
    let answer = text.utf8.withContiguousStorageIfAvailable { bytes -> Bool? in
      guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
      return Glob.absorbs(tokens, bytes.lazy.map { Int32($0) })
    }
    if case .some(.some(let isMatch)) = answer { return isMatch }
    return Glob.absorbs(tokens, text.unicodeScalars.lazy.map { Int32(bitPattern: $0.value) })
  }

  /// Whether it matches every text that another pattern matches.
  package func covers(_ other: Glob) -> Bool { Glob.absorbs(tokens, other.tokens) }

  /// Whether some text is matched by both patterns.
  package func intersects(_ other: Glob) -> Bool {
    let left = tokens
    let right = other.tokens
    // One row of the table of (position in left, position in right) that some text can reach.
    var row = [Bool](repeating: false, count: right.count + 1)
    row[0] = true
    for position in 0...left.count {
      let token = position < left.count ? left[position] : nil
      var next = [Bool](repeating: false, count: right.count + 1)
      for column in 0...right.count where row[column] {
        let facing = column < right.count ? right[column] : nil
        if token == Glob.anyRun {
          next[column] = true
          if column < right.count { row[column + 1] = true }
        }
        if facing == Glob.anyRun {
          row[column + 1] = true
          if token != nil { next[column] = true }
        }
        if let token, let facing, token != Glob.anyRun, facing != Glob.anyRun,
          token == facing || token == Glob.anyOne || facing == Glob.anyOne
        {
          next[column + 1] = true
        }
      }
      if position == left.count { return row[right.count] }
      row = next
    }
    return false
  }

  /// Greedy matching in which the text may itself hold wildcards, which only a wildcard absorbs.
  private static func absorbs<Text: Collection<Int32>>(_ pattern: [Int32], _ text: Text) -> Bool {
    var place = 0
    var index = text.startIndex
    var star = -1
    var resume = text.startIndex
    while index != text.endIndex {
      let scalar = text[index]
      if place < pattern.count, pattern[place] == anyRun {
        star = place
        resume = index
        place += 1
      } else if place < pattern.count, scalar != anyRun,
        pattern[place] == anyOne || pattern[place] == scalar
      {
        place += 1
        index = text.index(after: index)
      } else if star >= 0 {
        resume = text.index(after: resume)
        index = resume
        place = star + 1
      } else {
        return false
      }
    }
    while place < pattern.count, pattern[place] == anyRun { place += 1 }
    return place == pattern.count
  }
}
