/// A pattern in which `*` stands for any run and `?` for one character.
package struct Glob: Sendable, Equatable {
  private let pattern: [UInt8]
  /// Whether it stands for exactly one text.
  package let isLiteral: Bool

  /// A pattern over texts as they are.
  package init(_ text: String) {
    pattern = Array(text.utf8)
    isLiteral = !pattern.contains(0x2A) && !pattern.contains(0x3F)
  }

  /// Whether the whole text matches, with case. Time: text times pattern at worst.
  package func matches(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { matches($0) }
  }

  private func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var at = 0
    var index = 0
    var star = -1
    var retry = 0
    while at < text.count {
      if index < pattern.count, pattern[index] == 0x2A {
        star = index
        retry = at
        index += 1
      } else if index < pattern.count, pattern[index] == 0x3F {
        at += Glob.length(text[at])
        index += 1
      } else if index < pattern.count, pattern[index] == text[at] {
        at += 1
        index += 1
      } else if star >= 0 {
        retry += Glob.length(text[retry])
        at = retry
        index = star + 1
      } else {
        return false
      }
    }
    while index < pattern.count, pattern[index] == 0x2A { index += 1 }
    return index == pattern.count && at == text.count
  }

  /// Bytes of the character that a lead byte begins.
  private static func length(_ lead: UInt8) -> Int {
    if lead < 0xC0 { return 1 }
    if lead < 0xE0 { return 2 }
    return lead < 0xF0 ? 3 : 4
  }
}
