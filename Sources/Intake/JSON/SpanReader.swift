internal import CSimdjson

/// Reads the spans of OTLP documents and their wanted attributes; see `CSpans.h`.
final class SpanReader {
  /// What a document held, until the next one is read.
  struct Result {
    /// A `SequiturJSONError`.
    var code: Int32
    var spans: SequiturSpans
    /// What had to be repaired, as `SequiturRepair`.
    var repairs: Int32 = 0
  }

  private let handle: OpaquePointer?
  private var scratch: [CChar] = []

  init() { handle = sequitur_span_reader_new() }

  deinit { if let handle { sequitur_span_reader_free(handle) } }

  /// The number of an attribute's key, added when it is new; nil when there are too many. One that
  /// ends in `*` stands for all keys that begin so.
  func add(_ key: String) -> Int? {
    guard let handle else { return nil }
    var key = key
    let number = key.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        sequitur_span_reader_add(handle, $0.baseAddress, $0.count)
      }
    }
    return number < 0 ? nil : Int(number)
  }

  /// Reads a document in place; the text has `SEQUITUR_JSON_PADDING` readable bytes behind it.
  ///
  /// A text that is damaged in a way that can be made good is copied, repaired and read again.
  func read(_ text: UnsafeRawBufferPointer) -> Result {
    let text = text.bindMemory(to: CChar.self)
    let result = readOnce(text)
    switch result.code {
    case Int32(SEQUITUR_JSON_UTF8.rawValue), Int32(SEQUITUR_JSON_STRING.rawValue),
      Int32(SEQUITUR_JSON_CONTROL.rawValue):
      break
    default: return result
    }
    // The texts of the answer lie in the copy.
    let needed = text.count * 6 + Int(SEQUITUR_JSON_PADDING)
    if scratch.count < needed { scratch = [CChar](repeating: 0, count: needed) }
    var repairs: Int32 = 0
    var repaired = scratch.withUnsafeMutableBufferPointer { copy in
      let count = sequitur_json_repair(text.baseAddress, text.count, copy.baseAddress, &repairs)
      return readOnce(UnsafeBufferPointer(start: copy.baseAddress, count: count))
    }
    repaired.repairs = repairs
    return repaired
  }

  private func readOnce(_ text: UnsafeBufferPointer<CChar>) -> Result {
    var spans = SequiturSpans()
    var code = Int32(SEQUITUR_JSON_CAPACITY.rawValue)
    if let handle { code = sequitur_span_reader_read(handle, text.baseAddress, text.count, &spans) }
    return Result(code: code, spans: spans)
  }
}

extension SequiturText {
  /// Its bytes; none where it is not there.
  var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeRawBufferPointer(start: text, count: length).bindMemory(to: UInt8.self)
  }

  /// It as a text.
  var string: String { String(decoding: bytes, as: UTF8.self) }
}

extension SequiturAttribute {
  var isString: Bool { UInt32(type) == SEQUITUR_JSON_STRING_VALUE.rawValue }
  var isNumber: Bool { UInt32(type) == SEQUITUR_JSON_NUMBER_VALUE.rawValue }
  var isTrue: Bool { UInt32(type) == SEQUITUR_JSON_TRUE.rawValue }
  var isFalse: Bool { UInt32(type) == SEQUITUR_JSON_FALSE.rawValue }
  /// Whether it is a list or an object, as OTLP writes them.
  var isStructured: Bool {
    UInt32(type) == SEQUITUR_JSON_OBJECT.rawValue || UInt32(type) == SEQUITUR_JSON_ARRAY.rawValue
  }
}
