/// One input as the command found it: a name, and a way to its bytes.
///
/// Intake knows no file system. A source may be opened more than once (`rawRecords` reads again).
package struct InputSource: Sendable {
  /// The path as the user would name it, relative to the reviewed folder, with `/`.
  package var path: String
  /// Opens it at its beginning. An error becomes a problem of the file, in the error's own words.
  package var open: @Sendable () throws -> ByteReader

  /// A source of bytes.
  package init(path: String, open: @escaping @Sendable () throws -> ByteReader) {
    self.path = path
    self.open = open
  }

  /// A source whose bytes are already there.
  package init(path: String, bytes: [UInt8]) {
    self.init(path: path) { ByteReader(bytes: bytes) }
  }
}

/// An open input: gives the next bytes until there are none.
package struct ByteReader {
  /// Writes at most the buffer's size and returns how many bytes; 0 at the end.
  package var read: (UnsafeMutableRawBufferPointer) throws -> Int
  /// Lets the next bytes be those from an offset on; nil where that cannot be.
  package var seek: ((Int64) throws -> Void)?

  /// A reader of bytes.
  package init(
    read: @escaping (UnsafeMutableRawBufferPointer) throws -> Int,
    seek: ((Int64) throws -> Void)? = nil
  ) {
    self.read = read
    self.seek = seek
  }

  /// A reader of bytes that are already there.
  package init(bytes: [UInt8]) {
    var offset = 0
    self.init(
      read: { buffer in
        let count = min(buffer.count, bytes.count - offset)
        bytes.withUnsafeBytes { all in
          buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: all[offset..<offset + count]))
        }
        offset += count
        return count
      }, seek: { offset = min(bytes.count, max(0, Int(clamping: $0))) })
  }
}
