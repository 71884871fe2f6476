internal import Foundation
internal import Reports

/// The folder that holds `mappings/` and `templates/`: read from disk, so that a customer can edit
/// them and a report can name their version.
struct Root {
  /// The folder.
  let url: URL

  /// Looks under `--root`, else beside the binary, else in the working directory, else in the
  /// project that built the binary (`.build/PLATFORM/release/sequitur`).
  init(option: String?) throws {
    let candidates: [URL]
    if let option {
      candidates = [URL(fileURLWithPath: option)]
    } else {
      let binary = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      let folder = binary.deletingLastPathComponent()
      candidates = [
        folder, folder.deletingLastPathComponent().appendingPathComponent("share/sequitur"),
        URL(fileURLWithPath: FileManager.default.currentDirectoryPath),
        folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent(),
      ]
    }
    let manager = FileManager.default
    for candidate in candidates
    where manager.fileExists(atPath: candidate.appendingPathComponent("mappings").path)
      && manager.fileExists(atPath: candidate.appendingPathComponent("templates").path)
    {
      url = candidate
      return
    }
    let looked = candidates.map { "`\($0.path)`" }.joined(separator: ", ")
    throw Failure("no folders `mappings` and `templates` in \(looked); name theirs with --root")
  }

  /// A file below the root as text.
  func text(_ path: String) throws -> String {
    try readText(url.appendingPathComponent(path).path, shownAs: path)
  }

  /// One digest for all that a review is judged and written by: every file of `mappings/` and
  /// `templates/`, and the policies and exceptions of the user.
  func digest(given: [String]) throws -> String {
    var digest = FileDigest()
    func add(_ name: String, _ path: String) throws {
      guard let data = FileManager.default.contents(atPath: path) else {
        throw Failure("\(path): not a readable file")
      }
      digest.add(Array("\(name.utf8.count) \(name) \(data.count) ".utf8))
      digest.add([UInt8](data))
    }
    for top in ["mappings", "templates"] {
      let folder = url.appendingPathComponent(top).path
      for path in (FileManager.default.subpaths(atPath: folder) ?? []).sorted() {
        guard Location("\(folder)/\(path)").kind == .file else { continue }
        try add("\(top)/\(path)", "\(folder)/\(path)")
      }
    }
    for path in given {
      for file in try Mappings.policyFiles(path) { try add("given", file) }
    }
    return digest.text
  }

  /// The files of a folder below the root with one of the endings, sorted, as paths from the root.
  func files(in folder: String, endings: [String]) throws -> [String] {
    let path = url.appendingPathComponent(folder).path
    do {
      return try FileManager.default.contentsOfDirectory(atPath: path)
        .filter { name in endings.contains { name.hasSuffix($0) } && !name.hasPrefix(".") }
        .sorted().map { "\(folder)/\($0)" }
    } catch {
      throw Failure("\(path): not a readable folder")
    }
  }
}

/// A whole text file, which must be UTF-8.
func readText(_ path: String, shownAs shown: String) throws -> String {
  guard let data = FileManager.default.contents(atPath: path) else {
    let place = shown == path ? "" : " (looked for \(path))"
    throw Failure("\(shown): not a readable file\(place)")
  }
  guard let text = String(validating: data, as: UTF8.self) else {
    throw Failure("\(shown): not UTF-8 text")
  }
  return text
}
