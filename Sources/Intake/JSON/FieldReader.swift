internal import CSimdjson

/// Reads the wanted fields of many JSON objects; see `CSimdjson.h`.
final class FieldReader {
  /// What one object gave.
  struct Result {
    /// A `SequiturJSONError`.
    var code: Int32
    /// The fields in the object's order; they live until the next object.
    var fields: UnsafeBufferPointer<SequiturField>
    /// Whether a wanted key was given twice; its first value counts.
    var isRepeated: Bool
    /// What had to be repaired, as `SequiturRepair`.
    var repairs: Int32 = 0
  }

  /// The most paths that one reader takes.
  static let pathsMax = 4_096
  let handle: OpaquePointer?
  /// For each path the place of its first field among those read last; see `CSimdjson.h`. Good until
  /// a path is added.
  var firsts: UnsafePointer<UInt32>? { handle.flatMap { sequitur_field_reader_firsts($0) } }
  private var scratch = UnsafeMutableBufferPointer<CChar>.allocate(capacity: 0)

  init() { handle = sequitur_field_reader_new() }

  deinit {
    if let handle { sequitur_field_reader_free(handle) }
    scratch.deallocate()
  }

  /// The index of a dotted path, added when it is new; nil when there are too many.
  func add(_ path: String) -> Int? {
    guard let handle else { return nil }
    var path = path
    let index = path.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        sequitur_field_reader_add(handle, $0.baseAddress, $0.count)
      }
    }
    return index < 0 || index >= FieldReader.pathsMax ? nil : Int(index)
  }

  /// Reads an object in place; the text has `SEQUITUR_JSON_PADDING` readable bytes behind it.
  ///
  /// A text that is damaged in a way that can be made good is copied, repaired and read again.
  func read(_ text: UnsafeRawBufferPointer, under path: Int = -1) -> Result {
    let result = readOnce(text.bindMemory(to: CChar.self), under: path)
    switch result.code {
    case Int32(SEQUITUR_JSON_UTF8.rawValue), Int32(SEQUITUR_JSON_STRING.rawValue),
      Int32(SEQUITUR_JSON_CONTROL.rawValue):
      return readRepaired(text.bindMemory(to: CChar.self), under: path)
    default: return result
    }
  }

  /// Reads an object from a copy: for texts that have nothing readable behind them.
  func readCopy(_ text: UnsafeRawBufferPointer, under path: Int = -1) -> Result {
    reserve(text.count)
    UnsafeMutableRawBufferPointer(scratch).copyMemory(from: text)
    let copy = UnsafeBufferPointer(rebasing: UnsafeBufferPointer(scratch)[..<text.count])
    let result = readOnce(copy, under: path)
    switch result.code {
    case Int32(SEQUITUR_JSON_STRING.rawValue), Int32(SEQUITUR_JSON_CONTROL.rawValue):
      return readRepaired(text.bindMemory(to: CChar.self), under: path)
    default: return result
    }
  }

  private func readRepaired(_ text: UnsafeBufferPointer<CChar>, under path: Int) -> Result {
    reserve(text.count * 6)
    var repairs: Int32 = 0
    let count = sequitur_json_repair(text.baseAddress, text.count, scratch.baseAddress, &repairs)
    var result = readOnce(
      UnsafeBufferPointer(rebasing: UnsafeBufferPointer(scratch)[..<count]), under: path)
    result.repairs = repairs
    return result
  }

  private func readOnce(_ text: UnsafeBufferPointer<CChar>, under path: Int) -> Result {
    var fields: UnsafePointer<SequiturField>?
    var count = 0
    var isRepeated = false
    var code = Int32(SEQUITUR_JSON_CAPACITY.rawValue)
    if let handle {
      code = sequitur_field_reader_read(
        handle, text.baseAddress, text.count, Int32(path), &fields, &count, &isRepeated)
    }
    return Result(
      code: code, fields: UnsafeBufferPointer(start: fields, count: count), isRepeated: isRepeated)
  }

  private func reserve(_ count: Int) {
    let needed = count + Int(SEQUITUR_JSON_PADDING)
    guard scratch.count < needed else { return }
    scratch.deallocate()
    scratch = .allocate(capacity: needed * 2)
    scratch.initialize(repeating: 0)
  }
}

extension SequiturField {
  /// The bytes of a string, a number or an object's raw JSON.
  var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeRawBufferPointer(start: text, count: Int(length)).bindMemory(to: UInt8.self)
  }

  var isString: Bool { UInt32(type) == SEQUITUR_JSON_STRING_VALUE.rawValue }
  var isNumber: Bool { UInt32(type) == SEQUITUR_JSON_NUMBER_VALUE.rawValue }
  var isObject: Bool { UInt32(type) == SEQUITUR_JSON_OBJECT.rawValue }
  var isNull: Bool { UInt32(type) == SEQUITUR_JSON_NULL.rawValue }
  var isTrue: Bool { UInt32(type) == SEQUITUR_JSON_TRUE.rawValue }

  /// The text of a string or a number.
  var string: String { String(decoding: bytes, as: UTF8.self) }
}

/// Why a record could not be read, in words.
func jsonReason(_ code: Int32) -> String {
  switch UInt32(bitPattern: code) {
  case SEQUITUR_JSON_INCOMPLETE.rawValue: return "ends in the middle of a record"
  case SEQUITUR_JSON_UTF8.rawValue: return "not valid UTF-8"
  case SEQUITUR_JSON_STRING.rawValue: return "not JSON: a text with a bad escape"
  case SEQUITUR_JSON_CONTROL.rawValue: return "not JSON: a control character in a text"
  case SEQUITUR_JSON_NUMBER.rawValue: return "not JSON: a bad number"
  case SEQUITUR_JSON_DEPTH.rawValue: return "nested too deeply"
  case SEQUITUR_JSON_TRAILING.rawValue: return "not JSON: more follows the end of the record"
  case SEQUITUR_JSON_NOT_OBJECT.rawValue: return "not an object"
  case SEQUITUR_JSON_CAPACITY.rawValue: return "too large"
  case SEQUITUR_JSON_EMPTY.rawValue: return "nothing there"
  default: return "not JSON"
  }
}

/// What was repaired in a record, in words; nil when nothing was that could matter.
func repairReason(_ repairs: Int32) -> String? {
  if repairs == 0 { return nil }
  var found: [String] = []
  if repairs & Int32(SEQUITUR_REPAIRED_UTF8.rawValue) != 0 {
    found.append("bytes that are not UTF-8")
  }
  if repairs & Int32(SEQUITUR_REPAIRED_SURROGATE.rawValue) != 0 {
    found.append("half a surrogate pair")
  }
  if repairs & Int32(SEQUITUR_REPAIRED_CONTROL.rawValue) != 0 {
    found.append("bare control characters")
  }
  return found.isEmpty ? nil : found.joined(separator: ", ")
}
