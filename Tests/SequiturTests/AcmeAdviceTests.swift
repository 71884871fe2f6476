import Foundation
import TestSupport
import Testing

/// What the example organisation is told to do first, and that the replay confirms it.
@Suite struct AcmeAdviceTests {
  @Test func cutSetAndGatesAreConfirmedByTheReplay() throws {
    let review = try ExampleReview.read()
    let result = review.result
    let lines = result.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(
      lines.contains("revoke 6 privileges, 10 of 49 possible chains end, 0 observed tasks break"))
    #expect(
      lines.contains {
        $0.hasPrefix(
          "9 gates stop 17 of the 18 chains that happened, 54.7 innocent tasks a week wait")
      })
    let written = review.report
    let json = try JSONSerialization.jsonObject(with: Data(try written.text("report.json").utf8))
    let report = try #require(json as? [String: Any])
    let replay = try #require(report["replay"] as? [String: Any])
    #expect((replay["denied"] as? [Any])?.isEmpty == true)
    let cutSet = try #require(replay["cutSet"] as? [String: Any])
    #expect((cutSet["denied"] as? [Any])?.isEmpty == true && cutSet["ended"] as? Int == 10)
    let gates = try #require(replay["gates"] as? [String: Any])
    #expect(gates["stopped"] as? Int == 17)
    let plan = try #require(report["gates"] as? [String: Any])
    #expect(gates["innocentTasks"] as? Int == plan["innocentTasks"] as? Int)
    #expect(
      result.output.contains("replay: at the gates 17 of 18 chains that happened"))
  }

  @Test func theGatesAreValidPolicies() throws {
    let written = try ExampleReview.read().report
    let file = written.folder.appendingPathComponent("gates.yaml").path
    let lint = try Command.run(["policy", "lint", file])
    #expect(lint.status == 0 && lint.output.contains("9 policies, 0 warnings"))
  }
}
