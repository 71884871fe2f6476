internal import ArgumentParser
internal import Findings
internal import Foundation
internal import Model

/// `sequitur compare`: what changed from one review to another, from their report.json alone.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Say what changed from one review to another.",
    discussion: """
      Takes two folders of reviews, or their report.json, the earlier first. Changes of the \
      organisation are told from those of the evidence, the policies, the vocabulary and the \
      scoring numbers.
      """)

  @Argument(help: "The earlier review.")
  var earlier: String
  @Argument(help: "The later review.")
  var later: String

  func run() throws {
    let (before, after) = (
      try SnapshotFile(path: earlier).snapshot, try SnapshotFile(path: later).snapshot
    )
    if let left = before.to, let right = after.to, right < left {
      throw Failure("\(earlier) ends after \(later): name the earlier review first")
    }
    print(CompareText(ReviewChange(from: before, to: after), to: after.review).text)
  }
}

/// A comparison as lines for the terminal.
struct CompareText {
  private let change: ReviewChange
  private let review: String

  /// What changed up to a review.
  init(_ change: ReviewChange, to review: String) {
    self.change = change
    self.review = review
  }

  var text: String {
    var lines = ["Review \(review), compared with \(change.baseline)"]
    let counts = ReviewChange.Kind.allCases.map { "\(grouped(change.count($0))) \($0.rawValue)" }
    lines.append(
      "  findings  " + (counts + ["\(grouped(change.unchanged)) unchanged"]).joined(separator: ", ")
    )
    lines += change.ruleChanges.map { "  rules     \($0)" }
    for finding in change.findings {
      let states = "\(finding.before?.rawValue ?? "-") to \(finding.after?.rawValue ?? "-")"
      lines.append(
        "  \(finding.kind.rawValue.padding(to: 8))  \(finding.finding) (\(states)): "
          + because(finding.causes))
    }
    for agent in change.agents {
      lines.append(
        "  score     \(agent.agent): privileges \(score(agent.privilegeBefore)) to "
          + "\(score(agent.privilegeAfter)), chains \(score(agent.compositionBefore)) to "
          + "\(score(agent.compositionAfter)): \(because(agent.causes))")
    }
    return lines.map(\.printable).joined(separator: "\n")
  }

  private func score(_ value: Int?) -> String { value.map(String.init) ?? "-" }

  private func because(_ causes: [ReviewChange.Cause]) -> String {
    causes.map(\.rawValue).joined(separator: ", ")
  }
}
