internal import Foundation
internal import Glibc
internal import Intake

/// The files that the paths of the command line mean, in order of the names they are shown by.
struct InputFiles {
  /// One for each file: hidden files and folders are left out, links to files are followed.
  let sources: [InputSource]
  /// Bytes of all files, for progress.
  let bytesAll: Int

  /// Walks folders; a path that is not there or not readable is an error, not an empty input.
  init(paths: [String], progress: Progress) throws {
    var found: [String: String] = [:]
    for path in paths {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw Failure("\(path): no such file or folder")
      }
      guard access(path, R_OK) == 0 else { throw Failure("\(path): not readable") }
      if isFolder.boolValue {
        let prefix = paths.count == 1 ? "" : InputFiles.trimmed(path) + "/"
        for name in try InputFiles.names(below: path) { found[prefix + name] = "\(path)/\(name)" }
      } else {
        let name = paths.count == 1 ? URL(fileURLWithPath: path).lastPathComponent : path
        found[name] = path
      }
    }
    guard !found.isEmpty else {
      throw Failure("\(paths.joined(separator: ", ")): no file in it")
    }
    sources = found.sorted { $0.key < $1.key }.map { name, path in
      InputSource(path: name) { try InputFiles.reader(of: path, progress: progress) }
    }
    bytesAll = found.values.reduce(0) { sum, path in
      var status = stat()
      return stat(path, &status) == 0 ? sum + Int(status.st_size) : sum
    }
  }

  /// A file opened for reading, closed at its end or when the reader is forgotten.
  private static func reader(of path: String, progress: Progress) throws -> ByteReader {
    let file = try OpenFile(path: path)
    return ByteReader { buffer in
      let count = try file.read(into: buffer)
      progress.add(bytes: count)
      return count
    }
  }

  private static func trimmed(_ path: String) -> String {
    var path = Substring(path)
    while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
    return String(path)
  }

  private static func names(below folder: String) throws -> [String] {
    var names: [String] = []
    var pending = [""]
    while let relative = pending.popLast() {
      let path = relative.isEmpty ? folder : "\(folder)/\(relative)"
      let children: [String]
      do {
        children = try FileManager.default.contentsOfDirectory(atPath: path)
      } catch {
        throw Failure("\(path): not a readable folder")
      }
      for child in children where !child.hasPrefix(".") {
        let name = relative.isEmpty ? child : "\(relative)/\(child)"
        var status = stat()
        guard lstat("\(folder)/\(name)", &status) == 0 else { continue }
        // A link to a folder is not followed: it may lead back here.
        if status.st_mode & S_IFMT == S_IFDIR {
          pending.append(name)
        } else if stat("\(folder)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG {
          names.append(name)
        }
      }
    }
    return names
  }
}

/// An open file that closes itself.
private final class OpenFile {
  private let descriptor: Int32

  init(path: String) throws {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { throw ReadError(reason: String(cString: strerror(errno))) }
  }

  deinit { close(descriptor) }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      if errno != EINTR { throw ReadError(reason: String(cString: strerror(errno))) }
    }
  }
}

/// What the system says about a file that cannot be read.
struct ReadError: Error, CustomStringConvertible {
  let reason: String
  var description: String { reason.lowercased() }
}
