extension ReportFacts {
  /// The facts of all pages together; they are added page by page.
  ///
  /// Pages mark ids with `data-agent`, `data-finding`, `data-occurrence`, `data-control`; a count
  /// is the text of an element with `data-count`. One id may stand on several pages.
  static var ofPages: ReportFacts {
    var facts = ReportFacts(source: "the HTML pages")
    facts.startWhole()
    facts.cleanupAgents = nil
    facts.partial = [.occurrence]
    return facts
  }

  /// Takes the facts of other pages.
  mutating func add(pages other: ReportFacts) {
    for kind in Kind.allCases {
      for id in other.ids[kind] ?? [] where seen[kind, default: []].insert(id).inserted {
        ids[kind, default: []].append(id)
      }
    }
    for (name, count) in other.counts.sorted(by: { $0.key < $1.key }) {
      takeCount(name, String(count))
    }
    problems += other.problems
  }

  /// Reads the ids and counts back out of one page.
  mutating func add(page bytes: [UInt8]) {
    HTMLMarks.forEach(in: bytes) { name, value, text in
      if name == "count" {
        takeCount(value, text.filter { $0 != "," })
      } else if let kind = Kind(rawValue: name), seen[kind, default: []].insert(value).inserted {
        ids[kind, default: []].append(value)
      }
    }
  }
}

extension ReportFacts {
  /// The facts of all owners' pages together: of many agents a page shows the first, and none stands
  /// on two of them.
  static var ofOwnersPages: ReportFacts {
    var facts = ReportFacts(source: "the owners' pages")
    facts.ids[.agent] = []
    facts.partial = [.agent]
    return facts
  }

  /// Reads the agents back out of an owner's page.
  mutating func add(ownersPage bytes: [UInt8]) {
    HTMLMarks.forEach(in: bytes) { name, value, _ in
      if name == Kind.agent.rawValue { ids[.agent, default: []].append(value) }
    }
  }
}

/// Finds the `data-` marks of a page.
enum HTMLMarks {
  /// Gives each mark's name, its value with entities resolved, and the text of its element up to
  /// the next tag.
  static func forEach(in bytes: [UInt8], _ each: (String, String, String) -> Void) {
    var place = 0
    while let start = find(" data-", in: bytes, from: place) {
      let nameStart = start + " data-".utf8.count
      guard let nameEnd = find("=\"", in: bytes, from: nameStart),
        let valueEnd = find("\"", in: bytes, from: nameEnd + 2)
      else { return }
      place = valueEnd
      guard nameEnd - nameStart <= 12, bytes[nameStart..<nameEnd].allSatisfy(isLetter) else {
        place = nameStart
        continue
      }
      let name = String(decoding: bytes[nameStart..<nameEnd], as: UTF8.self)
      let value = String(decoding: bytes[(nameEnd + 2)..<valueEnd], as: UTF8.self)
      var text = ""
      if let tagEnd = find(">", in: bytes, from: valueEnd),
        let textEnd = find("<", in: bytes, from: tagEnd), name == "count"
      {
        text = String(decoding: bytes[(tagEnd + 1)..<textEnd], as: UTF8.self)
      }
      each(name, unescaped(value), text)
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func find(_ text: StaticString, in bytes: [UInt8], from start: Int) -> Int? {
    let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard let first = wanted.first, start >= 0, bytes.count >= wanted.count else { return nil }
    return bytes.withUnsafeBufferPointer { bytes in
      var place = start
      let last = bytes.count - wanted.count
      while place <= last {
        if bytes[place] == first {
          var length = 1
          while length < wanted.count, bytes[place + length] == wanted[length] { length += 1 }
          if length == wanted.count { return place }
        }
        place += 1
      }
      return nil
    }
  }

  /// Resolves the entities that `SafeText.html` writes; on bytes, since a mark after the semicolon
  /// would make one character of the two.
  private static func unescaped(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
    let entities: [(name: String, byte: Unicode.Scalar)] = [
      ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#96;", "`"),
      ("&amp;", "&"),
    ]
    var result: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.first {
      if byte == UInt8(ascii: "&"),
        let entity = entities.first(where: { rest.starts(with: $0.name.utf8) })
      {
        result.append(UInt8(ascii: entity.byte))
        rest = rest.dropFirst(entity.name.utf8.count)
      } else {
        result.append(byte)
        rest = rest.dropFirst()
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
