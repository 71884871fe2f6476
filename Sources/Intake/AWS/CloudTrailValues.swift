internal import CSimdjson

/// The values of one event by the index of their path, where they were read; the first where there
/// are several. They live until the next event.
struct CloudTrailValues {
  private let fields: UnsafePointer<SequiturField>?
  private let count: UInt32
  /// The place of the first field of each path.
  private let firsts: UnsafePointer<UInt32>?

  /// No values.
  init() {
    fields = nil
    count = 0
    firsts = nil
  }

  /// The values that a reader gave last; all its paths were added before.
  init(_ found: UnsafeBufferPointer<SequiturField>, of reader: FieldReader) {
    fields = found.baseAddress
    count = UInt32(truncatingIfNeeded: found.count)
    firsts = reader.firsts
  }

  /// The text of a field; nil when it is absent, null, empty or no text.
  @inline(__always)
  subscript(_ slot: CloudTrailReader.Slot) -> UnsafeBufferPointer<UInt8>? {
    guard let field = first(slot.rawValue), field.pointee.isString, field.pointee.length > 0 else {
      return nil
    }
    return field.pointee.bytes
  }

  /// The text, or number as text, at a path's index.
  subscript(index index: Int) -> UnsafeBufferPointer<UInt8>? {
    guard let field = first(index), field.pointee.isString || field.pointee.isNumber,
      field.pointee.length > 0
    else { return nil }
    return field.pointee.bytes
  }

  /// What was acted on as the event lists it. Of an object and its bucket it is the object: the
  /// longer of two where one begins with the other.
  var resourceARN: UnsafeBufferPointer<UInt8>? {
    let index = CloudTrailReader.Slot.resourceArn.rawValue
    guard var kept = first(index), let fields else { return nil }
    for next in fields + (kept - fields) + 1..<fields + Int(count)
    where Int(next.pointee.path) == index {
      guard next.pointee.isString, kept.pointee.isString,
        next.pointee.bytes.starts(with: kept.pointee.bytes)
      else { continue }
      kept = next
    }
    return kept.pointee.isString && kept.pointee.length > 0 ? kept.pointee.bytes : nil
  }

  @inline(__always)
  private func first(_ index: Int) -> UnsafePointer<SequiturField>? {
    guard let fields, let firsts, firsts[index] < count else { return nil }
    let field = fields + Int(firsts[index])
    return Int(field.pointee.path) == index ? field : nil
  }
}
