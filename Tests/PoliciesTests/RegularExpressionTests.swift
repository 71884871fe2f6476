import Model
import Policies
import Testing

@Suite struct RegularExpressionTests {
  @Test(arguments: [
    ("abc", "xabcx", true), ("^abc$", "xabc", false), ("^abc$", "abc", true),
    ("a|b", "xxb", true), ("^(a|bc)+$", "abcbca", true), ("^(a|bc)+$", "abca b", false),
    ("^a{2,3}$", "aa", true), ("^a{2,3}$", "aaaa", false), ("^a{2}$", "aa", true),
    ("^a{2,}$", "aaaaa", true), ("^a{0}$", "", true), ("^[a-c]+$", "abcabc", true),
    ("^[^a-c]+$", "xyz", true), ("^[^a-c]+$", "xaz", false), ("^[]x]$", "]", true),
    ("^[\\d-]+$", "12-3", true), ("^\\w+\\s\\w+$", "one two", true), ("^.$", "é", true),
    ("^.$", "\n", false), ("(?i)^ABC$", "aBc", true), ("a*?b", "aab", true), ("", "any", true),
    ("^(?:ab)?c$", "c", true), ("\\.", "a.b", true), ("^\\.$", "a", false), ("(^a|b$)", "xb", true),
    ("^prod-[0-9]{2,3}$", "prod-1234", false), ("(a*)*b", "aaaaaaac", false),
  ])
  func matches(expression: String, text: String, expected: Bool) throws {
    #expect(try RegularExpression(expression).matches(text) == expected)
  }

  @Test(arguments: [
    "(", ")", "a)", "[a", "*a", "a{2", "a{3,2}", "\\", "\\q", "(?=a)", "[b-a]", "a{9999}",
    "((((a{90}){90}){90}){90})",
  ])
  func refuses(expression: String) {
    #expect(throws: RegularExpression.SyntaxError.self) { try RegularExpression(expression) }
  }

  @Test func catastrophicExpressionsAreLinear() throws {
    let expression = try RegularExpression("^(a|a)*(a|aa)*(a*)*$")
    #expect(!expression.matches(String(repeating: "a", count: 3_000) + "!"))
  }

  @Test(arguments: [
    ("*", "", true), ("a*", "abc", true), ("a*c", "abcbc", true), ("a?c", "aéc", true),
    ("a?c", "ac", false), ("**a**", "bab", true), ("A*", "abc", false), ("a*b*c", "axxbyyc", true),
    ("a*b*c", "axxcyyb", false),
  ])
  func globs(pattern: String, text: String, expected: Bool) {
    #expect(Glob(pattern).matches(text) == expected)
  }
}
