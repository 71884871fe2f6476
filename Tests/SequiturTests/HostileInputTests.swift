import Foundation
import TestSupport
import Testing

/// Input that wants to be more than text, and values that are nobody's business, from the file that
/// is read to every file that is written.
@Suite struct HostileInputTests {
  /// One file for each text field of each fixture of each source: see `Tests/Validators/hostile.py`.
  @Test func noFieldOfAnySourceBecomesMarkupScriptOrFormula() throws {
    let scratch = try Scratch()
    let input = scratch.url.appendingPathComponent("input").path
    let fixtures = Project.root.appendingPathComponent("Tests/IntakeTests/Fixtures").path
    guard let made = try Validator.script("hostile.py", [fixtures, input]) else { return }
    #expect(made.status == 0, "\(made.output)")
    #expect(Int(made.output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0 > 400)
    let review = try Command.run([
      "review", input, "--quiet", "--policies", "Tests/Benchmarks/policies/estate.yaml", "--out",
      scratch.url.appendingPathComponent("out").path,
    ])
    #expect(review.status == 0, "\(review.error)")
    let folder = scratch.url.appendingPathComponent("out").path
    guard let answer = try Validator.script("harmless.py", [folder]) else { return }
    #expect(answer.status == 0, "\(answer.output)")
  }

  /// Two events that break a policy, with a secret, a body and a key that must not be shown.
  private static func events(in folder: Scratch) throws -> String {
    let lines = [
      ("10:00:00", "iam:CreateUser"), ("10:00:30", "iam:AttachUserPolicy"),
    ].map { time, action in
      #"{"time":"2026-09-03T\#(time)Z","agent":"ops","session":"s1","action":"\#(action)","#
        + #""args":{"password":"MARK-argument","account":"MARK-key"},"result":{"body":"MARK-result"},"#
        + #""labels":{"note":"MARK-label"},"message":"MARK-message"}"#
    }
    let file = folder.url.appendingPathComponent("events.ndjson")
    try Data(lines.joined(separator: "\n").utf8).write(to: file)
    return file.path
  }

  private static let policy = """
    policy: by-account
    version: 1
    title: An account was made and given rights
    severity: high
    kind: forbid
    themes: [chained-actions]
    per: args.account
    steps:
      - {id: made, action: "iam:CreateUser"}
      - {id: given, action: "iam:AttachUserPolicy"}
    within: 1h
    because: A test.
    falsePositives: [none]
    remedy: None.
    examples:
      - name: both
        violates: true
        events: |
          10:00 a args.account=1 iam:CreateUser
          10:01 a args.account=1 iam:AttachUserPolicy
      - name: one
        violates: false
        events: |
          10:00 a args.account=1 iam:CreateUser

    """

  @Test(arguments: [false, true]) func valuesAreShownOnlyWhenAskedFor(showsValues: Bool) throws {
    let scratch = try Scratch()
    let events = try HostileInputTests.events(in: scratch)
    let policy = scratch.url.appendingPathComponent("by-account.yaml")
    try Data(HostileInputTests.policy.utf8).write(to: policy)
    let out = scratch.url.appendingPathComponent("out")
    let review = try Command.run(
      ["review", events, "--policies", policy.path, "--quiet", "--out", out.path]
        + (showsValues ? ["--show-values"] : []))
    #expect(review.status == 0, "\(review.error)")
    let files = try scratch.files().filter { $0.hasPrefix("out/") }
    let texts = try files.map { String(decoding: try scratch.bytes($0), as: UTF8.self) }
    #expect(texts.contains { $0.contains("by-account-") }, "the chain was not found")
    for mark in ["argument", "key", "result", "label", "message"] {
      let holders = zip(files, texts).filter { $1.contains("MARK-\(mark)") }.map(\.0)
      #expect(holders.isEmpty != showsValues, "MARK-\(mark): \(holders)")
    }
    let masked = texts.contains { $0.contains("<value 1>") || $0.contains("&lt;value 1&gt;") }
    #expect(masked != showsValues)
  }
}
