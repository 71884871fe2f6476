import Findings
import Foundation
import GRDB
import Model
import Policies
import TestSupport
import Testing

@testable import History

/// A history keeps what a later review is compared with, and survives what happens to files.
@Suite struct HistoryTests {
  /// A path in a folder of its own, which is removed afterwards.
  private func withPath(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.appendingPathComponent("history.sqlite").path)
  }

  private func time(_ text: String, isEnd: Bool = true) throws -> Timestamp {
    try #require(Timestamp(bound: text, isEnd: isEnd))
  }

  private func snapshot(
    _ review: String, to: String, findings: [String] = ["f"], agents: Int = 1
  ) throws -> ReviewSnapshot {
    ReviewSnapshot(
      review: review, from: try time("2026-01-01", isEnd: false), to: try time(to),
      rules: ReviewSnapshot.Rules(
        policies: ["p": "aa", "q": "bb"], vocabulary: "v", scoring: "1", scoringDigest: "cc"),
      agents: (0..<agents).map { number in
        ReviewSnapshot.Agent(
          id: "agent \(number) `'\"é", privilege: number % 2 == 0 ? nil : 40, composition: 7,
          held: 10, unused: 3, sources: ["aws-cloudtrail", "canonical"], isEvidenceEnough: true)
      },
      findings: findings.map { id in
        ReviewSnapshot.Finding(
          id: id, policy: "p", title: "a title", kind: .composition, status: .nearMiss,
          severity: .critical, agents: ["a", "b"], occurrences: 4,
          last: Timestamp(nanoseconds: 1_790_000_000_123_000_000, fractionDigits: 3))
      })
  }

  @Test func whatIsKeptComesBackWhole() throws {
    try withPath { path in
      let kept = try snapshot("Q2", to: "2026-06-30", findings: ["b", "a"], agents: 3)
      try History(path: path).keep(kept, asking: [], decisions: [])
      let read = try History(path: path).baseline(of: "Q3", endingAt: try time("2026-09-30"))
      #expect(read == kept)
    }
  }

  @Test func theBaselineIsTheLatestThatEndedBefore() throws {
    try withPath { path in
      let history = try History(path: path)
      for (id, end) in [("Q2", "2026-06-30"), ("Q4", "2026-12-31"), ("Q1", "2026-03-31")] {
        try history.keep(try snapshot(id, to: end), asking: [], decisions: [])
      }
      let end = try time("2026-09-30")
      #expect(try history.baseline(of: "Q3", endingAt: end)?.review == "Q2")
      // A review is not its own past, and one that ends at the same instant is no past either.
      #expect(try history.baseline(of: "Q2", endingAt: end)?.review == "Q1")
      #expect(try history.baseline(of: "x", endingAt: try time("2026-03-31")) == nil)
    }
  }

  @Test func figuresAreThoseOfReviewsThatEndedBefore() throws {
    try withPath { path in
      let history = try History(path: path)
      var first = try snapshot("Q1", to: "2026-03-31", findings: ["a", "b"], agents: 3)
      first.agents[0].band = .critical
      first.agents[1].band = .low
      for place in first.agents.indices { first.agents[place].unseen = 2 }
      try history.keep(first, asking: [], decisions: [])
      try history.keep(try snapshot("Q3", to: "2026-09-30"), asking: [], decisions: [])
      try history.keep(try snapshot("Q2", to: "2026-06-30"), asking: [], decisions: [])
      let figures = try history.figures(before: try time("2026-09-30"), besides: "Q2")
      #expect(figures == [try #require(ReviewFigures(first))])
      #expect(figures[0].critical == 1 && figures[0].low == 1 && figures[0].notAssessed == 1)
      #expect(figures[0].held == 30 && figures[0].unused == 9 && figures[0].unseen == 6)
      #expect(figures[0].findings == [.nearMiss: 2])
      let all = try history.figures(before: try time("2026-12-31"), besides: "Q4")
      #expect(all.map(\.review) == ["Q1", "Q2", "Q3"])
    }
  }

  /// A review that was kept before there were figures has those that follow from its rows.
  @Test func figuresOfEarlierVersionsFollowFromTheirRows() throws {
    try withPath { path in
      let queue = try DatabaseQueue(path: path)
      try HistorySchema.migrator.migrate(queue, upTo: "1: reviews, agents, findings")
      try queue.write { database in
        try database.execute(
          sql: """
            INSERT INTO review VALUES (7, 'Q1', NULL, NULL, 1000, 0, 'v', '1', 'c');
            INSERT INTO review VALUES (9, 'Q2', NULL, NULL, 2000, 0, 'v', '1', 'c');
            INSERT INTO agent VALUES (7, 'a', 80, 10, 5, 2, '[]', 1);
            INSERT INTO agent VALUES (7, 'b', NULL, 30, 6, 3, '[]', 1);
            INSERT INTO agent VALUES (7, 'c', NULL, NULL, 7, 0, '[]', 0);
            INSERT INTO finding
              VALUES (7, 'f', 'p', 't', 'composition', 'realised', 'high', '[]', 1, NULL, NULL);
            """)
      }
      try queue.close()
      let figures = try History(path: path).figures(
        before: Timestamp(nanoseconds: 3_000, fractionDigits: 0), besides: "x")
      #expect(figures.map(\.review) == ["Q1", "Q2"])
      let first = try #require(figures.first)
      #expect((first.critical, first.moderate, first.notAssessed) == (1, 1, 1))
      #expect((first.held, first.unused) == (18, 5))
      #expect(first.unseen == nil)
      #expect(first.findings == [.realised: 1])
      #expect(figures[1].held == 0 && figures[1].notAssessed == 0)
    }
  }

  @Test func theSameReviewAgainReplacesItsOwn() throws {
    try withPath { path in
      let history = try History(path: path)
      try history.keep(
        try snapshot("Q2", to: "2026-06-30", findings: ["old", "both"]), asking: [], decisions: [])
      let again = try snapshot("Q2", to: "2026-06-30", findings: ["both", "new"])
      try history.keep(again, asking: [], decisions: [])
      #expect(try history.baseline(of: "Q3", endingAt: try time("2026-09-30")) == again)
      let counts = try DatabaseQueue(path: path).read { database in
        try (
          Int.fetchOne(database, sql: "SELECT count(*) FROM review"),
          Int.fetchOne(database, sql: "SELECT count(*) FROM finding")
        )
      }
      #expect(counts == (1, 2))
    }
  }

  @Test func aFindingThatCameBackIsFoundInTheReviewThatHadItLast() throws {
    try withPath { path in
      let history = try History(path: path)
      try history.keep(
        try snapshot("Q1", to: "2026-03-31", findings: ["back"]), asking: [], decisions: [])
      try history.keep(
        try snapshot("Q2", to: "2026-06-30", findings: ["back", "other"]), asking: [], decisions: []
      )
      try history.keep(
        try snapshot("Q3", to: "2026-09-30", findings: []), asking: [], decisions: [])
      let seen = try history.lastSeen(
        ["back", "never"], before: try snapshot("Q3", to: "2026-09-30", findings: []))
      #expect(seen == ["back": "Q2"])
    }
  }

  @Test func aNewerHistoryIsLeftAsItIs() throws {
    try withPath { path in
      try History(path: path).keep(try snapshot("Q2", to: "2026-06-30"), asking: [], decisions: [])
      try DatabaseQueue(path: path).write { database in
        try database.execute(
          sql: "INSERT INTO grdb_migrations (identifier) VALUES ('99: from the future')")
      }
      let before = FileManager.default.contents(atPath: path)
      #expect(throws: HistoryProblem.newer) { try History(path: path) }
      #expect(FileManager.default.contents(atPath: path) == before)
    }
  }

  @Test func aFileOfTheFirstFormatIsBroughtToThisOne() throws {
    try withPath { path in
      let sql = try Project.text("Tests/HistoryTests/Fixtures/version-1.sql")
      try DatabaseQueue(path: path).write { try $0.execute(sql: sql) }
      let history = try History(path: path)
      let old = try #require(
        try history.baseline(of: "Q2", endingAt: try time("2026-06-30")))
      #expect(old.review == "acme-2026-Q1")
      #expect(old.agents.map(\.composition) == [60, 14, 75, 21])
      #expect(old.findings.count { $0.status == .realised } == 2)
      #expect(old.rules.policies.count == 37)
      // It asked nothing that it knew of; what comes now is kept beside it.
      let asked = item("a")
      try history.keep(try snapshot("Q2", to: "2026-06-30"), asking: [asked], decisions: [])
      let joined = try history.decisions(
        [decision("a"), decision("policy-blind-e76614c6a7f1")], for: "Q3",
        endingAt: try time("2026-09-30"))
      #expect(joined.taken.map(\.item) == [asked])
      #expect(joined.problems.count == 1)
      // A second time there is nothing to bring.
      let before = FileManager.default.contents(atPath: path)
      _ = try History(path: path)
      #expect(FileManager.default.contents(atPath: path) == before)
    }
  }

  private func item(_ id: String, title: String = "it") -> DecisionItem {
    DecisionItem(
      id: id, title: title, agents: ["a"], names: ["é `\"'"], owners: ["Sales"],
      subject: .advice(
        DecisionItem.Advice(
          advice: .revoke, actions: ["s3:*"], besides: ["s3:GetObject"], resources: ["*"],
          via: "policy p")))
  }

  private func decision(
    _ id: String, _ word: ReviewerDecision.Word = .revoke, review: String? = nil
  ) -> ReviewerDecision {
    ReviewerDecision(
      id: id, review: review, word: word, decidedBy: "al", reason: "r",
      until: Timestamp(bound: "2026-12-31", isEnd: true), file: "d.csv", line: 2)
  }

  private func standing(
    _ taken: TakenDecision, _ state: DecisionStanding.State
  ) -> DecisionStanding {
    DecisionStanding(taken: taken, state: state, evidence: ["x"], warnings: [])
  }

  @Test func decisionsAreRememberedAndSoIsThatTheyWereDone() throws {
    try withPath { path in
      let history = try History(path: path)
      let finding = DecisionItem(
        id: "f", title: "a chain", agents: ["a", "b"], names: [], owners: [],
        subject: .finding(
          policy: "p", kind: .composition, status: .realised,
          steps: [DecisionItem.Step(agent: "a", action: "x"), .init(agent: "b", action: "y")]))
      try history.keep(
        try snapshot("Q1", to: "2026-03-31"), asking: [item("a"), finding], decisions: [])
      let second = try history.decisions(
        [decision("a", review: "Q1"), decision("f", .keep)], for: "Q2",
        endingAt: try time("2026-06-30"))
      #expect(second.taken.map(\.item) == [item("a"), finding])
      #expect(second.taken.map(\.asked) == ["Q1", "Q1"])
      #expect(second.problems.isEmpty)
      try history.keep(
        try snapshot("Q2", to: "2026-06-30"), asking: [item("a", title: "other")],
        decisions: [standing(second.taken[0], .done), standing(second.taken[1], .inForce)])
      // Nobody hands the sheet in again.
      let third = try history.decisions([], for: "Q3", endingAt: try time("2026-09-30"))
      #expect(third.taken.map(\.decision.id) == ["a", "f"])
      #expect(third.taken.map(\.doneIn) == ["Q2", nil])
      #expect(third.taken.map(\.isCarried) == [true, true])
      #expect(third.taken[0].item.title == "it")
      // A newer answer takes the place of an older one; a review is not its own past.
      let newer = try history.decisions(
        [decision("a", .keep, review: "Q2")], for: "Q3", endingAt: try time("2026-09-30"))
      #expect(newer.taken.map(\.decision.word) == [.keep, .keep])
      #expect(newer.taken[0].item.title == "other")
      #expect(try history.decisions([], for: "Q2", endingAt: try time("2026-06-30")).taken.isEmpty)
    }
  }

  @Test func theSameReviewAgainForgetsWhatItAskedBefore() throws {
    try withPath { path in
      let history = try History(path: path)
      let shared = item("b")
      try history.keep(try snapshot("Q1", to: "2026-03-31"), asking: [shared], decisions: [])
      for title in ["one", "two", "two"] {
        try history.keep(
          try snapshot("Q2", to: "2026-06-30"), asking: [item("a", title: title), shared],
          decisions: [])
      }
      let counts = try DatabaseQueue(path: path).read { database in
        try ["subject", "question"].map { table in
          try Int.fetchOne(database, sql: "SELECT count(*) FROM \(table)")
        }
      }
      #expect(counts == [2, 3])
    }
  }

  /// Questions and decisions that an earlier version has kept are found by it, too.
  @Test func decisionsOfTheThirdFormatAreFound() throws {
    try withPath { path in
      let queue = try DatabaseQueue(path: path)
      try HistorySchema.migrator.migrate(queue, upTo: "3: figures of each review")
      let asked = item("a")
      try queue.write { database in
        try database.execute(
          sql: """
            INSERT INTO review VALUES (7, 'Q1', NULL, NULL, 1000, 0, 'v', '1', 'c');
            INSERT INTO review VALUES (9, 'Q2', NULL, NULL, 2000, 0, 'v', '1', 'c');
            INSERT INTO subject (number, digest, text) VALUES (3, 'd', ?);
            INSERT INTO question VALUES (7, 'a', 3);
            INSERT INTO decision VALUES
              (9, 'a', 'Q1', 1000, 0, 'revoke', 'al', 'r', NULL, NULL, 'd.csv', 2, 'done', 3);
            """, arguments: [try StoredItem.encode(asked)])
      }
      try queue.close()
      let end = Timestamp(nanoseconds: 3_000, fractionDigits: 0)
      let joined = try History(path: path).decisions([decision("a")], for: "Q3", endingAt: end)
      #expect(joined.taken.map(\.item) == [asked])
      #expect(joined.taken.map(\.asked) == ["Q1"])
      #expect(joined.taken.map(\.doneIn) == ["Q2"])
    }
  }

  @Test func anotherProgramsDatabaseIsNoHistoryAndIsLeftAsItIs() throws {
    try withPath { path in
      try DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE notes (text)") }
      let before = FileManager.default.contents(atPath: path)
      #expect(throws: HistoryProblem.noHistory) { try History(path: path) }
      #expect(FileManager.default.contents(atPath: path) == before)
    }
  }

  /// A run that was killed while it made the file may have left the list of migrations alone.
  @Test func aFileThatWasHardlyBegunIsAHistory() throws {
    try withPath { path in
      try DatabaseQueue(path: path).write { database in
        try database.execute(
          sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
      }
      let kept = try snapshot("Q2", to: "2026-06-30")
      try History(path: path).keep(kept, asking: [], decisions: [])
      #expect(try History(path: path).baseline(of: "Q3", endingAt: time("2026-09-30")) == kept)
    }
  }

  @Test func aHistoryThatIsHeldForTooLongIsNamedAndKeepsWhatItHad() throws {
    try withPath { path in
      let kept = try snapshot("Q1", to: "2026-03-31")
      let history = try History(path: path, patienceSeconds: 0.05)
      try history.keep(kept, asking: [item("a")], decisions: [])
      let other = try DatabaseQueue(path: path)
      try other.writeWithoutTransaction { database in
        try database.execute(sql: "BEGIN IMMEDIATE")
        // Who reads is not held up by who has begun to write.
        #expect(try history.baseline(of: "Q2", endingAt: time("2026-06-30")) == kept)
        #expect(throws: HistoryProblem.locked) { try history.checkWritable() }
        #expect(throws: HistoryProblem.locked) {
          try history.keep(try snapshot("Q2", to: "2026-06-30"), asking: [], decisions: [])
        }
        try database.execute(sql: "COMMIT; BEGIN EXCLUSIVE")
        #expect(throws: HistoryProblem.locked) { try History(path: path, patienceSeconds: 0.05) }
        try database.execute(sql: "COMMIT")
      }
      try history.checkWritable()
      #expect(try history.baseline(of: "Q9", endingAt: time("2026-12-31")) == kept)
    }
  }

  @Test func aDamagedRowIsNamedAndShowsNothingOfIt() throws {
    try withPath { path in
      let history = try History(path: path)
      try history.keep(
        try snapshot("Q1", to: "2026-03-31"), asking: [item("a")], decisions: [])
      try DatabaseQueue(path: path).write { database in
        try database.execute(sql: "UPDATE subject SET text = '{\"secret\":1}'")
      }
      let problem = HistoryProblem.damaged("a text in it is not what was written")
      #expect(throws: problem) {
        try history.decisions([decision("a")], for: "Q2", endingAt: time("2026-06-30"))
      }
    }
  }

  @Test func anotherFileIsNoHistory() throws {
    try withPath { path in
      try Data(repeating: 0x41, count: 4_096).write(to: URL(fileURLWithPath: path))
      #expect(throws: HistoryProblem.noHistory) { try History(path: path) }
    }
  }

  @Test func twoRunsAtOnceBothKeepTheirs() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("history.sqlite").path
    let snapshots = try (0..<20).map { number in
      try snapshot("R\(number)", to: "2026-06-\(number + 10)", agents: 50)
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for snapshot in snapshots {
        group.addTask { try History(path: path).keep(snapshot, asking: [], decisions: []) }
      }
      try await group.waitForAll()
    }
    let count = try await DatabaseQueue(path: path).read { database in
      try Int.fetchOne(database, sql: "SELECT count(*) FROM review")
    }
    #expect(count == 20)
  }
}
