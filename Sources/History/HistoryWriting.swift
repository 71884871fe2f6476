internal import Findings
internal import Foundation
internal import GRDB
internal import Model

/// Puts a review into the tables.
struct HistoryWriting {
  let database: Database

  /// Replaces the review of the same id. One without an end has no place in time and is not kept.
  func replace(
    _ snapshot: ReviewSnapshot, asking items: [DecisionItem], _ decisions: [DecisionStanding]
  ) throws {
    guard let end = snapshot.to else { return }
    try database.execute(sql: "DELETE FROM review WHERE id = ?", arguments: [snapshot.review])
    let isAgain = database.changesCount > 0
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
    try insertQuestions(items, number)
    try insertDecisions(decisions, number)
    if isAgain {
      try database.execute(
        sql: """
          DELETE FROM subject WHERE number NOT IN (
            SELECT subject FROM question UNION SELECT subject FROM decision)
          """)
    }
    try HistoryFigures(database: database).insert(snapshot, number)
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

  private func insertQuestions(_ items: [DecisionItem], _ number: Int64) throws {
    try insertSubjects(items)
    let statement = try database.makeStatement(
      sql: "INSERT INTO question SELECT ?, ?, number FROM subject WHERE digest = ?")
    for item in items { try statement.execute(arguments: [number, item.id, item.digest]) }
  }

  private func insertSubjects(_ items: [DecisionItem]) throws {
    let statement = try database.makeStatement(
      sql: "INSERT INTO subject (digest, text) VALUES (?, ?) ON CONFLICT DO NOTHING")
    for item in items {
      try statement.execute(arguments: [item.digest, try StoredItem.encode(item)])
    }
  }

  private func insertDecisions(_ decisions: [DecisionStanding], _ number: Int64) throws {
    try insertSubjects(decisions.map(\.taken.item))
    let statement = try database.makeStatement(
      sql: """
        INSERT INTO decision SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, number FROM subject
        WHERE digest = ?
        """)
    for standing in decisions {
      let (taken, decision) = (standing.taken, standing.taken.decision)
      try statement.execute(arguments: [
        number, taken.item.id, taken.asked, taken.askedTo.nanoseconds,
        Int(taken.askedTo.fractionDigits), decision.word.rawValue, decision.decidedBy,
        decision.reason, decision.until?.nanoseconds,
        decision.until.map { Int($0.fractionDigits) }, decision.file, decision.line,
        standing.state.rawValue, taken.item.digest,
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
