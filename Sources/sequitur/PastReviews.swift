internal import Findings
internal import Foundation
internal import History
internal import Model
internal import Reports

/// The history that a review is compared with and kept in.
///
/// The file is made when the first review is kept: a run that writes nothing leaves nothing.
struct PastReviews {
  private let history: History?
  private let path: String

  /// What a history is opened for.
  enum Use { case reading, keeping }

  /// Opens a history, if it is there. For a review that is to be kept, what can be known to hinder
  /// that is said before the work begins.
  init(path: String, for use: Use) throws {
    self.path = path
    let isThere = FileManager.default.fileExists(atPath: path)
    history = isThere ? try PastReviews.open(path) : nil
    if use == .keeping {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
      try OutputFolder.check(folder, "--history")
      try said { try history?.checkWritable() }
    }
  }

  private static func open(_ path: String) throws -> History {
    do {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      return try History(path: path)
    } catch let problem as HistoryProblem {
      throw Failure("\(path): \(problem.text)")
    } catch {
      throw Failure("\(path): cannot be made: \(error.localizedDescription)")
    }
  }

  /// What changed since the latest review that ended before this one.
  func change(to review: ReviewSnapshot) throws -> Report.ChangeSection {
    guard let end = review.to else {
      return .absent(
        because: "this review has no end in time: no timed event and no flag gives one")
    }
    return try said {
      guard let history,
        let baseline = try history.baseline(of: review.review, endingAt: end)
      else {
        return .absent(because: "no earlier review is in the history")
      }
      let known = Set(baseline.findings.map(\.id))
      let missing = review.findings.map(\.id).filter { !known.contains($0) }
      return .known(
        ReviewChange(
          from: baseline, to: review,
          lastSeen: try history.lastSeen(missing, before: baseline)))
    }
  }

  /// The reviews that ended before this one, and this one, in a few numbers each.
  func trend(to review: ReviewSnapshot) throws -> Report.TrendSection {
    guard let figures = ReviewFigures(review) else {
      return .absent(
        because: "this review has no end in time: no timed event and no flag gives one")
    }
    let past = try said { try history?.figures(before: figures.to, besides: review.review) ?? [] }
    return .known(past + [figures])
  }

  /// Decisions with what they are about, those that earlier reviews have read among them.
  func decisions(
    _ decisions: [ReviewerDecision], for review: String, endingAt end: Timestamp
  ) throws -> JoinedDecisions {
    try said {
      guard let history else { return JoinedDecisions(decisions) { _ in nil } }
      return try history.decisions(decisions, for: review, endingAt: end)
    }
  }

  /// Keeps a review that was written, with what it asks and what it saw of earlier decisions.
  ///
  /// One without an end has no place among others and is not kept.
  func keep(_ snapshot: ReviewSnapshot, _ review: Review) throws {
    guard snapshot.to != nil else { return }
    do {
      let history = try history ?? PastReviews.open(path)
      try said {
        try history.keep(
          snapshot, asking: review.questions.map(\.item), decisions: review.decisions)
      }
    } catch let failure as Failure {
      throw Failure(
        "\(failure.text): the review is written, but the history does not have it: make it again")
    }
  }

  private func said<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let problem as HistoryProblem {
      throw Failure("\(path): \(problem.text)")
    }
  }
}

extension Report {
  /// What a later review needs to know of this one.
  var snapshot: ReviewSnapshot {
    var snapshot = ReviewSnapshot(
      review, id: id, policies: policies, vocabulary: input.vocabularyVersion)
    // SQLite ends a text at its first NUL, and would take two ids for one.
    for place in snapshot.agents.indices {
      snapshot.agents[place].id = snapshot.agents[place].id.replacing("\u{0}", with: "\u{2400}")
    }
    return snapshot
  }
}
