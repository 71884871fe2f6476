import Foundation
import TestSupport
import Testing

/// Runs the built command as a user would.
@Suite struct CommandTests {
  @Test func helpAndVersionSucceed() throws {
    #expect(try Command.run(["--help"]).status == 0)
    #expect(try Command.run(["--version"]).output.contains("."))
  }

  @Test(arguments: [
    (["review", "no/such/folder"], "no/such/folder: no such file or folder"),
    (["review"], "nothing to review: name folders or files"),
    (["review", "examples/acme/input", "--formats", "pdf"], "--formats: expected some of"),
    (["review", "examples/acme/input", "--formats", ""], "--formats: expected some of"),
    (["review", "examples/acme/input", "--from", "yesterday"], "--from: expected a date"),
    (["review", "examples/acme/input/inventory", "--out", "README.md"], "README.md is a file"),
    (["review", "examples/acme/input", "--out", "examples/acme/input"], "is reviewed itself"),
    (["review", "/dev/null"], "expected a file or a folder, not a device"),
    (["review", "examples/acme/input/crm", "--from", "2030-01-01"], "the window begins at 2030"),
    (["review", "examples/acme/input", "--root", "/nowhere"], "no folders `mappings`"),
    (
      ["review", "examples/acme/input", "--from", "2026-09-01", "--to", "2026-08-01"], "lies before"
    ),
  ])
  func mistakesExitWith2AndSayWhatWasExpected(arguments: [String], message: String) throws {
    let result = try Command.run(arguments)
    #expect(result.status == 2)
    #expect(result.error.contains(message), "\(result.error)")
    #expect(result.output.isEmpty)
  }

  @Test func failOnAndStrictChangeTheExitCodeOnly() throws {
    let folder = try Scratch()
    #expect(
      try Command.reviewAcme(into: folder, ["--fail-on", "critical", "--formats", "json"]).status
        == 1)
    let strict = try Command.reviewAcme(into: folder, ["--strict", "--formats", "json"])
    #expect(strict.status == 2)
    #expect(strict.error.contains("--strict: "))
    #expect(try folder.files().contains("acme-2026-Q3/report.json"))
  }

  @Test func aFailedRunLeavesTheLastReview() throws {
    let folder = try Scratch()
    #expect(try Command.reviewAcme(into: folder, ["--formats", "json"]).status == 0)
    let before = try folder.bytes("acme-2026-Q3/report.json")
    // Raw records are in the report whatever other formats are asked for.
    #expect(before.range(of: Data("\"rawLine\"".utf8)) != nil)
    let root = try Scratch()
    for name in ["mappings", "templates"] {
      try FileManager.default.copyItem(
        at: Project.root.appendingPathComponent(name), to: root.url.appendingPathComponent(name))
    }
    let broken = root.url.appendingPathComponent("templates/index.html.mustache")
    try Data("{{#agents}} never closed".utf8).write(to: broken)
    let result = try Command.reviewAcme(into: folder, ["--root", root.url.path])
    #expect(result.status == 2)
    #expect(result.error.contains("index.html.mustache"), "\(result.error)")
    #expect(try folder.bytes("acme-2026-Q3/report.json") == before)
    #expect(
      try folder.files() == [
        "acme-2026-Q3/manifest.json", "acme-2026-Q3/report.json", "history.sqlite",
      ])
  }

  @Test func anUnknownPolicyKeyNamesItsPlace() throws {
    let folder = try Scratch()
    let policy = folder.url.appendingPathComponent("p.yaml")
    try Data("policy: p\nversion: 1\nsevrity: low\n".utf8).write(to: policy)
    let result = try Command.run(["policy", "lint", policy.path])
    #expect(result.status == 2)
    #expect(result.error.contains("p.yaml:3:1"), "\(result.error)")
    #expect(result.error.contains("did you mean `severity`?"), "\(result.error)")
  }

  @Test func shippedPoliciesLintCleanAndTheirExamplesHold() throws {
    let lint = try Command.run(["policy", "lint"])
    #expect(lint.status == 0, "\(lint.output)")
    let test = try Command.run(["policy", "test"])
    #expect(test.status == 0, "\(test.output)")
    #expect(test.output.contains(" 0 not as claimed"))
  }
}
