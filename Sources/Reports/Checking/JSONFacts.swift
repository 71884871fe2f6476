extension ReportFacts {
  /// Reads report.json back.
  init(json file: FileParts) throws {
    self.init(source: file.path)
    startWhole()
    var framework = ""
    try read(file, ReportFacts.pathsOfJSON) { path, value, facts in
      facts.take(path: path, value: value, framework: &framework)
    }
    countRows()
  }

  /// The paths of a report whose values are facts.
  static let paths =
    [
      "agents.id", "findings.id", "findings.occurrences.id", "controls.framework", "controls.id",
      "agents.findings", "controls.findings", "agents.compositionIndex.terms.finding",
      "cutSet.left", "gates.unstopped", "gates.rows.findings", "cleanup.agent",
      "cleanupAbsentBecause", "cleanupGroups.agent", "cleanupGroups.rows",
    ] + countNames.keys.sorted()

  private static let pathsOfJSON = PathTree(paths)

  /// Gives each wanted value of a JSON document with its path.
  mutating func read(
    _ file: FileParts, _ tree: PathTree, _ each: (String, String, inout ReportFacts) -> Void
  ) throws {
    var reader = JSONPathReader(file.next, tree)
    var facts = self
    let isWhole = try reader.read { path, value in each(path, value, &facts) }
    self = facts
    if !isWhole { problems.append("\(source): not readable as JSON at byte \(reader.offset)") }
  }
}

/// A small strict reader of JSON, part by part, that gives the texts, numbers and truths at the ends
/// of wanted paths.
struct JSONPathReader {
  private let next: () throws -> [UInt8]
  private let tree: PathTree
  /// The part that is read, and the byte of it that is read next.
  private var bytes: [UInt8] = []
  private var place = 0
  /// Bytes before the part, and whether there is no other part.
  private var before = 0
  private var isLast = false
  /// Deeper is not read: reports are at most seven deep.
  private static let depthMax = 64

  /// Where the byte that is read next stands in the document.
  var offset: Int { before + place }

  /// A reader at the start of a document.
  init(_ next: @escaping () throws -> [UInt8], _ tree: PathTree) {
    self.next = next
    self.tree = tree
  }

  /// Reads the whole document; false when it is no JSON.
  mutating func read(_ each: (String, String) -> Void) throws -> Bool {
    guard try value(depth: 0, at: PathTree.root, each) else { return false }
    return try peek() == nil
  }

  /// Reads one value a line, to the end; false when one is no JSON.
  mutating func readLines(_ each: (String, String) -> Void) throws -> Bool {
    while try peek() != nil {
      guard try value(depth: 0, at: PathTree.root, each) else { return false }
    }
    return true
  }

  /// Puts the next part behind what is left of this one; false at the end.
  private mutating func more() throws -> Bool {
    if isLast { return false }
    let part = try next()
    isLast = part.isEmpty
    if isLast { return false }
    before += place
    bytes.removeSubrange(..<place)
    bytes += part
    place = 0
    return true
  }

  private mutating func byte() throws -> UInt8? {
    if place < bytes.count { return bytes[place] }
    return try more() ? bytes[place] : nil
  }

  /// The next byte that is no white space.
  private mutating func peek() throws -> UInt8? {
    while let byte = try byte() {
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
      place += 1
    }
    return nil
  }

  private mutating func take(_ byte: Unicode.Scalar) throws -> Bool {
    guard try peek() == UInt8(ascii: byte) else { return false }
    place += 1
    return true
  }

  private mutating func value(
    depth: Int, at node: PathTree.Place, _ each: (String, String) -> Void
  ) throws -> Bool {
    guard depth < JSONPathReader.depthMax else { return false }
    switch try peek() {
    case UInt8(ascii: "{"): return try object(depth: depth, at: node, each)
    case UInt8(ascii: "["): return try array(depth: depth, at: node, each)
    case UInt8(ascii: "\""):
      guard let path = tree.path(node) else { return try skipString() }
      guard let text = try string() else { return false }
      each(path, text)
      return true
    case nil: return false
    default:
      var word: [UInt8] = []
      while let byte = try byte(), !JSONPathReader.endsWord(byte) {
        word.append(byte)
        place += 1
      }
      let text = String(decoding: word, as: UTF8.self)
      guard ["true", "false", "null"].contains(text) || Double(text) != nil else { return false }
      if let path = tree.path(node) { each(path, text) }
      return true
    }
  }

  private static func endsWord(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]")
      || byte == UInt8(ascii: "}")
  }

  private mutating func object(
    depth: Int, at node: PathTree.Place, _ each: (String, String) -> Void
  ) throws -> Bool {
    place += 1
    if try take("}") { return true }
    repeat {
      guard try peek() == UInt8(ascii: "\""), let child = try name(below: node),
        try take(":"), try value(depth: depth + 1, at: child, each)
      else { return false }
    } while try take(",")
    return try take("}")
  }

  private mutating func array(
    depth: Int, at node: PathTree.Place, _ each: (String, String) -> Void
  ) throws -> Bool {
    place += 1
    if try take("]") { return true }
    repeat {
      guard try value(depth: depth + 1, at: node, each) else { return false }
    } while try take(",")
    return try take("]")
  }

  /// Reads a member's name; nil when it is none.
  private mutating func name(below node: PathTree.Place) throws -> PathTree.Place? {
    if let end = try plainEnd() {
      defer { place = end + 1 }
      return tree.place(bytes[(place + 1)..<end], below: node)
    }
    return try string().map { tree.place($0.utf8, below: node) }
  }

  private mutating func skipString() throws -> Bool {
    if let end = try plainEnd() {
      place = end + 1
      return true
    }
    return try string() != nil
  }

  /// The closing quote of the string that begins here, where it is of plain ASCII; nil for others.
  private mutating func plainEnd() throws -> Int? {
    var length = 1
    while true {
      let found = bytes.withUnsafeBufferPointer { bytes -> (end: Int?, isPlain: Bool) in
        var index = place + length
        while index < bytes.count {
          let byte = bytes[index]
          if byte == UInt8(ascii: "\"") { return (index, true) }
          if byte == UInt8(ascii: "\\") || byte < 0x20 || byte >= 0x7F { return (nil, false) }
          index += 1
        }
        return (nil, true)
      }
      if found.end != nil || !found.isPlain { return found.end }
      length = bytes.count - place
      guard try more() else { return nil }
    }
  }

  private mutating func string() throws -> String? {
    if let end = try plainEnd() {
      defer { place = end + 1 }
      return String(decoding: bytes[(place + 1)..<end], as: UTF8.self)
    }
    place += 1
    var content: [UInt8] = []
    while let byte = try byte() {
      place += 1
      switch byte {
      case UInt8(ascii: "\""): return String(validating: content, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard try escape(into: &content) else { return nil }
      case 0x00..<0x20: return nil
      default: content.append(byte)
      }
    }
    return nil
  }

  private mutating func escape(into content: inout [UInt8]) throws -> Bool {
    guard let byte = try byte() else { return false }
    place += 1
    switch byte {
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): content.append(byte)
    case UInt8(ascii: "u"):
      var digits: [UInt8] = []
      for _ in 0..<4 {
        guard let digit = try self.byte() else { return false }
        digits.append(digit)
        place += 1
      }
      guard let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
        let scalar = Unicode.Scalar(code)
      else { return false }
      content.append(contentsOf: String(Character(scalar)).utf8)
    default: return false
    }
    return true
  }
}
