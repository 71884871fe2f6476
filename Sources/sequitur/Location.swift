internal import Glibc

/// A place on disk by its bytes: the names that a system gives its files need not be UTF-8.
struct Location {
  /// What a place is, links followed.
  enum Kind: Equatable {
    case file
    case folder
    /// Neither, in words, for example `a pipe`.
    case other(String)
  }

  /// What tells two names of one file from two files.
  struct Identity: Hashable {
    fileprivate var device: UInt64
    fileprivate var number: UInt64
  }

  /// The path, ended by 0.
  private let bytes: [CChar]

  /// A place by its path.
  init(_ path: String) { bytes = Array(path.utf8CString) }

  private init(bytes: [CChar]) { self.bytes = bytes }

  /// A place inside this folder.
  func appending(_ name: [CChar]) -> Location {
    Location(bytes: bytes.dropLast() + [0x2F] + name + [0])
  }

  /// What is there; nil when nothing is.
  var kind: Kind? {
    guard let status = status(followsLinks: true) else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    case S_IFIFO: return .other("a pipe")
    case S_IFSOCK: return .other("a socket")
    default: return .other("a device")
    }
  }

  /// Whether the place itself is a link.
  var isLink: Bool {
    status(followsLinks: false).map { $0.st_mode & S_IFMT == S_IFLNK } ?? false
  }

  /// Which file or folder it is, under whatever name; nil when nothing is there.
  var identity: Identity? {
    status(followsLinks: true).map {
      Identity(device: UInt64($0.st_dev), number: UInt64($0.st_ino))
    }
  }

  /// The bytes in the file.
  var size: Int { status(followsLinks: true).map { Int($0.st_size) } ?? 0 }

  /// The names in the folder without the hidden ones, in no order.
  func names() throws(ReadError) -> [[CChar]] {
    guard let folder = opendir(bytes) else { throw ReadError.ofSystem() }
    defer { closedir(folder) }
    let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 19
    var names: [[CChar]] = []
    while let entry = readdir(folder) {
      let start = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
      let name = Array(UnsafeBufferPointer(start: start, count: strlen(start)))
      if name.first != 0x2E { names.append(name) }
    }
    return names
  }

  /// Opens the file for reading and nothing else; never waits for a writer.
  func open() throws(ReadError) -> Int32 {
    let descriptor = Glibc.open(bytes, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw ReadError.ofSystem() }
    return descriptor
  }

  private func status(followsLinks: Bool) -> stat? {
    var status = stat()
    let result = followsLinks ? stat(bytes, &status) : lstat(bytes, &status)
    return result == 0 ? status : nil
  }

  /// A name for people: bytes that are no UTF-8 as `\xFF`.
  static func shown(_ name: [CChar]) -> String {
    var bytes = name.map { UInt8(bitPattern: $0) }[...]
    var shown = ""
    while !bytes.isEmpty {
      if let text = String(validating: bytes, as: UTF8.self) { return shown + text }
      var length = bytes.count
      // The longest valid front, then one byte that is not.
      while String(validating: bytes.prefix(length), as: UTF8.self) == nil { length -= 1 }
      shown += String(decoding: bytes.prefix(length), as: UTF8.self)
      bytes = bytes.dropFirst(length)
      guard let wrong = bytes.popFirst() else { break }
      let digits = String(wrong, radix: 16, uppercase: true)
      shown += "\\x\(digits)"
    }
    return shown
  }
}

/// What the system says about a file that cannot be read.
struct ReadError: Error, CustomStringConvertible {
  /// Lower case, no period.
  let reason: String
  var description: String { reason }

  /// The error of the last call of the system.
  static func ofSystem() -> ReadError {
    ReadError(reason: String(cString: strerror(errno)).lowercased())
  }
}
