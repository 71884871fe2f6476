import Foundation
import TestSupport
import Testing

/// A run that is killed, at whatever moment, and runs side by side leave whole reviews only.
///
/// `SEQUITUR_KILLS=200` kills that often; `make test` has few. The seed is printed.
@Suite(.serialized) struct KillTests {
  /// Two reviews of one name, so that what stands in a folder says whose it is.
  private struct Rivals {
    let input: Scratch
    let out: Scratch
    /// What each of the two writes, by path below `out`, without the history and the figures.
    var whole: [[String: Data]] = []
    /// What the history says of it.
    var kept: [String] = []

    private var history: String { out.url.appendingPathComponent("history.sqlite").path }

    init() throws {
      input = try Scratch()
      out = try Scratch()
      for rival in 0..<2 {
        let folder = input.url.appendingPathComponent("input-\(rival)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var lines = ""
        for agent in 0...(5 * (rival + 1)) {
          for (minute, action) in ["data.read", "iam:CreateAccessKey", "mail.send"].enumerated() {
            lines += #"{"time":"2026-07-0\#(rival + 1)T10:0\#(minute):00Z","agent":"a-\#(agent)","#
            lines += #""action":"\#(action)","id":"e\#(agent)-\#(minute)","task":"t\#(agent)"}"#
            lines += "\n"
          }
        }
        try Data(lines.utf8).write(to: folder.appendingPathComponent("events.ndjson"))
      }
      for rival in 0..<2 {
        let process = try start(rival)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        whole.append(try written())
        kept.append(try #require(try historySays()))
      }
      #expect(whole[0] != whole[1])
      #expect(kept[0] != kept[1])
    }

    /// Starts a review of one of the two.
    func start(_ rival: Int) throws -> Process {
      let process = Process()
      process.executableURL = try Command.binary
      process.arguments = [
        "review", input.url.appendingPathComponent("input-\(rival)").path, "--name", "r",
        "--quiet", "--out", out.url.path, "--pack", "tar.gz", "--metrics",
        out.url.appendingPathComponent("figures.prom").path, "--from", "2026-07-01", "--to",
        "2026-07-31", "--formats", "json,csv",
      ]
      process.currentDirectoryURL = Project.root
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      return process
    }

    /// What can be seen in the folder of reviews: hidden names are no results.
    func written() throws -> [String: Data] {
      var files: [String: Data] = [:]
      for path in try out.files() {
        let isResult = !path.hasPrefix(".") && !path.hasPrefix("history.") && path != "figures.prom"
        if isResult { files[path] = try out.bytes(path) }
      }
      return files
    }

    /// What an independent reader finds in the history; nil when that reader is not installed.
    func historySays() throws -> String? {
      guard let answer = try Validator.script("history.py", [history]) else { return "unread" }
      #expect(answer.status == 0, "the history is damaged: \(answer.output)")
      return answer.output
    }

    /// Holds what is there against what the two write.
    func check(_ when: String) throws {
      let there = try written()
      let folder = there.filter { $0.key.hasPrefix("r/") }
      #expect(
        whole.contains { all in all.filter { $0.key.hasPrefix("r/") } == folder },
        "\(when): the folder is neither review")
      let pack = there["r.tar.gz"]
      #expect(pack != nil && whole.contains { $0["r.tar.gz"] == pack }, "\(when): a cut pack")
      #expect(Set(there.keys) == Set(folder.keys).union(["r.tar.gz"]), "\(when): more is there")
      let said = try #require(try historySays())
      #expect(kept.contains(said), "\(when): the history says \(said)")
      let path = out.url.appendingPathComponent("figures.prom").path
      guard let answer = try Validator.script("metrics.py", [path]) else { return }
      #expect(answer.status == 0, "\(when): \(answer.output)")
    }
  }

  private static func setting(_ name: String, _ usual: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap(Int.init) ?? usual
  }

  @Test func killsAtRandomMomentsLeaveWholeReviews() throws {
    let kills = KillTests.setting("SEQUITUR_KILLS", 3)
    let seed = KillTests.setting("SEQUITUR_KILLS_SEED", 20_261_127)
    let rivals = try Rivals()
    let clock = ContinuousClock()
    let took = try clock.measure { try rivals.start(0).waitUntilExit() } / .seconds(1)
    var random = SmallRandom(seed: UInt64(seed))
    var killed = 0
    var runs = 0
    // A run may end before its moment: then another is started, within reason.
    while killed < kills, runs < 4 * kills {
      let number = runs
      runs += 1
      let process = try rivals.start(number % 2)
      let share = Double(random.below(1_000)) / 1_000
      // Half of them fall into the last third, where things are written.
      let moment = number % 2 == 0 ? share : 0.66 + share * 0.4
      Thread.sleep(forTimeInterval: took * moment)
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      if process.terminationReason == .uncaughtSignal { killed += 1 }
      try rivals.check("kill \(number) of seed \(seed)")
    }
    print("kills: \(killed) of \(runs) runs were killed, a run takes \(took) s, seed \(seed)")
    #expect(killed == kills)
    // The next run takes away what killed ones left.
    let last = try rivals.start(1)
    last.waitUntilExit()
    #expect(last.terminationStatus == 0)
    #expect(try rivals.written() == rivals.whole[1])
    let left = try FileManager.default.contentsOfDirectory(atPath: rivals.out.url.path)
    #expect(!left.contains { $0.contains(".writing-") || $0.contains(".replaced-") }, "\(left)")
  }

  @Test func twoAtOnceBothEndWell() throws {
    let rounds = KillTests.setting("SEQUITUR_RIVALS", 1)
    let rivals = try Rivals()
    for round in 0..<rounds {
      let both = [try rivals.start(0), try rivals.start(1)]
      for process in both {
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "round \(round)")
      }
      try rivals.check("round \(round)")
    }
  }
}
