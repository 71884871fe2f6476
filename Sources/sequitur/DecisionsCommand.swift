internal import ArgumentParser
internal import Findings
internal import Foundation
internal import Model
internal import Reports

/// `sequitur decisions check`: looks a filled-in sheet over before a review reads it.
struct DecisionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decisions", abstract: "Work with the decision sheets that reviewers fill in.",
    subcommands: [Check.self])

  /// Says what is wrong in sheets, and how far they are filled in.
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check", abstract: "Check filled-in decision sheets against what was asked.",
      discussion: """
        Reads decisions.csv as a spreadsheet saved it, or YAML, and names each row that would not \
        count or is questionable. Exit code 0: nothing is wrong. 1: something is. 2: a file or the \
        history cannot be read.
        """)

    @Argument(help: "The sheets, and folders of them.")
    var files: [String]
    @Option(help: "The history of the review that asked.")
    var history: String = "output/history.sqlite"
    @Option(help: "The date by which `until` is in the past; default: today.")
    var at: String?

    func run() throws {
      let sheets = try DecisionFiles(files)
      let today = try day()
      guard FileManager.default.fileExists(atPath: history) else {
        throw Failure(
          "\(history): no such file: --history names the history of the review that asked")
      }
      let past = try PastReviews(path: history, for: .reading)
      // Every review that is kept has asked before the end of time.
      let end = Timestamp(nanoseconds: .max, fractionDigits: 0)
      let joined = try past.decisions(sheets.decisions, for: "", endingAt: end)
      let own = joined.taken.filter { !$0.isCarried }
      var problems = sheets.problems + joined.problems
      problems += own.flatMap { doubts($0, today) }
      let lines = problems.sorted { ($0.file, $0.line, $0.reason) < ($1.file, $1.line, $1.reason) }
        .map { problem in
          let line = problem.line > 0 ? ":\(problem.line)" : ""
          return "\(problem.file)\(line): \(problem.reason) (\(problem.consequence))".printable
        }
      for line in lines { print(line) }
      let words = ReviewerDecision.Word.allCases.compactMap { word -> String? in
        let count = own.count { $0.decision.word == word }
        return count == 0 ? nil : "\(grouped(count)) \(word.rawValue)"
      }
      let undecided = sheets.files.reduce(0) { $0 + $1.undecided }
      print(
        "\(counted(own.count, "decision"))\(words.isEmpty ? "" : ": ")"
          + "\(words.joined(separator: ", ")); \(grouped(undecided)) undecided; "
          + counted(problems.count, "problem"))
      if !problems.isEmpty { throw ExitCode(1) }
    }

    private func day() throws -> Timestamp {
      guard let at else { return Timestamp(seconds: Int64(Date().timeIntervalSince1970)) }
      guard let time = Timestamp(bound: at, isEnd: false) else {
        throw Failure("--at: expected a date or an RFC 3339 time, not `\(at.prefix(40))`")
      }
      return time
    }

    /// What counts and is questionable.
    private func doubts(_ taken: TakenDecision, _ today: Timestamp) -> [Problem] {
      let decision = taken.decision
      var reasons = decision.warnings(about: taken.item)
      if let until = decision.until, until < today {
        reasons.append("`until` is in the past")
      }
      return reasons.map {
        Problem(file: decision.file, line: decision.line, reason: $0, consequence: "counted")
      }
    }
  }
}
