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
