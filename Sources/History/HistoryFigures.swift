internal import Findings
internal import GRDB
internal import Model

/// Reviews in a few numbers each: a trend reads one row of each and not all of their agents.
struct HistoryFigures {
  let database: Database

  /// Keeps the figures of a review by its number.
  func insert(_ snapshot: ReviewSnapshot, _ number: Int64) throws {
    guard let figures = ReviewFigures(snapshot) else { return }
    try database.execute(
      sql: "INSERT INTO figures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      arguments: [
        number, figures.critical, figures.high, figures.moderate, figures.low,
        figures.notAssessed, figures.held, figures.unused, figures.unseen,
      ])
    let statement = try database.makeStatement(
      sql: "INSERT INTO findingFigures VALUES (?, ?, ?)")
    for status in Finding.Status.allCases {
      guard let count = figures.findings[status] else { continue }
      try statement.execute(arguments: [number, status.rawValue, count])
    }
  }

  /// The figures of the reviews that ended before an instant, but for one; by their end.
  func before(_ end: Timestamp, besides review: String) throws -> [ReviewFigures] {
    let findings = try counts()
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT * FROM review JOIN figures ON figures.review = review.number
        WHERE toNanoseconds < ? AND id <> ? ORDER BY toNanoseconds, id
        """, arguments: [end.nanoseconds, review])
    var all: [ReviewFigures] = []
    while let row = try rows.next() {
      guard let end = HistoryReading.time(row, "to") else { continue }
      var figures = ReviewFigures(
        review: row["id"], from: HistoryReading.time(row, "from"), to: end)
      figures.critical = row["critical"]
      figures.high = row["high"]
      figures.moderate = row["moderate"]
      figures.low = row["low"]
      figures.notAssessed = row["notAssessed"]
      figures.held = row["held"]
      figures.unused = row["unused"]
      figures.unseen = row["unseen"]
      figures.findings = findings[row["number"]] ?? [:]
      all.append(figures)
    }
    return all
  }

  /// Counts of findings by the number of the review and how they stood.
  private func counts() throws -> [Int64: [Finding.Status: Int]] {
    var counts: [Int64: [Finding.Status: Int]] = [:]
    let rows = try Row.fetchCursor(database, sql: "SELECT * FROM findingFigures")
    while let row = try rows.next() {
      let status: Finding.Status = try HistoryReading.word(row, "status", of: "finding")
      counts[row["review"], default: [:]][status] = row["count"]
    }
    return counts
  }
}
