internal import CSimdjson

/// The values of one event by the index of their path; the first where there are several.
///
/// They lie in plain memory: this is looked into some thirty times for each event.
final class CloudTrailValues {
  private let fields: UnsafeMutablePointer<SequiturField>
  /// The event that gave each field, by its number.
  private let stamps: UnsafeMutablePointer<UInt32>
  private let stamp: UnsafeMutablePointer<UInt32>

  /// No values, of so many paths.
  init(count: Int) {
    fields = .allocate(capacity: count)
    fields.initialize(repeating: SequiturField(), count: count)
    stamps = .allocate(capacity: count)
    stamps.initialize(repeating: 0, count: count)
    stamp = .allocate(capacity: 1)
    stamp.initialize(to: 0)
  }

  deinit {
    fields.deallocate()
    stamps.deallocate()
    stamp.deallocate()
  }

  /// The text of a field; nil when it is absent, null, empty or no text.
  subscript(_ slot: CloudTrailReader.Slot) -> UnsafeBufferPointer<UInt8>? {
    let index = slot.rawValue
    guard stamps[index] == stamp.pointee, fields[index].isString, fields[index].length > 0 else {
      return nil
    }
    return fields[index].bytes
  }

  /// The text, or number as text, at a path's index.
  subscript(index index: Int) -> UnsafeBufferPointer<UInt8>? {
    guard stamps[index] == stamp.pointee else { return nil }
    let field = fields[index]
    guard field.isString || field.isNumber, field.length > 0 else { return nil }
    return field.bytes
  }

  /// Takes the fields of the next event.
  func take(_ found: UnsafeBufferPointer<SequiturField>) {
    let now = stamp.pointee &+ 1
    stamp.pointee = now
    for field in found {
      let index = Int(field.path)
      if stamps[index] != now {
        stamps[index] = now
        fields[index] = field
      } else if index == CloudTrailReader.Slot.resourceArn.rawValue {
        takeResource(field)
      }
    }
  }

  /// Of an object and its bucket the object is what was acted on: the longer of two where one
  /// begins with the other.
  private func takeResource(_ field: SequiturField) {
    let index = CloudTrailReader.Slot.resourceArn.rawValue
    let kept = fields[index]
    guard field.isString, kept.isString, field.bytes.starts(with: kept.bytes) else { return }
    fields[index] = field
  }
}
