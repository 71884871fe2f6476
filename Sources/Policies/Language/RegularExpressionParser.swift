/// Turns the text of a regular expression into a program for `RegularExpression`.
struct RegularExpressionParser {
  typealias CharacterClass = RegularExpression.CharacterClass
  typealias Instruction = RegularExpression.Instruction
  typealias SyntaxError = RegularExpression.SyntaxError

  private indirect enum Part {
    case empty
    case one(CharacterClass)
    case start
    case end
    case sequence([Part])
    case either([Part])
    case repeated(Part, least: Int, most: Int?)
  }

  private let characters: [Unicode.Scalar]
  private var index = 0
  private var depth = 0
  private var ignoresCase = false
  private var instructions: [Instruction] = []

  private static let instructionsMax = 5_000
  private static let repeatsMax = 1_000
  private static let depthMax = 50

  init(_ text: String) { characters = Array(text.unicodeScalars) }

  mutating func program() throws(SyntaxError) -> [Instruction] {
    if characters.starts(with: "(?i)".unicodeScalars) {
      ignoresCase = true
      index = 4
    }
    let part = try parseEither()
    if index < characters.count { throw SyntaxError(reason: "a `)` without its `(`") }
    try emit(part)
    instructions.append(.accept)
    return instructions
  }

  private var peek: Unicode.Scalar? { index < characters.count ? characters[index] : nil }

  private mutating func parseEither() throws(SyntaxError) -> Part {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.depthMax { throw SyntaxError(reason: "groups are nested too deeply") }
    var parts = [try parseSequence()]
    while peek == "|" {
      index += 1
      parts.append(try parseSequence())
    }
    return parts.count == 1 ? parts[0] : .either(parts)
  }

  private mutating func parseSequence() throws(SyntaxError) -> Part {
    var parts: [Part] = []
    while let next = peek, next != "|", next != ")" {
      let part = try parseAtom()
      parts.append(try parseRepetition(of: part))
    }
    return parts.isEmpty ? .empty : .sequence(parts)
  }

  private mutating func parseAtom() throws(SyntaxError) -> Part {
    let next = characters[index]
    index += 1
    switch next {
    case "^": return .start
    case "$": return .end
    case ".": return .one(CharacterClass(ranges: [0x0A...0x0A], isNegated: true))
    case "(": return try parseGroup()
    case "[": return .one(try parseClass())
    case "\\": return .one(try parseEscape())
    case "*", "+", "?": throw SyntaxError(reason: "nothing before `\(next)` to repeat")
    default: return .one(literal(next))
    }
  }

  private mutating func parseGroup() throws(SyntaxError) -> Part {
    if peek == "?" {
      guard index + 1 < characters.count, characters[index + 1] == ":" else {
        throw SyntaxError(reason: "only groups `( )` and `(?: )` are known")
      }
      index += 2
    }
    let part = try parseEither()
    guard peek == ")" else { throw SyntaxError(reason: "a `(` without its `)`") }
    index += 1
    return part
  }

  private mutating func parseRepetition(of part: Part) throws(SyntaxError) -> Part {
    var part = part
    while let next = peek {
      let bounds: (least: Int, most: Int?)
      switch next {
      case "*": bounds = (0, nil)
      case "+": bounds = (1, nil)
      case "?": bounds = (0, 1)
      case "{":
        guard let braces = try parseBraces() else { return part }
        bounds = braces
      default: return part
      }
      if next != "{" { index += 1 }
      // Whether the longest or the shortest is preferred makes no difference to a yes or no.
      if peek == "?" { index += 1 }
      part = .repeated(part, least: bounds.least, most: bounds.most)
    }
    return part
  }

  /// `{m}`, `{m,}` or `{m,n}`.
  private mutating func parseBraces() throws(SyntaxError) -> (least: Int, most: Int?)? {
    index += 1
    let least = parseNumber()
    var most = least
    if peek == "," {
      index += 1
      most = parseNumber()
    }
    guard let least, peek == "}" else {
      throw SyntaxError(reason: "expected `{m}`, `{m,}` or `{m,n}`; write `\\{` for a brace")
    }
    index += 1
    if least > Self.repeatsMax || most ?? 0 > Self.repeatsMax {
      throw SyntaxError(reason: "at most \(Self.repeatsMax) repetitions")
    }
    if let most, most < least { throw SyntaxError(reason: "`{m,n}` with n smaller than m") }
    return (least, most)
  }

  private mutating func parseNumber() -> Int? {
    var value: Int?
    while let next = peek, (0x30...0x39).contains(next.value) {
      value = min((value ?? 0) * 10 + Int(next.value - 0x30), 1_000_000)
      index += 1
    }
    return value
  }

  private mutating func parseClass() throws(SyntaxError) -> CharacterClass {
    var characterClass = CharacterClass(ranges: [])
    if peek == "^" {
      characterClass.isNegated = true
      index += 1
    }
    var isFirst = true
    while let next = peek, next != "]" || isFirst {
      isFirst = false
      index += 1
      if next == "\\" {
        let escaped = try parseEscape()
        if escaped.isNegated { throw SyntaxError(reason: "a negated escape inside a class") }
        if escaped.ranges.count > 1 || escaped.ranges.first.map({ $0.count > 1 }) == true {
          characterClass.ranges += escaped.ranges
          continue
        }
      }
      let low = next == "\\" ? characters[index - 1] : next
      guard peek == "-", index + 1 < characters.count, characters[index + 1] != "]" else {
        characterClass.ranges += literal(next == "\\" ? escapedValue(low) : low).ranges
        continue
      }
      let high = characters[index + 1]
      index += 2
      guard low.value <= high.value, high != "\\" else {
        throw SyntaxError(reason: "a class range that runs backwards")
      }
      characterClass.ranges += cased(low.value...high.value)
    }
    guard peek == "]" else { throw SyntaxError(reason: "a `[` without its `]`") }
    index += 1
    return characterClass
  }

  private mutating func parseEscape() throws(SyntaxError) -> CharacterClass {
    guard let next = peek else { throw SyntaxError(reason: "a `\\` at the end") }
    index += 1
    let digits: [ClosedRange<UInt32>] = [0x30...0x39]
    let words = digits + [0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]
    let blanks: [ClosedRange<UInt32>] = [0x09...0x0D, 0x20...0x20]
    switch next {
    case "d": return CharacterClass(ranges: digits)
    case "D": return CharacterClass(ranges: digits, isNegated: true)
    case "w": return CharacterClass(ranges: words)
    case "W": return CharacterClass(ranges: words, isNegated: true)
    case "s": return CharacterClass(ranges: blanks)
    case "S": return CharacterClass(ranges: blanks, isNegated: true)
    case "n", "t", "r": return literal(escapedValue(next))
    default:
      let isWord = words.contains { $0.contains(next.value) }
      if isWord { throw SyntaxError(reason: "unknown escape `\\\(next)`") }
      return literal(next)
    }
  }

  private func escapedValue(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar {
    case "n": return "\n"
    case "t": return "\t"
    case "r": return "\r"
    default: return scalar
    }
  }

  private func literal(_ scalar: Unicode.Scalar) -> CharacterClass {
    CharacterClass(ranges: cased(scalar.value...scalar.value))
  }

  /// With `(?i)`, ASCII letters of a range in both cases.
  private func cased(_ range: ClosedRange<UInt32>) -> [ClosedRange<UInt32>] {
    guard ignoresCase else { return [range] }
    var ranges = [range]
    for (letters, other) in [(UInt32(0x41)...0x5A, Int64(32)), (UInt32(0x61)...0x7A, -32)] {
      guard range.overlaps(letters) else { continue }
      let part = range.clamped(to: letters)
      ranges.append(
        UInt32(Int64(part.lowerBound) + other)...UInt32(Int64(part.upperBound) + other))
    }
    return ranges
  }

  private mutating func append(_ instruction: Instruction) throws(SyntaxError) {
    if instructions.count >= Self.instructionsMax {
      throw SyntaxError(reason: "it needs more than \(Self.instructionsMax) states")
    }
    instructions.append(instruction)
  }

  private mutating func emit(_ part: Part) throws(SyntaxError) {
    switch part {
    case .empty: break
    case .one(let characters): try append(.one(characters))
    case .start: try append(.start)
    case .end: try append(.end)
    case .sequence(let parts): for part in parts { try emit(part) }
    case .either(let parts): try emitEither(parts)
    case .repeated(let part, let least, let most):
      for _ in 0..<least { try emit(part) }
      guard let most else {
        let split = instructions.count
        try append(.split(split + 1, 0))
        try emit(part)
        try append(.jump(split))
        instructions[split] = .split(split + 1, instructions.count)
        return
      }
      var splits: [Int] = []
      for _ in least..<max(least, most) {
        splits.append(instructions.count)
        try append(.split(0, 0))
        try emit(part)
      }
      for split in splits { instructions[split] = .split(split + 1, instructions.count) }
    }
  }

  private mutating func emitEither(_ parts: [Part]) throws(SyntaxError) {
    var jumps: [Int] = []
    for (number, part) in parts.enumerated() {
      guard number < parts.count - 1 else {
        try emit(part)
        break
      }
      let split = instructions.count
      try append(.split(split + 1, 0))
      try emit(part)
      jumps.append(instructions.count)
      try append(.jump(0))
      instructions[split] = .split(split + 1, instructions.count)
    }
    for jump in jumps { instructions[jump] = .jump(instructions.count) }
  }
}
