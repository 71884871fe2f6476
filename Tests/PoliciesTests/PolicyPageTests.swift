import Documents
import Model
import Policies
import TestSupport
import Testing

/// The pieces of policies that the reference shows are well-formed, and lint has nothing to say of
/// them but that they lack examples.
@Suite struct PolicyPageTests {
  static func fragments() throws -> [String] {
    try Project.text("docs/policy-language.md").split(separator: "```yaml\n").dropFirst()
      .map { String($0.split(separator: "```")[0]) }
      .filter { $0.hasPrefix("kind: ") || $0.hasPrefix("does: ") }
  }

  static func capabilities() throws -> [String] {
    let file = "mappings/vocabulary/capabilities.yaml"
    let document = try Document.all(text: Project.text(file), file: file)[0]
    return document.root["capabilities"]?.mapping?.map(\.key) ?? []
  }

  @Test(arguments: try fragments())
  func isWellFormed(fragment: String) throws {
    var body = fragment
    if fragment.hasPrefix("does: ") {
      let lines = fragment.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
      body = "kind: forbid\nper: task\nwithin: 1h\nsteps:\n  - id: one\n\(lines)\n"
    }
    let head = """
      policy: shown
      version: 1
      title: t
      severity: low
      themes: [destruction]
      because: b
      falsePositives: [f]
      remedy: r

      """
    let themes = try readThemes(
      text: Project.text("mappings/themes.yaml"), file: "mappings/themes.yaml")
    let capabilities = try Self.capabilities()
    let policies = try readPolicies(
      text: head + body, file: "page.yaml", themes: themes, capabilities: capabilities)
    let vocabulary = Vocabulary(
      capabilities: capabilities, catalogue: [], meanings: [:], version: "test")
    let known = [
      "it has no examples", "no known action can satisfy", "neither `within` nor `until`",
    ]
    let warnings = lint(policies, vocabulary: vocabulary).map(\.text)
    let unknown = warnings.filter { warning in !known.contains { warning.contains($0) } }
    #expect(unknown.isEmpty)
  }

  @Test func everyKindIsShown() throws {
    for kind in ["forbid", "limit", "require", "order", "scope"] {
      #expect(try Self.fragments().contains { $0.hasPrefix("kind: \(kind)\n") }, "\(kind)")
    }
  }
}
