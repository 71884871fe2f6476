internal import Findings
internal import GRDB
internal import Model

/// Takes what was asked and decided out of the tables.
struct DecisionReading {
  private let database: Database
  /// The reviews that count: they ended before `end` and are not the one that reads.
  private let earlier: [EarlierReview]
  private let end: Timestamp
  private let review: String
  private let findItem: GRDB.Statement
  private let findDone: GRDB.Statement

  /// A review that may have asked.
  private struct EarlierReview {
    var number: Int64
    var id: String
    var to: Timestamp
  }

  /// Reads for a review that ends at an instant, itself not among the earlier ones.
  init(database: Database, end: Timestamp, review: String) throws {
    self.database = database
    self.end = end
    self.review = review
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT number, id, toNanoseconds, toDigits FROM review WHERE toNanoseconds < ? AND id <> ?
        ORDER BY toNanoseconds DESC, id
        """, arguments: [end.nanoseconds, review])
    earlier = rows.map { row in
      EarlierReview(
        number: row["number"], id: row["id"], to: HistoryReading.time(row, "to") ?? end)
    }
    findItem = try database.makeStatement(
      sql: """
        SELECT subject.text FROM subject CROSS JOIN question
        ON question.review = ? AND question.subject = subject.number WHERE subject.item = ?
        """)
    // The state stands in the text so that the index over done decisions serves.
    findDone = try database.makeStatement(
      sql: """
        SELECT review.id FROM decision JOIN review ON review.number = decision.review
        WHERE decision.id = ? AND decision.asked = ?
        AND decision.state = '\(DecisionStanding.State.done.rawValue)'
        AND review.toNanoseconds < ? AND review.id <> ?
        ORDER BY review.toNanoseconds DESC, review.id LIMIT 1
        """)
  }

  /// A decision with what it is about: as the review that it names asked, else as the latest did
  /// that asked at all; nil when none did.
  func taken(_ decision: ReviewerDecision) throws -> TakenDecision? {
    let named = decision.review.flatMap { name in earlier.first { $0.id == name } }
    for asking in [named].compactMap({ $0 }) + earlier {
      let text = try String.fetchOne(findItem, arguments: [asking.number, decision.id])
      guard let text else { continue }
      return TakenDecision(
        decision: decision, item: try StoredItem.decode(text), asked: asking.id,
        askedTo: asking.to, doneIn: try doneIn(decision.id, asked: asking.id), isCarried: false)
    }
    return nil
  }

  /// The decisions that the latest of the reviews judged.
  func carried() throws -> [TakenDecision] {
    guard let latest = earlier.first else { return [] }
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT decision.*, subject.text FROM decision
        JOIN subject ON subject.number = decision.subject WHERE decision.review = ?
        """, arguments: [latest.number])
    var carried: [TakenDecision] = []
    while let row = try rows.next() {
      let (id, asked): (String, String) = (row["id"], row["asked"])
      carried.append(
        TakenDecision(
          decision: ReviewerDecision(
            id: id, review: asked, word: try HistoryReading.word(row, "word", of: "decision"),
            decidedBy: row["decidedBy"], reason: row["reason"],
            until: HistoryReading.time(row, "until"), file: row["file"], line: row["line"]),
          item: try StoredItem.decode(row["text"]), asked: asked,
          askedTo: HistoryReading.time(row, "askedTo") ?? end,
          doneIn: try doneIn(id, asked: asked), isCarried: true))
    }
    return carried
  }

  /// The latest of the reviews that found a decision done.
  private func doneIn(_ id: String, asked: String) throws -> String? {
    try String.fetchOne(findDone, arguments: [id, asked, end.nanoseconds, review])
  }
}
