/// Texts that are put together from parts, in memory that is used again and again.
final class TextScratch {
  private var memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1_024)
  private(set) var count = 0

  deinit { memory.deallocate() }

  /// The text so far; it lives until the next change.
  var text: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: memory[..<count])
  }

  /// The last byte.
  var last: UInt8? { count > 0 ? memory[count - 1] : nil }

  /// Begins anew.
  func clear() { count = 0 }

  func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let start = bytes.baseAddress else { return }
    if count + bytes.count > memory.count { grow(by: bytes.count) }
    memory.baseAddress?.advanced(by: count).update(from: start, count: bytes.count)
    count += bytes.count
  }

  func append(_ bytes: [UInt8]) { bytes.withUnsafeBufferPointer { append($0) } }

  func append(byte: UInt8) {
    if count == memory.count { grow(by: 1) }
    memory[count] = byte
    count += 1
  }

  /// Appends ASCII letters in lower case, and all else as it is.
  func appendLowercased(_ bytes: UnsafeBufferPointer<UInt8>) {
    if count + bytes.count > memory.count { grow(by: bytes.count) }
    for (index, byte) in bytes.enumerated() {
      memory[count + index] = byte &- 0x41 < 26 ? byte | 0x20 : byte
    }
    count += bytes.count
  }

  /// Takes away what was appended behind so many bytes.
  func cut(to length: Int) { count = min(count, length) }

  func append(_ text: StaticString) {
    append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private func grow(by more: Int) {
    let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: (count + more) * 2)
    _ = larger.update(fromContentsOf: text)
    memory.deallocate()
    memory = larger
  }
}
