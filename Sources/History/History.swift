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

  /// How long one run waits for another that is writing, in seconds: longer than any run writes.
  package static let patienceSeconds = 30.0

  /// Opens the file, makes it where it is not there, and brings an older one to this version.
  ///
  /// A file of this version is not written to, so that one that is read-only can be read.
  /// - Throws: `HistoryProblem` when the file is no history, is newer than this code, or cannot be
  ///   read or written; a newer one, and what is no history, is left untouched.
  package init(
    path: String, patienceSeconds: Double = History.patienceSeconds
  ) throws(HistoryProblem) {
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(patienceSeconds)
      configuration.foreignKeysEnabled = true
      configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -65536") }
      queue = try DatabaseQueue(path: path, configuration: configuration)
      let migrator = HistorySchema.migrator
      let isComplete = try queue.read { database in
        if try HistorySchema.isForeign(database) { throw HistoryProblem.noHistory }
        if try migrator.hasBeenSuperseded(database) { throw HistoryProblem.newer }
        return try migrator.hasCompletedMigrations(database)
      }
      if !isComplete { try migrator.migrate(queue) }
    } catch {
      throw HistoryProblem(error)
    }
  }

  /// Says before a long run that its review cannot be kept: where the file is read-only, or another
  /// program holds it for longer than this one waits.
  package func checkWritable() throws(HistoryProblem) {
    do {
      try queue.writeWithoutTransaction { database in
        try database.execute(sql: "BEGIN IMMEDIATE; ROLLBACK")
      }
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
        let reading = try DecisionReading(database: database, end: end, review: review)
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
  /// Another program has held it for longer than anybody waits.
  case locked
  /// It, or its folder, cannot be written to.
  case readOnly
  /// There is no room for more.
  case full
  /// It is a history, and what stands in it cannot be.
  case damaged(String)
  /// What the database says.
  case database(String)

  fileprivate init(_ error: any Error) {
    switch error {
    case let problem as HistoryProblem: self = problem
    case let error as DatabaseError:
      let message = error.message ?? error.description
      switch error.resultCode {
      case .SQLITE_NOTADB: self = .noHistory
      case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked
      case .SQLITE_READONLY: self = .readOnly
      case .SQLITE_FULL: self = .full
      case .SQLITE_CORRUPT: self = .damaged(message)
      default: self = .database(message)
      }
    // What it holds stays out of messages.
    case is DecodingError: self = .damaged("a text in it is not what was written")
    default: self = .database("\(error)")
    }
  }

  /// The problem in words.
  package var text: String {
    switch self {
    case .newer:
      return "was written by a later version of sequitur; it is left as it is"
    case .noHistory: return "is no history of reviews"
    case .locked:
      return "is held by another program, for longer than \(Int(History.patienceSeconds)) seconds"
    case .readOnly: return "cannot be written to: it or its folder is read-only"
    case .full: return "cannot be written to: the disk is full"
    case .damaged(let what): return "is damaged: \(what)"
    case .database(let message): return message
    }
  }
}
