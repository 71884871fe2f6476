import Model
import TestSupport
import Testing

@testable import Findings

/// What reviewers write into sheets, and what spreadsheets make of it.
@Suite struct DecisionReaderTests {
  private func read(_ text: String) -> DecisionSheet {
    readDecisions(bytes: Array(text.utf8), file: "d.csv")
  }

  private func problems(_ sheet: DecisionSheet) -> [String] {
    sheet.problems.map { "\($0.line): \($0.reason) (\($0.consequence))" }
  }

  @Test func aRowSaysWhoDecidedWhatAndWhy() throws {
    let sheet = read(
      "id,decision,decidedBy,reason,until,about,review\n"
        + "a-1, Revoke ,alice,\"nobody, really\",2026-12-31,x,Q1\nb-2,,,,,y,Q1\n")
    let decision = try #require(sheet.decisions.first)
    #expect(
      decision
        == ReviewerDecision(
          id: "a-1", review: "Q1", word: .revoke, decidedBy: "alice", reason: "nobody, really",
          until: Timestamp(bound: "2026-12-31", isEnd: true), file: "d.csv", line: 2))
    #expect(sheet.undecided == 1)
    #expect(sheet.problems.isEmpty)
  }

  @Test func yamlSaysTheSame() {
    let sheet = read(
      "# as decided\n---\ndecisions:\n  - id: a-1\n    decision: keep\n    decidedBy: alice\n"
        + "    reason: in use\n")
    #expect(sheet.decisions.map(\.id) == ["a-1"])
    #expect(sheet.decisions.map(\.line) == [4])
    #expect(problems(read("decisions:\n  - {id: a, decison: keep}\n")).count == 1)
  }

  @Test func whatDoesNotCountIsNamed() {
    let sheet = read(
      """
      id;decision;decidedBy;reason;until
      a;revok;al;r;
      b;keep;;;
      c;;al;;
      ;keep;al;r;
      d;except;al;r;
      e;keep;al;r;soon
      f;keep;al;r;
      """)
    #expect(
      problems(sheet) == [
        "2: expected keep, revoke, narrow, except or nothing, not `revok`; did you mean `revoke`?"
          + " (not counted)",
        "3: a decision without `decidedBy`, `reason` (not counted)",
        "4: `decidedBy` without a decision (not decided)",
        "5: a decision without `id` (not counted)",
        "6: `except` without `until`: an exception ends (not counted)",
        "7: `until` must be a date, for example 2026-12-31, not `soon` (not counted)",
      ])
    #expect(sheet.decisions.map(\.id) == ["f"])
  }

  @Test func formulasThatWereDefusedAreThemselvesAgain() {
    let sheet = read(
      "id,decision,decidedBy,reason,until\na,keep,'@alice,'=see mail,\nb,keep,x,'tis,\n")
    #expect(sheet.decisions.map(\.decidedBy) == ["@alice", "x"])
    #expect(sheet.decisions.map(\.reason) == ["=see mail", "'tis"])
  }

  @Test(arguments: [
    "2026-12-31", "2026/12/31", "31.12.2026", "31.12.26", "31/12/2026", "12/31/2026", "12-31-26",
    "31-Dec-26", "31-Dec-2026", "Dec 31, 2026", "31 December 2026", "46387", "20261231",
    "2026-12-31 00:00:00", "31/12/2026 00:00", "12/31/2026 12:00:00 AM", "2026-12-31T00:00:00",
  ])
  func datesComeBackAsTheyWereMeant(text: String) {
    let sheet = read("id\tdecision\tdecidedBy\treason\tuntil\na\tkeep\tx\ty\t\(text)\n")
    #expect(problems(sheet) == [])
    #expect(sheet.decisions.map(\.until) == [Timestamp(bound: "2026-12-31", isEnd: true)])
  }

  @Test(arguments: ["2026-13-01", "31.02.2026", "99999", "1/2", "1/2/3/4", "-1", "12:00", "0/0/0"])
  func whatIsNoDateIsNone(text: String) {
    let sheet = read("id,decision,decidedBy,reason,until\na,keep,x,y,\"\(text)\"\n")
    #expect(sheet.decisions.isEmpty)
    #expect(sheet.problems.count == 1)
  }

  @Test func theOtherDatesOfAFileTellWhichNumberIsTheDay() {
    let head = "id,decision,decidedBy,reason,until\n"
    let alone = read(head + "a,keep,x,y,03/04/2027\n")
    #expect(
      problems(alone) == [
        "2: `03/04/2027` may be two days, and no other date of the file tells which: "
          + "write it as 2026-12-31 (not counted)"
      ])
    let european = read(head + "a,keep,x,y,03/04/2027\nb,keep,x,y,31/12/2026\n")
    #expect(
      european.decisions.first?.until == Timestamp(bound: "2027-04-03", isEnd: true))
    let american = read(head + "a,keep,x,y,03/04/2027\nb,keep,x,y,12/31/2026\n")
    #expect(
      american.decisions.first?.until == Timestamp(bound: "2027-03-04", isEnd: true))
    let both = read(
      head + "a,keep,x,y,03/04/2027\nb,keep,x,y,12/31/2026\nc,keep,x,y,31/12/2026\n")
    #expect(both.decisions.map(\.id) == ["b", "c"])
  }

  @Test func damagedSheetsAreReadToTheirEnd() {
    let sound = Array(
      ("id,decision,decidedBy,reason,until,about,review\r\n"
        + "a-1,revoke,alice,\"no, \"\"never\"\"\",31/12/2026,x,Q1\r\n"
        + "b-2,except,zoë,'=later,2026-12-31,\"two\r\nlines\",Q1\r\nc-3,,,,,,\r\n").utf8)
    let yaml = Array("decisions:\n  - {id: a, decision: keep, decidedBy: x, reason: y}\n".utf8)
    let pieces: [[UInt8]] =
      [
        "\"", "\"\"", ";", ",", "\t", "\r", "\n", "'", "=", "id", "/", "999999999999999999999",
        "\0",
      ]
      .map { Array($0.utf8) } + [[0xFF, 0xFE], [0xFE, 0xFF], [0xEF, 0xBB, 0xBF], [0xC3]]
    var budget = FuzzBudget(rounds: 400, seed: 7)
    var random = SmallRandom(seed: budget.seed)
    while budget.next() {
      var bytes = random.chance(80) ? sound : yaml
      for _ in 0...random.below(6) {
        let place = random.below(bytes.count + 1)
        switch random.below(4) {
        case 0: bytes.insert(contentsOf: random.pick(pieces), at: place)
        case 1 where place < bytes.count: bytes[place] = UInt8(random.below(256))
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + random.below(20)))
        default: bytes.insert(contentsOf: bytes[..<place].suffix(60), at: place)
        }
      }
      let sheet = readDecisions(bytes: bytes, file: "d.csv")
      for decision in sheet.decisions {
        #expect(!decision.id.isEmpty && !decision.decidedBy.isEmpty && !decision.reason.isEmpty)
        #expect(decision.word != .except || decision.until != nil)
      }
      #expect(sheet.problems.allSatisfy { $0.line >= 0 && !$0.reason.isEmpty })
    }
    #expect(budget.longest < .seconds(5))
    budget.report("decision sheets")
  }
}
