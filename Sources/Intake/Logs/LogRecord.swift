internal import CSimdjson
internal import Model

/// One record of a log: where its fields lie, and nothing of its own, so that handing it on costs
/// nothing. It lives until the next record.
struct LogRecord<Slot: LogSlot> {
  /// All its fields in the order in which they stand.
  let fields: UnsafeBufferPointer<SequiturField>
  /// For each path the place of its first field, as `FieldReader.firsts` gives it.
  let firsts: UnsafePointer<UInt32>
  /// The symbols of the paths that policies ask for, by the index of their path.
  let wanted: UnsafePointer<Symbol>
  /// Its line, or number.
  let line: Int

  /// The text of a field, the first where there are several; nil when it is absent, null, empty or
  /// no text.
  @inline(__always)
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
  @inline(__always)
  subscript(field slot: Slot) -> SequiturField? {
    let place = Int(firsts[slot.rawValue])
    guard place < fields.count, Int(fields[place].path) == slot.rawValue, !fields[place].isNull
    else { return nil }
    return fields[place]
  }

  /// The integer of a field; nil where it is no number.
  subscript(integer slot: Slot) -> Int? {
    guard let field = self[field: slot], field.isNumber else { return nil }
    return Int(exactly: field.number)
  }

  /// The truth value of a field; false where it is absent.
  subscript(isTrue slot: Slot) -> Bool { self[field: slot]?.isTrue == true }

  /// The first of two fields that is there, else the second.
  func either(_ first: Slot, or second: Slot) -> Slot {
    self[field: first] == nil ? second : first
  }

  /// The texts of a field that has several, in order.
  func texts(_ slot: Slot) -> [LogText] {
    fields.lazy.filter { Int($0.path) == slot.rawValue && $0.isString && $0.length > 0 }.map(
      \.bytes)
  }
}
