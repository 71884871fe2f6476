internal import Documents

/// How the records of an input lie in it.
enum RecordLayout {
  /// A JSON value a line.
  case lines
  /// Each element of the arrays under these keys of a JSON document, or of the document itself.
  case elements(of: [String])
  /// Each JSON document.
  case roots
  /// Rows under a header.
  case csv(separator: UInt8)
  /// Each element of the lists under these keys of a YAML document, or of the document itself.
  case yaml(keys: [String])
  /// Each document of YAML, whole.
  case yamlDocuments
  /// Each span, and each record of a log, of OTLP documents, numbered through the whole input.
  case spans(inLines: Bool)
}

extension Sketch {
  /// Whether it is JSON, in lines or as one document.
  var isJSON: Bool {
    switch form {
    case .jsonLines, .jsonDocument: return true
    case .csv, .yaml, .other: return false
    }
  }

  /// How records lie that are JSON objects: in the list under a key, where one is given and not
  /// empty; else as elements of the list that the document is, as documents, or one a line.
  func layout(under key: String?) -> RecordLayout {
    if let key, !key.isEmpty { return .elements(of: [key]) }
    guard case .jsonDocument = form else { return .lines }
    return records.first?.isList == true ? .elements(of: []) : .roots
  }
}

/// One record as JSON.
struct Record {
  /// The line, or in a JSON document the number of the record, from 1.
  var line: Int
  /// The index of the key that it stands under, plus one; 0 for none.
  var key: Int
  /// The JSON; lives until the next record, with JSON's padding behind it.
  var bytes: UnsafeRawBufferPointer
  /// Whether it is a last line without an end.
  var isCutOff = false
}

/// A flaw found between the records.
struct RecordFlaw {
  var line: Int
  var reason: String
  var consequence: String

  /// A line or record beyond the limit.
  static func tooLong(_ what: String, line: Int, limits: InputLimits) -> RecordFlaw {
    RecordFlaw(
      line: line, reason: "\(what) of more than \(limits.recordBytesMax >> 20) MiB",
      consequence: "not read")
  }
}

/// What lies next in an input.
enum Found {
  case record(Record)
  case flaw(RecordFlaw)
}

/// Gives every record of an input, and every flaw between them, in order; `give` returns false to
/// stop.
func readRecords(
  _ input: InputBytes, _ layout: RecordLayout, limits: InputLimits, give: (Found) -> Bool
) {
  switch layout {
  case .lines: readLines(input, limits: limits, give: give)
  case .elements(let keys):
    readElements(DocumentReader(input, keys: keys, limits: limits), limits: limits, give: give)
  case .roots:
    readElements(
      DocumentReader(wholeDocumentsOf: input, limits: limits), limits: limits, give: give)
  case .csv(let separator):
    readRows(input, separator: separator, limits: limits, give: give)
  case .yaml(let keys): readYAML(input, keys: keys, limits: limits, give: give)
  case .yamlDocuments: readYAML(input, keys: nil, limits: limits, give: give)
  case .spans(let isInLines):
    readSpans(
      input, isInLines ? .lines : .elements(of: OpenTelemetryShape.lists), limits: limits,
      give: give)
  }
}

/// Gives every record of an input; flaws become problems of the reading.
func readRecords(
  _ input: InputBytes, _ layout: RecordLayout, into reading: inout Reading,
  read: (inout Reading, Record) -> Void
) {
  readRecords(input, layout, limits: reading.limits) { found in
    switch found {
    case .record(let record): read(&reading, record)
    case .flaw(let flaw): reading.problem(line: flaw.line, flaw.reason, flaw.consequence)
    }
    return true
  }
}

/// Gives every record of an input that is JSON, parsed; what is none becomes a problem.
func readValues(
  _ input: InputBytes, _ layout: RecordLayout, into reading: inout Reading,
  read: (_ root: JSONNode, _ line: Int, inout Reading) -> Void
) {
  let document = JSONDocument()
  readRecords(input, layout, into: &reading) { reading, record in
    switch document.parse(record.bytes) {
    case .failed(let code): reading.refuse(code, record)
    case .value(let root, let repairs):
      reading.noteRepairs(repairs, line: record.line)
      read(root, record.line, &reading)
    }
  }
}

private func readLines(_ input: InputBytes, limits: InputLimits, give: (Found) -> Bool) {
  let lines = LineReader(input, limits: limits)
  while true {
    switch lines.next() {
    case .line(let bytes, let isEnded):
      let record = Record(line: lines.number, key: 0, bytes: bytes, isCutOff: !isEnded)
      if !give(.record(record)) { return }
    case .tooLong:
      if !give(.flaw(.tooLong("a line", line: lines.number, limits: limits))) { return }
    case .end: return
    }
  }
}

private func readElements(
  _ reader: DocumentReader, limits: InputLimits, give: (Found) -> Bool
) {
  while true {
    let found: Found
    switch reader.next() {
    case .element(let key, let bytes):
      found = .record(Record(line: reader.number, key: key, bytes: bytes))
    case .member, .begin, .finish: continue
    case .tooLarge: found = .flaw(.tooLong("a record", line: reader.number, limits: limits))
    case .broken(let reason):
      let consequence = "the rest is not read"
      found = .flaw(RecordFlaw(line: reader.number, reason: reason, consequence: consequence))
    case .end: return
    }
    if !give(found) { return }
  }
}

/// Gives every span of OTLP documents as a record of its own.
private func readSpans(
  _ input: InputBytes, _ layout: RecordLayout, limits: InputLimits, give: (Found) -> Bool
) {
  let document = JSONDocument()
  var number = 0
  readRecords(input, layout, limits: limits) { found in
    guard case .record(let record) = found else { return give(found) }
    guard case .value(let root, _) = document.parse(record.bytes) else { return true }
    let entries = root.members.filter { OpenTelemetryShape.lists.contains($0.name) }.flatMap {
      $0.value.elements
    }
    for entry in entries.isEmpty ? [root] : entries {
      for span in spans(of: entry) {
        number += 1
        var writer = JSONWriter()
        writer.raw(document.json(span))
        let isWanted = writer.withPadding {
          give(.record(Record(line: number, key: record.key, bytes: $0)))
        }
        if !isWanted { return false }
      }
    }
    return true
  }
}

/// The spans and records of an entry of `resourceSpans` or `resourceLogs`, in the order in which
/// they stand there.
private func spans(of entry: JSONNode) -> [JSONNode] {
  var found: [JSONNode] = []
  for member in entry.members {
    switch member.name {
    case "scopeSpans", "instrumentationLibrarySpans", "scopeLogs":
      for scope in member.value.elements {
        for list in scope.members where list.name == "spans" || list.name == "logRecords" {
          found += list.value.elements.filter(\.isObject)
        }
      }
    default: break
    }
  }
  return found
}
