internal import GRDB

/// The tables of a history, version by version. A version that was released is never changed: what
/// is new goes into one that follows.
enum HistorySchema {
  /// Brings a file to the latest version.
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: reviews, agents, findings") { database in
      try database.execute(sql: first)
    }
    return migrator
  }

  /// Times are nanoseconds since 1970 with the digits of their second; absent times are null.
  private static let first = """
    CREATE TABLE review (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      fromNanoseconds INTEGER, fromDigits INTEGER,
      toNanoseconds INTEGER NOT NULL, toDigits INTEGER NOT NULL,
      vocabulary TEXT NOT NULL, scoring TEXT NOT NULL, scoringDigest TEXT NOT NULL
    );
    CREATE INDEX reviewByEnd ON review (toNanoseconds);
    CREATE TABLE policy (
      review INTEGER NOT NULL REFERENCES review (number) ON DELETE CASCADE,
      id TEXT NOT NULL, digest TEXT NOT NULL,
      PRIMARY KEY (review, id)
    ) WITHOUT ROWID;
    CREATE TABLE agent (
      review INTEGER NOT NULL REFERENCES review (number) ON DELETE CASCADE,
      id TEXT NOT NULL, privilege INTEGER, composition INTEGER,
      held INTEGER NOT NULL, unused INTEGER NOT NULL, sources TEXT NOT NULL,
      isEvidenceEnough INTEGER NOT NULL,
      PRIMARY KEY (review, id)
    ) WITHOUT ROWID;
    CREATE TABLE finding (
      review INTEGER NOT NULL REFERENCES review (number) ON DELETE CASCADE,
      id TEXT NOT NULL, policy TEXT NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL,
      status TEXT NOT NULL, severity TEXT NOT NULL, agents TEXT NOT NULL,
      occurrences INTEGER NOT NULL, lastNanoseconds INTEGER, lastDigits INTEGER,
      PRIMARY KEY (review, id)
    ) WITHOUT ROWID;
    CREATE INDEX findingByID ON finding (id, review);
    """
}
