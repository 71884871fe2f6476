internal import CSimdjson
internal import Model

/// A field that a log's records have, by its place among all of them.
protocol LogSlot: RawRepresentable<Int>, CaseIterable, Sendable, SendableMetatype {
  /// The dotted path, as `FieldReader` takes it.
  var path: String { get }
}

/// A log whose records are one JSON object each: which fields it has, and what they say.
///
/// `LogReader` does what all logs have in common, so that a format says only what its own fields
/// mean.
protocol LogFormat: SendableMetatype {
  /// The fields that it reads.
  associatedtype Slot: LogSlot

  init()

  /// Begins a piece, which has symbols of its own.
  mutating func begin()

  /// Reads a record: appends what it tells, or says why not.
  mutating func read(_ record: LogRecord<Slot>, _ reading: inout Reading)
}

/// One record of a log.
struct LogRecord<Slot: LogSlot> {
  /// Its fields by slot.
  let values: LogValues<Slot>
  /// All its fields in the order in which they stand.
  let fields: UnsafeBufferPointer<SequiturField>
  /// The symbols of the paths that policies ask for, by the index of their path.
  let wanted: [Symbol]
  /// Its line, or number.
  let line: Int

  /// The text of a field; nil when it is absent, null, empty or no text.
  subscript(_ slot: Slot) -> LogText? { values[slot] }

  /// The texts of a field that has several, in order.
  func texts(_ slot: Slot) -> [LogText] {
    fields.lazy.filter { Int($0.path) == slot.rawValue && $0.isString && $0.length > 0 }.map(
      \.bytes)
  }
}

/// A text of a record; it lives until the next record.
typealias LogText = UnsafeBufferPointer<UInt8>

extension LogText {
  /// Whether it is exactly a text.
  func equals(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount
      && elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: count))
  }

  /// Whether it ends with a text.
  func ends(with text: StaticString) -> Bool {
    let length = text.utf8CodeUnitCount
    guard count >= length else { return false }
    return self[(count - length)...].elementsEqual(
      UnsafeBufferPointer(start: text.utf8Start, count: length))
  }

  /// Whether it begins with a text.
  func begins(with text: StaticString) -> Bool {
    starts(with: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// What follows the last of a byte; all of it where there is none.
  func after(last byte: UInt8) -> LogText {
    guard let index = lastIndex(of: byte) else { return self }
    return LogText(rebasing: self[(index + 1)...])
  }

  /// What stands before the first of a byte; all of it where there is none.
  func before(first byte: UInt8) -> LogText {
    guard let index = firstIndex(of: byte) else { return self }
    return LogText(rebasing: self[..<index])
  }

  /// As text.
  var string: String { String(decoding: self, as: UTF8.self) }
}

/// The fields of one record by slot; the first where there are several.
///
/// They lie in plain memory: this is looked into many times for each record.
final class LogValues<Slot: LogSlot> {
  private let fields: UnsafeMutablePointer<SequiturField>
  /// The record that gave each field, by its number.
  private let stamps: UnsafeMutablePointer<UInt32>
  private let stamp: UnsafeMutablePointer<UInt32>
  private let count = Slot.allCases.count

  init() {
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
  subscript(_ slot: Slot) -> LogText? {
    guard let field = self[field: slot], field.isString, field.length > 0 else { return nil }
    return field.bytes
  }

  /// The text of a field, or its number as text.
  subscript(scalar slot: Slot) -> LogText? {
    guard let field = self[field: slot], field.isString || field.isNumber, field.length > 0 else {
      return nil
    }
    return field.bytes
  }

  /// A field, whatever it holds; nil where it is absent or null.
  subscript(field slot: Slot) -> SequiturField? {
    let index = slot.rawValue
    guard stamps[index] == stamp.pointee, !fields[index].isNull else { return nil }
    return fields[index]
  }

  /// The integer of a field; nil where it is no number.
  subscript(integer slot: Slot) -> Int? {
    guard let field = self[field: slot], field.isNumber else { return nil }
    return Int(exactly: field.number)
  }

  /// The truth value of a field; false where it is absent.
  subscript(isTrue slot: Slot) -> Bool { self[field: slot]?.isTrue == true }

  /// Takes the fields of the next record.
  func take(_ found: UnsafeBufferPointer<SequiturField>) {
    let now = stamp.pointee &+ 1
    stamp.pointee = now
    for field in found {
      let index = Int(field.path)
      guard index < count, stamps[index] != now else { continue }
      stamps[index] = now
      fields[index] = field
    }
  }
}
