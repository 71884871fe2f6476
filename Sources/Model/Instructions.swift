/// Kinds of action as digests: what texts tell their reader to do, what a request asks for, and what
/// an action is, so that the three can be compared. Only kinds that change something count.
extension WordRules {
  /// The kinds of action that a text tells its reader to do, sorted: those of its sentences that
  /// begin with a verb, apart from words such as "please" and "you must now".
  package func instructions(in text: String) -> [UInt64] {
    var kinds: Set<UInt64> = []
    for sentence in Sentences(of: text) {
      var words = ArraySlice(sentence.words)
      while let first = words.first {
        if WordRules.leads.contains(first) {
          words.removeFirst()
        } else if first == "make", words.dropFirst().first == "sure" {
          words.removeFirst(2)
        } else {
          break
        }
      }
      // `Status: done` and `delete:` are names of fields.
      guard words.count >= (sentence.endsInColon ? 3 : 2) else { continue }
      let order = Array(words)
      let verbs = verbs(ofOrder: order)
      guard !verbs.isEmpty else { continue }
      insert(verbs, reading(words: order, verbs: verbs), into: &kinds)
    }
    return kinds.sorted()
  }

  /// Every kind of action that the words of a text may mean, sorted: a request in people's words
  /// asks for more than it spells out.
  package func mentions(in text: String) -> [UInt64] {
    let words = NameWords.words(ArraySlice(unescaped(text)))
    var verbs: [Int] = []
    for word in words {
      if let verb = verb(word), !verbs.contains(verb) { verbs.append(verb) }
    }
    var kinds: Set<UInt64> = []
    insert(verbs, reading(words: words, verbs: verbs, isGenerous: true), into: &kinds)
    return kinds.sorted()
  }

  /// The kinds that an action is, sorted: the verbs of its name and its capabilities.
  package func kinds(of action: String, _ meaning: ActionMeaning) -> [UInt64] {
    var kinds: Set<UInt64> = []
    let verbs = verbs(of: NameWords(action))
    insert(
      verbs, Reading(level: meaning.level, capabilities: meaning.capabilities), into: &kinds)
    return kinds.sorted()
  }

  private func insert(_ verbs: [Int], _ reading: Reading?, into kinds: inout Set<UInt64>) {
    for verb in verbs where changes(classes[verb].level) {
      kinds.insert(WordRules.digest("verb", classes[verb].name))
    }
    for capability in reading?.capabilities ?? []
    where changes(capabilityLevels[capability] ?? .unknown) {
      kinds.insert(WordRules.digest("capability", capability))
    }
  }

  private func changes(_ level: Level) -> Bool { level != .list && level != .read }

  /// A digest of a kind, never 0 (FNV-1a).
  private static func digest(_ sort: String, _ name: String) -> UInt64 {
    var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in "kind \(sort) \(name)".utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return digest == 0 ? 1 : digest
  }

  /// Words before the verb of an order that are no part of what is ordered.
  private static let leads: Set<String> = [
    "please", "kindly", "then", "also", "and", "so", "finally", "first", "firstly", "next", "now",
    "just", "always", "instead", "immediately", "you", "we", "i", "me", "us", "it", "that",
    "should", "must", "need", "have", "can", "could", "would", "will", "want", "let", "be", "is",
    "sure", "important", "remember", "forget", "go", "ahead", "to",
  ]
}

/// The sentences of a text, which may be wrapped, bulleted, quoted or escaped.
private struct Sentences: Sequence, IteratorProtocol {
  struct Sentence {
    /// Its first words; a longer sentence says no more.
    var words: [String]
    var endsInColon: Bool
  }

  private let bytes: [UInt8]
  private var start = 0
  private static let bytesMax = 400

  init(of text: String) { bytes = unescaped(text) }

  mutating func next() -> Sentence? {
    while start < bytes.count {
      var end = start
      while end < bytes.count, !isEnd(end) { end += 1 }
      let slice = bytes[start..<Swift.min(end, start + Sentences.bytesMax)]
      let isColon = end < bytes.count && bytes[end] == UInt8(ascii: ":")
      start = end + 1
      let words = NameWords.words(slice)
      if !words.isEmpty { return Sentence(words: words, endsInColon: isColon) }
    }
    return nil
  }

  /// Whether a sentence ends at a byte: a mark before a blank or a quote, or the end of a line after
  /// which a new thing begins.
  private func isEnd(_ index: Int) -> Bool {
    switch bytes[index] {
    case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"), UInt8(ascii: ";"):
      return index + 1 == bytes.count || isBlank(bytes[index + 1]) || isQuote(bytes[index + 1])
    case UInt8(ascii: ":"): return index + 1 == bytes.count || isBlank(bytes[index + 1])
    case UInt8(ascii: "\n"):
      var next = index + 1
      while next < bytes.count, bytes[next] == 0x20 || bytes[next] == 0x09 || bytes[next] == 0x0D {
        next += 1
      }
      guard next < bytes.count else { return true }
      return !isSmallLetter(bytes[next]) && !isQuote(bytes[next])
    default: return false
    }
  }

  private func isBlank(_ byte: UInt8) -> Bool { byte <= 0x20 }
  private func isQuote(_ byte: UInt8) -> Bool { byte == 0x22 || byte == 0x27 || byte == 0x60 }
  private func isSmallLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
}

/// The bytes of a text in which another format's escapes are undone: results of tools are often
/// JSON or YAML in a text. Any other backslash stands for itself.
func unescaped(_ text: String) -> [UInt8] {
  var text = text
  return text.withUTF8 { unescaped($0) }
}

/// The same of UTF-8 bytes.
func unescaped(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
  guard bytes.contains(UInt8(ascii: "\\")) else { return Array(bytes) }
  var plain: [UInt8] = []
  plain.reserveCapacity(bytes.count)
  var index = 0
  while index < bytes.count {
    guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count else {
      plain.append(bytes[index])
      index += 1
      continue
    }
    index += 2
    switch bytes[index - 1] {
    case UInt8(ascii: "n"), UInt8(ascii: "r"): plain.append(UInt8(ascii: "\n"))
    case UInt8(ascii: "t"): plain.append(UInt8(ascii: "\t"))
    case UInt8(ascii: "\n"):
      // YAML wraps a quoted text so; the next line begins with blanks and perhaps a backslash.
      plain.append(0x20)
      while index < bytes.count, bytes[index] == 0x20 { index += 1 }
      if index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == 0x20 {
        index += 1
      }
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"), UInt8(ascii: "/"):
      plain.append(bytes[index - 1])
    default:
      plain.append(UInt8(ascii: "\\"))
      plain.append(bytes[index - 1])
    }
  }
  return plain
}
