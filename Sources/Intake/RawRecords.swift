package import Model

/// The named records as one line of JSON each, for people who follow a finding to its log line.
///
/// Values are replaced by labels such as `<text, 24 characters>` unless `showsValues`; times, names
/// of events, ids, ARNs, agents, actions and resources are kept. A record that is not found, or can
/// no longer be read, is left out.
///
/// - Parameter sources: The same sources that `readInput` read.
package func rawRecords(
  at positions: Set<SourcePosition>, of sources: [InputSource], showsValues: Bool,
  limits: InputLimits = .standard
) -> [SourcePosition: String] {
  var records: [SourcePosition: String] = [:]
  let linesByFile = Dictionary(grouping: positions, by: \.file)
  for (index, source) in sortedSources(sources).enumerated() {
    guard let wanted = linesByFile[Int32(clamping: index)],
      let reader = try? source.open()
    else { continue }
    let lines = Set(wanted.map { Int($0.line) })
    for (line, text) in rawRecords(reader, lines: lines, showsValues: showsValues, limits) {
      records[SourcePosition(file: Int32(clamping: index), line: Int32(clamping: line))] = text
    }
  }
  return records
}

private func rawRecords(
  _ reader: ByteReader, lines: Set<Int>, showsValues: Bool, _ limits: InputLimits
) -> [Int: String] {
  let input = InputBytes(reader: reader, limits: limits, isHashed: false)
  let sketch = Sketch(input)
  guard let source = Recognition(sketch).source else { return [:] }
  let document = JSONDocument()
  var found: [Int: String] = [:]
  readRecords(input, source.layout(sketch), limits: limits) { next in
    guard case .record(let record) = next, lines.contains(record.line),
      found[record.line] == nil
    else { return true }
    if case .value(let root, _) = document.parse(record.bytes) {
      var writer = MaskedWriter(showsValues: showsValues)
      writer.write(root, name: "", depth: 0)
      found[record.line] = writer.text
    }
    return found.count < lines.count
  }
  return found
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
