/// Kinds of distinctive tokens.
package struct TokenKinds: OptionSet, Sendable, Hashable {
  package let rawValue: UInt16

  /// The kinds of some bits.
  package init(rawValue: UInt16) { self.rawValue = rawValue }

  /// E-mail addresses.
  package static let address = TokenKinds(rawValue: 1)
  /// URLs and hosts.
  package static let link = TokenKinds(rawValue: 2)
  /// IBANs.
  package static let account = TokenKinds(rawValue: 4)
  /// ARNs.
  package static let resource = TokenKinds(rawValue: 8)
  /// Numbers of 6 or more digits.
  package static let number = TokenKinds(rawValue: 16)
  /// Mixes of letters and digits, of 8 or more characters.
  package static let identifier = TokenKinds(rawValue: 32)
  /// Runs of 5 words.
  package static let phrase = TokenKinds(rawValue: 64)
  /// Kinds of action that the text tells its reader to do (`WordRules.instructions`).
  package static let instruction = TokenKinds(rawValue: 128)
  /// Kinds of action that the text may ask for (`WordRules.mentions`): of requests, where policies
  /// say `instruction`.
  package static let mention = TokenKinds(rawValue: 256)

  /// What a value can be: what `flows` means unless it says.
  package static let values: TokenKinds = [
    .address, .link, .account, .resource, .number, .identifier, .phrase,
  ]

  /// The kinds with their words, in the order in which they are written.
  package static let words: [(kind: TokenKinds, word: String)] = [
    (.address, "address"), (.link, "link"), (.account, "account"), (.resource, "resource"),
    (.number, "number"), (.identifier, "identifier"), (.phrase, "phrase"),
    (.instruction, "instruction"), (.mention, "mention"),
  ]
}

/// Which tokens of which field are wanted: the path of the attributes that hold them.
///
/// Intake resolves it, so that judging only ever compares digests: `#tokens:result` is every value
/// in `result`, `#tokens(address,link;text):result` only those that stand in running text.
package struct TokenQuery: Sendable, Hashable {
  /// The field; it stands for itself and everything below it.
  package var field: String
  /// The kinds wanted.
  package var kinds: TokenKinds
  /// Only tokens that stand in running text: on a line of more words than a field would have.
  package var isInText: Bool

  /// A query.
  package init(field: String, kinds: TokenKinds = .values, isInText: Bool = false) {
    self.field = field
    self.kinds = kinds
    self.isInText = isInText
  }

  /// The query of a path of attributes; nil for any other path.
  package init?(path: String) {
    guard path.hasPrefix("#tokens"), let colon = path.firstIndex(of: ":") else { return nil }
    field = String(path[path.index(after: colon)...])
    kinds = .values
    isInText = false
    var head = path[..<colon].dropFirst("#tokens".count)
    guard !head.isEmpty else { return }
    guard head.first == "(", head.last == ")" else { return nil }
    head = head.dropFirst().dropLast()
    if head.hasSuffix(";text") {
      isInText = true
      head = head.dropLast(";text".count)
    }
    kinds = []
    for word in head.split(separator: ",") {
      guard let known = TokenKinds.words.first(where: { $0.word == word }) else { return nil }
      kinds.insert(known.kind)
    }
  }

  /// The path of the attributes.
  package var path: String {
    if kinds == .values, !isInText { return "#tokens:\(field)" }
    let words = TokenKinds.words.filter { kinds.contains($0.kind) }.map(\.word)
    return "#tokens(\(words.joined(separator: ","))\(isInText ? ";text" : "")):\(field)"
  }
}
