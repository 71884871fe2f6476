import Foundation
import TestSupport

/// The built command and its results.
enum Command {
  /// What a run left behind.
  struct Result {
    var status: Int32
    var output: String
    var error: String
  }

  /// The binary that was built with the tests, beside the test bundle; `SEQUITUR_BINARY` names
  /// another, for example the optimised one.
  static var binary: URL {
    get throws {
      if let path = ProcessInfo.processInfo.environment["SEQUITUR_BINARY"] {
        return URL(fileURLWithPath: path)
      }
      let folders =
        [Bundle.main.executableURL, Bundle.main.bundleURL].compactMap {
          $0?.deletingLastPathComponent()
        }
        + CommandLine.arguments.map { URL(fileURLWithPath: $0).deletingLastPathComponent() }
        + [Project.root.appendingPathComponent(".build/debug")]
      let candidates = folders.map { $0.appendingPathComponent("sequitur") }
      guard let found = candidates.first(where: { isProgram($0) }) else {
        throw CocoaError(.fileNoSuchFile)
      }
      return found
    }
  }

  private static func isProgram(_ url: URL) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
      && !isFolder.boolValue && FileManager.default.isExecutableFile(atPath: url.path)
  }

  /// Runs it in the project's folder, with further variables of the environment.
  static func run(
    _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Result {
    let scratch = try Scratch()
    let output = scratch.url.appendingPathComponent("output")
    let error = scratch.url.appendingPathComponent("error")
    for url in [output, error] { try Data().write(to: url) }
    let process = Process()
    process.executableURL = try binary
    process.arguments = arguments
    // A crash is to fail the test that sees it, and not to wait for a backtrace of a large binary.
    process.environment = ProcessInfo.processInfo.environment
      .merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }.merging(environment) { $1 }
    process.currentDirectoryURL = Project.root
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: error)
    try process.run()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus,
      output: try String(contentsOf: output, encoding: .utf8),
      error: try String(contentsOf: error, encoding: .utf8))
  }

  /// Starts a review of the example organisation and kills it without warning.
  static func reviewAcmeAndKill(into folder: Scratch, afterSeconds: Double) throws {
    let process = Process()
    process.executableURL = try binary
    process.arguments = [
      "review", "examples/acme/input", "--config", "examples/acme/review.yaml", "--quiet",
      "--out", folder.url.path,
    ]
    process.currentDirectoryURL = Project.root
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    Thread.sleep(forTimeInterval: afterSeconds)
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Reviews the example organisation into a folder.
  static func reviewAcme(
    into folder: Scratch, _ flags: [String], environment: [String: String] = [:]
  ) throws -> Result {
    try run(
      [
        "review", "examples/acme/input", "--config", "examples/acme/review.yaml", "--quiet",
        "--out", folder.url.path,
      ] + flags, environment: environment)
  }
}

/// The example organisation as `make report` reviews it: made once, for all tests that only read it.
struct ExampleReview {
  let scratch: Scratch
  let result: Command.Result
  /// What report.json says.
  let report: Written

  // What is in it is never written to after it is made, which the compiler cannot see of JSON.
  private nonisolated(unsafe) static let made = Result { try ExampleReview() }

  private init() throws {
    let scratch = try Scratch()
    self.scratch = scratch
    // What is made once for a process outlives its tests, and would stay behind.
    ExampleReview.folder = scratch.url
    atexit {
      if let folder = ExampleReview.folder { try? FileManager.default.removeItem(at: folder) }
    }
    result = try Command.reviewAcme(into: scratch, ["--replay"])
    guard result.status == 0 else { throw Failed(error: result.error) }
    report = try Written(scratch)
  }

  private nonisolated(unsafe) static var folder: URL?

  private struct Failed: Error { let error: String }

  /// The review.
  static func read() throws -> ExampleReview { try made.get() }
}

/// A folder of its own for one test, removed with it.
final class Scratch {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("sequitur-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// A folder of input with one event, for what is not about input.
  static func oneEvent() throws -> Scratch {
    let input = try Scratch()
    let line = #"{"time":"2026-07-01T10:00:00Z","agent":"a","action":"data.read","id":"e"}"#
    try Data(line.utf8).write(to: input.url.appendingPathComponent("e.ndjson"))
    return input
  }

  /// All files below, sorted.
  func files() throws -> [String] {
    let paths = FileManager.default.enumerator(atPath: url.path)?.compactMap { $0 as? String } ?? []
    return paths.filter { path in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(
        atPath: url.appendingPathComponent(path).path, isDirectory: &isFolder)
        && !isFolder.boolValue
    }.sorted()
  }

  /// The bytes of a file below.
  func bytes(_ path: String) throws -> Data {
    try Data(contentsOf: url.appendingPathComponent(path))
  }
}
