internal import CSimdjson

/// Reads the wanted fields of many lines of one JSON object each, several times as fast as line by
/// line; see `sequitur_field_reader_begin_block`.
final class BlockReader {
  /// What a line gave.
  enum Next {
    /// An object, with exactly the fields that `FieldReader.read` gives; they live until the next
    /// line.
    case record(FieldReader.Result)
    /// A line that is for `FieldReader.read` to judge: damaged, or of an unusual form.
    case irregular
    /// The block has no further line.
    case end
  }

  /// The line found last, without its end.
  var line: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      rebasing: block[found.pointee.offset..<found.pointee.offset + found.pointee.length])
  }
  /// Where the line found last begins in the block.
  var offset: Int { found.pointee.offset }
  /// How many lines of the block lie before the one found last; at its end, how many it has.
  var linesBefore: Int { found.pointee.linesBefore }

  private let fields: FieldReader
  private var block = UnsafeRawBufferPointer(start: nil, count: 0)
  /// Apart from the object, so that no access to it is checked a million times a second.
  private let found = UnsafeMutablePointer<SequiturLine>.allocate(capacity: 1)

  /// Reads the paths of a reader, which may read single lines in between.
  init(_ fields: FieldReader) {
    self.fields = fields
    found.initialize(to: SequiturLine())
  }

  deinit { found.deallocate() }

  /// Begins a block: bytes that begin where a line does, with JSON's padding behind them. They must
  /// live, unchanged, until the last line is read.
  func begin(_ block: UnsafeRawBufferPointer) {
    self.block = block
    guard let handle = fields.handle else { return }
    sequitur_field_reader_begin_block(
      handle, block.bindMemory(to: CChar.self).baseAddress, block.count)
  }

  /// The next line that is not blank.
  func next() -> Next {
    guard let handle = fields.handle else { return .end }
    let kind = sequitur_field_reader_next(handle, found)
    if UInt32(kind) == SEQUITUR_LINE_RECORD.rawValue {
      return .record(
        FieldReader.Result(
          code: Int32(SEQUITUR_JSON_OK.rawValue),
          fields: UnsafeBufferPointer(start: found.pointee.fields, count: found.pointee.count),
          isRepeated: found.pointee.repeated))
    }
    return UInt32(kind) == SEQUITUR_LINE_END.rawValue ? .end : .irregular
  }
}
