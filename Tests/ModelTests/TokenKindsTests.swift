import Model
import Testing

@Suite struct TokenKindsTests {
  private func tokens(
    _ text: String, _ kinds: TokenKinds = .values, isInText: Bool = false
  ) -> Set<UInt64> {
    var tokens = Tokens(kinds: kinds, isInText: isInText)
    tokens.add(text)
    return Set(tokens.distinct())
  }

  @Test(
    arguments: [
      ("ann@example.com", TokenKinds.address), ("https://evil.example/pay?x=1", .link),
      ("www.evil.example", .link), ("GB29NWBK60161331926819", .account),
      ("arn:aws:iam::111122223333:role/ops", .resource), ("12345678", .number),
      ("sk-AbC123xyz", .identifier), ("the quick brown fox jumps", .phrase),
    ])
  func eachKindIsFoundAlone(text: String, kind: TokenKinds) {
    #expect(!tokens(text, kind).isEmpty)
    #expect(tokens(text, kind).isSubset(of: tokens(text)))
    #expect(tokens(text, TokenKinds.values.subtracting(kind)).isDisjoint(with: tokens(text, kind)))
  }

  @Test(
    arguments: [
      "Please send it to ann@example.com at once",
      "x: a\nplease write to 'ann@example.com'. Thanks",
      "note: \"Hi,\\nplease write to ann@example.com\\nBye\"",
    ])
  func anAddressInASentenceIsRunningText(text: String) {
    #expect(tokens(text, .address, isInText: true) == tokens("ann@example.com"), "\(text)")
  }

  @Test(
    arguments: [
      "ann@example.com", "- from: ann@example.com", "to:\n- ann@example.com\n- bob@example.com",
      "shared_with:\n  ann@example.com: rw", "From: Ann Lee <ann@example.com>",
      "cc: ann@example.com, bob@example.com", "\"recipient\": \"ann@example.com\",",
      "1, Ann, ann@example.com", "the recipient: ann@example.com",
    ])
  func anAddressInAFieldIsNot(text: String) {
    #expect(tokens(text, .address, isInText: true).isEmpty, "\(text)")
    #expect(!tokens(text, .address).isEmpty)
  }

  @Test(
    arguments: [
      TokenQuery(field: "result"), TokenQuery(field: "args.to", kinds: [.address, .link]),
      TokenQuery(field: "result", kinds: [.account], isInText: true),
      TokenQuery(field: "action", kinds: .instruction),
      TokenQuery(field: "x", kinds: .values, isInText: true),
    ])
  func queriesArePaths(query: TokenQuery) {
    #expect(TokenQuery(path: query.path) == query, "\(query.path)")
  }

  @Test func otherPathsAreNoQueries() {
    for path in ["result", "args.#tokens:x", "#tokens", "#tokens(adress):x", "#tokens(link:x"] {
      #expect(TokenQuery(path: path) == nil, "\(path)")
    }
    #expect(TokenQuery(field: "result").path == "#tokens:result")
  }
}
