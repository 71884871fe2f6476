package import Findings
internal import Foundation
internal import GRDB
package import Model

/// Earlier reviews, in one SQLite file.
///
/// A review replaces its own row, in one transaction: a run that is killed leaves the file as it was
/// before, and two runs at once wait for each other.
package struct History: Sendable {
  private let queue: DatabaseQueue

  /// How long one run waits for another that is writing, in seconds.
  private static let patienceSeconds = 30.0

  /// Opens the file, makes it where it is not there, and brings an older one to this version.
  ///
  /// - Throws: `HistoryProblem` when the file is no history, is newer than this code, or cannot be
  ///   read or written; a newer one is left untouched.
  package init(path: String) throws(HistoryProblem) {
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(History.patienceSeconds)
      configuration.foreignKeysEnabled = true
      queue = try DatabaseQueue(path: path, configuration: configuration)
      if try queue.read(HistorySchema.migrator.hasBeenSuperseded) { throw HistoryProblem.newer }
      try HistorySchema.migrator.migrate(queue)
    } catch {
      throw HistoryProblem(error)
    }
  }

  /// The review that one is compared with: the latest that ended before it; nil when there is none.
  package func baseline(
    of review: String, endingAt end: Timestamp
  ) throws(HistoryProblem) -> ReviewSnapshot? {
    do {
      return try queue.read { database in
        try HistoryReading(database: database).baseline(before: end, besides: review)
      }
    } catch {
      throw HistoryProblem(error)
    }
  }

  /// For findings that a review does not have: the latest review before it that had each.
  package func lastSeen(
    _ findings: [String], before review: ReviewSnapshot
  ) throws(HistoryProblem) -> [String: String] {
    guard let end = review.to, !findings.isEmpty else { return [:] }
    do {
      return try queue.read { database in
        try HistoryReading(database: database).lastSeen(Set(findings), before: end)
      }
    } catch {
      throw HistoryProblem(error)
    }
  }

  /// The figures of the reviews that ended before an instant, but for one; by their end.
  package func figures(
    before end: Timestamp, besides review: String
  ) throws(HistoryProblem) -> [ReviewFigures] {
    do {
      return try queue.read { database in
        try HistoryFigures(database: database).before(end, besides: review)
      }
    } catch {
      throw HistoryProblem(error)
    }
  }

  /// Decisions with what they are about, and those that the latest review before had to judge: of
  /// two on one item the one that answers the later review counts.
  package func decisions(
    _ decisions: [ReviewerDecision], for review: String, endingAt end: Timestamp
  ) throws(HistoryProblem) -> JoinedDecisions {
    do {
      return try queue.read { database in
        let reading = DecisionReading(database: database, end: end, review: review)
        var joined = try JoinedDecisions(decisions, find: reading.taken)
        joined.add(carried: try reading.carried())
        return joined
      }
    } catch {
      throw HistoryProblem(error)
    }
  }

  /// Keeps a review, what it asks to be decided and what became of earlier decisions, in place of
  /// what was kept under its id.
  package func keep(
    _ snapshot: ReviewSnapshot, asking items: [DecisionItem], decisions: [DecisionStanding]
  ) throws(HistoryProblem) {
    do {
      try queue.write { database in
        try HistoryWriting(database: database).replace(snapshot, asking: items, decisions)
      }
    } catch {
      throw HistoryProblem(error)
    }
  }
}

/// Why a history cannot be used.
package enum HistoryProblem: Error, Equatable {
  /// A later version of the tool has written it.
  case newer
  /// It is some other file.
  case noHistory
  /// What the database says.
  case database(String)

  fileprivate init(_ error: any Error) {
    switch error {
    case let problem as HistoryProblem: self = problem
    case let error as DatabaseError where error.resultCode == .SQLITE_NOTADB: self = .noHistory
    case let error as DatabaseError: self = .database(error.message ?? error.description)
    default: self = .database("\(error)")
    }
  }

  /// The problem in words.
  package var text: String {
    switch self {
    case .newer:
      return "was written by a later version of sequitur; it is left as it is"
    case .noHistory: return "is no history of reviews"
    case .database(let message): return message
    }
  }
}
