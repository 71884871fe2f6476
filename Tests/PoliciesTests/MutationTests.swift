import Documents
import Model
import Policies
import TestSupport
import Testing

/// Random damage to a valid policy: it is read or refused, and never crashes.
@Suite struct MutationTests {
  private let pieces = [
    "{", "}", "[", "]", ":", "-", "\n", "  ", "\"", "'", "|", "&a", "*a", "#", "\t", "0", "-1",
    "1e400", "99999999999999999999", "~", "null", "true", "é", "\u{0}", "unless", "repeat: any",
    "{first: []}", "aggregate", "kind: limit", "{re: \"(a|\"}", "10:99 x", "within: 0", "? x",
  ]

  @Test func damagedPoliciesNeverCrash() throws {
    let vocabulary = Vocabulary(
      capabilities: Language.capabilities, catalogue: [], meanings: [:], version: "test")
    let themes = try Language.themes()
    var budget = FuzzBudget(rounds: 1_500, seed: 7)
    var random = SeededGenerator(seed: budget.seed)
    let sound = try Self.sound()
    var read = 0
    while budget.next() {
      var text = budget.rounds.isMultiple(of: 2) ? Array(Language.design) : random.pick(sound)
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<text.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: text.insert(contentsOf: random.pick(pieces), at: place)
        case 1: text.removeSubrange(place..<min(text.count, place + 7))
        case 2: text[place] = Character(random.pick(["x", ":", " ", "\n", "{", "9"]))
        default:
          let from = Int.random(in: 0..<text.count, using: &random)
          text.insert(contentsOf: text[from..<min(text.count, from + 25)], at: place)
        }
      }
      do {
        let policies = try readPolicies(
          text: String(text), file: "m.yaml", themes: themes,
          capabilities: Language.capabilities)
        read += 1
        _ = lint(policies, vocabulary: vocabulary)
      } catch {
        #expect(!error.problems.isEmpty)
        #expect(error.problems.allSatisfy { !$0.reason.isEmpty })
      }
    }
    #expect(read > 50, "the damage must leave some policies readable")
    #expect(budget.longest < .seconds(20))
    budget.report("policies")
  }

  /// The shipped policies, whole.
  private static func sound() throws -> [[Character]] {
    let folder = "mappings/policies"
    return try Project.names(in: folder).map { Array(try Project.text("\(folder)/\($0)")) }
  }
}
