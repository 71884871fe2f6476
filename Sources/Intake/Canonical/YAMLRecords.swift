internal import CSimdjson
internal import Documents

/// Gives the elements of a YAML file's lists as JSON records, or with no keys whole documents.
func readYAML(
  _ input: InputBytes, keys: [String]?, limits: InputLimits, give: (Found) -> Bool
) {
  guard input.fill(toAtLeast: limits.wholeBytesMax + 1) <= limits.wholeBytesMax else {
    let reason = "YAML of more than \(limits.wholeBytesMax >> 20) MiB; give JSON lines"
    _ = give(.flaw(RecordFlaw(line: 0, reason: reason, consequence: "not read")))
    return
  }
  let text = String(decoding: input.available, as: UTF8.self)
  if !isUTF8(input.available) {
    let consequence = "kept; shown as U+FFFD"
    let reason = "bytes that are not UTF-8"
    guard give(.flaw(RecordFlaw(line: 0, reason: reason, consequence: consequence))) else { return }
  }
  do throws(DocumentProblem) {
    for document in try Document.all(text: text, file: "") {
      guard let keys else {
        if !giveRecord(document.root, 0, give) { return }
        continue
      }
      var lists: [(key: Int, nodes: [Node])] = []
      if let nodes = document.root.sequence { lists.append((0, nodes)) }
      for entry in document.root.mapping ?? [] {
        guard let key = keys.firstIndex(of: entry.key) else {
          let reason = "\(quoted(entry.key)) is none of \(keys.joined(separator: ", "))"
          let line = entry.keyPlace.line
          guard give(.flaw(RecordFlaw(line: line, reason: reason, consequence: "not read"))) else {
            return
          }
          continue
        }
        lists.append((key + 1, entry.value.isNull ? [] : entry.value.oneOrMany))
      }
      for list in lists {
        for node in list.nodes where !giveRecord(node, list.key, give) { return }
      }
    }
  } catch {
    let consequence = "the file is not read"
    _ = give(.flaw(RecordFlaw(line: error.line, reason: error.reason, consequence: consequence)))
  }
}

private func giveRecord(_ node: Node, _ key: Int, _ give: (Found) -> Bool) -> Bool {
  var writer = JSONWriter()
  writer.write(node)
  return writer.withPadding {
    give(.record(Record(line: node.place.line, key: key, bytes: $0)))
  }
}

/// Whether bytes are UTF-8.
func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
  sequitur_is_utf8(bytes.bindMemory(to: CChar.self).baseAddress, bytes.count)
}
