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
    migrator.registerMigration("2: what is asked, and what was decided") { database in
      try database.execute(sql: second)
    }
    migrator.registerMigration("3: figures of each review") { database in
      try database.execute(sql: figures)
    }
    migrator.registerMigration("4: questions by their subjects") { database in
      try database.execute(sql: numbers)
    }
    return migrator
  }

  /// Whether a file is the database of some other program: it has tables, and ours were never made.
  static func isForeign(_ database: Database) throws -> Bool {
    // The list of migrations is made before the first of them: a killed run may have left it alone.
    let others = try Int.fetchOne(
      database, sql: "SELECT count(*) FROM sqlite_schema WHERE tbl_name <> 'grdb_migrations'")
    guard let others, others > 0, let first = migrator.migrations.first else { return false }
    return try !migrator.appliedIdentifiers(database).contains(first)
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

  /// What a row of a decision sheet is about changes little from review to review and is kept once;
  /// `asked` is the id of the review whose sheet a decision answers, `review` the one that judged it.
  private static let second = """
    CREATE TABLE subject (
      number INTEGER PRIMARY KEY,
      digest TEXT NOT NULL UNIQUE,
      text TEXT NOT NULL
    );
    CREATE TABLE question (
      review INTEGER NOT NULL REFERENCES review (number) ON DELETE CASCADE,
      id TEXT NOT NULL, subject INTEGER NOT NULL REFERENCES subject (number),
      PRIMARY KEY (review, id)
    ) WITHOUT ROWID;
    CREATE TABLE decision (
      review INTEGER NOT NULL REFERENCES review (number) ON DELETE CASCADE,
      id TEXT NOT NULL, asked TEXT NOT NULL,
      askedToNanoseconds INTEGER NOT NULL, askedToDigits INTEGER NOT NULL,
      word TEXT NOT NULL, decidedBy TEXT NOT NULL, reason TEXT NOT NULL,
      untilNanoseconds INTEGER, untilDigits INTEGER,
      file TEXT NOT NULL, line INTEGER NOT NULL, state TEXT NOT NULL,
      subject INTEGER NOT NULL REFERENCES subject (number),
      PRIMARY KEY (review, id)
    ) WITHOUT ROWID;
    """

  /// A trend over many reviews reads one row of each and not all of their agents and findings. Of the
  /// reviews that are there, bands follow from the scores by the numbers that scoring had then.
  private static let figures = """
    CREATE TABLE figures (
      review INTEGER PRIMARY KEY REFERENCES review (number) ON DELETE CASCADE,
      critical INTEGER NOT NULL, high INTEGER NOT NULL, moderate INTEGER NOT NULL,
      low INTEGER NOT NULL, notAssessed INTEGER NOT NULL,
      held INTEGER NOT NULL, unused INTEGER NOT NULL, unseen INTEGER
    );
    CREATE TABLE findingFigures (
      review INTEGER NOT NULL REFERENCES review (number) ON DELETE CASCADE,
      status TEXT NOT NULL, count INTEGER NOT NULL,
      PRIMARY KEY (review, status)
    ) WITHOUT ROWID;
    INSERT INTO figures
      SELECT number, coalesce(sum(worse >= 75), 0), coalesce(sum(worse >= 50 AND worse < 75), 0),
        coalesce(sum(worse >= 25 AND worse < 50), 0), coalesce(sum(worse < 25), 0),
        count(id) - count(worse), coalesce(sum(held), 0), coalesce(sum(unused), 0), NULL
      FROM (
        SELECT number, agent.id, held, unused,
          max(coalesce(privilege, composition), coalesce(composition, privilege)) AS worse
        FROM review LEFT JOIN agent ON agent.review = review.number
      ) GROUP BY number;
    INSERT INTO findingFigures SELECT review, status, count(*) FROM finding GROUP BY review, status;
    """

  /// A review of ten thousand agents asks a hundred thousand questions, nearly all of them those of
  /// the review before: two numbers are kept of each and the id once. No foreign key leads from
  /// them to their subjects, since every subject that goes would have all questions looked through.
  private static let numbers = """
    ALTER TABLE subject ADD COLUMN item TEXT NOT NULL DEFAULT '';
    UPDATE subject SET item = json_extract(text, '$.id');
    CREATE INDEX subjectByItem ON subject (item);
    CREATE TABLE newQuestion (
      review INTEGER NOT NULL REFERENCES review (number) ON DELETE CASCADE,
      subject INTEGER NOT NULL,
      PRIMARY KEY (review, subject)
    ) WITHOUT ROWID;
    INSERT INTO newQuestion SELECT review, subject FROM question;
    DROP TABLE question;
    ALTER TABLE newQuestion RENAME TO question;
    CREATE INDEX decisionBySubject ON decision (subject);
    CREATE INDEX decisionDone ON decision (id, asked, review) WHERE state = 'done';
    """
}
