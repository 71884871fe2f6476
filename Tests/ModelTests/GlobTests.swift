import Model
import TestSupport
import Testing

@Suite struct GlobTests {
  @Test(arguments: [
    ("*", "", true), ("*", "abc", true), ("?", "", false), ("?", "é", true), ("a*c", "abc", true),
    ("a*c", "ab", false), ("*a*b*", "xxaxxbxx", true), ("*a*b*", "xxbxxaxx", false),
    ("a?c", "abc", true), ("a?c", "ac", false), ("", "", true), ("", "a", false),
    ("arn:*:s3:::b/*", "arn:aws:s3:::b/x/y", true), ("s3:get*", "s3:getobject", true),
  ])
  func matching(_ pattern: String, _ text: String, _ expected: Bool) {
    #expect(Glob(pattern).matches(text) == expected)
  }

  @Test(arguments: [
    ("s3:*", "s3:Get*", true), ("s3:Get*", "s3:*", false), ("*", "*", true), ("a*", "a*b", true),
    ("a*b", "a*", false), ("a?", "ab", true), ("ab", "a?", false), ("a?", "a*", false),
    ("a*", "a?", true), ("*b", "a*b", true), ("a**b", "a*b", true), ("?*", "*?", true),
  ])
  func covering(_ wider: String, _ narrower: String, _ expected: Bool) {
    #expect(Glob(wider).covers(Glob(narrower)) == expected)
  }

  @Test(arguments: [
    ("a*", "*b", true), ("a*", "b*", false), ("a?c", "ab*", true), ("abc", "abd", false),
    ("*", "", true), ("a", "", false), ("*x*", "*y*", true), ("a*a", "a", false),
    ("arn:aws:s3:::a/*", "arn:aws:s3:::*.txt", true),
  ])
  func overlapping(_ left: String, _ right: String, _ expected: Bool) {
    #expect(Glob(left).intersects(Glob(right)) == expected)
    #expect(Glob(right).intersects(Glob(left)) == expected)
  }

  /// Patterns over two letters against all short texts: cover and overlap mean what they say.
  @Test func againstAllShortTexts() {
    var random = SmallRandom(seed: 7)
    let texts = Self.texts(letters: ["a", "b"], lengthMax: 5)
    for _ in 0..<2_000 {
      let left = Self.pattern(&random)
      let right = Self.pattern(&random)
      let (first, second) = (Glob(left), Glob(right))
      let both = texts.filter { first.matches($0) && second.matches($0) }
      if !both.isEmpty { #expect(first.intersects(second), "\(left) and \(right)") }
      if first.covers(second) {
        #expect(texts.allSatisfy { !second.matches($0) || first.matches($0) }, "\(left) \(right)")
        #expect(first.covers(first))
      } else if !second.text.contains("*") {
        // Without an unbounded run the short texts are all there is, but for other letters.
        let isMissed = texts.contains { second.matches($0) && !first.matches($0) }
        #expect(isMissed || second.text.contains("?"), "\(left) should cover \(right)")
      }
    }
  }

  private static func texts(letters: [String], lengthMax: Int) -> [String] {
    var all = [""]
    var last = [""]
    for _ in 0..<lengthMax {
      last = last.flatMap { text in letters.map { text + $0 } }
      all += last
    }
    return all
  }

  private static func pattern(_ random: inout SmallRandom) -> String {
    (0..<random.below(5)).map { _ in ["a", "b", "*", "?"][random.below(4)] }.joined()
  }
}
