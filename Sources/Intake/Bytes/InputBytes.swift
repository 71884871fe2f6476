internal import CSimdjson
internal import Crypto

/// What is known of a file once all its bytes were seen.
struct FileEnd: Sendable {
  var sha256: String?
  var bytes = 0
  var faults: [InputBytes.Fault] = []
}

/// The bytes of one input, decompressed, in a buffer that slides over them; what they hash to and
/// what was wrong with them on the way.
///
/// INVARIANT: `SEQUITUR_JSON_PADDING` bytes behind `end` belong to the buffer.
final class InputBytes {
  /// What is wrong with the input as bytes.
  struct Fault: Sendable {
    var reason: String
    var consequence: String
  }

  /// How bytes are compressed.
  enum Compression: String {
    case none, gzip, zstd

    /// What the first bytes of an input say.
    init(_ start: some Collection<UInt8>) {
      if start.starts(with: [0x1F, 0x8B]) {
        self = .gzip
      } else {
        self = start.starts(with: ZstdInflater.magic) ? .zstd : .none
      }
    }
  }

  /// The first and the next after the last byte at hand.
  private(set) var start = 0
  private(set) var end = 0
  /// Bytes as they lie in the input, so far.
  private(set) var rawCount = 0
  /// How the input is compressed.
  private var compression = Compression.none
  private(set) var faults: [Fault] = []
  private(set) var isAtEnd = false

  private var buffer: UnsafeMutableRawBufferPointer
  private let raw: UnsafeMutableRawBufferPointer
  private var rawStart = 0
  private var rawEnd = 0
  private var isRawAtEnd = false
  private var isOpened = false
  private var inflatedCount = 0
  private let reader: ByteReader
  private let limits: InputLimits
  private let isHashed: Bool
  private let inflater = Inflater()
  private let zstd = ZstdInflater()
  private var hasher = SHA256()

  private static let padding = Int(SEQUITUR_JSON_PADDING)
  private static let chunk = 1 << 20

  /// - Parameter isHashed: Whether `sha256` is wanted; a second reading needs no second digest.
  init(reader: ByteReader, limits: InputLimits, isHashed: Bool) {
    self.reader = reader
    self.isHashed = isHashed
    self.limits = limits
    buffer = .allocate(byteCount: 2 * InputBytes.chunk + InputBytes.padding, alignment: 64)
    buffer.initializeMemory(as: UInt8.self, repeating: 0)
    raw = .allocate(byteCount: 256 << 10, alignment: 64)
  }

  deinit {
    buffer.deallocate()
    raw.deallocate()
  }

  /// The bytes at hand.
  var available: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[start..<end]) }

  /// Some of the bytes at hand, by their offset from `start`.
  func slice(_ offset: Int, _ count: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: buffer[start + offset..<start + offset + count])
  }

  /// One of the bytes at hand.
  subscript(_ offset: Int) -> UInt8 { buffer[start + offset] }

  /// Lets go of bytes at the front.
  func drop(_ count: Int) {
    start += count
    if start == end {
      start = 0
      end = 0
    }
  }

  /// Reads more behind `end`; what is at hand may move. False when there is no more.
  func fill() -> Bool {
    guard !isAtEnd else { return false }
    makeRoom()
    let room = UnsafeMutableRawBufferPointer(
      rebasing: buffer[end..<buffer.count - InputBytes.padding])
    if !isOpened { open() }
    let count = compression == .none ? copy(into: room) : inflate(into: room)
    end += count
    if count == 0 { isAtEnd = true }
    return count > 0
  }

  /// Reads the next bytes, those at hand first, straight into a buffer; 0 at the end.
  func read(into room: UnsafeMutableRawBufferPointer) -> Int {
    if start < end {
      let count = min(room.count, end - start)
      room.copyMemory(from: slice(0, count))
      drop(count)
      return count
    }
    guard !isAtEnd, !room.isEmpty else { return 0 }
    if !isOpened { open() }
    let count = compression == .none ? copy(into: room) : inflate(into: room)
    if count == 0 { isAtEnd = true }
    return count
  }

  /// Reads until `count` bytes are at hand or the input ends; returns how many there are.
  func fill(toAtLeast count: Int) -> Int {
    while end - start < count, fill() {}
    return end - start
  }

  /// Reads the rest for its digest alone.
  func drain() {
    isAtEnd = true
    start = 0
    end = 0
    if !isOpened { open() }
    while readRaw() > 0 {}
  }

  /// Reads the rest for its digest alone, and says what is known of the whole.
  func finish() -> FileEnd {
    drain()
    return FileEnd(sha256: sha256, bytes: rawCount, faults: faults)
  }

  /// Lower-case hex SHA-256 of the input as it lies, complete after `drain`; nil unless `isHashed`.
  var sha256: String? {
    guard isHashed else { return nil }
    let digits: [UInt8] = Array("0123456789abcdef".utf8)
    var hex: [UInt8] = []
    for byte in hasher.finalize() {
      hex.append(digits[Int(byte >> 4)])
      hex.append(digits[Int(byte & 15)])
    }
    return String(decoding: hex, as: UTF8.self)
  }

  private func makeRoom() {
    if start > 0, buffer.count - InputBytes.padding - end < InputBytes.chunk {
      let kept = UnsafeRawBufferPointer(rebasing: buffer[start..<end])
      buffer.copyMemory(from: kept)
      end -= start
      start = 0
    }
    guard buffer.count - InputBytes.padding - end < InputBytes.chunk / 2 else { return }
    let larger = UnsafeMutableRawBufferPointer.allocate(
      byteCount: buffer.count * 2, alignment: 64)
    larger.initializeMemory(as: UInt8.self, repeating: 0)
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
    buffer.deallocate()
    buffer = larger
    end -= start
    start = 0
  }

  /// Reads the first bytes and looks whether they are compressed.
  private func open() {
    isOpened = true
    while rawEnd < ZstdInflater.magic.count, readRaw(appending: true) > 0 {}
    compression = Compression(raw[..<rawEnd])
  }

  private func readRaw(appending: Bool = false) -> Int {
    guard !isRawAtEnd else { return 0 }
    if !appending {
      rawStart = 0
      rawEnd = 0
    }
    let count = readFrom(UnsafeMutableRawBufferPointer(rebasing: raw[rawEnd...]))
    rawEnd += count
    return count
  }

  private func readFrom(_ room: UnsafeMutableRawBufferPointer) -> Int {
    guard !isRawAtEnd else { return 0 }
    do {
      let count = max(0, min(room.count, try reader.read(room)))
      if count == 0 { isRawAtEnd = true }
      if isHashed {
        hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: room[..<count]))
      }
      rawCount += count
      return count
    } catch {
      isRawAtEnd = true
      fault("reading failed: \(error)", "the rest is not read")
      return 0
    }
  }

  private func copy(into room: UnsafeMutableRawBufferPointer) -> Int {
    guard rawStart < rawEnd else { return readFrom(room) }
    let count = min(room.count, rawEnd - rawStart)
    room.copyMemory(from: UnsafeRawBufferPointer(rebasing: raw[rawStart..<rawStart + count]))
    rawStart += count
    return count
  }

  private func inflate(into room: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      let input = UnsafeMutableRawBufferPointer(rebasing: raw[rawStart..<rawEnd])
      let isZstd = compression == .zstd
      let result =
        isZstd
        ? zstd.step(input: input, output: room) : inflater.step(input: input, output: room)
      rawStart += result.taken
      inflatedCount += result.written
      switch result.step {
      case .progressed, .needsInput: break
      case .trailingGarbage:
        let name = compression.rawValue
        return stop(
          "bytes after the end of the \(name) data are no \(name)", "those bytes are not read")
      case .damaged:
        _ = stop("damaged \(compression.rawValue) data", "read up to the damage")
        return result.written
      }
      if inflatedCount > limits.expansionFreeBytes,
        inflatedCount / limits.expansionMax > max(rawCount, 1)
      {
        return stop(
          "decompresses to more than \(limits.expansionMax) times its size", "the rest is not read")
      }
      if result.written > 0 { return result.written }
      if rawStart == rawEnd, readRaw() == 0 {
        if isZstd ? zstd.isInsideMember : inflater.isInsideMember {
          fault("the \(compression.rawValue) data is cut off", "read up to the cut")
        }
        return 0
      }
    }
  }

  private func stop(_ reason: String, _ consequence: String) -> Int {
    fault(reason, consequence)
    isAtEnd = true
    return 0
  }

  private func fault(_ reason: String, _ consequence: String) {
    faults.append(Fault(reason: reason, consequence: consequence))
  }
}
