internal import Dispatch
package import Model
internal import Synchronization

/// The named records as one line of JSON each, for people who follow a finding to its log line.
///
/// Values are replaced by labels such as `<text, 24 characters>` unless `showsValues`; times, names
/// of events, ids, ARNs, agents, actions and resources are kept. A record that is not found, or can
/// no longer be read, is left out.
///
/// - Parameters:
///   - places: The records; for each where its line begins, -1 where that is not known.
///   - sources: The same sources that `readInput` read.
///   - threads: How many files are read at a time.
package func rawRecords(
  at places: [SourcePosition: Int64], of sources: [InputSource], showsValues: Bool,
  threads: Int = 1, limits: InputLimits = .standard
) -> [SourcePosition: String] {
  let sources = sortedSources(sources)
  let files = Dictionary(grouping: places, by: \.key.file).filter {
    sources.indices.contains(Int($0.key))
  }.sorted { $0.key < $1.key }
  let next = Mutex(0)
  let records = Mutex<[SourcePosition: String]>([:])
  DispatchQueue.concurrentPerform(iterations: max(1, min(threads, files.count))) { _ in
    while true {
      let number = next.withLock { next in
        defer { next += 1 }
        return next
      }
      guard number < files.count else { return }
      let (file, wanted) = files[number]
      var maker = RawRecordMaker(showsValues: showsValues)
      let offsets = Dictionary(
        uniqueKeysWithValues: wanted.map { (Int($0.key.line), $0.value) })
      if !maker.find(offsets, in: sources[Int(file)], limits) {
        maker.findAll(lines: Set(offsets.keys), of: sources[Int(file)], limits)
      }
      let found = maker.found
      records.withLock { records in
        for (line, text) in found {
          records[SourcePosition(file: file, line: Int32(clamping: line))] = text
        }
      }
    }
  }
  return records.withLock { $0 }
}

/// Makes the records of one input.
private struct RawRecordMaker {
  let showsValues: Bool
  private(set) var found: [Int: String] = [:]
  private let document = JSONDocument()

  init(showsValues: Bool) { self.showsValues = showsValues }

  /// Reads each line where it begins; false where that cannot be: the input is compressed, or knows
  /// no offsets.
  mutating func find(
    _ offsets: [Int: Int64], in source: InputSource, _ limits: InputLimits
  ) -> Bool {
    guard offsets.values.allSatisfy({ $0 >= 0 }), let reader = try? source.open(),
      let seek = reader.seek
    else { return false }
    var bytes = [UInt8](repeating: 0, count: 16 << 10)
    guard let start = try? RawRecordMaker.fill(&bytes, from: 0, reader),
      InputBytes.Compression(bytes[..<start]) == .none
    else { return false }
    for (line, offset) in offsets.sorted(by: { $0.value < $1.value }) {
      guard (try? seek(offset)) != nil,
        let length = try? RawRecordMaker.line(&bytes, reader, limits)
      else { continue }
      bytes.withUnsafeBytes { add(UnsafeRawBufferPointer(rebasing: $0[..<length]), line) }
    }
    return true
  }

  /// The length of the line that a reader stands before.
  private static func line(
    _ bytes: inout [UInt8], _ reader: ByteReader, _ limits: InputLimits
  ) throws -> Int {
    var count = 0
    while true {
      let more = try fill(&bytes, from: count, reader)
      if let end = bytes[count..<more].firstIndex(of: 0x0A) { return end }
      guard more == bytes.count, count <= limits.recordBytesMax else { return more }
      count = more
      bytes.append(contentsOf: repeatElement(0, count: bytes.count))
    }
  }

  /// Reads until the bytes are full or the input ends.
  private static func fill(
    _ bytes: inout [UInt8], from start: Int, _ reader: ByteReader
  ) throws -> Int {
    var count = start
    while count < bytes.count {
      let read = try bytes.withUnsafeMutableBytes {
        try reader.read(UnsafeMutableRawBufferPointer(rebasing: $0[count...]))
      }
      if read == 0 { break }
      count += read
    }
    return count
  }

  /// Reads the input from its beginning up to the last wanted record.
  mutating func findAll(lines: Set<Int>, of source: InputSource, _ limits: InputLimits) {
    guard let reader = try? source.open() else { return }
    let input = InputBytes(reader: reader, limits: limits, isHashed: false)
    let sketch = Sketch(input)
    guard let type = Recognition(sketch).source else { return }
    readRecords(input, type.layout(sketch), limits: limits) { next in
      if case .record(let record) = next, lines.contains(record.line), found[record.line] == nil {
        add(record.bytes, record.line)
      }
      return found.count < lines.count
    }
  }

  private mutating func add(_ bytes: UnsafeRawBufferPointer, _ line: Int) {
    guard case .value(let root, _) = document.parse(bytes) else { return }
    var writer = MaskedWriter(showsValues: showsValues)
    writer.write(root, name: "", depth: 0)
    found[line] = writer.text
  }
}

/// Writes JSON on one line for people, with labels in place of values.
private struct MaskedWriter {
  private var written = ""
  private let showsValues: Bool
  private static let charactersMax = 4_000
  private static let valueCharactersMax = 200

  init(showsValues: Bool) { self.showsValues = showsValues }

  /// The line, cut to a length that a page can show.
  var text: String {
    guard written.count > MaskedWriter.charactersMax else { return written }
    return written.prefix(MaskedWriter.charactersMax) + " …"
  }

  /// A value; its name decides whether it is shown.
  mutating func write(_ node: JSONNode, name: String, depth: Int) {
    guard depth < 64, written.utf8.count < MaskedWriter.charactersMax * 4 else {
      written += "…"
      return
    }
    switch node.kind {
    case .null: written += "null"
    case .bool(let truth): written += truth ? "true" : "false"
    case .number: scalar(node.scalarText ?? "", name, label: "<number>", isText: false)
    case .text:
      let text = node.text ?? ""
      let label = "<text, \(text.count) character\(text.count == 1 ? "" : "s")>"
      scalar(text, name, label: label, isText: true)
    case .array:
      written += "["
      for (index, element) in node.elements.enumerated() {
        if index > 0 { written += ", " }
        write(element, name: name, depth: depth + 1)
      }
      written += "]"
    case .object:
      written += "{"
      for (index, member) in node.members.enumerated() {
        if index > 0 { written += ", " }
        quote(String(member.name.prefix(MaskedWriter.valueCharactersMax)))
        written += ": "
        write(member.value, name: member.name, depth: depth + 1)
      }
      written += "}"
    }
  }

  private mutating func scalar(_ text: String, _ name: String, label: String, isText: Bool) {
    let isShort = text.count <= MaskedWriter.valueCharactersMax
    guard showsValues || (isShort && MaskedWriter.isKept(name, text)) else {
      written += label
      return
    }
    if isText { quote(text) } else { written += text }
  }

  private mutating func quote(_ text: String) {
    var writer = JSONWriter()
    writer.text(text)
    written += String(decoding: writer.bytes, as: UTF8.self)
  }

  /// Whether a value says who, what, when and where, and no more.
  private static func isKept(_ name: String, _ text: String) -> Bool {
    if kept.contains(name) { return true }
    if hidden.contains(name.lowercased()) { return false }
    if text.hasPrefix("arn:") { return true }
    return name.hasSuffix("Arn") || name.hasSuffix("ARN") || name.hasSuffix("Id")
      || name.hasSuffix("ID") || name.hasSuffix("_id") || name.hasSuffix("_ids")
  }

  /// Names that end like an id and are none, or give access.
  private static let hidden: Set<String> = [
    "accesskeyid", "paid", "valid", "sessiontoken", "externalid",
  ]

  private static let kept: Set<String> = [
    "action", "actor", "agent", "aliases", "apiVersion", "arn", "awsRegion", "bucketName",
    "created", "delegatedBy", "effect", "environment", "errorCode", "eventCategory", "eventName",
    "eventSource", "eventTime", "eventType", "eventVersion", "expires", "function", "functionName",
    "groupName", "id", "instanceId", "invokedBy", "kind", "mayDelegateTo", "name", "order",
    "outcome", "owner", "parent", "policyName", "readOnly", "resource", "role", "roleName",
    "secretId", "session", "task", "time", "timestamp", "tool_call_id", "tool_use_id", "type",
    "userName", "via",
  ]
}
