internal import Findings
internal import GRDB
internal import Model
internal import Policies

/// Takes reviews out of the tables.
struct HistoryReading {
  let database: Database

  /// The latest review that ended before an instant, but for one.
  func baseline(before end: Timestamp, besides review: String) throws -> ReviewSnapshot? {
    let row = try Row.fetchOne(
      database,
      sql: """
        SELECT * FROM review WHERE toNanoseconds < ? AND id <> ?
        ORDER BY toNanoseconds DESC, id LIMIT 1
        """, arguments: [end.nanoseconds, review])
    return try row.map(snapshot)
  }

  /// The latest review before an instant that had each of some findings.
  func lastSeen(_ findings: Set<String>, before end: Timestamp) throws -> [String: String] {
    var seen: [String: String] = [:]
    let statement = try database.makeStatement(
      sql: """
        SELECT review.id FROM finding JOIN review ON review.number = finding.review
        WHERE finding.id = ? AND review.toNanoseconds < ?
        ORDER BY review.toNanoseconds DESC, review.id LIMIT 1
        """)
    for finding in findings.sorted() {
      seen[finding] = try String.fetchOne(statement, arguments: [finding, end.nanoseconds])
    }
    return seen
  }

  private func snapshot(_ row: Row) throws -> ReviewSnapshot {
    let number: Int64 = row["number"]
    var policies: [String: String] = [:]
    let rows = try Row.fetchCursor(
      database, sql: "SELECT id, digest FROM policy WHERE review = ?", arguments: [number])
    while let row = try rows.next() { policies[row["id"]] = row["digest"] }
    return ReviewSnapshot(
      review: row["id"], from: HistoryReading.time(row, "from"), to: HistoryReading.time(row, "to"),
      rules: ReviewSnapshot.Rules(
        policies: policies, vocabulary: row["vocabulary"], scoring: row["scoring"],
        scoringDigest: row["scoringDigest"]),
      agents: try agents(of: number), findings: try findings(of: number))
  }

  private func agents(of number: Int64) throws -> [ReviewSnapshot.Agent] {
    var agents: [ReviewSnapshot.Agent] = []
    let rows = try Row.fetchCursor(
      database, sql: "SELECT * FROM agent WHERE review = ?", arguments: [number])
    while let row = try rows.next() {
      agents.append(
        ReviewSnapshot.Agent(
          id: row["id"], privilege: row["privilege"], composition: row["composition"],
          held: row["held"], unused: row["unused"],
          sources: try TextList.decode(row["sources"]), isEvidenceEnough: row["isEvidenceEnough"]))
    }
    return agents
  }

  private func findings(of number: Int64) throws -> [ReviewSnapshot.Finding] {
    var findings: [ReviewSnapshot.Finding] = []
    let rows = try Row.fetchCursor(
      database, sql: "SELECT * FROM finding WHERE review = ?", arguments: [number])
    while let row = try rows.next() {
      findings.append(
        ReviewSnapshot.Finding(
          id: row["id"], policy: row["policy"], title: row["title"],
          kind: try HistoryReading.word(row, "kind", of: "finding"),
          status: try HistoryReading.word(row, "status", of: "finding"),
          severity: try HistoryReading.word(row, "severity", of: "finding"),
          agents: try TextList.decode(row["agents"]),
          occurrences: row["occurrences"], last: HistoryReading.time(row, "last")))
    }
    return findings
  }

  /// A word of a closed list; another one is damage.
  static func word<Word: RawRepresentable>(
    _ row: Row, _ column: String, of thing: String
  ) throws -> Word where Word.RawValue == String {
    let text: String = row[column]
    guard let word = Word(rawValue: text) else {
      throw HistoryProblem.damaged("`\(text.prefix(40))` is no \(column) of a \(thing)")
    }
    return word
  }

  /// A time in its two columns; nil where they are null.
  static func time(_ row: Row, _ name: String) -> Timestamp? {
    guard let nanoseconds: Int64 = row["\(name)Nanoseconds"], let digits: Int = row["\(name)Digits"]
    else { return nil }
    return Timestamp(nanoseconds: nanoseconds, fractionDigits: UInt8(clamping: digits))
  }
}
