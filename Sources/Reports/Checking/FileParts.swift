/// A file that was written, read part by part.
package struct FileParts {
  /// The path inside the review's folder.
  package let path: String
  /// The next part; empty at the end of the file, and from then on.
  package let next: () throws -> [UInt8]

  /// A file whose parts are read as they are asked for.
  package init(path: String, next: @escaping () throws -> [UInt8]) {
    self.path = path
    self.next = next
  }

  /// A file that is there already.
  package init(_ file: RenderedFile) {
    var rest: [UInt8]? = file.bytes
    self.init(path: file.path) {
      defer { rest = nil }
      return rest ?? []
    }
  }

  /// All of it at once.
  func whole() throws -> [UInt8] {
    var bytes = try next()
    while true {
      let part = try next()
      if part.isEmpty { return bytes }
      bytes += part
    }
  }
}
