import Foundation
import Intake
import Model
import TestSupport
import Testing

/// However the input is cut into pieces, and however many threads read them, the result is the same.
@Suite struct PiecesTests {
  private func event(_ number: Int, id: String? = nil, minute: Int? = nil) -> String {
    let minute = minute ?? number % 60
    let time = "2026-07-01T10:\(minute < 10 ? "0" : "")\(minute):00Z"
    return
      #"{"eventID":"\#(id ?? "e-\(number)")","eventTime":"\#(time)","eventSource":"s3.amazonaws.com","#
      + #""eventName":"GetObject","userIdentity":{"type":"IAMUser","#
      + #""arn":"arn:aws:iam::1:user/u\#(number % 7)"},"#
      + #""requestParameters":{"bucketName":"b\#(number % 5)","key":"k\#(number)"}}"#
  }

  private func canonical(_ number: Int) -> String {
    number.isMultiple(of: 11)
      ? #"{"order":\#(number),"agent":"a","action":"x","delegatedBy":"boss"}"#
      : #"{"time":"2026-07-01T11:00:\#(10 + number % 50)Z","agent":"a\#(number % 3)","action":"x","args":{"n":\#(number)}}"#
  }

  private func estate() -> [InputSource] {
    var trail = (0..<400).map { event($0) }
    trail[17] = "{\"eventID\": broken"
    trail[120] = event(120, id: "e-3")
    trail[121] = ""
    trail[250] = "\r"
    trail[301] += "\r"
    let copies = (100..<160).map { event($0) }
    let events = (0..<300).map { canonical($0) }
    let texts = [
      ("a.ndjson", trail), ("b.ndjson", copies), ("c.ndjson", events), ("d.ndjson", ["{}", "no"]),
    ]
    return texts.map { path, lines in
      InputSource(path: path, bytes: Array(lines.joined(separator: "\n").utf8))
    }
  }

  @Test func piecesAndThreadsDoNotMatter() {
    let sources = estate()
    let whole = read(sources, wanted: ["args.n"])
    #expect(whole.activity.events > 500)
    #expect(whole.problems.contains { $0.reason.contains("`e-3` was read before") })
    #expect(whole.problems.contains { $0.line == 18 && $0.file == "a.ndjson" })
    #expect(whole.table.events.contains { $0.position.line == 400 })
    let expected = whole.dumpWithUses
    for (bytes, threads) in [(1, 1), (300, 1), (300, 3), (1_000, 2), (5_000, 4), (64_000, 2)] {
      let again = read(sources, wanted: ["args.n"]) { options in
        options.limits.blockBytes = bytes
        options.threads = threads
      }
      #expect(again.dumpWithUses == expected, "blocks of \(bytes) bytes on \(threads) threads")
    }
  }

  /// The same input with all events in memory again.
  private func inMemory(_ input: ReviewInput) -> ReviewInput {
    guard let spilled = input.spilled else { return input }
    var input = input
    for place in spilled.pages {
      if let page = spilled.page(at: place) { input.table.absorb(page, &input.symbols) }
    }
    input.table.sort()
    return input
  }

  @Test func whatDoesNotFitInMemoryIsPutAway() {
    let sources = estate()
    let expected = read(sources, wanted: ["args.n"]).dumpWithUses
    for (bytes, threads, block) in [(1, 1, 300), (20_000, 2, 700), (40_000_000, 3, 5_000)] {
      let store = MemoryStore()
      let input = read(sources, wanted: ["args.n"]) { options in
        options.memory = MemoryBound(bytes: bytes, store: store)
        options.limits.blockBytes = block
        options.threads = threads
      }
      #expect(input.table.events.isEmpty == (input.spilled != nil))
      #expect((input.spilled != nil) == (bytes < 40_000_000))
      #expect((input.spilled != nil) == (store.count > 0))
      #expect(inMemory(input).dumpWithUses == expected, "\(bytes) bytes on \(threads) threads")
    }
  }

  @Test func duplicatesAreFoundAmongIDsThatWerePutAway() {
    var lines = (0..<6_000).map { event($0) }
    lines += (5_000..<5_050).map { event($0) } + (10..<20).map { event($0) } + [event(6_000)]
    let copies = (2_990..<3_100).map { event($0) } + [event(7_000), event(7_000)]
    let sources = [("a", lines), ("b", copies)].map { path, lines in
      InputSource(path: path, bytes: Array(lines.joined(separator: "\n").utf8))
    }
    let expected = read(sources)
    #expect(expected.activity.events == 6_002)
    for threads in [1, 3] {
      let input = read(sources) { options in
        options.memory = MemoryBound(bytes: 1, store: MemoryStore())
        options.limits.blockBytes = 40_000
        options.threads = threads
      }
      #expect(inMemory(input).dumpWithUses == expected.dumpWithUses)
    }
  }

  @Test func readingStopsWhereNothingMoreCanBePutAway() {
    let store = MemoryStore(bytesMax: 10_000)
    _ = read(estate()) { $0.memory = MemoryBound(bytes: 1, store: store) }
    #expect(store.failure == "no space left")
  }

  @Test func recordsAreFoundWhereTheirLinesBegin() {
    let sources = estate()
    let input = read(sources) { $0.limits.blockBytes = 700 }
    var places: [SourcePosition: Int64] = [:]
    for event in input.table.events { places[event.position] = event.offset }
    #expect(places.values.allSatisfy { $0 >= 0 })
    let found = rawRecords(at: places, of: sources, showsValues: false)
    let slow = rawRecords(at: places.mapValues { _ in -1 }, of: sources, showsValues: false)
    #expect(found.count == input.table.events.count)
    #expect(found == slow)
  }

  @Test func lineThatIsTooLongIsSkippedInEveryBlock() {
    let long = event(1).replacingOccurrences(of: "k1", with: String(repeating: "k", count: 9_000))
    let text = [event(0), long, event(2), long, event(3)].joined(separator: "\n")
    for bytes in [100, 2_000, 10_000, 1 << 20] {
      var limits = InputLimits.standard
      limits.recordBytesMax = 4_000
      limits.blockBytes = bytes
      let input = read([InputSource(path: "log", bytes: Array(text.utf8))], limits: limits)
      #expect(input.table.events.map(\.position.line) == [1, 3, 5], "blocks of \(bytes) bytes")
      #expect(input.problems.map(\.line) == [2, 4])
    }
  }

  @Test func onlyWatchedActionsAreKeptAndAllAreTallied() {
    let sources = estate()
    let all = read(sources)
    let some = read(sources) { options in
      options.keepsLinks = false
      options.watches = { $0 == "x" }
    }
    #expect(some.activity.events == all.activity.events)
    #expect(some.agents.map(\.id) == all.agents.map(\.id))
    #expect(some.problems == all.problems)
    #expect(some.table.events.count == 300)
    #expect(some.agents.contains { $0.id == "boss" })
  }

  @Test func clockFarBeyondAllOthersIsNoUse() {
    var lines = (0..<40).map { event($0) }
    lines[7] = lines[7].replacingOccurrences(of: "2026-", with: "2031-")
    let input = read(lines.joined(separator: "\n"), as: "log")
    let problem = input.problems.first { $0.line == 8 }
    #expect(problem?.consequence == "judged, but not taken for the window of the review")
    #expect(input.files[0].problems == 1)
    #expect(input.activity.times.plausible?.upperBound.rfc3339 == "2026-07-01T10:39:00Z")
    var counted = 0
    input.activity.forEachUse { counted += $2.count }
    #expect(counted == 39)
    #expect(input.activity.events == 40 && input.table.events.count == 40)
  }
}
