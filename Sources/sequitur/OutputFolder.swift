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

  /// Says before the work begins that nothing can be written to a folder.
  static func check(_ path: String, _ flag: String = "--out") throws {
    var url = URL(fileURLWithPath: path)
    while access(url.path, F_OK) != 0, errno == ENOENT, url.path != "/" {
      url.deleteLastPathComponent()
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      throw Failure("\(flag): \(path): no folder can be made there")
    }
    guard isFolder.boolValue else {
      throw Failure("\(flag): \(url.path) is a file; expected a folder")
    }
    guard access(url.path, W_OK | X_OK) == 0 else {
      throw Failure("\(flag): \(url.path): not a folder that can be written to")
    }
  }

  /// Has all files written and puts the folder in place; what goes wrong leaves the last review.
  func write(_ body: (FolderWriter) throws -> Void) throws {
    let manager = FileManager.default
    try refuseStrange()
    let temporary = parent.appendingPathComponent(".\(name).writing-\(getpid())")
    do {
      try manager.createDirectory(at: parent, withIntermediateDirectories: true)
      Leftovers(of: parent).remove(ending: "writing")
      try? manager.removeItem(at: temporary)
      try manager.createDirectory(at: temporary, withIntermediateDirectories: false)
    } catch {
      throw Failure("\(parent.path): cannot be written to: \(OutputFolder.reason(error))")
    }
    let lock = FolderLock(temporary.path)
    defer { lock?.release() }
    do {
      let writer = FolderWriter(temporary)
      try body(writer)
      try writer.finish()
    } catch let failure as Failure {
      try? manager.removeItem(at: temporary)
      throw failure
    } catch {
      try? manager.removeItem(at: temporary)
      throw Failure("\(temporary.path): cannot be written: \(OutputFolder.reason(error))")
    }
    try putInPlace(temporary)
    Leftovers(of: parent).remove(ending: "replaced")
  }

  /// A folder that is no review is not replaced: it is somebody's.
  private func refuseStrange() throws {
    let manager = FileManager.default
    var isFolder: ObjCBool = false
    guard manager.fileExists(atPath: path, isDirectory: &isFolder) else { return }
    guard isFolder.boolValue else { throw Failure("\(path): a file; expected a review's folder") }
    let held = (try? manager.contentsOfDirectory(atPath: path)) ?? []
    let known = [
      "index.html", "report.json", "report.xml", "cleanup.csv", Manifest.path,
    ]
    guard held.isEmpty || held.contains(where: { known.contains($0) }) else {
      throw Failure(
        "\(path): holds other things than a review and is not replaced; name another --out")
    }
  }

  /// What the system says, without Foundation's frame.
  private static func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    guard let underlying, underlying.domain == NSPOSIXErrorDomain else {
      let frame = "The operation could not be completed. "
      let text = error.localizedDescription
      return text.hasPrefix(frame) ? String(text.dropFirst(frame.count)) : text
    }
    return String(cString: strerror(Int32(truncatingIfNeeded: underlying.code))).lowercased()
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
