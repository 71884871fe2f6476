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
    let before = try subjects(ofReview: snapshot.review)
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
    let now = try insertQuestions(items, number).union(insertDecisions(decisions, number))
    try removeUnused(of: before.subtracting(now))
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

  /// In the order of the subjects' numbers, in which the table has them; gives the numbers.
  private func insertQuestions(_ items: [DecisionItem], _ number: Int64) throws -> Set<Int64> {
    let statement = try database.makeStatement(sql: "INSERT INTO question VALUES (?, ?)")
    let subjects = Set(try subjects(of: items))
    for subject in subjects.sorted() { try statement.execute(arguments: [number, subject]) }
    return subjects
  }

  /// The numbers of what a review asked and judged; none where it is not there.
  private func subjects(ofReview id: String) throws -> Set<Int64> {
    try Int64.fetchSet(
      database,
      sql: """
        SELECT subject FROM review JOIN question ON question.review = number WHERE review.id = ?
        UNION
        SELECT subject FROM review JOIN decision ON decision.review = number WHERE review.id = ?
        """, arguments: [id, id])
  }

  /// Takes away those of some subjects that no review has any more.
  private func removeUnused(of subjects: Set<Int64>) throws {
    let statement = try database.makeStatement(
      sql: """
        DELETE FROM subject WHERE number = ?1
        AND NOT EXISTS (SELECT 1 FROM review CROSS JOIN question
          ON question.review = review.number AND question.subject = ?1)
        AND NOT EXISTS (SELECT 1 FROM decision WHERE subject = ?1)
        """)
    for subject in subjects.sorted() { try statement.execute(arguments: [subject]) }
  }

  /// The numbers of subjects; those that no review has had are put in.
  private func subjects(of items: [DecisionItem]) throws -> [Int64] {
    let find = try database.makeStatement(sql: "SELECT number FROM subject WHERE digest = ?")
    let insert = try database.makeStatement(
      sql: "INSERT INTO subject (digest, text, item) VALUES (?, ?, ?)")
    return try items.map { item in
      let digest = item.digest
      if let known = try Int64.fetchOne(find, arguments: [digest]) { return known }
      try insert.execute(arguments: [digest, try StoredItem.encode(item), item.id])
      return database.lastInsertedRowID
    }
  }

  /// Gives the numbers of what was decided on.
  private func insertDecisions(
    _ decisions: [DecisionStanding], _ number: Int64
  ) throws -> Set<Int64> {
    let subjects = try subjects(of: decisions.map(\.taken.item))
    let statement = try database.makeStatement(
      sql: "INSERT INTO decision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    for (standing, subject) in zip(decisions, subjects) {
      let (taken, decision) = (standing.taken, standing.taken.decision)
      try statement.execute(arguments: [
        number, taken.item.id, taken.asked, taken.askedTo.nanoseconds,
        Int(taken.askedTo.fractionDigits), decision.word.rawValue, decision.decidedBy,
        decision.reason, decision.until?.nanoseconds,
        decision.until.map { Int($0.fractionDigits) }, decision.file, decision.line,
        standing.state.rawValue, subject,
      ])
    }
    return Set(subjects)
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
