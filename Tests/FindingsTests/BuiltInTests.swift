import Model
import TestSupport
import Testing

@testable import Findings
@testable import Policies

@Suite struct BuiltInTests {
  static func estate() -> SampleEstate {
    SampleEstate(
      SampleEstate.vocabulary(
        catalogue: [],
        tools: [("grant", .permissionsManagement, ["privilege.grant"]), ("read", .read, [])]))
  }

  static func seconds(_ day: Int64) -> Timestamp {
    Timestamp(seconds: (SampleEstate.firstDay + day) * 86_400)
  }

  @Test func eachRuleFiresWhereItShouldAndOnlyThere() throws {
    var estate = Self.estate()
    estate.log(days: 60, by: "busy")
    estate.agent("busy") { $0.expires = Self.seconds(10) }
    estate.agent("idle")
    estate.agent("nobodys", owner: nil)
    estate.agent("person", owner: nil) { $0.kind = .user }
    estate.agent("stranger", owner: nil) { $0.isInInventory = false }
    for agent in ["idle", "nobodys", "person"] { estate.grant(agent, ["grant", "read"]) }
    estate.event("nobodys", "read", day: 5)
    estate.event("person", "read", day: 5)
    estate.event("stranger", "mystery", day: 5)
    estate.grant("nobodys", ["mystery"])
    let review = try estate.review()
    func agents(_ rule: BuiltInRule) -> [[String]] {
      review.findings(of: rule.rawValue).map(\.agents).sorted { $0.description < $1.description }
    }
    #expect(agents(.overPrivileged).isEmpty == false)
    #expect(agents(.noOwner) == [["nobodys"]])
    #expect(agents(.dormant) == [["idle"]])
    #expect(agents(.orphaned) == [["stranger"]])
    #expect(agents(.expired) == [["busy"]])
    #expect(agents(.unclassifiedActions) == [["nobodys"]])
    #expect(agents(.evidenceTooThin).isEmpty)
    #expect(agents(.policyBlind).isEmpty)
    #expect(agents(.escalationPath).isEmpty)
    for finding in review.findings {
      #expect(finding.status == .open && !finding.because.isEmpty && !finding.remedy.isEmpty)
      #expect(finding.themes == finding.themes.sorted())
    }
  }

  @Test func withoutAnInventoryNobodyIsAnOrphan() throws {
    var estate = Self.estate()
    estate.agent("x") { $0.isInInventory = false }
    estate.event("x", "read", day: 0)
    #expect(try estate.review().findings(of: "orphaned").isEmpty)
  }

  @Test func aPolicyThatNeverBeganIsBlindOnlyWithEvents() throws {
    var estate = Self.estate()
    estate.agent("a")
    var evaluation = Evaluation()
    evaluation.health = [
      PolicyHealth(policy: "seen", steps: 2), PolicyHealth(policy: "unseen", steps: 2),
    ]
    evaluation.health[0].matchedPerStep = [3, 0]
    #expect(try estate.review(evaluation: evaluation).findings(of: "policy-blind").isEmpty)
    estate.event("a", "read", day: 0)
    let finding = try #require(
      estate.review(evaluation: evaluation).findings(of: "policy-blind").first)
    #expect(finding.because == "1 of 2 policies met no event at their first step: unseen")
    #expect(finding.kind == .policy && finding.agents.isEmpty)
  }

  @Test func themesAreOnTheClosedList() throws {
    let file = "mappings/themes.yaml"
    let themes = try Project.text(file)
    for rule in BuiltInRule.allCases {
      for theme in rule.themes { #expect(themes.contains("\(theme):"), "\(theme)") }
    }
  }

  @Test func expiredGrantsAreNotHeld() throws {
    var estate = Self.estate()
    estate.agent("a")
    estate.log(days: 60)
    estate.grant("a", ["grant"]) { $0.expires = Self.seconds(30) }
    estate.grant("a", ["read"]) { $0.expires = Self.seconds(90) }
    let agent = try #require(estate.review().agent("a"))
    #expect(agent.privileges.map(\.action) == ["read"])
    #expect(agent.privilegeIndex.score.statusWord == "assessed")
  }

  @Test func theReviewDoesNotDependOnTheOrderOfItsInput() throws {
    var random = SmallRandom(seed: 11)
    var estate = Self.estate()
    for name in ["a", "b", "c", "d"] {
      estate.agent(name)
      for _ in 0..<4 {
        estate.grant(
          name, [random.pick(["grant", "read", "other", "*"])], on: [random.pick(["*", "x", "y*"])])
      }
      for day in 0..<50 as Range<Int64> {
        estate.event(name, random.pick(["grant", "read"]), on: "x", day: day)
      }
    }
    let first = try estate.review()
    var other = estate
    other.input.agents.shuffle(using: &random)
    other.input.statements.shuffle(using: &random)
    other.input.table.events.shuffle(using: &random)
    let second = try other.review()
    #expect(first.agents == second.agents)
    #expect(first.findings == second.findings)
    #expect(first.cleanup == second.cleanup)
    #expect(first.estate == second.estate)
  }
}
