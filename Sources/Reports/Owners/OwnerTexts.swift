internal import Findings
internal import Model

/// Takes out of texts what one owner's page must not say: names of other owners and of their agents.
///
/// A class, since it remembers texts that many rows share.
final class OwnerTexts {
  private let finder: NameFinder
  private let ownerOf: [String: Int]
  private let people: Set<String>
  private var owner = -1
  private var known: [String: String] = [:]
  private static let knownBytesMax = 300
  private static let knownMax = 50_000

  /// What an agent of another owner is called.
  static let anotherAgent = "another owner's agent"
  /// What a person outside the owner's agents is called.
  static let person = "a person"

  /// Everything that a report names.
  init(_ report: Report, _ groups: [RollUp.Group]) {
    var finder = NameFinder()
    var ownerOf: [String: Int] = [:]
    var people: Set<String> = []
    var numbers: [String: Int] = [:]
    for (number, group) in groups.enumerated() {
      if let name = group.name {
        numbers[name] = number
        finder.add(name, kind: .owner, owner: number)
      }
      for place in group.agents {
        let agent = report.review.agents[place].agent
        ownerOf[agent.id] = number
        finder.add(agent, owner: number)
      }
    }
    // Who is no agent of the review, for example people who only approve, belongs to its owner where
    // that is one of these, and else to nobody.
    for identity in report.input.identities where ownerOf[identity.id] == nil {
      let number = RollUp.name(identity, .owner).flatMap { numbers[$0] } ?? -2
      ownerOf[identity.id] = number
      if identity.kind == .user { people.insert(identity.id) }
      finder.add(identity, owner: number)
    }
    for finding in report.review.findings {
      let seen = finding.occurrences.flatMap { occurrence in
        (occurrence.chain + [occurrence.excusedBy].compactMap { $0 }).map(\.agent)
      }
      for id in finding.agents + seen where ownerOf[id] == nil {
        ownerOf[id] = -2
        finder.add(Agent(id: id), owner: -2)
      }
    }
    self.finder = finder
    self.ownerOf = ownerOf
    self.people = people
  }

  /// Begins the page of an owner, by its number among the groups.
  func begin(_ owner: Int) {
    self.owner = owner
    known.removeAll(keepingCapacity: true)
  }

  /// Whether an identity is the owner's.
  func isOwn(_ id: String) -> Bool { ownerOf[id] == owner }

  /// An identity by its id where it is the owner's own, else by what all others are called.
  func identity(_ id: String) -> String {
    isOwn(id) ? id : people.contains(id) ? OwnerTexts.person : OwnerTexts.anotherAgent
  }

  /// Several identities, all others as one, so that their number is not said.
  func identities(_ ids: [String]) -> [String] {
    var others: [String] = []
    for id in ids.map(identity) where !isOwn(id) && !others.contains(id) { others.append(id) }
    return ids.filter(isOwn) + others.sorted()
  }

  /// A text of an input without names of others.
  func value(_ text: String) -> String { without(text, onlyDistinct: false, of: "v") }

  /// A sentence of a policy, in which a name that may be a word is taken for a word.
  func prose(_ text: String) -> String { without(text, onlyDistinct: true, of: "p") }

  /// A raw record without names of others; one that says them in a way that cannot be told from
  /// other text, for example with escapes, is not shown.
  func record(_ text: String) -> String {
    let plain = value(text)
    let decoded = OwnerTexts.decoded(plain)
    guard decoded != plain, !finder.others(than: owner, in: Array(decoded.utf8)).isEmpty else {
      return plain
    }
    return "not shown: it names another owner's agent"
  }

  /// Whether a text names nobody else, in whatever way it may be written.
  func isClean(_ text: String) -> Bool { record(text) == text }

  /// Why a finding is one: the numbers of one about agents of several owners are of all of them.
  func because(_ text: String, of kind: Finding.Kind, agents: [String]) -> String {
    if kind == .composition { return prose(text) }
    return agents.allSatisfy(isOwn)
      ? value(text)
      : "It is about agents of several owners, so its numbers are not said here."
  }

  private func without(_ text: String, onlyDistinct: Bool, of kind: String) -> String {
    let isShort = text.utf8.count <= OwnerTexts.knownBytesMax
    if isShort, let answer = known[kind + text] { return answer }
    let bytes = Array(text.utf8)
    let found = finder.others(than: owner, in: bytes).filter { !onlyDistinct || $0.isDistinct }
    var answer = text
    if !found.isEmpty {
      var left: [UInt8] = []
      var place = 0
      for name in found {
        left += bytes[place..<name.bytes.lowerBound]
        left += "[\(OwnerTexts.word(name.kind))]".utf8
        place = name.bytes.upperBound
      }
      answer = String(decoding: left + bytes[place...], as: UTF8.self)
    }
    if isShort, known.count < OwnerTexts.knownMax { known[kind + text] = answer }
    return answer
  }

  private static func word(_ kind: NameFinder.Kind) -> String {
    switch kind {
    case .agent: return anotherAgent
    case .person: return person
    case .owner: return "another owner"
    }
  }

  /// A text with the escapes of JSON and of addresses resolved, as well as that goes: only to look
  /// for names in it.
  private static func decoded(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "%") }) else {
      return text
    }
    let bytes = Array(text.utf8)
    var units: [UInt16] = []
    var left: [UInt8] = []
    func endOfUnits() {
      left += String(decoding: units, as: UTF16.self).utf8
      units = []
    }
    var place = 0
    while place < bytes.count {
      if bytes[place] == UInt8(ascii: "\\"), place + 1 < bytes.count {
        if bytes[place + 1] == UInt8(ascii: "u"), place + 5 < bytes.count,
          let unit = hex(bytes[(place + 2)..<(place + 6)])
        {
          units.append(UInt16(truncatingIfNeeded: unit))
          place += 6
          continue
        }
        endOfUnits()
        let letters: [UInt8: UInt8] = [0x6E: 0x0A, 0x74: 0x09, 0x72: 0x0D, 0x62: 0x08, 0x66: 0x0C]
        left.append(letters[bytes[place + 1]] ?? bytes[place + 1])
        place += 2
      } else if bytes[place] == UInt8(ascii: "%"), place + 2 < bytes.count,
        let byte = hex(bytes[(place + 1)..<(place + 3)])
      {
        endOfUnits()
        left.append(UInt8(truncatingIfNeeded: byte))
        place += 3
      } else {
        endOfUnits()
        left.append(bytes[place])
        place += 1
      }
    }
    endOfUnits()
    return String(decoding: left, as: UTF8.self)
  }

  private static func hex(_ digits: ArraySlice<UInt8>) -> Int? {
    Int(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}

extension NameFinder {
  /// Adds all that an identity is called: its id, its name, its aliases, and the last part of an id
  /// where that can be no word.
  fileprivate mutating func add(_ agent: Agent, owner: Int) {
    let kind: Kind = agent.kind == .user ? .person : .agent
    for text in [agent.id, agent.name ?? ""] + agent.aliases {
      add(text, kind: kind, owner: owner)
      let short = Naming.short(text)
      let isWord = short.allSatisfy { $0.isLetter }
      if short != text, !isWord, short.utf8.count > 2, short.contains(where: \.isLetter) {
        add(short, kind: kind, owner: owner)
      }
    }
  }
}
