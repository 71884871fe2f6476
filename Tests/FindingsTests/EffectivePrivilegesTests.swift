import Documents
import Model
import TestSupport
import Testing

@testable import Findings

/// One hand-worked case of `Fixtures/aws-evaluation.yaml`.
struct EvaluationCase: Sendable, CustomTestStringConvertible {
  let name: String
  let section: String
  let statements: [Statement]
  let held: [String]
  let catalogue: [String]

  var testDescription: String { name }

  static let all: [EvaluationCase] = (try? load()) ?? []

  static func load() throws -> [EvaluationCase] {
    let file = "Tests/FindingsTests/Fixtures/aws-evaluation.yaml"
    let root = try Document.one(text: Project.text(file), file: file).root
    let catalogue = (root["catalogue"]?.sequence ?? []).compactMap(\.text)
    return (root["cases"]?.sequence ?? []).map { node in
      func texts(_ node: Node?) -> [String] { (node?.sequence ?? []).compactMap(\.text) }
      var statements: [Statement] = []
      for each in node["statements"]?.sequence ?? [] {
        let line = Int32(statements.count + 1)
        var statement = Statement(
          agent: "a", effect: Effect(rawValue: each["effect"]?.text ?? "") ?? .deny,
          origin: Origin(policy: each["policy"]?.text ?? "policy P", statement: "\(line)"),
          position: SourcePosition(file: 0, line: line))
        statement.layer = StatementLayer(rawValue: each["layer"]?.text ?? "identity") ?? .identity
        statement.tier = each["tier"]?.text
        statement.actions = texts(each["actions"])
        statement.notActions = texts(each["notActions"])
        statement.resources = texts(each["resources"])
        statement.notResources = texts(each["notResources"])
        statement.condition = each["condition"]?.text
        statements.append(statement)
      }
      return EvaluationCase(
        name: node["name"]?.text ?? "", section: node["section"]?.text ?? "",
        statements: statements, held: texts(node["held"]), catalogue: catalogue)
    }
  }
}

@Suite struct EffectivePrivilegesTests {
  /// What an agent holds, one line an action, as the fixture writes it.
  static func held(_ statements: [Statement], catalogue: [String]) throws -> [String] {
    let vocabulary = SampleEstate.vocabulary(catalogue: catalogue.map { ($0, .write, []) })
    var resolver = PrivilegeResolver(
      catalogue: ActionCatalogue(vocabulary: vocabulary, scoring: try SampleEstate.scoring()))
    var lines: [String] = []
    for block in resolver.blocks(of: statements[...]) {
      var text = " on " + block.scope.patterns.joined(separator: ", ")
      if !block.scope.except.isEmpty {
        text += " except " + block.scope.except.joined(separator: ", ")
      }
      if !block.scope.limits.isEmpty {
        text += " within " + block.scope.limits.joined(separator: ", ")
      }
      if let condition = block.condition { text += " if " + condition }
      lines += block.actions.map { resolver.catalogue.names[$0] + text }
    }
    return lines.sorted()
  }

  @Test func casesAreThere() throws {
    #expect(try EvaluationCase.load().count >= 60)
    #expect(EvaluationCase.all.allSatisfy { !$0.section.isEmpty })
  }

  @Test(arguments: EvaluationCase.all) func handWorked(_ each: EvaluationCase) throws {
    let held = try Self.held(each.statements, catalogue: each.catalogue)
    #expect(held == each.held.sorted(), "\(each.section)")
  }

  @Test(arguments: EvaluationCase.all) func orderOfStatementsDoesNotMatter(
    _ each: EvaluationCase
  ) throws {
    let held = try Self.held(each.statements.reversed(), catalogue: each.catalogue)
    #expect(held == each.held.sorted())
  }

  @Test func equalListsShareOneAnswer() throws {
    let each = try #require(EvaluationCase.all.first { $0.statements.count == 3 })
    var other = each.statements
    for index in other.indices { other[index].agent = "b" }
    let vocabulary = SampleEstate.vocabulary(catalogue: each.catalogue.map { ($0, .write, []) })
    var resolver = PrivilegeResolver(
      catalogue: ActionCatalogue(vocabulary: vocabulary, scoring: try SampleEstate.scoring()))
    let first = resolver.blocks(of: each.statements[...])
    let second = resolver.blocks(of: other[...])
    #expect(first.map(\.actions) == second.map(\.actions))
    #expect(first.map(\.scope) == second.map(\.scope))
  }
}
