internal import CSimdjson
internal import Model

/// Reads the records of a log: one pass over each object, nothing allocated but what is kept.
struct LogReader<Format: LogFormat> {
  private let fields: LogFields<Format.Slot>
  private var format = Format()

  init(_ reading: Reading) { fields = LogFields(reading) }

  /// Reads one record.
  mutating func read(_ record: Record, _ reading: inout Reading) {
    read(fields.reader.read(record.bytes), record, &reading)
  }

  /// Reads a block of records, one a line; returns how many lines it has.
  mutating func read(_ block: LineBlock, _ reading: inout Reading) -> Int {
    format.begin()
    return readLines(of: block, fields.reader, into: &reading) { read($0, $1, &$2) }
  }

  private mutating func read(
    _ result: FieldReader.Result, _ record: Record, _ reading: inout Reading
  ) {
    guard reading.accepts(result, of: record),
      let found = fields.record(result, line: record.line)
    else { return }
    format.read(found, &reading)
  }
}

/// The time of a log's records: most are in the same second as the one before.
struct LogTimes {
  private var times = TimestampReader()

  /// The time of the first of some fields that is there, as RFC 3339 text or as milliseconds since
  /// 1970; nil, and said why, where there is none.
  mutating func time<Slot>(
    of record: LogRecord<Slot>, _ first: Slot, _ second: Slot, _ reading: inout Reading
  ) -> Timestamp? {
    let slot = record.either(first, or: second)
    guard let field = record[field: slot] else {
      reading.problem(line: record.line, "`\(first.path)` is missing", "not read")
      return nil
    }
    if field.isString, let time = times.read(field.bytes) { return time }
    if field.isNumber, let milliseconds = Int64(exactly: field.number),
      let time = Timestamp(milliseconds: milliseconds)
    {
      return time
    }
    let shown = field.isString || field.isNumber ? field.string : ""
    reading.problem(line: record.line, timeReason(shown, name: slot.path), "not read")
    return nil
  }
}

extension Reading {
  /// Appends an event of a log, whose id and resource are interned only where it is kept.
  ///
  /// - Parameters:
  ///   - request: The id that the server gave to the request, by which the event is joined to the
  ///     task in whose trace it stands.
  ///   - complete: Fills in what only an event that is kept needs.
  mutating func append<Slot>(
    _ event: Event, id: LogText?, resource: LogText?, request: LogText?, of record: LogRecord<Slot>,
    complete: (inout Event, inout Reading) -> Void
  ) {
    let nothing = LogText(start: nil, count: 0)
    guard count(event, id: id ?? nothing) else { return }
    var event = event
    if let request {
      links.hasRequests = true
      _ = join(&event, .request, request, rule: .request)
    }
    tally(event, resource: resource ?? nothing)
    // Who was handed work by another may be a link of a chain, whatever it does.
    guard watches(event.action) || (options.keepsLinks && event.delegatedBy.isPresent) else {
      return
    }
    event.id = symbol(id)
    event.resource = symbol(resource)
    event.offset = offset
    complete(&event, &self)
    for field in record.fields where record.wanted[Int(field.path)].isPresent {
      attribute(record.wanted[Int(field.path)], field)
    }
    keep(event)
    dropAttributes()
  }

  /// The symbol of a text; absent where there is none, or an empty one.
  mutating func symbol(_ text: LogText?) -> Symbol {
    guard let text, !text.isEmpty else { return .absent }
    return symbols.intern(text)
  }

  /// Joins an event to the span or the trace that it names; a trace that is in no other source is
  /// its task all the same.
  mutating func join(_ event: inout Event, trace: LogText?, span: LogText?) {
    guard let trace else { return }
    let none = "0000000000000000"
    var parent = "00-\(trace.string)-\(span?.string ?? none)-01"
    parent.withUTF8 { join(&event, traceparent: $0) }
    if !event.task.isPresent { event.task = symbols.intern(trace) }
  }

  /// Says that a field is missing, and that the record is not read.
  mutating func missing<Slot>(_ slot: Slot, in record: LogRecord<Slot>) {
    problem(line: record.line, "`\(slot.path)` is missing", "not read")
  }
}
