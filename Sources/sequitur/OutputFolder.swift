internal import CFiles
internal import Foundation
internal import Glibc
internal import Reports

/// The finished folder of a review: written under a temporary name and exchanged in one step, so
/// that an interrupted run leaves the last good one.
struct OutputFolder {
  /// Where reviews are written, `--out`.
  let parent: URL
  /// The review's id, which names its folder.
  let name: String

  /// The finished folder's path.
  var path: String { parent.appendingPathComponent(name).path }

  /// Writes all files and puts the folder in place.
  func write(_ files: [RenderedFile]) throws {
    let manager = FileManager.default
    let temporary = parent.appendingPathComponent(".\(name).writing-\(getpid())")
    do {
      try manager.createDirectory(at: parent, withIntermediateDirectories: true)
      try? manager.removeItem(at: temporary)
      for file in files {
        let url = temporary.appendingPathComponent(file.path)
        try manager.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(file.bytes).write(to: url)
      }
    } catch {
      try? manager.removeItem(at: temporary)
      throw Failure("\(temporary.path): cannot be written: \(error.localizedDescription)")
    }
    try putInPlace(temporary)
  }

  private func putInPlace(_ temporary: URL) throws {
    let manager = FileManager.default
    if !manager.fileExists(atPath: path), rename(temporary.path, path) == 0 { return }
    // One exchange of names, not delete and move: a reader sees the old review or the new one.
    if sequitur_exchange(temporary.path, path) == 0 {
      try? manager.removeItem(at: temporary)
      return
    }
    // A file system without exchange: the old review steps aside and comes back on failure.
    let aside = parent.appendingPathComponent(".\(name).replaced-\(getpid())")
    guard rename(path, aside.path) == 0 else {
      let reason = String(cString: strerror(errno))
      try? manager.removeItem(at: temporary)
      throw Failure("\(path): cannot be replaced: \(reason)")
    }
    guard rename(temporary.path, path) == 0 else {
      let reason = String(cString: strerror(errno))
      _ = rename(aside.path, path)
      try? manager.removeItem(at: temporary)
      throw Failure("\(path): cannot be written: \(reason)")
    }
    try? manager.removeItem(at: aside)
  }
}
