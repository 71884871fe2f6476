internal import CLibArchive
internal import Foundation
internal import Glibc
internal import Reports

/// A review's folder as one file: the same folder gives the same bytes.
enum PackArchive {
  /// The forms of an archive, by the ending of its name.
  enum Form: String, CaseIterable {
    case zip
    case tarGzip = "tar.gz"
  }

  private static let partBytes = 1 << 20
  /// An archive that unpacks to more is not read: it is no pack, or a trap.
  private static let bytesMax = 64 << 30
  // The values of C macros that Swift does not see.
  private static let regularFile: UInt32 = 0o100000
  private static let folderType: UInt32 = 0o040000

  /// An archive that is whole under its temporary name, until it is put in place.
  struct Ready {
    fileprivate let temporary: URL
    fileprivate let url: URL
    /// Tells the next run that somebody still needs the file.
    fileprivate let lock: FolderLock?

    /// Puts it in place of the last one, in one step.
    func putInPlace() throws {
      defer { lock?.release() }
      guard rename(temporary.path, url.path) == 0 else {
        let reason = String(cString: strerror(errno))
        discard()
        throw Failure("\(url.path): cannot be written: \(reason)")
      }
    }

    /// Takes it away again.
    func discard() { try? FileManager.default.removeItem(at: temporary) }
  }

  /// Writes the files of a folder, in order of their names, without times, owners or modes of their
  /// own, under a temporary name.
  static func write(
    _ folder: URL, files: [String], name: String, form: Form, to url: URL
  ) throws -> Ready {
    let temporary = url.deletingLastPathComponent()
      .appendingPathComponent(".\(url.lastPathComponent).writing-\(getpid())")
    guard let archive = archive_write_new() else { throw Failure("no memory for an archive") }
    defer { archive_write_free(archive) }
    func check(_ result: Int32) throws {
      guard result == ARCHIVE_OK else {
        throw Failure("\(url.path): cannot be written: \(reason(archive))")
      }
    }
    switch form {
    case .zip: try check(archive_write_set_format_zip(archive))
    case .tarGzip:
      try check(archive_write_set_format_pax_restricted(archive))
      try check(archive_write_add_filter_gzip(archive))
      // Without this the time of writing stands in the head of the file.
      try check(archive_write_set_filter_option(archive, "gzip", "timestamp", nil))
    }
    do {
      try check(archive_write_open_filename(archive, temporary.path))
      let lock = FolderLock(file: temporary.path)
      for path in files.sorted() {
        try add(folder.appendingPathComponent(path), as: "\(name)/\(path)", to: archive, check)
      }
      try check(archive_write_close(archive))
      return Ready(temporary: temporary, url: url, lock: lock)
    } catch {
      try? FileManager.default.removeItem(at: temporary)
      throw error
    }
  }

  private static func add(
    _ file: URL, as name: String, to archive: OpaquePointer, _ check: (Int32) throws -> Void
  ) throws {
    guard let entry = archive_entry_new() else { throw Failure("no memory for an archive") }
    defer { archive_entry_free(entry) }
    let handle = try FileHandle(forReadingFrom: file)
    defer { try? handle.close() }
    archive_entry_set_pathname(entry, name)
    archive_entry_set_filetype(entry, regularFile)
    archive_entry_set_perm(entry, 0o644)
    archive_entry_set_size(entry, Int64(try handle.seekToEnd()))
    try handle.seek(toOffset: 0)
    try check(archive_write_header(archive, entry))
    while let part = try handle.read(upToCount: partBytes), !part.isEmpty {
      let written = part.withUnsafeBytes {
        archive_write_data(archive, $0.baseAddress, $0.count)
      }
      if written != part.count { try check(Int32(ARCHIVE_FATAL)) }
    }
  }

  /// Unpacks an archive below an empty folder and says which files it held; throws, naming the
  /// entry, for anything that is not a plain file under a plain name.
  static func unpack(_ url: URL, into folder: URL) throws -> [String] {
    guard let archive = archive_read_new() else { throw Failure("no memory for an archive") }
    defer { archive_read_free(archive) }
    archive_read_support_format_zip(archive)
    archive_read_support_format_tar(archive)
    archive_read_support_filter_gzip(archive)
    guard archive_read_open_filename(archive, url.path, partBytes) == ARCHIVE_OK else {
      throw Failure("\(url.path): not a .zip or .tar.gz archive: \(reason(archive))")
    }
    var names: [String] = []
    var tops: Set<String> = []
    var bytesAll = 0
    while true {
      var entry: OpaquePointer?
      let result = archive_read_next_header(archive, &entry)
      if result == ARCHIVE_EOF { break }
      guard result == ARCHIVE_OK, let entry else {
        throw Failure("\(url.path): damaged: \(reason(archive))")
      }
      let name = archive_entry_pathname_utf8(entry).map { String(cString: $0) } ?? ""
      let type = archive_entry_filetype(entry)
      if type == folderType,
        PackFolder.isPlain(name.hasSuffix("/") ? String(name.dropLast()) : name)
      {
        continue
      }
      let shown = name.isEmpty ? "an entry without a name" : String(name.prefix(200))
      guard type == regularFile, archive_entry_hardlink(entry) == nil,
        archive_entry_symlink(entry) == nil
      else { throw Failure("\(url.path): \(shown): a link or a device; a pack holds plain files") }
      guard PackFolder.isPlain(name), let slash = name.firstIndex(of: "/") else {
        throw Failure("\(url.path): \(shown): not a name that a pack can hold")
      }
      tops.insert(String(name[..<slash]))
      let path = String(name[name.index(after: slash)...])
      guard tops.count == 1, !names.contains(path) else {
        throw Failure("\(url.path): \(shown): a second file of this name, or a second folder")
      }
      names.append(path)
      try extract(archive, path, into: folder, from: url, &bytesAll)
    }
    guard !names.isEmpty else { throw Failure("\(url.path): an archive without files") }
    return names
  }

  private static func extract(
    _ archive: OpaquePointer, _ path: String, into folder: URL, from url: URL,
    _ bytesAll: inout Int
  ) throws {
    let file = folder.appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    let descriptor = Glibc.open(file.path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw Failure("\(file.path): cannot be written: \(String(cString: strerror(errno)))")
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var buffer = [UInt8](repeating: 0, count: partBytes)
    while true {
      let count = buffer.withUnsafeMutableBytes {
        archive_read_data(archive, $0.baseAddress, $0.count)
      }
      if count == 0 { return }
      guard count > 0 else {
        throw Failure("\(url.path): \(path): damaged or cut off: \(reason(archive))")
      }
      bytesAll += count
      guard bytesAll <= bytesMax else { throw Failure("\(url.path): \(path): too large") }
      try handle.write(contentsOf: buffer[..<count])
    }
  }

  private static func reason(_ archive: OpaquePointer) -> String {
    archive_error_string(archive).map { String(cString: $0).lowercased() } ?? "no reason given"
  }
}
