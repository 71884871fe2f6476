import Model
import Testing

@Suite struct TokensTests {
  private func tokens(_ text: String) -> Set<UInt64> {
    var tokens = Tokens()
    tokens.add(text)
    return Set(tokens.distinct())
  }

  @Test(arguments: [
    ("write to Ann.Lee@Example.com.", "ann.lee@example.com"),
    ("see https://Evil.example/pay?x=1, then", "https://evil.example/pay?x=1"),
    ("see https://evil.example/pay", "evil.example"),
    ("host=db1.internal.example", "db1.internal.example"),
    ("pay GB29 NWBK 6016 1331 9268 19 now", "gb29nwbk60161331926819"),
    ("call 0042123456", "0042123456"), ("order-123456", "123456"),
    ("role arn:aws:iam::111122223333:role/ops.", "arn:aws:iam::111122223333:role/ops"),
    ("key sk-AbC123xyz", "sk-abc123xyz"), ("ＫＥＹ９９abcd", "key99abcd"),
    ("at 10.20.30.40", "10.20.30.40"),
    ("the quick, brown fox jumps", "the quick brown fox jumps!"),
  ])
  func oneTokenIsInBoth(_ left: String, _ right: String) {
    #expect(!tokens(left).isDisjoint(with: tokens(right)))
  }

  @Test(arguments: [
    "", "hello", "12345", "of 2026-01-31", "the quick brown fox", "e.g. this", "a@b", "---",
    "1.2.3", "password",
  ])
  func nothingDistinctive(_ text: String) { #expect(tokens(text).isEmpty) }

  @Test func sharedDomainsAreNotShared() {
    #expect(tokens("ann@example.com").isDisjoint(with: tokens("bob@example.com")))
  }

  @Test func hostileTextsAreReadInLinearTime() {
    for unit in ["a@", "://", "arn:", "ab12 ", "é", ".", "1."] {
      var tokens = Tokens()
      tokens.add(String(repeating: unit, count: 50_000))
      #expect(!tokens.digests.contains(0))
    }
  }
}
