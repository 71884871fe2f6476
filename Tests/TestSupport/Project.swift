package import Foundation
package import Testing

/// The folders that tests read: the project's own, and the development data beside it.
package enum Project {
  /// The project's root.
  package static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The folder of real data beside the project; nil, with a word on standard error, when absent.
  package static func sharedData(_ path: String) -> URL? {
    let url = root.deletingLastPathComponent().appendingPathComponent("shared/data/\(path)")
    if FileManager.default.fileExists(atPath: url.path) { return url }
    FileHandle.standardError.write(Data("skipped: no development data at \(path)\n".utf8))
    return nil
  }

  /// A file of the project as bytes.
  package static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: root.appendingPathComponent(path)))
  }

  /// A file of the project as text.
  package static func text(_ path: String) throws -> String {
    String(decoding: try bytes(path), as: UTF8.self)
  }

  /// The names in a folder of the project, sorted, hidden ones left out.
  package static func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(
      atPath: root.appendingPathComponent(folder).path
    ).filter { !$0.hasPrefix(".") }.sorted()
  }
}

/// Compares with a golden file of the project; `RECORD=1` in the environment rewrites it.
package func expectGolden(
  _ actual: String, _ path: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let url = Project.root.appendingPathComponent(path)
  if ProcessInfo.processInfo.environment["RECORD"] == "1" {
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(actual.utf8).write(to: url)
    return
  }
  // As it is: reading it as a text would drop a byte order mark.
  let expected = String(decoding: try Data(contentsOf: url), as: UTF8.self)
  if actual == expected { return }
  let actualLines = actual.split(separator: "\n", omittingEmptySubsequences: false)
  let expectedLines = expected.split(separator: "\n", omittingEmptySubsequences: false)
  let line = zip(actualLines, expectedLines).prefix { $0 == $1 }.count
  let got = actualLines.indices.contains(line) ? String(actualLines[line]) : "(end)"
  let wanted = expectedLines.indices.contains(line) ? String(expectedLines[line]) : "(end)"
  Issue.record(
    "\(path):\(line + 1) differs: expected `\(wanted)`, got `\(got)`; RECORD=1 rewrites it",
    sourceLocation: sourceLocation)
}
