internal import Findings
internal import Foundation
internal import Model
internal import Reports

/// The decision sheets that a review is given, as they were read.
struct DecisionFiles {
  /// The files for the evidence pack.
  let files: [DecisionFile]
  /// What can be read of all of them, in the order given, and what cannot.
  let decisions: [ReviewerDecision]
  let problems: [Problem]

  /// More than any sheet has: a spreadsheet ends at 1,048,576 rows.
  private static let bytesMax = 512 << 20

  /// Reads the files; one that is not there stops the run.
  init(_ paths: [String]) throws {
    var files: [DecisionFile] = []
    var decisions: [ReviewerDecision] = []
    var problems: [Problem] = []
    for (path, name) in zip(paths, DecisionFiles.names(paths)) {
      guard let data = FileManager.default.contents(atPath: path) else {
        throw Failure("\(path): not a readable file")
      }
      guard data.count <= DecisionFiles.bytesMax else {
        throw Failure(
          "\(path): more than \(DecisionFiles.bytesMax >> 20) MiB: no sheet of decisions")
      }
      let bytes = Array(data)
      let sheet = readDecisions(bytes: bytes, file: name)
      decisions += sheet.decisions
      problems += sheet.problems
      files.append(
        DecisionFile(
          path: name, bytes: bytes, decisions: sheet.decisions.count, undecided: sheet.undecided))
    }
    self.files = files
    self.decisions = decisions
    self.problems = problems
  }

  /// By which names reports call the files: a folder of this machine is nobody's business, unless it
  /// tells two of one name apart.
  private static func names(_ paths: [String]) -> [String] {
    let names = paths.map { URL(fileURLWithPath: $0).lastPathComponent }
    return zip(paths, names).map { path, name in
      names.count { $0 == name } > 1 ? path : name
    }
  }

  /// The decisions that a review is held against, with what they are about.
  ///
  /// - Parameter past: The history; nil where nothing is compared.
  func joined(
    _ past: PastReviews?, review: String, endingAt end: Timestamp?
  ) throws -> JoinedDecisions {
    guard let past, let end else {
      guard decisions.isEmpty else {
        throw Failure(
          past == nil
            ? "--decisions needs the history of the review that asked: leave out --no-history"
            : "--decisions needs a review with an end in time: no timed event and no flag gives one"
        )
      }
      return JoinedDecisions()
    }
    return try past.decisions(decisions, for: review, endingAt: end)
  }
}
