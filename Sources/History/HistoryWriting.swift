internal import Findings
internal import Foundation
internal import GRDB
internal import Model

/// Puts a review into the tables.
struct HistoryWriting {
  let database: Database

  /// Replaces the review of the same id. One without an end has no place in time and is not kept.
  func replace(_ snapshot: ReviewSnapshot) throws {
    guard let end = snapshot.to else { return }
    try database.execute(sql: "DELETE FROM review WHERE id = ?", arguments: [snapshot.review])
    try database.execute(
      sql: """
        INSERT INTO review (id, fromNanoseconds, fromDigits, toNanoseconds, toDigits, vocabulary,
          scoring, scoringDigest) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        snapshot.review, snapshot.from?.nanoseconds, snapshot.from.map { Int($0.fractionDigits) },
        end.nanoseconds, Int(end.fractionDigits), snapshot.rules.vocabulary,
        snapshot.rules.scoring, snapshot.rules.scoringDigest,
      ])
    let number = database.lastInsertedRowID
    try insertPolicies(snapshot, number)
    try insertAgents(snapshot, number)
    try insertFindings(snapshot, number)
  }

  private func insertPolicies(_ snapshot: ReviewSnapshot, _ number: Int64) throws {
    let statement = try database.makeStatement(
      sql: "INSERT INTO policy (review, id, digest) VALUES (?, ?, ?)")
    for (id, digest) in snapshot.rules.policies.sorted(by: { $0.key < $1.key }) {
      try statement.execute(arguments: [number, id, digest])
    }
  }

  private func insertAgents(_ snapshot: ReviewSnapshot, _ number: Int64) throws {
    let statement = try database.makeStatement(
      sql: "INSERT INTO agent VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
    for agent in snapshot.agents {
      try statement.execute(arguments: [
        number, agent.id, agent.privilege, agent.composition, agent.held, agent.unused,
        try TextList.encode(agent.sources), agent.isEvidenceEnough,
      ])
    }
  }

  private func insertFindings(_ snapshot: ReviewSnapshot, _ number: Int64) throws {
    let statement = try database.makeStatement(
      sql: "INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    for finding in snapshot.findings {
      try statement.execute(arguments: [
        number, finding.id, finding.policy, finding.title, finding.kind.rawValue,
        finding.status.rawValue, finding.severity.rawValue, try TextList.encode(finding.agents),
        finding.occurrences, finding.last?.nanoseconds,
        finding.last.map { Int($0.fractionDigits) },
      ])
    }
  }
}

/// Several texts in one column, as a JSON array.
enum TextList {
  static func encode(_ texts: [String]) throws -> String {
    String(decoding: try JSONEncoder().encode(texts), as: UTF8.self)
  }

  static func decode(_ text: String) throws -> [String] {
    try JSONDecoder().decode([String].self, from: Data(text.utf8))
  }
}
