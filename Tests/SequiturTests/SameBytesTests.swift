import Foundation
import TestSupport
import Testing

/// The same inputs give the same bytes, however they come and wherever they are read.
@Suite struct SameBytesTests {
  /// The folders of the example's input, each a path of its own.
  private static func inputs() throws -> [String] {
    let folder = "examples/acme/input"
    return try FileManager.default.contentsOfDirectory(
      atPath: Project.root.appendingPathComponent(folder).path
    ).sorted().map { "\(folder)/\($0)" }
  }

  private static func review(
    _ inputs: [String], _ flags: [String], environment: [String: String]
  ) throws -> Scratch {
    let folder = try Scratch()
    let result = try Command.run(
      ["review"] + inputs + ["--config", "examples/acme/review.yaml", "--quiet", "--replay"]
        + ["--out", folder.url.path] + flags, environment: environment)
    #expect(result.status == 0, "\(result.error)")
    return folder
  }

  /// Twice the same, on one thread and on more than there are, in other orders of the files, in
  /// another language and another time zone: each against one plain run.
  @Test func nothingButTheInputShows() throws {
    let inputs = try SameBytesTests.inputs()
    var random = SmallRandom(seed: 5)
    let plain = try SameBytesTests.review(inputs, ["--threads", "2"], environment: [:])
    let names = try plain.files()
    #expect(names.contains("acme-2026-Q3/index.html") && inputs.count > 5)
    let others: [(String, [String], [String], [String: String])] = [
      ("again", inputs, ["--threads", "2"], [:]),
      (
        "turned round, on one thread, elsewhere", inputs.reversed(), ["--threads", "1"],
        ["LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu"]
      ),
      ("shuffled, on seven threads", inputs.shuffled(using: &random), ["--threads", "7"], [:]),
    ]
    for (what, inputs, flags, environment) in others {
      let other = try SameBytesTests.review(inputs, flags, environment: environment)
      #expect(try other.files() == names, "\(what)")
      for name in names {
        #expect(try other.bytes(name) == plain.bytes(name), "\(what): \(name) differs")
      }
    }
  }

  /// The order in which a folder lists its files is that in which they were made, on some systems.
  @Test func filesOfOneFolderMayLieInAnyOrder() throws {
    let source = Project.root.appendingPathComponent("examples/acme/input/gateway")
    let files = try FileManager.default.subpathsOfDirectory(atPath: source.path).sorted()
      .filter { !source.appendingPathComponent($0).hasDirectoryPath }
    var made: [Scratch] = []
    for order in [files, files.reversed()] {
      let scratch = try Scratch()
      let input = scratch.url.appendingPathComponent("input")
      for name in order {
        let target = input.appendingPathComponent(name)
        try FileManager.default.createDirectory(
          at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(contentsOf: source.appendingPathComponent(name)).write(to: target)
      }
      let result = try Command.run([
        "review", input.path, "--quiet", "--no-history", "--formats", "json,csv,html", "--out",
        scratch.url.appendingPathComponent("out").path,
      ])
      #expect(result.status == 0, "\(result.error)")
      made.append(scratch)
    }
    let names = try made[0].files()
    #expect(try made[1].files() == names && names.contains { $0.hasSuffix("report.json") })
    for name in names { #expect(try made[0].bytes(name) == made[1].bytes(name), "\(name)") }
  }
}
