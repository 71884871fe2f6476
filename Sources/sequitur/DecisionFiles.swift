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

  /// Reads files, and the sheets in folders; what is not there stops the run.
  init(_ paths: [String]) throws {
    var files: [DecisionFile] = []
    var decisions: [ReviewerDecision] = []
    var problems: [Problem] = []
    let found = try paths.flatMap(DecisionFiles.found)
    for (file, name) in zip(found, DecisionFiles.names(found.map(\.path))) {
      if let reason = file.refusal {
        problems.append(Problem(file: name, line: 0, reason: reason, consequence: "not counted"))
        continue
      }
      let bytes = try DecisionFiles.bytes(of: file.path)
      if file.isInFolder {
        switch SheetLikeness(of: bytes) {
        case .sheet: break
        case .damagedSheet:
          problems.append(
            Problem(
              file: name, line: 0, reason: "no line names the columns `id` and `decision`",
              consequence: "not counted"))
          continue
        case .other: continue
        }
      }
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

  /// A file that was named, or lies in a folder that was.
  private struct Found {
    var path: String
    /// Then it may be something else: owners send back what they were sent, pages among it.
    var isInFolder = false
    /// Why it is not read.
    var refusal: String?
  }

  /// What a folder's files must end with to be looked at, and the ends of workbooks.
  private static let endings: Set<String> = ["csv", "tsv", "txt", "yaml", "yml"]
  private static let workbooks: Set<String> = ["xlsx", "xls", "ods", "numbers"]

  private static func found(_ path: String) throws -> [Found] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw Failure("\(path): not a readable file")
    }
    guard isFolder.boolValue else { return [Found(path: path)] }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw Failure("\(path): not a readable folder")
    }
    let files = names.sorted().filter { !$0.hasPrefix(".") }.compactMap { name -> Found? in
      let file = "\(path.hasSuffix("/") ? String(path.dropLast()) : path)/\(name)"
      let ending = URL(fileURLWithPath: name).pathExtension.lowercased()
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: file, isDirectory: &isFolder)
      if isFolder.boolValue { return nil }
      if workbooks.contains(ending) {
        return Found(path: file, isInFolder: true, refusal: "a workbook: save the sheet as CSV")
      }
      return endings.contains(ending) ? Found(path: file, isInFolder: true) : nil
    }
    guard !files.isEmpty else { throw Failure("\(path): no decision sheet in it") }
    return files
  }

  private static func bytes(of path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure("\(path): not a readable file")
    }
    guard data.count <= bytesMax else {
      throw Failure("\(path): more than \(bytesMax >> 20) MiB: no sheet of decisions")
    }
    return Array(data)
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
