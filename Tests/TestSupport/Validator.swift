internal import Foundation

/// Validators that are not ours: programs of the system, and Python packages that `.ci/setup test`
/// installs in a folder of the tests' own.
package enum Validator {
  /// What a program said, and its exit code.
  package struct Answer: Sendable {
    /// The exit code.
    package var status: Int32
    /// Standard output and standard error.
    package var output: String
  }

  /// Runs a program of the system; nil, with a word on standard error, when it is not installed.
  package static func run(_ program: String, _ arguments: [String]) throws -> Answer? {
    let paths = ["/usr/bin/\(program)", "/usr/local/bin/\(program)"]
    return try run(anyOf: paths, program, arguments)
  }

  /// Runs a script of `Tests/Validators` with the packages that it needs.
  package static func script(_ name: String, _ arguments: [String]) throws -> Answer? {
    let python = Project.root.appendingPathComponent(".build-test/venv/bin/python").path
    let script = Project.root.appendingPathComponent("Tests/Validators/\(name)").path
    return try run(anyOf: [python], ".build-test/venv", [script] + arguments)
  }

  private static func run(
    anyOf paths: [String], _ name: String, _ arguments: [String]
  ) throws -> Answer? {
    guard let path = paths.first(where: FileManager.default.isExecutableFile) else {
      let word = "skipped: \(name) is not installed; `sh .ci/setup test` installs it\n"
      FileHandle.standardError.write(Data(word.utf8))
      return nil
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Answer(
      status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
  }
}
