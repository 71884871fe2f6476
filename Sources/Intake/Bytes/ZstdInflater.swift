internal import CZstd

/// Decompresses zstd, any number of frames one after the other, in bounded memory.
final class ZstdInflater {
  /// Whether a frame has begun and not ended: the end of the input is then a cut.
  private(set) var isInsideMember = true
  private let state: OpaquePointer?

  init() { state = ZSTD_createDCtx() }

  deinit { ZSTD_freeDCtx(state) }

  /// Takes bytes from the front of `input` and writes to `output`; both counts are returned.
  func step(
    input: UnsafeMutableRawBufferPointer, output: UnsafeMutableRawBufferPointer
  ) -> (step: Inflater.Step, taken: Int, written: Int) {
    // Behind a frame another one may follow, and nothing else: a step would begin it.
    if !isInsideMember {
      guard !input.isEmpty else { return (.needsInput, 0, 0) }
      let start = ZstdInflater.magic.prefix(input.count)
      let isFrame = zip(start, input).allSatisfy { $0 == $1 } || ZstdInflater.isSkippable(input)
      guard isFrame else { return (.trailingGarbage, 0, 0) }
      isInsideMember = true
    }
    var from = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    var to = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
    let left = ZSTD_decompressStream(state, &to, &from)
    if ZSTD_isError(left) != 0 { return (.damaged, from.pos, to.pos) }
    if left == 0 { isInsideMember = false }
    let isStuck = from.pos == 0 && to.pos == 0 && isInsideMember
    return (isStuck ? .needsInput : .progressed, from.pos, to.pos)
  }

  /// How a frame begins (RFC 8878).
  static let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]

  /// Whether bytes begin a frame that holds nothing: 0x184D2A50 to 0x184D2A5F, as little-endian.
  private static func isSkippable(_ bytes: UnsafeMutableRawBufferPointer) -> Bool {
    bytes[0] & 0xF0 == 0x50 && zip(bytes.dropFirst(), [0x2A, 0x4D, 0x18]).allSatisfy { $0 == $1 }
  }
}
