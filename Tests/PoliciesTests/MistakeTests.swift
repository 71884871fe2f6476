import Documents
import Policies
import TestSupport
import Testing

/// Each broken policy of `Fixtures` against the message that it must lead to, in `Golden`.
@Suite struct MistakeTests {
  static func fixtures() throws -> [String] {
    try Project.names(in: "Tests/PoliciesTests/Fixtures").map { String($0.dropLast(5)) }
  }

  @Test(arguments: try fixtures())
  func mistakeIsNamed(name: String) throws {
    let text = try Project.text("Tests/PoliciesTests/Fixtures/\(name).yaml")
    var message = "no mistake\n"
    do {
      _ = try readPolicies(
        text: text, file: "\(name).yaml", themes: Language.themes(),
        capabilities: Language.capabilities)
    } catch let problems as DocumentProblems {
      message = problems.text + "\n"
    }
    #expect(message != "no mistake\n")
    try expectGolden(message, "Tests/PoliciesTests/Golden/\(name).txt")
  }

  @Test func themesWithMistakes() throws {
    #expect(throws: DocumentProblems.self) { try readThemes(text: "theme: {}", file: "t.yaml") }
    #expect(throws: DocumentProblems.self) {
      try readThemes(text: "themes: {Bad Id: x}", file: "t.yaml")
    }
    #expect(throws: DocumentProblems.self) {
      try readThemes(text: "themes: {good-id: [x]}", file: "t.yaml")
    }
  }
}
