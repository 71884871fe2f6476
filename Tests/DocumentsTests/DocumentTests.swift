import Documents
import Testing

@Suite struct DocumentTests {
  @Test func valuesKnowTheirPlace() throws {
    let document = try Document.one(text: "a: 1\nb:\n  - x\n  - {c: true}\n", file: "t.yaml")
    #expect(document.root["a"]?.number == 1)
    let list = try #require(document.root["b"]?.sequence)
    #expect(list[1]["c"]?.bool == true)
    #expect(list[1].place.line == 4)
    #expect(document.root.mapping?[1].keyPlace == Place(line: 2, column: 1))
  }

  @Test func unknownKeyNamesTheNearest() throws {
    let document = try Document.one(text: "polcy: x\n", file: "p.yaml")
    var problems: [DocumentProblem] = []
    _ = Fields(
      document.root, of: document, what: "a policy", keys: ["policy", "title"],
      problems: &problems)
    #expect(
      problems.map(\.text) == [
        """
        p.yaml:1:1: unknown key `polcy` in a policy; did you mean `policy`?
        1 | polcy: x
            ^
        """
      ])
  }

  @Test(arguments: [
    ("a: 1\na: 2\n", "key given twice"), ("a: [1\n", "not YAML"), ("\t- a: b", "not YAML"),
    ("a: &x [1]\nb: *y\n", "not YAML"),
  ])
  func mistakesHaveALine(text: String, reason: String) {
    do {
      _ = try Document.all(text: text, file: "t.yaml")
      Issue.record("no mistake was found")
    } catch {
      #expect(error.reason.hasPrefix(reason), "\(error.text)")
      #expect(error.line > 0)
    }
  }

  @Test func deepNestingIsAMistakeAndNoCrash() {
    let text = String(repeating: "[", count: 5_000) + String(repeating: "]", count: 5_000)
    #expect(throws: DocumentProblem.self) { try Document.all(text: text, file: "deep.yaml") }
  }

  @Test func aliasBombsStop() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      let uses = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(uses)]\n"
    }
    #expect(throws: DocumentProblem.self) { try Document.all(text: text, file: "bomb.yaml") }
  }

  @Test(arguments: [
    ("30m", Int64(1_800_000_000_000)), ("1h30m", 5_400_000_000_000), ("0", 0),
    ("250ms", 250_000_000), ("2w", 1_209_600_000_000_000),
  ])
  func durations(text: String, nanoseconds: Int64) {
    #expect(durationNanoseconds(text) == nanoseconds)
    if nanoseconds > 0, text != "2w" { #expect(durationText(nanoseconds: nanoseconds) == text) }
  }

  @Test(arguments: ["", "5", "m", "5x", "-5m", "99999999999w", "1.5h"])
  func noDurations(text: String) { #expect(durationNanoseconds(text) == nil) }
}
