internal import CZlib

/// Decompresses gzip, any number of members one after the other, in bounded memory.
final class Inflater {
  /// How a step ended.
  enum Step {
    /// Bytes were written; more may follow.
    case progressed
    /// The compressed bytes at hand are used up.
    case needsInput
    /// What follows the last whole member is no gzip.
    case trailingGarbage
    /// The compressed data is damaged.
    case damaged
  }

  /// Whether a member has begun and not ended: the end of the input is then a cut.
  private(set) var isInsideMember = true
  private let stream: UnsafeMutablePointer<z_stream>
  private let isReady: Bool

  init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let gzipOnly: Int32 = 15 + 16
    isReady =
      inflateInit2_(stream, gzipOnly, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
  }

  deinit {
    if isReady { inflateEnd(stream) }
    stream.deallocate()
  }

  /// Takes bytes from the front of `input` and writes to `output`; both counts are returned.
  func step(
    input: UnsafeMutableRawBufferPointer, output: UnsafeMutableRawBufferPointer
  ) -> (step: Step, taken: Int, written: Int) {
    guard isReady else { return (.damaged, 0, 0) }
    var skipped = 0
    if !isInsideMember {
      // Some writers fill the last block with zeros; they mean nothing.
      while skipped < input.count, input[skipped] == 0 { skipped += 1 }
      guard skipped < input.count else { return (.needsInput, skipped, 0) }
      guard input[skipped] == 0x1F, inflateReset(stream) == Z_OK else {
        return (.trailingGarbage, skipped, 0)
      }
      isInsideMember = true
    }
    guard skipped < input.count else { return (.needsInput, skipped, 0) }
    let available = min(input.count - skipped, Int(UInt32.max))
    let room = min(output.count, Int(UInt32.max))
    stream.pointee.next_in = input.baseAddress?.advanced(by: skipped)
      .assumingMemoryBound(to: Bytef.self)
    stream.pointee.avail_in = UInt32(available)
    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: Bytef.self)
    stream.pointee.avail_out = UInt32(room)
    let code = inflate(stream, Z_NO_FLUSH)
    let taken = skipped + available - Int(stream.pointee.avail_in)
    let written = room - Int(stream.pointee.avail_out)
    switch code {
    case Z_STREAM_END:
      isInsideMember = false
      return (.progressed, taken, written)
    case Z_OK: return (.progressed, taken, written)
    case Z_BUF_ERROR: return (.needsInput, taken, written)
    default: return (.damaged, taken, written)
    }
  }
}
