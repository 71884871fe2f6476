internal import CSimdjson
internal import Documents

/// Writes JSON without white space.
struct JSONWriter {
  private(set) var bytes: [UInt8] = []

  /// A value of a YAML document: plain numbers, truth values and null as such, all else as text.
  mutating func write(_ node: Node) {
    switch node.content {
    case .scalar(let text, let isPlain):
      if node.isNull {
        raw("null")
      } else if isPlain, node.bool != nil || JSONWriter.isNumber(text) {
        raw(text)
      } else {
        self.text(text)
      }
    case .sequence(let nodes):
      raw("[")
      for (index, node) in nodes.enumerated() {
        if index > 0 { raw(",") }
        write(node)
      }
      raw("]")
    case .mapping(let entries):
      raw("{")
      for (index, entry) in entries.enumerated() {
        if index > 0 { raw(",") }
        self.text(entry.key)
        raw(":")
        write(entry.value)
      }
      raw("}")
    }
  }

  /// JSON as it is.
  mutating func raw(_ json: String) { bytes.append(contentsOf: json.utf8) }

  /// A string.
  mutating func text(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0..<0x20:
        let hex = Array("0123456789abcdef".utf8)
        raw("\\u00")
        bytes.append(hex[Int(byte >> 4)])
        bytes.append(hex[Int(byte & 15)])
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Calls with the bytes and JSON's padding behind them.
  func withPadding<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    var padded = bytes
    padded.append(contentsOf: repeatElement(0, count: Int(SEQUITUR_JSON_PADDING)))
    return padded.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[..<bytes.count])) }
  }

  /// Whether a text is a number as JSON writes it, with few enough digits to be one.
  static func isNumber(_ text: String) -> Bool {
    var rest = Substring(text)
    if rest.first == "-" { rest.removeFirst() }
    func digits() -> Int {
      let count = rest.prefix { ("0"..."9").contains($0) }.count
      rest.removeFirst(count)
      return count
    }
    let isZeroLed = rest.first == "0"
    let whole = digits()
    guard whole > 0, whole == 1 || !isZeroLed, whole <= 18 else { return false }
    if rest.first == "." {
      rest.removeFirst()
      guard digits() > 0 else { return false }
    }
    if rest.first == "e" || rest.first == "E" {
      rest.removeFirst()
      if rest.first == "+" || rest.first == "-" { rest.removeFirst() }
      let exponent = digits()
      guard exponent > 0, exponent < 3 else { return false }
    }
    return rest.isEmpty
  }
}

extension JSONWriter {
  /// A value with the members of its objects sorted by name: equal values give equal texts.
  mutating func writeSorted(_ node: JSONNode, depth: Int = 0) {
    guard depth < 64 else {
      raw("null")
      return
    }
    switch node.kind {
    case .null: raw("null")
    case .bool(let truth): raw(truth ? "true" : "false")
    case .number: raw(node.scalarText ?? "0")
    case .text: text(node.text ?? "")
    case .array:
      raw("[")
      for (index, element) in node.elements.enumerated() {
        if index > 0 { raw(",") }
        writeSorted(element, depth: depth + 1)
      }
      raw("]")
    case .object:
      raw("{")
      let members = node.members.sorted { $0.name < $1.name }
      for (index, member) in members.enumerated() {
        if index > 0 { raw(",") }
        text(member.name)
        raw(":")
        writeSorted(member.value, depth: depth + 1)
      }
      raw("}")
    }
  }

  /// A value as text with sorted keys, for example of a condition.
  static func sortedText(_ node: JSONNode) -> String {
    var writer = JSONWriter()
    writer.writeSorted(node)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
