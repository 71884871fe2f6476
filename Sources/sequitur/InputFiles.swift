internal import Glibc
internal import Intake

/// The files that the paths of the command line mean, in order of the names they are shown by.
struct InputFiles {
  /// One for each file: hidden files are left out, links to files followed. What is there and
  /// cannot be read is a source too, whose reading fails with the reason.
  let sources: [InputSource]
  /// Bytes of all files, for progress.
  let bytesAll: Int

  /// Something found: a file, or why it is none.
  private struct Found {
    var location: Location
    /// Why it is not read; nil for a file.
    var refusal: String?
  }

  /// Walks folders; a path that is not there or not readable is an error, not an empty input.
  ///
  /// - Parameter output: The folder that reviews are written to; where it lies inside an input
  ///   folder it is no input.
  init(paths: [String], output: String? = nil, progress: Progress) throws {
    let left = output.flatMap { Location($0).identity }
    var found: [String: Found] = [:]
    for path in paths {
      let location = Location(path)
      switch location.kind {
      case nil: throw Failure("\(path.isEmpty ? "``" : path): no such file or folder")
      case .other(let what):
        throw Failure("\(path): expected a file or a folder, not \(what)")
      case .file, .folder:
        guard access(path, R_OK) == 0 else { throw Failure("\(path): not readable") }
      }
      if location.kind == .folder {
        if let left, location.identity == left {
          throw Failure("--out: \(path) is reviewed itself; name another folder to write to")
        }
        let prefix = paths.count == 1 ? "" : InputFiles.trimmed(path) + "/"
        InputFiles.walk(location, prefix: prefix, without: left, into: &found)
      } else {
        let name = paths.count == 1 ? InputFiles.lastPart(path) : path
        found[name] = Found(location: location)
      }
    }
    let entries = InputFiles.eachOnce(found)
    guard entries.contains(where: { $0.found.refusal == nil }) else {
      let reasons = entries.prefix(20)
        .map { "\n  \($0.name.printable): \($0.found.refusal ?? "")" }.joined()
      throw Failure("\(paths.joined(separator: ", ")): no file in it\(reasons)")
    }
    sources = entries.map { name, found in
      InputSource(path: name) { InputFiles.reader(of: found, progress: progress) }
    }
    bytesAll = entries.reduce(0) { $0 + ($1.found.refusal == nil ? $1.found.location.size : 0) }
  }

  /// By name; a file with several names, by the first of them.
  private static func eachOnce(_ found: [String: Found]) -> [(name: String, found: Found)] {
    var seen: Set<Location.Identity> = []
    return found.sorted { $0.key < $1.key }.compactMap { name, found in
      if found.refusal == nil, let identity = found.location.identity {
        guard seen.insert(identity).inserted else { return nil }
      }
      return (name, found)
    }
  }

  /// A file opened at its first read, closed at its end or when the reader is forgotten.
  private static func reader(of found: Found, progress: Progress) -> ByteReader {
    var file: OpenFile?
    func opened() throws -> OpenFile {
      if let refusal = found.refusal { throw ReadError(reason: refusal) }
      let open = try file ?? OpenFile(found.location)
      file = open
      return open
    }
    return ByteReader(
      read: { buffer in
        let count = try opened().read(into: buffer)
        progress.add(bytes: count)
        return count
      }, seek: { try opened().seek(to: $0) })
  }

  private static func trimmed(_ path: String) -> String {
    var path = Substring(path)
    while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
    return String(path)
  }

  private static func lastPart(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  private static func walk(
    _ folder: Location, prefix: String, without left: Location.Identity?,
    into found: inout [String: Found]
  ) {
    var pending = [(prefix: prefix, location: folder)]
    while let next = pending.popLast() {
      let names: [[CChar]]
      do {
        names = try next.location.names()
      } catch {
        found[String(next.prefix.dropLast())] = Found(
          location: next.location, refusal: "a folder that cannot be read: \(error)")
        continue
      }
      for bytes in names {
        let name = next.prefix + Location.shown(bytes)
        let location = next.location.appending(bytes)
        switch location.kind {
        case nil:
          let what = location.isLink ? "a link that leads nowhere" : "gone before it was read"
          found[name] = Found(location: location, refusal: what)
        case .other(let what):
          found[name] = Found(location: location, refusal: "\(what), not a file")
        case .folder where location.isLink:
          // It may lead back here.
          found[name] = Found(
            location: location,
            refusal: "a link to a folder, which is not followed: name the folder itself")
        case .folder:
          if left == nil || location.identity != left { pending.append((name + "/", location)) }
        case .file:
          found[name] = Found(location: location)
        }
      }
    }
  }
}

/// An open file that closes itself.
private final class OpenFile {
  private let descriptor: Int32

  init(_ location: Location) throws(ReadError) { descriptor = try location.open() }

  deinit { close(descriptor) }

  func seek(to offset: Int64) throws {
    if lseek(descriptor, off_t(offset), SEEK_SET) < 0 { throw ReadError.ofSystem() }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      if errno != EINTR { throw ReadError.ofSystem() }
    }
  }
}
