import Documents
import Model
import Policies
import TestSupport
import Testing

@testable import Findings

@Suite struct ScoringTests {
  @Test func shippedNumbersAreThoseOfTheDesign() throws {
    let scoring = try SampleEstate.scoring()
    func hazard(_ name: String) -> Double? { scoring.hazards.first { $0.name == name }?.hazard }
    #expect(scoring.hazards.count == 25)
    #expect(hazard("List") == 0.03)
    #expect(hazard("privilege.grant") == 0.65)
    #expect(hazard("Permissions management") == 0.60)
    #expect(hazard("unknown") == hazard("Write"))
    #expect(scoring.composition.severities == [0.1, 0.3, 0.6, 0.9])
    #expect(scoring.composition.links == [0.5, 0.6, 0.75, 0.85, 0.95, 1])
    #expect(
      [24, 25, 49, 50, 74, 75].map { scoring.band(of: $0) } == [
        .low, .moderate, .moderate, .high, .high, .critical,
      ])
    #expect(scoring.numbers.contains(NamedValue(name: "hazards.data.read", value: "0.15")))
    #expect(scoring.numbers.contains(NamedValue(name: "composition.halfLifeDays", value: "180")))
    #expect(Set(scoring.numbers.map(\.name)).count == scoring.numbers.count)
  }

  @Test func anActionIsOfItsMostHazardousCapabilityElseItsLevel() throws {
    let scoring = try SampleEstate.scoring()
    func name(_ level: Level, _ capabilities: [String]) -> String? {
      let meaning = ActionMeaning(
        level: level, capabilities: capabilities, origin: .named, takesResource: true)
      return scoring.hazardClass(of: meaning).map { scoring.hazards[$0].name }
    }
    #expect(name(.write, ["data.read", "secret.read"]) == "secret.read")
    #expect(name(.write, ["ticket.read"]) == "Write")
    #expect(name(.unknown, []) == "unknown")
  }

  @Test(arguments: [
    ("  every: 1\n", "  every: 2\n", "`every` must be a number from 0 to 1"),
    ("  manyCount: 50\n", "", "`manyCount` is missing"),
    ("  Tagging: 0.05\n", "", "the level `Tagging` has no hazard"),
    ("  high: 50\n", "  high: 20\n", "the bands must rise"),
    ("  doublings: 5\n", "  doublngs: 5\n", "unknown key `doublngs`"),
    ("version: \"2\"\n", "", "`version` is missing"),
    ("  daysMin: 30\n", "  daysMin: 30.5\n", "`daysMin` must be a whole number"),
    ("  sumShare: 0.3\n", "  sumShare: 0.4\n", "at most 1 together"),
  ])
  func mistakesAreNamed(_ old: String, _ new: String, _ reason: String) throws {
    let text = try Project.text("mappings/scoring.yaml")
    #expect(text.contains(old))
    let error = #expect(throws: DocumentProblems.self) {
      try readScoring(text: text.replacing(old, with: new), file: "scoring.yaml")
    }
    let problems = try #require(error).problems
    #expect(problems.contains { $0.reason.contains(reason) }, "\(problems.map(\.reason))")
  }

  @Test func riskOfTwoSides() throws {
    let scoring = try SampleEstate.scoring()
    #expect(scoring.risk(privilege: .assessed(50), composition: .assessed(50)) == .assessed(75))
    #expect(
      scoring.risk(privilege: .notAssessed(reason: "x"), composition: .assessed(30))
        == .atLeast(30, reason: "x"))
    #expect(
      scoring.risk(privilege: .notAssessed(reason: "x"), composition: .notAssessed(reason: "y"))
        == .notAssessed(reason: "x; y"))
    #expect(
      scoring.risk(privilege: .atLeast(10, reason: "x"), composition: .assessed(0))
        == .atLeast(10, reason: "x"))
    #expect(scoring.band(privilege: .assessed(10), composition: .assessed(80)) == .critical)
    #expect(
      scoring.band(privilege: .notAssessed(reason: ""), composition: .notAssessed(reason: ""))
        == nil)
  }

  @Test(arguments: [(1.0, "1"), (0.05, "0.05"), (1.0 / 3, "0.333"), (-2.5, "-2.5"), (0, "0")])
  func decimals(_ value: Double, _ text: String) { #expect(decimalText(value, digits: 3) == text) }
}
