import Foundation
import TestSupport
import Testing

/// The pages of the example organisation in a real browser: see `Tests/Validators/browse.py`.
@Suite struct BrowserTests {
  @Test func pagesHoldUpInABrowser() throws {
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/chromium") else {
      FileHandle.standardError.write(
        Data("skipped: chromium is not installed; `sh .ci/setup test` installs it\n".utf8))
      return
    }
    let folder = try ExampleReview.read().report.folder.path
    guard let answer = try Validator.script("browse.py", [folder]) else { return }
    #expect(answer.status == 0, "\(answer.output)")
  }
}
