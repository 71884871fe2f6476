internal import Foundation
internal import Glibc

/// What killed runs left in the folder of reviews: `.NAME.writing-PID` and `.NAME.replaced-PID`,
/// folders of reviews, packs, or figures.
struct Leftovers {
  private let folder: URL

  /// The leftovers in a folder of reviews.
  init(of folder: URL) { self.folder = folder }

  /// Removes those with an ending whose run is surely over: no such process is there, and nobody
  /// holds the folder's lock (a process of another container has a number of its own).
  func remove(ending: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    for name in names {
      guard let process = Leftovers.process(of: name, ending: ending), process != getpid() else {
        continue
      }
      let url = folder.appendingPathComponent(name)
      let place = Location(url.path)
      guard let kind = place.kind, kind == .folder || kind == .file, !place.isLink else {
        continue
      }
      guard kill(process, 0) != 0, errno == ESRCH,
        let lock = kind == .folder ? FolderLock(url.path) : FolderLock(file: url.path)
      else { continue }
      try? FileManager.default.removeItem(at: url)
      lock.release()
    }
  }

  /// The number at the end of such a name; nil for any other name.
  static func process(of name: String, ending: String) -> Int32? {
    guard name.hasPrefix("."), let dash = name.lastIndex(of: "-") else { return nil }
    let front = name[name.index(after: name.startIndex)..<dash]
    guard front.hasSuffix(".\(ending)") else { return nil }
    let review = String(front.dropLast(ending.count + 1))
    let digits = name[name.index(after: dash)...]
    guard ReviewFile.isName(review), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let number = Int32(digits), number > 0
    else { return nil }
    return number
  }
}

/// A lock on a folder, or a file, that the system lets go of when the process ends.
final class FolderLock {
  private var descriptor: Int32

  /// Takes the lock of a folder; nil when somebody else holds it.
  convenience init?(_ path: String) { self.init(path, kind: O_DIRECTORY) }

  /// Takes the lock of a file; nil when somebody else holds it.
  convenience init?(file path: String) { self.init(path, kind: 0) }

  private init?(_ path: String, kind: Int32) {
    descriptor = open(path, O_RDONLY | kind | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return nil }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      release()
      return nil
    }
  }

  deinit { release() }

  /// Lets go.
  func release() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }
}
