internal import Model

/// Which fields of a log's records are read: those that its format knows, and those that policies
/// ask for.
final class LogFields<Slot: LogSlot> {
  let reader = FieldReader()
  /// The symbols of the paths that policies ask for, by the index of their path.
  private let wanted: UnsafeMutableBufferPointer<Symbol>

  init(_ reading: Reading) {
    for slot in Slot.allCases { _ = reader.add(slot.path) }
    var indexed: [Int: Symbol] = [:]
    for attribute in reading.wanted {
      if let index = reader.add(attribute.path) { indexed[index] = attribute.symbol }
    }
    wanted = .allocate(capacity: max(indexed.keys.max() ?? 0, Slot.allCases.count) + 1)
    wanted.initialize(repeating: .absent)
    for (index, symbol) in indexed { wanted[index] = symbol }
  }

  deinit { wanted.deallocate() }

  /// A record as it was read; nil where no memory was left to read it.
  func record(_ result: FieldReader.Result, line: Int) -> LogRecord<Slot>? {
    guard let firsts = reader.firsts, let wanted = wanted.baseAddress else { return nil }
    return LogRecord(
      fields: result.fields, firsts: firsts, wanted: UnsafePointer(wanted), line: line)
  }
}
