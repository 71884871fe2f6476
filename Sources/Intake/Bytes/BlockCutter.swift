internal import CSimdjson

/// Some whole lines of an input: where they lie, and whether they are its first and its last.
struct LineBlock: Sendable {
  /// The lines, with JSON's padding behind them.
  var bytes: [UInt8]
  /// How many of the bytes are lines.
  var count: Int
  /// Where the block begins in the input, decompressed.
  var offset: Int64
  /// The number of the block in its file, from 0.
  var number: Int
  var isLast: Bool
  /// Whether this stands for one line that was too long to be read.
  var isTooLong = false

  /// Calls with the lines as bytes.
  func withLines<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try bytes.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
  }
}

/// Cuts an input into blocks of whole lines, which can then be read side by side.
///
/// Where a block ends depends on the bytes alone: after the last line end before `bytesMin`, or
/// after the first one behind it where a line is longer.
struct BlockCutter {
  private let input: InputBytes
  private let bytesMin: Int
  private let lineMax: Int
  /// What was read behind the end of the last block.
  private var rest: [UInt8] = []
  private var offset: Int64 = 0
  private var number = 0
  private var isDone = false

  private static let padding = Int(SEQUITUR_JSON_PADDING)

  init(_ input: InputBytes, bytesMin: Int, limits: InputLimits) {
    self.input = input
    self.bytesMin = bytesMin
    lineMax = limits.recordBytesMax
  }

  /// The next block; nil after the last.
  mutating func next() -> LineBlock? {
    guard !isDone else { return nil }
    var size = bytesMin
    var (bytes, count) = filled(rest, upTo: size)
    if number == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      bytes.removeFirst(3)
      bytes.append(contentsOf: [0, 0, 0])
      count -= 3
      offset += 3
    }
    while count >= size {
      if let end = BlockCutter.lastLineEnd(bytes, count) {
        return block(bytes, cut: end, of: count)
      }
      guard size <= lineMax else { return tooLong(bytes, count) }
      size = min(size * 2, lineMax + 1)
      (bytes, count) = filled(Array(bytes[..<count]), upTo: size)
    }
    isDone = true
    return block(bytes, cut: count, of: count)
  }

  /// What is known of the input once its last block was given.
  func end() -> FileEnd { input.finish() }

  /// Ends a block; what lies behind the cut begins the next one.
  private mutating func block(_ bytes: [UInt8], cut: Int, of count: Int) -> LineBlock {
    rest = Array(bytes[cut..<count])
    let block = LineBlock(
      bytes: bytes, count: cut, offset: offset, number: number, isLast: isDone)
    offset += Int64(cut)
    number += 1
    return block
  }

  /// Skips a line that is too long; its beginning is in the bytes.
  private mutating func tooLong(_ bytes: [UInt8], _ count: Int) -> LineBlock {
    let start = offset
    offset += Int64(count)
    var (piece, length) = filled([], upTo: bytesMin)
    while length > 0 {
      let end = piece[..<length].firstIndex(of: 0x0A).map { $0 + 1 }
      offset += Int64(end ?? length)
      if let end {
        rest = Array(piece[end..<length])
        break
      }
      (piece, length) = filled([], upTo: bytesMin)
    }
    if length == 0 {
      rest = []
      isDone = true
    }
    defer { number += 1 }
    return LineBlock(
      bytes: [], count: 0, offset: start, number: number, isLast: isDone, isTooLong: true)
  }

  /// The given bytes and what follows them in the input, up to a size; with padding.
  private func filled(_ start: [UInt8], upTo size: Int) -> (bytes: [UInt8], count: Int) {
    var count = start.count
    let bytes = [UInt8](unsafeUninitializedCapacity: max(size, count) + BlockCutter.padding) {
      buffer, initialized in
      let raw = UnsafeMutableRawBufferPointer(buffer)
      raw.copyBytes(from: start)
      while count < size {
        let read = input.read(into: UnsafeMutableRawBufferPointer(rebasing: raw[count..<size]))
        if read == 0 { break }
        count += read
      }
      let end = count + BlockCutter.padding
      UnsafeMutableRawBufferPointer(rebasing: raw[count..<end]).initializeMemory(
        as: UInt8.self, repeating: 0)
      initialized = end
    }
    return (bytes, count)
  }

  private static func lastLineEnd(_ bytes: [UInt8], _ count: Int) -> Int? {
    var index = count
    while index > 0 {
      if bytes[index - 1] == 0x0A { return index }
      index -= 1
    }
    return nil
  }
}

/// Reads every line of a block that is not blank; returns how many lines there are, blank or not.
///
/// A line that is too long becomes a problem.
func readLines(
  of block: LineBlock, _ fields: FieldReader, into reading: inout Reading,
  _ read: (FieldReader.Result, Record, inout Reading) -> Void
) -> Int {
  func noteTooLong(_ line: Int) {
    let flaw = RecordFlaw.tooLong("a line", line: line, limits: reading.limits)
    reading.problem(line: flaw.line, flaw.reason, flaw.consequence)
  }
  if block.isTooLong {
    noteTooLong(1)
    return 1
  }
  let lengthMax = reading.limits.recordBytesMax
  return block.withLines { bytes in
    let lines = BlockReader(fields)
    lines.begin(bytes)
    while true {
      let next = lines.next()
      if case .end = next { return lines.linesBefore }
      let line = lines.line
      let number = lines.linesBefore + 1
      if line.count > lengthMax {
        noteTooLong(number)
        continue
      }
      let end = line.baseAddress.map { $0 + line.count }
      var record = Record(line: number, key: 0, bytes: line)
      record.isCutOff = block.isLast && end == bytes.baseAddress.map { $0 + bytes.count }
      reading.offset = block.offset + Int64(lines.offset)
      switch next {
      case .record(let result): read(result, record, &reading)
      case .irregular: read(fields.read(line), record, &reading)
      case .end: break
      }
    }
  }
}
