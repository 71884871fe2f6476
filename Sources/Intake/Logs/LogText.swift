internal import Glibc

/// A text of a record; it lives until the next record.
typealias LogText = UnsafeBufferPointer<UInt8>

extension LogText {
  /// Whether it is exactly a text.
  func equals(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount && isSame(as: text, from: 0)
  }

  /// Whether it ends with a text.
  func ends(with text: StaticString) -> Bool {
    count >= text.utf8CodeUnitCount && isSame(as: text, from: count - text.utf8CodeUnitCount)
  }

  /// Whether it begins with a text.
  func begins(with text: StaticString) -> Bool {
    count >= text.utf8CodeUnitCount && isSame(as: text, from: 0)
  }

  /// Whether a text stands anywhere in it.
  func contains(_ text: StaticString) -> Bool {
    let length = text.utf8CodeUnitCount
    guard let start = UnsafeRawPointer(baseAddress), count >= length else { return length == 0 }
    let end = start + (count - length + 1)
    var at = start
    while at < end, let found = memchr(at, Int32(text.utf8Start.pointee), end - at) {
      if memcmp(found, text.utf8Start, length) == 0 { return true }
      at = UnsafeRawPointer(found) + 1
    }
    return false
  }

  /// Whether a text stands at an offset, behind which there is room for it.
  private func isSame(as text: StaticString, from offset: Int) -> Bool {
    guard let start = baseAddress else { return text.utf8CodeUnitCount == 0 }
    return memcmp(start + offset, text.utf8Start, text.utf8CodeUnitCount) == 0
  }

  /// What follows the last of a byte; all of it where there is none.
  func after(last byte: UInt8) -> LogText {
    guard let index = lastIndex(of: byte) else { return self }
    return LogText(rebasing: self[(index + 1)...])
  }

  /// What stands before the first of a byte; all of it where there is none.
  func before(first byte: UInt8) -> LogText {
    guard let index = firstIndex(of: byte) else { return self }
    return LogText(rebasing: self[..<index])
  }

  /// As text.
  var string: String { String(decoding: self, as: UTF8.self) }
}
