import Foundation
import TestSupport
import Testing

/// What the documentation shows works as written.
@Suite struct DocumentationTests {
  @Test(arguments: ["README.md", "docs/policy-language.md"])
  func theWholePolicyShownPassesItsExamplesAndJoinsAReview(page: String) throws {
    let text = try String(contentsOf: Project.root.appendingPathComponent(page), encoding: .utf8)
    let policies = text.components(separatedBy: "```").filter { $0.hasPrefix("yaml\npolicy: ") }
    let policy = try #require(policies.first)
    #expect(policies.count == 1)
    let folder = try Scratch()
    let file = folder.url.appendingPathComponent("shown.yaml")
    try Data(policy.dropFirst("yaml\n".count).utf8).write(to: file)
    let lint = try Command.run(["policy", "lint", file.path])
    #expect(lint.status == 0, "\(lint.output)\(lint.error)")
    let test = try Command.run(["policy", "test", file.path])
    #expect(test.status == 0, "\(test.output)\(test.error)")
    let out = try Scratch()
    let review = try Command.run([
      "review", "examples/acme/input/procurement", "--policies", file.path, "--formats", "json",
      "--out", out.url.path,
    ])
    #expect(review.status == 0, "\(review.error)")
  }
}
