internal import CSimdjson
internal import Model

/// Reads canonical events: one pass over each object, nothing allocated but what is kept.
final class CanonicalEventReader {
  /// The built-in fields by the index of their path, as in `CanonicalColumns.events`.
  private enum Column: Int {
    case time, order, agent, action, id, task, session, resource, outcome, actor, delegatedBy,
      parent, environment
  }

  private let fields = FieldReader()
  /// The symbol of a path where a policy asks for it, by the path's index.
  private var wanted: [Symbol]
  private var tokens: TokenKeeper
  /// The queries for tokens of a path, by the path's index; empty where there are none at all.
  private var tokenWants: [[Int]] = []
  private var run: UInt32 = 0
  /// The path of the trace that an event belongs to, as W3C's Trace Context writes it.
  private let tracePath: Int?

  init(_ reading: Reading) {
    var indexed: [Int: Symbol] = [:]
    for name in CanonicalColumns.events { _ = fields.add(name) }
    tracePath = fields.add("traceparent")
    for attribute in reading.wanted where TokenQuery(path: attribute.path) == nil {
      if let index = fields.add(attribute.path) { indexed[index] = attribute.symbol }
    }
    tokens = TokenKeeper(reading)
    for field in tokens.fields {
      guard let index = fields.add(field.path) else { continue }
      while tokenWants.count <= index { tokenWants.append([]) }
      tokenWants[index] = field.wants
    }
    let count = max((indexed.keys.max() ?? 0) + 1, tokenWants.count, (tracePath ?? 0) + 1)
    wanted = (0..<max(count, CanonicalColumns.events.count)).map { indexed[$0] ?? .absent }
  }

  /// Reads one event and appends it, or says why not.
  func read(_ record: Record, _ reading: inout Reading) {
    append(fields.read(record.bytes), record, &reading)
  }

  /// Reads a block of events, one a line; returns how many lines it has.
  func read(_ block: LineBlock, _ reading: inout Reading) -> Int {
    run = 0
    return readLines(of: block, fields, into: &reading) { append($0, $1, &$2) }
  }

  private func append(
    _ result: FieldReader.Result, _ record: Record, _ reading: inout Reading
  ) {
    guard reading.accepts(result, of: record) else { return }
    var event = Event(
      time: Timestamp(seconds: 0), isTimed: false, agent: .absent, action: .absent,
      position: reading.position(record.line))
    for field in result.fields {
      let index = Int(field.path)
      if wanted[index].isPresent { reading.attribute(wanted[index], field) }
      guard let column = Column(rawValue: index), !field.isNull else { continue }
      if !set(column, field, of: &event, line: record.line, &reading) {
        reading.dropAttributes()
        return
      }
    }
    guard event.agent.isPresent, event.action.isPresent else {
      let name = event.agent.isPresent ? "action" : "agent"
      drop("`\(name)` is missing", record.line, &reading)
      return
    }
    guard event.isTimed || event.order >= 0 else {
      drop("neither `time` nor `order`", record.line, &reading)
      return
    }
    if !event.isTimed {
      if run == 0 {
        reading.runs += 1
        run = reading.runs
      }
      event.run = run
    }
    event.offset = reading.offset
    if let field = result.fields.first(where: { Int($0.path) == tracePath }), field.isString {
      reading.join(&event, traceparent: field.bytes)
    }
    if !tokenWants.isEmpty { keepTokens(of: result.fields, line: record.line, &reading) }
    reading.append(event)
  }

  /// Keeps the tokens that policies ask for.
  private func keepTokens(
    of found: UnsafeBufferPointer<SequiturField>, line: Int, _ reading: inout Reading
  ) {
    for field in found {
      let index = Int(field.path)
      if index < tokenWants.count, !tokenWants[index].isEmpty {
        tokens.take(field, for: tokenWants[index])
      }
    }
    tokens.keep(in: &reading, line: line)
  }

  private func drop(_ reason: String, _ line: Int, _ reading: inout Reading) {
    reading.dropAttributes()
    reading.problem(line: line, reason, "not read")
  }

  /// Sets one field; false when the event cannot be kept.
  private func set(
    _ column: Column, _ field: SequiturField, of event: inout Event, line: Int,
    _ reading: inout Reading
  ) -> Bool {
    switch column {
    case .time: return setTime(field, of: &event, line: line, &reading)
    case .order:
      guard let order = Int64(exactly: field.number), field.isNumber, order >= 0 else {
        reading.problem(
          line: line, "`order` must be an integer from 0, not \(quoted(field.string))", "not read")
        return false
      }
      event.order = order
    case .agent: event.agent = symbol(field, column, line, &reading)
    case .action: event.action = symbol(field, column, line, &reading)
    case .id: event.id = symbol(field, column, line, &reading)
    case .task: event.task = symbol(field, column, line, &reading)
    case .session: event.session = symbol(field, column, line, &reading)
    case .resource:
      if !event.resource.isPresent { event.resource = symbol(field, column, line, &reading) }
    case .outcome: setOutcome(field, of: &event, line: line, &reading)
    case .actor: event.actor = symbol(field, column, line, &reading)
    case .delegatedBy: event.delegatedBy = symbol(field, column, line, &reading)
    case .parent: event.parent = symbol(field, column, line, &reading)
    case .environment: event.environment = symbol(field, column, line, &reading)
    }
    return true
  }

  /// A text, or a number as text; absent when it is empty or, with a problem, of another type.
  private func symbol(
    _ field: SequiturField, _ column: Column, _ line: Int, _ reading: inout Reading
  ) -> Symbol {
    let isList = field.isElement != 0 && column != .resource
    if !isList, field.isString || field.isNumber {
      return field.length == 0 ? .absent : reading.symbols.intern(field.bytes)
    }
    let name = CanonicalColumns.events[column.rawValue]
    let kind = isList ? "a list" : field.isObject ? "an object" : "true or false"
    reading.problem(line: line, "`\(name)` must be text, not \(kind)", "taken as absent")
    return .absent
  }

  private func setTime(
    _ field: SequiturField, of event: inout Event, line: Int, _ reading: inout Reading
  ) -> Bool {
    if field.isString, let time = Timestamp(rfc3339: field.bytes) {
      event.time = time
      event.isTimed = true
      return true
    }
    if let milliseconds = Int64(exactly: field.number), field.isNumber,
      let time = Timestamp(milliseconds: milliseconds)
    {
      // 1973 in milliseconds is the year 5138 in seconds: a smaller number is not milliseconds.
      guard !(1..<100_000_000_000).contains(milliseconds) else {
        reading.problem(
          line: line, "`time` \(quoted(field.string)) is seconds, not milliseconds", "not read")
        return false
      }
      event.time = time
      event.isTimed = true
      return true
    }
    reading.problem(line: line, timeReason(field.string, name: "time"), "not read")
    return false
  }

  private func setOutcome(
    _ field: SequiturField, of event: inout Event, line: Int, _ reading: inout Reading
  ) {
    if let outcome = Outcome.allCases.first(where: { field.isString && field.string == $0.word }) {
      event.outcome = outcome
      return
    }
    event.outcome = .unknown
    reading.problem(
      line: line, "`outcome` must be allowed, denied or failed, not \(quoted(field.string))",
      "kept; outcome unknown")
  }
}

/// Why a text is no time.
func timeReason(_ text: String, name: String) -> String {
  if text.isEmpty {
    return "`\(name)` is no time (RFC 3339 with a zone, or milliseconds since 1970)"
  }
  if Timestamp(rfc3339: text + "Z") != nil {
    return "`\(name)` \(quoted(text)) has no time zone"
  }
  return "`\(name)` \(quoted(text)) is no time (RFC 3339 with a zone, or milliseconds since 1970)"
}

extension Timestamp {
  /// An instant in milliseconds since 1970; nil outside 1678 to 2261.
  init?(milliseconds: Int64) {
    let (nanoseconds, isOverflow) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
    guard !isOverflow, nanoseconds.magnitude < 9_200_000_000_000_000_000 else { return nil }
    self.init(nanoseconds: nanoseconds, fractionDigits: 3)
  }
}

extension Reading {
  /// Whether a record could be read; says why not, and what was repaired.
  mutating func accepts(_ result: FieldReader.Result, of record: Record) -> Bool {
    guard result.code == Int32(SEQUITUR_JSON_OK.rawValue) else {
      refuse(result.code, record)
      return false
    }
    noteRepairs(result.repairs, line: record.line)
    if result.isRepeated {
      problem(line: record.line, "a field is given twice", "kept; the first one counts")
    }
    return true
  }

  /// Says why a record could not be read; a last line that breaks off is a cut.
  mutating func refuse(_ code: Int32, _ record: Record) {
    let isHalf = record.isCutOff && code != Int32(SEQUITUR_JSON_NOT_OBJECT.rawValue)
    problem(
      line: record.line, isHalf ? "ends in the middle of a record" : jsonReason(code), "not read")
  }

  /// Says what had to be repaired in a record.
  mutating func noteRepairs(_ repairs: Int32, line: Int) {
    guard let reason = repairReason(repairs) else { return }
    problem(line: line, reason, "kept; shown as U+FFFD or escaped")
  }
}
