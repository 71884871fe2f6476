internal import CIsal

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

  /// Where the input is.
  private enum Place { case header, data, behindMember }

  /// Whether a member has begun and not ended: the end of the input is then a cut.
  var isInsideMember: Bool { place != .behindMember }
  private var place = Place.header
  private let state: UnsafeMutablePointer<inflate_state>
  private let header: UnsafeMutablePointer<isal_gzip_header>

  init() {
    // The state is tens of kilobytes: too much for a value that is copied here.
    let size = MemoryLayout<inflate_state>.size
    let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    state = memory.bindMemory(to: inflate_state.self, capacity: 1)
    header = .allocate(capacity: 1)
    beginMember()
  }

  deinit {
    UnsafeMutableRawPointer(state).deallocate()
    header.deallocate()
  }

  /// Takes bytes from the front of `input` and writes to `output`; both counts are returned.
  func step(
    input: UnsafeMutableRawBufferPointer, output: UnsafeMutableRawBufferPointer
  ) -> (step: Step, taken: Int, written: Int) {
    var skipped = 0
    if place == .behindMember {
      // Some writers fill the last block with zeros; they mean nothing.
      while skipped < input.count, input[skipped] == 0 { skipped += 1 }
      guard skipped < input.count else { return (.needsInput, skipped, 0) }
      guard input[skipped] == 0x1F else { return (.trailingGarbage, skipped, 0) }
      beginMember()
    }
    let available = min(input.count - skipped, Int(UInt32.max))
    let room = min(output.count, Int(UInt32.max))
    state.pointee.next_in = input.baseAddress?.advanced(by: skipped)
      .assumingMemoryBound(to: UInt8.self)
    state.pointee.avail_in = UInt32(available)
    state.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    state.pointee.avail_out = UInt32(room)
    let code = advance()
    let taken = available - Int(state.pointee.avail_in)
    let written = room - Int(state.pointee.avail_out)
    if code < ISAL_DECOMP_OK { return (.damaged, skipped + taken, written) }
    if place == .data, state.pointee.block_state == ISAL_BLOCK_FINISH { place = .behindMember }
    // Output may be held back in the state though all input was taken, and the other way round.
    let isStuck = taken == 0 && written == 0 && place != .behindMember
    return (isStuck ? .needsInput : .progressed, skipped + taken, written)
  }

  private func beginMember() {
    isal_inflate_init(state)
    // The header is read apart: within the data the library forgets its fields between two steps.
    isal_gzip_header_init(header)
    state.pointee.crc_flag = UInt32(ISAL_GZIP_NO_HDR_VER)
    place = .header
  }

  /// Goes on as far as input and output allow; an `ISAL_` code, below zero for damage.
  private func advance() -> Int32 {
    if place == .header {
      let code = isal_read_gzip_header(state, header)
      guard code == ISAL_DECOMP_OK else { return code }
      place = .data
    }
    return isal_inflate(state)
  }
}
