import Documents
import Model
import Policies
import TestSupport
import Testing

@Suite struct LintTests {
  private let vocabulary = Vocabulary(
    capabilities: Language.capabilities, catalogue: [],
    meanings: Dictionary(
      uniqueKeysWithValues: Language.capabilities.filter { $0 != "payment.redirect" }.map {
        (
          $0,
          ActionMeaning(level: .write, capabilities: [$0], origin: .named, takesResource: true)
        )
      }), version: "test")

  private let head = """
    policy: leak
    version: 1
    title: t
    severity: low
    kind: forbid
    themes: [data-exfiltration]
    per: task
    because: b
    falsePositives: [f]
    remedy: r

    """

  private let tail = """

    examples:
      - name: it
        violates: true
        events: |
          10:00 bot task=T1 secret.read resource=x
          10:01 bot task=T1 channel.external resource=x
    """

  private func warnings(_ body: String, _ tail: String? = nil) throws -> [String] {
    let policies = try readPolicies(
      text: head + body + (tail ?? self.tail), file: "leak.yaml", themes: Language.themes(),
      capabilities: Language.capabilities)
    return lint(policies, vocabulary: vocabulary).map { $0.text }
  }

  private let steps = "steps: [{id: a, does: secret.read}, {id: b, does: channel.external}]\n"

  @Test func aSoundPolicyHasNoWarnings() throws {
    #expect(try warnings(steps + "within: 1h").isEmpty)
  }

  @Test(arguments: [
    ("", "it has neither `within` nor `until`: a chain may span the whole log"),
    ("within: 0", "`within: 0` holds only for events of the same instant"),
    (
      "within: 1h\nunless: {does: secret.*}",
      "`unless` always holds: step `a` is such an event"
    ),
  ])
  func warningsAboutTheChain(body: String, warning: String) throws {
    let found = try warnings(steps + body)
    #expect(found.contains { $0.contains(": policy `leak`: \(warning)") }, "\(found)")
  }

  @Test(arguments: [
    (
      "does: channel.external, where: {all: [{resource: x}, {resource: y}]}",
      "step `b`: it contradicts itself and matches nothing"
    ),
    (
      "does: channel.external, gap: 2h",
      "step `b`: `gap` is longer than `within` and never matters"
    ),
    (
      "does: channel.external, where: {resorce: x}",
      "field `resorce` is an attribute of the source; did you mean `resource`?"
    ),
    ("does: channel.external, bind: {r: resource}", "register `r` is bound and never used"),
    ("does: task.end", "example `it`: expected a violation, found nothing"),
  ])
  func warningsAboutAStep(step: String, warning: String) throws {
    let body = "steps: [{id: a, does: secret.read}, {id: b, \(step)}]\nwithin: 1h"
    let found = try warnings(body)
    #expect(found.contains { $0.contains(": policy `leak`: \(warning)") }, "\(found)")
  }

  /// Each suspect policy against all that must be said of it, with its place.
  @Test(
    arguments: try Project.names(in: "Tests/PoliciesTests/Golden/warnings")
      .filter { $0.hasSuffix(".yaml") })
  func suspectPolicy(name: String) throws {
    let folder = "Tests/PoliciesTests/Golden/warnings"
    let policies = try readPolicies(
      text: Project.text("\(folder)/\(name)"), file: name, themes: Language.themes(),
      capabilities: Language.capabilities)
    let text = lint(policies, vocabulary: vocabulary).map { $0.text + "\n" }.joined()
    try expectGolden(text, "\(folder)/\(name.dropLast(5)).txt")
  }

  @Test func aPolicyNeedsExamples() throws {
    #expect(
      try warnings(steps + "within: 1h", "") == [
        "leak.yaml:1:1: policy `leak`: it has no examples\n1 | policy: leak\n    ^"
      ])
  }

  @Test func aFailingExampleHasItsLine() throws {
    let found = try warnings(
      "steps: [{id: a, does: secret.read}]\nwithin: 1h",
      tail
        .replacing("violates: true", with: "violates: false"))
    #expect(
      found == ["leak.yaml:17: policy `leak`: example `it`: expected no violation, found 1"])
  }
}
