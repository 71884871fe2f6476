import Documents
import Testing

@testable import Controls

@Suite struct FrameworkReaderTests {
  static let head = """
    framework: f
    title: F
    version: "1"
    mapping: 1.0.0
    note: what it is

    """

  struct Mistake: Sendable, CustomTestStringConvertible {
    var text: String
    var reasons: [String]
    var testDescription: String { reasons.joined(separator: "; ") }
  }

  static let mistakes: [Mistake] = [
    Mistake(text: "", reasons: ["the file is empty"]),
    Mistake(
      text: "- a\n",
      reasons: [
        "`controls` must be a list of controls", "`framework` is missing", "`mapping` is missing",
        "`note` is missing", "`title` is missing", "`version` is missing",
        "a framework must be a mapping, not a list",
      ]),
    Mistake(text: head, reasons: ["`controls` must be a list of controls"]),
    Mistake(
      text: head + "controls: [{id: A, title: A, needs: events, themes: {delegaton: x}}]",
      reasons: ["unknown theme `delegaton`; did you mean `delegation`?"]),
    Mistake(
      text: head + "controls: [{id: A, title: A, needs: events, policies: {dorment: x}}]",
      reasons: ["unknown policy `dorment`; did you mean `dormant`?"]),
    Mistake(
      text: head + "controls: [{id: A, title: A, needs: events, themes: {delegation: }}]",
      reasons: ["`delegation` is mapped without a reason"]),
    Mistake(
      text: head + "controls: [{id: A, title: A, needs: events, themes: [delegation]}]",
      reasons: [
        "a control that can be assessed maps a theme or a policy",
        "`themes` must give a reason for each theme, not a list",
      ]),
    Mistake(
      text: head + "controls: [{id: A, title: A, themes: {delegation: x}}]",
      reasons: ["`needs` is missing"]),
    Mistake(
      text: head + "controls: [{id: A, title: A, needs: event, themes: {delegation: x}}]",
      reasons: [
        "`needs` must be one of privileges, events, both, inventory, credentials, none, not `event`"
          + "; did you mean `events`?"
      ]),
    Mistake(
      text: head + "controls: [{id: A, title: A, needs: none}]",
      reasons: ["a control that needs `none` says why in `because`"]),
    Mistake(
      text: head
        + "controls: [{id: A, title: A, needs: none, because: x, themes: {delegation: x}}]",
      reasons: ["a control that needs `none` maps no theme and no policy"]),
    Mistake(
      text: head
        + "controls: [{id: A, title: A, needs: both, because: x, themes: {delegation: x}}]",
      reasons: ["`because` is for a control that needs `none`"]),
    Mistake(
      text: head + "controls: [{id: A, title: A, needs: none, because: x, citedAs: {id: AA}}]",
      reasons: ["`reason` is missing"]),
    Mistake(
      text: head + """
        controls:
          - {id: A, title: A, needs: none, because: x}
          - {id: A, title: A, needs: none, because: x}
        """,
      reasons: ["control `A` is given twice"]),
    Mistake(
      text: head + """
        controls: [{id: A, title: A, needs: both, themes: {delegation: x}}]
        unmapped: {delegation: x}
        """,
      reasons: ["theme `delegation` is mapped and `unmapped`"]),
  ]

  @Test(arguments: mistakes) func everyMistakeIsNamed(mistake: Mistake) {
    do {
      _ = try readFramework(
        text: mistake.text, file: "f.yaml", themes: Made.themes(["delegation"]), policyIDs: ["p"])
      Issue.record("no mistake was found")
    } catch {
      #expect(error.problems.map(\.reason).sorted() == mistake.reasons.sorted())
      let isWhole = mistake.reasons == ["the file is empty"]
      #expect(isWhole || error.problems.allSatisfy { $0.line > 0 && $0.column > 0 })
    }
  }

  @Test func mappingsAreSortedAndControlsAreNot() throws {
    let framework = try readFramework(
      text: FrameworkReaderTests.head + """
        controls:
          - {id: B, title: B, needs: both, themes: {no-owner: r2, delegation: r1}}
          - {id: A, title: A, needs: none, because: why, citedAs: {id: X-1, reason: r}}
        """, file: "f.yaml", themes: Made.themes(["delegation", "no-owner"]), policyIDs: [])
    #expect(framework.controls.map(\.id) == ["B", "A"])
    #expect(
      framework.controls[0].themes == [
        ControlMapping(theme: "delegation", reason: "r1"),
        ControlMapping(theme: "no-owner", reason: "r2"),
      ])
    #expect(framework.controls[1].citedAs == "X-1")
    #expect(framework.controls[1].notAssessedBecause == "why")
    #expect(framework.mappedThemes == ["delegation", "no-owner"])
  }
}
