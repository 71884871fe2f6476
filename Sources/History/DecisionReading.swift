internal import Findings
internal import GRDB
internal import Model

/// Takes what was asked and decided out of the tables.
struct DecisionReading {
  let database: Database
  /// Reviews that count ended before this instant and are not that one.
  let end: Timestamp
  let review: String

  /// A decision with what it is about: as the review that it names asked, else as the latest did
  /// that asked at all; nil when none did.
  func taken(_ decision: ReviewerDecision) throws -> TakenDecision? {
    let named = try decision.review.flatMap { try row(decision.id, askedBy: $0) }
    guard let row = try named ?? row(decision.id, askedBy: nil) else { return nil }
    let asked: String = row["review"]
    return TakenDecision(
      decision: decision, item: try StoredItem.decode(row["text"]), asked: asked,
      askedTo: HistoryReading.time(row, "to") ?? end,
      doneIn: try doneIn(decision.id, asked: asked), isCarried: false)
  }

  private func row(_ id: String, askedBy review: String?) throws -> Row? {
    try Row.fetchOne(
      database,
      sql: """
        SELECT review.id AS review, review.toNanoseconds, review.toDigits, subject.text
        FROM review JOIN question ON question.review = review.number AND question.id = ?
        JOIN subject ON subject.number = question.subject
        WHERE review.toNanoseconds < ? AND review.id <> ? AND (? IS NULL OR review.id = ?)
        ORDER BY review.toNanoseconds DESC, review.id LIMIT 1
        """, arguments: [id, end.nanoseconds, self.review, review, review])
  }

  /// The decisions that the latest of the reviews judged.
  func carried() throws -> [TakenDecision] {
    let latest = try Int64.fetchOne(
      database,
      sql: """
        SELECT number FROM review WHERE toNanoseconds < ? AND id <> ?
        ORDER BY toNanoseconds DESC, id LIMIT 1
        """, arguments: [end.nanoseconds, review])
    guard let latest else { return [] }
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT decision.*, subject.text FROM decision
        JOIN subject ON subject.number = decision.subject WHERE decision.review = ?
        """, arguments: [latest])
    return try rows.map { row in
      let (id, asked): (String, String) = (row["id"], row["asked"])
      return TakenDecision(
        decision: ReviewerDecision(
          id: id, review: asked, word: try HistoryReading.word(row, "word", of: "decision"),
          decidedBy: row["decidedBy"], reason: row["reason"],
          until: HistoryReading.time(row, "until"), file: row["file"], line: row["line"]),
        item: try StoredItem.decode(row["text"]), asked: asked,
        askedTo: HistoryReading.time(row, "askedTo") ?? end, doneIn: try doneIn(id, asked: asked),
        isCarried: true)
    }
  }

  /// The latest of the reviews that found a decision done.
  private func doneIn(_ id: String, asked: String) throws -> String? {
    try String.fetchOne(
      database,
      sql: """
        SELECT review.id FROM review
        JOIN decision ON decision.review = review.number AND decision.id = ?
        WHERE decision.asked = ? AND decision.state = ? AND review.toNanoseconds < ?
        AND review.id <> ? ORDER BY review.toNanoseconds DESC, review.id LIMIT 1
        """,
      arguments: [id, asked, DecisionStanding.State.done.rawValue, end.nanoseconds, review])
  }
}
