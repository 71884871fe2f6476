import Model
import Testing

@testable import Findings

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

@Suite struct ReachTests {
  @Test(
    arguments: [
      (["*"], 1.0), (["arn:aws:s3:::*"], 1), (["arn:aws:s3:::*/*"], 1),
      (["arn:aws:s3:::reports/*"], 0.05),
      (["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"], 0.05),
      (["arn:aws:s3:::rep*"], 0.2), (["arn:aws:s3:::*/public/*"], 0.2),
      (["arn:aws:iam::1:role/*"], 1), (["arn:aws:iam::1:role/app"], 0.05),
      (["arn:aws:iam::1:role/app-*"], 0.2),
      (["arn:aws:secretsmanager:eu-west-1:1:secret:*"], 1),
      (["arn:aws:secretsmanager:eu-west-1:1:secret:db/*"], 0.2),
      (["arn:aws:secretsmanager:eu-west-1:1:secret:prod/db"], 0.5),
      (["arn:aws:logs:eu-west-1:1:log-group:name:*"], 0.05),
      (["arn:aws:sqs:eu-west-1:1:orders"], 0.05), (["arn:aws:sqs:eu-west-1:1:*"], 1),
      (["arn:aws:*"], 1), (["vendors/42"], 0.05), (["vendors/*"], 0.2), ([], 0),
      (["a", "b", "c", "d"], 0.05), (["a", "b", "c", "d", "e"], 0.2),
      (["production-db"], 0.5), (["reproduction"], 0.05),
    ] as [([String], Double)])
  func scopes(_ patterns: [String], _ expected: Double) throws {
    #expect(try SampleEstate.scoring().reach.reach(of: patterns) == expected)
  }

  @Test func fiftyNamesAreMany() throws {
    let reach = try SampleEstate.scoring().reach
    let names = (0..<50).map { "arn:aws:s3:::bucket-\($0)/*" }
    #expect(reach.reach(of: names) == 0.5)
    #expect(reach.reach(of: Array(names.dropLast())) == 0.2)
    // A wider grant beside them never weighs less than the names that it covers.
    #expect(reach.reach(of: names + ["arn:aws:s3:::bucket-*"]) == 0.5)
  }
}

/// A small deterministic generator (SplitMix64).
struct SmallRandom {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  /// A number from 0 to one less than the bound.
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
