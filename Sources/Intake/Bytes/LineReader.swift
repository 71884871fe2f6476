#if canImport(Glibc)
  internal import Glibc
#endif

/// Splits an input into lines without ever holding more than one that is too long.
final class LineReader {
  /// What was found next.
  enum Next {
    /// A line without its end; the bytes live until the next call and have JSON's padding behind.
    case line(UnsafeRawBufferPointer, isEnded: Bool)
    /// A line of more than `InputLimits.recordBytesMax`; it was skipped.
    case tooLong
    case end
  }

  /// The number of the line found last, from 1.
  private(set) var number = 0
  private let bytes: InputBytes
  private let bytesMax: Int
  private var used = 0

  init(_ bytes: InputBytes, limits: InputLimits) {
    self.bytes = bytes
    bytesMax = limits.recordBytesMax
    if bytes.fill(toAtLeast: 3) >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF {
      bytes.drop(3)
    }
  }

  /// The next line that is not blank.
  func next() -> Next {
    while true {
      let next = nextLine()
      if case .line(let line, _) = next, LineReader.isBlank(line) { continue }
      return next
    }
  }

  /// The next line, blank or not.
  func nextLine() -> Next {
    bytes.drop(used)
    used = 0
    var searched = 0
    while true {
      let available = bytes.available
      if let newline = LineReader.newline(in: available, from: searched) {
        number += 1
        used = newline + 1
        return .line(LineReader.withoutReturn(bytes.slice(0, newline)), isEnded: true)
      }
      searched = available.count
      if searched > bytesMax { return skipLine() }
      if !bytes.fill() { break }
    }
    guard searched > 0 else { return .end }
    number += 1
    used = searched
    return .line(LineReader.withoutReturn(bytes.slice(0, searched)), isEnded: false)
  }

  private func skipLine() -> Next {
    number += 1
    while true {
      let available = bytes.available
      if let newline = LineReader.newline(in: available, from: 0) {
        bytes.drop(newline + 1)
        return .tooLong
      }
      bytes.drop(available.count)
      if !bytes.fill() { return .tooLong }
    }
  }

  static func newline(in bytes: UnsafeRawBufferPointer, from offset: Int) -> Int? {
    guard let base = bytes.baseAddress, offset < bytes.count,
      let found = memchr(base + offset, 0x0A, bytes.count - offset)
    else { return nil }
    return UnsafeRawPointer(found) - base
  }

  static func withoutReturn(_ line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    guard line.last == 0x0D else { return line }
    return UnsafeRawBufferPointer(rebasing: line.dropLast())
  }

  static func isBlank(_ line: UnsafeRawBufferPointer) -> Bool {
    for byte in line where byte > 0x20 { return false }
    return true
  }
}
