internal import Foundation
internal import Glibc
internal import Reports

/// Writes files below a folder as they are made, part by part, and keeps the digest of each.
final class FolderWriter {
  /// The folder that is written to, still under its temporary name.
  let folder: URL
  /// The files that are whole.
  private(set) var files: [Manifest.File] = []
  private var names: Set<String> = []
  private var open: OpenFile?

  /// The file that further parts may belong to.
  private struct OpenFile {
    let path: String
    let handle: FileHandle
    var digest = FileDigest()
    var count = 0
  }

  /// A writer below a folder, which is there and empty.
  init(_ folder: URL) { self.folder = folder }

  /// Writes a file, or the next part of the one before.
  func take(_ part: RenderedFile) throws {
    if open?.path != part.path {
      try finish()
      open = OpenFile(path: part.path, handle: try create(part.path))
    }
    try open?.handle.write(contentsOf: part.bytes)
    open?.digest.add(part.bytes)
    open?.count += part.bytes.count
  }

  /// Closes the file that is open.
  func finish() throws {
    guard let file = open else { return }
    open = nil
    try file.handle.close()
    files.append(Manifest.File(path: file.path, sha256: file.digest.text, bytes: file.count))
  }

  /// Takes note of files that another writer has put there; two of one name are none.
  func note(_ others: [Manifest.File]) throws {
    for file in others {
      guard names.insert(file.path).inserted else {
        throw Failure("\(file.path): two formats write a file of this name")
      }
      files.append(file)
    }
  }

  /// A file that is whole, to be read part by part.
  static func parts(of path: String, in folder: URL) throws -> FileParts {
    let handle = try FileHandle(forReadingFrom: folder.appendingPathComponent(path))
    return FileParts(path: path) {
      try handle.read(upToCount: partBytes).map { [UInt8]($0) } ?? []
    }
  }

  private static let partBytes = 1 << 20

  /// A new file; its folder is made where it is not there.
  private func create(_ path: String) throws -> FileHandle {
    let url = folder.appendingPathComponent(path)
    var descriptor = FolderWriter.open(url)
    if descriptor < 0, errno == ENOENT {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      descriptor = FolderWriter.open(url)
    }
    guard descriptor >= 0 else {
      let code = errno
      guard code != EEXIST else { throw Failure("\(path): two formats write a file of this name") }
      throw NSError(
        domain: NSCocoaErrorDomain, code: CocoaError.fileWriteUnknown.rawValue,
        userInfo: [NSUnderlyingErrorKey: NSError(domain: NSPOSIXErrorDomain, code: Int(code))])
    }
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  private static func open(_ url: URL) -> Int32 {
    Glibc.open(url.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
  }
}
