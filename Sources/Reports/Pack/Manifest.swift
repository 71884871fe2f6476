internal import Crypto
internal import Findings
internal import Foundation
internal import Model

/// What an evidence pack holds and what it was made from: `manifest.json`.
///
/// Every file of the review's folder is in it with its digest, but itself and the envelope.
package struct Manifest: Sendable, Equatable {
  /// A file of the pack, or an input that was read.
  package struct File: Sendable, Equatable {
    /// The path inside the review's folder; for an input as the user named it.
    package var path: String
    /// Lower-case hex; nil for an input of which no digest was made.
    package var sha256: String?
    package var bytes: Int

    /// A file with its digest.
    package init(path: String, sha256: String?, bytes: Int) {
      self.path = path
      self.sha256 = sha256
      self.bytes = bytes
    }
  }

  /// The review's id.
  package var review: String
  /// The tool and its version, and the versions of what it judged by.
  package var tool: String
  package var toolVersion: String
  package var schemaVersion: String
  package var scoringVersion: String
  package var vocabularyVersion: String
  /// The flags that the result depends on, by name, in order: what it takes to make it again.
  package var flags: [(name: String, value: String)]
  /// One digest for everything under `mappings/` and `templates/`, and of the policies given.
  package var mappings: String
  /// Inputs, sorted by path.
  package var inputs: [File]
  /// Files of the pack, sorted by path.
  package var files: [File]

  package static func == (left: Manifest, right: Manifest) -> Bool { left.bytes == right.bytes }

  /// The manifest's own path, and its envelope's.
  package static let path = "manifest.json"
  package static let envelopePath = "manifest.dsse.json"

  /// A manifest of a report whose files were written.
  package init(
    of report: Report, flags: [(name: String, value: String)], mappings: String, files: [File]
  ) {
    review = report.id
    tool = report.tool
    toolVersion = report.toolVersion
    schemaVersion = report.schemaVersion
    scoringVersion = report.review.scoringVersion
    vocabularyVersion = report.input.vocabularyVersion
    self.flags = flags
    self.mappings = mappings
    let decisions = report.decisionFiles.map {
      File(path: $0.path, sha256: $0.sha256, bytes: $0.bytes.count)
    }
    inputs =
      (report.input.files.map { File(path: $0.path, sha256: $0.sha256, bytes: $0.bytes) }
      + decisions.filter { file in !report.input.files.contains { $0.path == file.path } })
      .sorted { $0.path < $1.path }
    self.files = files.sorted { $0.path < $1.path }
  }

  /// `manifest.json`.
  package var bytes: [UInt8] {
    JSONSink.document { sink in
      sink.text("manifestVersion", Manifest.version)
      sink.text("review", review)
      sink.object("tool") {
        $0.text("name", tool)
        $0.text("version", toolVersion)
      }
      sink.text("schemaVersion", schemaVersion)
      sink.text("scoringVersion", scoringVersion)
      sink.text("vocabularyVersion", vocabularyVersion)
      sink.map("flags", of: "flag", texts: flags)
      sink.text("mappingsSha256", mappings)
      for (name, files) in [("inputs", inputs), ("files", files)] {
        sink.list(name, of: "file") { sink in
          for file in files { sink.member { Manifest.write(file, to: &$0) } }
        }
      }
    }
  }

  private static func write(_ file: File, to sink: inout JSONSink) {
    sink.text("path", file.path)
    sink.text("sha256", file.sha256, absentBecause: "no digest of it was made")
    sink.integer("sizeBytes", file.bytes)
  }

  private static let version = "1.0.0"

  /// Reads `manifest.json`; throws what is wrong with it.
  package init(_ bytes: [UInt8]) throws(PackProblem) {
    guard let root = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] else {
      throw PackProblem(file: Manifest.path, reason: "not a JSON object")
    }
    guard root["manifestVersion"] as? String == Manifest.version else {
      throw PackProblem(
        file: Manifest.path, reason: "expected manifestVersion \(Manifest.version)")
    }
    let tool = root["tool"] as? [String: Any] ?? [:]
    review = try Manifest.text("review", of: root)
    self.tool = try Manifest.text("name", of: tool)
    toolVersion = try Manifest.text("version", of: tool)
    schemaVersion = try Manifest.text("schemaVersion", of: root)
    scoringVersion = try Manifest.text("scoringVersion", of: root)
    vocabularyVersion = try Manifest.text("vocabularyVersion", of: root)
    mappings = try Manifest.text("mappingsSha256", of: root)
    let flags = root["flags"] as? [String: String] ?? [:]
    self.flags = Manifest.flagNames.compactMap { name in flags[name].map { (name, $0) } }
    guard flags.count == self.flags.count else {
      throw PackProblem(file: Manifest.path, reason: "it has a flag that is not known")
    }
    inputs = try Manifest.files("inputs", of: root)
    files = try Manifest.files("files", of: root)
    for (name, files) in [("inputs", inputs), ("files", files)]
    where zip(files, files.dropFirst()).contains(where: { $0.path >= $1.path }) {
      throw PackProblem(
        file: Manifest.path, reason: "`\(name)` is not in order, or names a file twice")
    }
  }

  /// The names of flags, in the order in which they are written.
  package static let flagNames = [
    "name", "from", "to", "formats", "showValues", "shippedPolicies", "digests", "history",
    "replay",
  ]

  private static func text(_ name: String, of object: [String: Any]) throws(PackProblem) -> String {
    guard let text = object[name] as? String else {
      throw PackProblem(file: Manifest.path, reason: "`\(name)` is missing")
    }
    return text
  }

  private static func files(
    _ name: String, of root: [String: Any]
  ) throws(PackProblem) -> [File] {
    guard let rows = root[name] as? [[String: Any]] else {
      throw PackProblem(file: Manifest.path, reason: "`\(name)` is missing")
    }
    var files: [File] = []
    for row in rows {
      guard let bytes = row["sizeBytes"] as? Int else {
        throw PackProblem(file: Manifest.path, reason: "a file of `\(name)` has no size")
      }
      files.append(
        File(path: try text("path", of: row), sha256: row["sha256"] as? String, bytes: bytes))
    }
    return files
  }
}

/// What is wrong with a pack, naming the file.
package struct PackProblem: Error, Sendable, Equatable {
  /// The path inside the pack.
  package var file: String
  /// Lower case, no final period.
  package var reason: String

  /// A problem of a file.
  package init(file: String, reason: String) {
    self.file = file
    self.reason = reason
  }

  /// `FILE: what is wrong`.
  package var text: String { "\(file): \(reason)" }
}

/// SHA-256 as the formats write it.
package struct FileDigest {
  private var hash = SHA256()

  /// The digest of nothing so far.
  package init() {}

  /// Takes further bytes.
  package mutating func add(_ bytes: [UInt8]) { hash.update(data: bytes) }

  /// Lower-case hex.
  package var text: String { FileDigest.hex(hash.finalize()) }

  /// The digest of some bytes.
  package static func of(_ bytes: [UInt8]) -> String { hex(SHA256.hash(data: bytes)) }

  /// Bytes as lower-case hex.
  static func hex(_ bytes: some Sequence<UInt8>) -> String {
    var text = ""
    for byte in bytes {
      let digits = String(byte, radix: 16)
      text += digits.utf8.count == 1 ? "0\(digits)" : digits
    }
    return text
  }
}
