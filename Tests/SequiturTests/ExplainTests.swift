import Foundation
import TestSupport
import Testing

@Suite struct ExplainTests {
  @Test func aFindingIsToldDownToItsRawRecords() throws {
    let review = try ExampleReview.read()
    let (folder, report) = (review.scratch, review.report)
    let finding = try #require(
      report.findings.first {
        $0["policy"] as? String == "deploy-with-secret-without-approval"
          && $0["status"] as? String == "realised"
      })
    let id = try #require(finding["id"] as? String)
    let story = try Command.run(["explain", id, "--out", folder.url.path])
    #expect(story.status == 0, "\(story.error)")
    let occurrences = try #require(finding["occurrences"] as? [[String: Any]])
    #expect(occurrences.count == 2)
    for occurrence in occurrences {
      for link in try #require(occurrence["chain"] as? [[String: Any]]) {
        let file = try #require(link["file"] as? String)
        let line = try #require(link["line"] as? Int)
        #expect(story.output.contains("\(file):\(line)"))
        #expect(story.output.contains(try #require(link["rawLine"] as? String)))
      }
    }
    let one = try #require(occurrences[0]["id"] as? String)
    let single = try Command.run(["explain", one, "--out", folder.url.path])
    #expect(single.output.components(separatedBy: "occurrence ").count == 2)

    let begun = try Command.run(["explain", "deploy-with-secret", "--out", folder.url.path])
    #expect(begun.status == 2)
    #expect(begun.error.contains("ids that begin so:") && begun.error.contains(id))
  }

  @Test func withoutAReviewItSaysWhatIsMissing() throws {
    let folder = try Scratch()
    let result = try Command.run(["explain", "x", "--out", folder.url.path])
    #expect(result.status == 2)
    #expect(result.error.contains("no review with a report.json"))
  }
}
