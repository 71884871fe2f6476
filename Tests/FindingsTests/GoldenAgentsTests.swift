import Documents
import Findings
import Model
import TestSupport
import Testing

/// One agent of `Fixtures/golden-agents.yaml` with what the index should say.
struct GoldenAgent: Sendable, CustomTestStringConvertible {
  let name: String
  let estate: SampleEstate
  let index: Int
  let near: Int

  var testDescription: String { name }

  static let all: [GoldenAgent] = (try? load()) ?? []

  static func load() throws -> [GoldenAgent] {
    let file = "Tests/FindingsTests/Fixtures/golden-agents.yaml"
    let root = try Document.one(text: Project.text(file), file: file).root
    return (root["agents"]?.sequence ?? []).map { node in
      GoldenAgent(
        name: node["name"]?.text ?? "", estate: estate(node),
        index: Int(node["index"]?.number ?? -1), near: Int(node["near"]?.number ?? 0))
    }
  }

  private static func texts(_ node: Node?) -> [String] { (node?.sequence ?? []).compactMap(\.text) }

  /// Actions of a mapping name -> [level, capabilities].
  private static func actions(_ node: Node?) -> [(String, Level, [String])] {
    (node?.mapping ?? []).map { entry in
      let words = texts(entry.value)
      return (entry.key, Level(rawValue: words.first ?? "") ?? .unknown, Array(words.dropFirst()))
    }
  }

  /// So many actions of each level, named by it.
  private static func many(_ node: Node?, service: String) -> [(String, Level, [String])] {
    var actions: [(String, Level, [String])] = []
    for entry in node?.mapping ?? [] {
      let level = Level(rawValue: entry.key) ?? .unknown
      let word = entry.key.split(separator: " ").first ?? ""
      for number in 1...Int(entry.value.number ?? 1) {
        actions.append(("\(service):\(word)\(number)", level, []))
      }
    }
    return actions
  }

  private static func estate(_ node: Node) -> SampleEstate {
    var catalogue = many(node["many"], service: "many") + actions(node["actions"])
    catalogue += many(node["services"], service: node["service"]?.text ?? "")
    for entry in node["manyCapable"]?.mapping ?? [] {
      for number in 1...Int(entry.value.number ?? 1) {
        catalogue.append(("many:\(entry.key)\(number)", .write, [entry.key]))
      }
    }
    var estate = SampleEstate(
      SampleEstate.vocabulary(catalogue: catalogue, tools: actions(node["tools"])))
    estate.agent("golden")
    for grant in node["grants"]?.sequence ?? [] {
      estate.grant("golden", texts(grant["actions"]), on: texts(grant["resources"]))
    }
    for use in node["uses"]?.sequence ?? [] {
      let resources = texts(use["resources"])
      for day in 0..<90 {
        let resource = resources.isEmpty ? nil : resources[day % resources.count]
        estate.event("golden", use["action"]?.text ?? "", on: resource, day: Int64(day))
      }
    }
    for entry in node["usesMany"]?.mapping ?? [] {
      for number in 1...Int(entry.value.number ?? 1) {
        estate.event("golden", "many:\(entry.key)\(number)", day: Int64(number % 90))
      }
    }
    estate.log(days: 90)
    return estate
  }
}

@Suite struct GoldenAgentsTests {
  @Test func allAreThere() throws { #expect(try GoldenAgent.load().count == 12) }

  @Test(arguments: GoldenAgent.all) func says(_ golden: GoldenAgent) throws {
    let scoring = try SampleEstate.scoring()
    let review = try golden.estate.review(scoring: scoring)
    let agent = try #require(review.agent("golden"))
    #expect(agent.privilegeIndex.score.statusWord == "assessed")
    let value = try #require(agent.privilegeIndex.score.value)
    #expect(abs(value - golden.index) <= golden.near, "\(golden.name): \(value)")
    #expect(scoring.band(of: value) == scoring.band(of: golden.index))
    #expect(agent.held == agent.used + agent.unused + agent.unseen)
    #expect(agent.privileges.reduce(0) { $0 + $1.actions } == agent.held)
    #expect(agent.privileges.count <= 400)
  }

  /// The printed terms are enough to work the index out by hand.
  @Test(arguments: GoldenAgent.all) func termsGiveTheIndex(_ golden: GoldenAgent) throws {
    let review = try golden.estate.review()
    let index = try #require(review.agent("golden")).privilegeIndex
    let product = index.terms.reduce(1) { $0 * $1.factor }
    let raw = Int((100 * (1 - product)).rounded())
    #expect(index.score.value == max(raw, index.floor ?? 0))
    for term in index.terms {
      #expect(abs(term.factor - (1 - term.hazard * term.exposure)) < 1e-12)
      #expect(term.held >= term.used)
    }
  }
}
