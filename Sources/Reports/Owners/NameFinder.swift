/// Finds the names of agents and owners in texts, all of them in one walk over a text.
///
/// A name that is plain letters, for example `Support`, may be a word: it is found as a word of its
/// own and as it is written. Any other, for example `ops-agent` or an ARN, is found wherever it
/// stands, in capitals and small letters alike.
struct NameFinder {
  /// What a name is of.
  enum Kind {
    case agent, person, owner
  }

  /// A name that was found.
  struct Found {
    /// The bytes of the text that it takes.
    var bytes: Range<Int>
    var kind: Kind
    /// Whether it can be no word of a sentence.
    var isDistinct: Bool
  }

  private struct Name {
    let bytes: [UInt8]
    let kind: Kind
    let isDistinct: Bool
    /// Numbers of the owners whose name it is, or the name of whose agents.
    var owners: Set<Int>
  }

  private var names: [Name] = []
  private var numbers: [String: Int] = [:]
  /// A tree over the bytes of all names: the next node by node and byte.
  private var next: [UInt64: Int32] = [:]
  private var first = [Int32](repeating: -1, count: 256)
  /// Names that end at a node: several where they differ in capitals.
  private var ends: [Int32: [Int]] = [:]
  private var nodes: Int32 = 0

  /// Names of which nobody is found as a part of other words: shorter ones would take texts apart.
  private static let distinctBytesMin = 5

  /// Adds a name of an owner, or of its agent; one that several share is each one's own.
  mutating func add(_ text: String, kind: Kind, owner: Int) {
    guard text.contains(where: { !$0.isWhitespace }) else { return }
    if let number = numbers[text] {
      names[number].owners.insert(owner)
      return
    }
    let bytes = Array(text.utf8)
    let isWord = bytes.allSatisfy { NameFinder.isLetterOrDigit($0) && !NameFinder.isDigit($0) }
    numbers[text] = names.count
    let node = node(for: bytes)
    ends[node, default: []].append(names.count)
    names.append(
      Name(
        bytes: bytes, kind: kind,
        isDistinct: !isWord && bytes.count >= NameFinder.distinctBytesMin, owners: [owner]))
  }

  private mutating func node(for bytes: [UInt8]) -> Int32 {
    var node: Int32 = -1
    for byte in bytes {
      let byte = NameFinder.folded(byte)
      let known = node < 0 ? first[Int(byte)] : next[NameFinder.key(node, byte)] ?? -1
      if known >= 0 {
        node = known
        continue
      }
      if node < 0 {
        first[Int(byte)] = nodes
      } else {
        next[NameFinder.key(node, byte)] = nodes
      }
      node = nodes
      nodes += 1
    }
    return node
  }

  /// The names in a text that are not an owner's own, from left to right; where several begin at one
  /// place the longest counts, and one that is its own hides what stands inside it.
  func others(than owner: Int, in text: [UInt8]) -> [Found] {
    var found: [Found] = []
    var place = 0
    while place < text.count {
      guard let number = longest(in: text, at: place, for: owner) else {
        place += 1
        continue
      }
      let name = names[number]
      let end = place + name.bytes.count
      if !name.owners.contains(owner) {
        found.append(Found(bytes: place..<end, kind: name.kind, isDistinct: name.isDistinct))
      }
      place = end
    }
    return found
  }

  /// The longest name that begins at a place; of two alike but for capitals the owner's own.
  private func longest(in text: [UInt8], at start: Int, for owner: Int) -> Int? {
    var node: Int32 = -1
    var best: Int?
    var place = start
    while place < text.count {
      let byte = NameFinder.folded(text[place])
      node = node < 0 ? first[Int(byte)] : next[NameFinder.key(node, byte)] ?? -1
      if node < 0 { break }
      place += 1
      guard let here = ends[node] else { continue }
      let fitting = here.filter { fits(names[$0], text, start..<place) }
      best = fitting.first { names[$0].owners.contains(owner) } ?? fitting.first ?? best
    }
    return best
  }

  private func fits(_ name: Name, _ text: [UInt8], _ range: Range<Int>) -> Bool {
    if name.isDistinct { return true }
    if let before = range.lowerBound > 0 ? text[range.lowerBound - 1] : nil,
      NameFinder.isLetterOrDigit(before), NameFinder.isLetterOrDigit(name.bytes[0])
    {
      return false
    }
    if let last = name.bytes.last, range.upperBound < text.count,
      NameFinder.isLetterOrDigit(text[range.upperBound]), NameFinder.isLetterOrDigit(last)
    {
      return false
    }
    return text[range].elementsEqual(name.bytes)
  }

  private static func key(_ node: Int32, _ byte: UInt8) -> UInt64 {
    UInt64(UInt32(bitPattern: node)) << 8 | UInt64(byte)
  }

  private static func folded(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  /// Bytes of other scripts are taken for letters.
  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A || byte >= 0x80
  }
}
