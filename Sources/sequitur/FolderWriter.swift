internal import Foundation
internal import Reports

/// Writes files below a folder as they are made, part by part, and keeps the digest of each.
final class FolderWriter {
  /// The folder that is written to, still under its temporary name.
  let folder: URL
  /// The files that are whole.
  private(set) var files: [Manifest.File] = []
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

  /// Reads a file that is whole.
  func read(_ path: String) throws -> RenderedFile {
    let data = try Data(contentsOf: folder.appendingPathComponent(path), options: .mappedIfSafe)
    return RenderedFile(path: path, bytes: [UInt8](data))
  }

  private func create(_ path: String) throws -> FileHandle {
    let url = folder.appendingPathComponent(path)
    let manager = FileManager.default
    try manager.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    guard !manager.fileExists(atPath: url.path) else {
      throw Failure("\(path): two formats write a file of this name")
    }
    try Data().write(to: url)
    return try FileHandle(forWritingTo: url)
  }
}
