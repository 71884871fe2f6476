/// The words of an action's name: `mcp__crm__exportRecords` is `export`, `record` of `mcp`, `crm`.
package struct NameWords: Equatable {
  /// The words of the system that has the action: what stands before its last separator.
  package var system: [String]
  /// The words of the action itself.
  package var own: [String]

  /// All words in order.
  package var all: [String] { system + own }

  /// Splits a name at `:`, `/`, `.` and `__` into system and action, and both into words.
  package init(_ action: String) {
    let bytes = Array(action.utf8.prefix(NameWords.bytesMax))
    var ownStart = 0
    for (index, byte) in bytes.enumerated() {
      let isDouble = byte == 0x5F && index > 0 && bytes[index - 1] == 0x5F
      if byte == 0x3A || byte == 0x2F || byte == 0x2E || isDouble { ownStart = index + 1 }
    }
    system = NameWords.words(bytes[..<ownStart])
    own = NameWords.words(bytes[ownStart...])
    if own.isEmpty { (system, own) = ([], system) }
  }

  /// The first sentence of a description: all its words count as the action's own.
  package init(sentence description: String) {
    let bytes = Array(description.utf8.prefix(NameWords.bytesMax))
    var end = bytes.count
    for (index, byte) in bytes.enumerated() {
      let isLast = index + 1 == bytes.count || bytes[index + 1] <= 0x20
      if (byte == 0x2E && isLast) || (byte == 0x0A && index > 0) {
        end = index
        break
      }
    }
    system = []
    own = NameWords.words(bytes[..<end])
  }

  /// A longer name or sentence says no more than its beginning.
  private static let bytesMax = 400

  /// Lower-case words in the singular: parts between separators, and between the capitals of
  /// `camelCase` and `HTTPServer`. Digits stay with the letters before them.
  static func words(_ bytes: ArraySlice<UInt8>) -> [String] {
    var words: [String] = []
    var word: [UInt8] = []
    func flush() {
      if !word.isEmpty { words.append(singular(String(decoding: word, as: UTF8.self))) }
      word.removeAll(keepingCapacity: true)
    }
    for index in bytes.indices {
      let byte = bytes[index]
      guard isLetter(byte) || (0x30...0x39).contains(byte) else {
        flush()
        continue
      }
      if isCapital(byte) {
        let isAfterSmall = index > bytes.startIndex && !isCapital(bytes[index - 1])
        let isBeforeSmall = index + 1 < bytes.endIndex && isSmall(bytes[index + 1])
        // The s of `listIDs` is a plural and begins no word.
        let isPlural =
          isBeforeSmall && bytes[index + 1] == 0x73
          && (index + 2 == bytes.endIndex || !isSmall(bytes[index + 2]))
        if isAfterSmall || (isBeforeSmall && !isPlural) { flush() }
        word.append(byte | 0x20)
      } else {
        word.append(byte)
      }
    }
    flush()
    return words
  }

  /// The singular of an English noun, which is also the plain form of a verb: `queries` is `query`,
  /// `sends` is `send`. Rules and names go through it alike, so that its mistakes cancel out.
  static func singular(_ word: String) -> String {
    guard word.utf8.count > 3, word.hasSuffix("s") else { return word }
    for ending in ["ss", "us", "is"] where word.hasSuffix(ending) { return word }
    if word.hasSuffix("ies") { return word.dropLast(3) + "y" }
    for ending in ["sses", "xes", "ches", "shes"] where word.hasSuffix(ending) {
      return String(word.dropLast(2))
    }
    return String(word.dropLast())
  }

  private static func isCapital(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
  private static func isSmall(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
  /// Bytes of characters beyond ASCII count as letters: words of any language stay whole.
  private static func isLetter(_ byte: UInt8) -> Bool {
    isCapital(byte) || isSmall(byte) || byte >= 0x80
  }
}
