/// Writes JSON as it goes: UTF-8, one value a line, fixed order, no tree in memory.
struct JSONSink: ReportSink {
  /// What was written so far.
  private(set) var bytes: [UInt8] = []
  private var depth = 0
  /// Whether the container that is open has no value yet.
  private var isFirst = true
  /// Whether the whole document stands on one line.
  private var isOneLine = false
  /// Where parts of a large document go; nil where it stays in `bytes`.
  private var drain: (([UInt8]) -> Void)?
  private static let partBytes = 1 << 20

  /// One whole document: an object.
  static func document(_ body: (inout JSONSink) -> Void) -> [UInt8] {
    var sink = JSONSink()
    sink.enclosed("{", "}", body)
    sink.bytes.append(UInt8(ascii: "\n"))
    return sink.bytes
  }

  /// One whole document, handed over in parts, so that it never lies in memory as a whole.
  static func document(
    to take: ([UInt8]) throws -> Void, _ body: (inout JSONSink) -> Void
  ) throws {
    var failure: (any Error)?
    withoutActuallyEscaping(take) { take in
      var sink = JSONSink()
      sink.drain = { part in
        guard failure == nil else { return }
        do { try take(part) } catch { failure = error }
      }
      sink.enclosed("{", "}", body)
      sink.bytes.append(UInt8(ascii: "\n"))
      sink.drain?(sink.bytes)
      sink.drain = nil
    }
    if let failure { throw failure }
  }

  /// A part of a document that is made apart from the others.
  static func part(_ part: DocumentPart, _ body: (inout JSONSink) -> Void) -> [UInt8] {
    var sink = JSONSink()
    sink.depth = part.list == nil ? 1 : 2
    sink.isFirst = part.isFirst
    if part.isFirst { sink.bytes.append(UInt8(ascii: "{")) }
    body(&sink)
    if part.isLast { sink.bytes.append(contentsOf: "\n}\n".utf8) }
    return sink.bytes
  }

  /// One object on a line of its own, for files of one object a line.
  static func line(_ body: (inout JSONSink) -> Void) -> [UInt8] {
    var sink = JSONSink()
    sink.isOneLine = true
    sink.enclosed("{", "}", body)
    sink.bytes.append(UInt8(ascii: "\n"))
    return sink.bytes
  }

  mutating func text(_ name: String, _ value: String) {
    begin(name)
    string(value)
  }

  mutating func integer(_ name: String, _ value: Int) {
    begin(name)
    if value >= 0 {
      bytes.append(number: value)
    } else {
      bytes.append(contentsOf: String(value).utf8)
    }
  }

  mutating func number(_ name: String, _ value: Double) {
    if value >= 0, value < 1_000 {
      begin(name)
      bytes.append(millionths: value)
    } else if let text = NumberText.decimal(value, decimalsMax: 6) {
      begin(name)
      bytes.append(contentsOf: text.utf8)
    }
  }

  mutating func flag(_ name: String, _ value: Bool) {
    begin(name)
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  mutating func object(_ name: String, _ body: (inout JSONSink) -> Void) {
    begin(name)
    enclosed("{", "}", body)
  }

  mutating func list(_ name: String, of item: String, _ body: (inout JSONSink) -> Void) {
    begin(name)
    enclosed("[", "]", body)
  }

  mutating func open(_ name: String, of item: String) {
    begin(name)
    start("[")
  }

  mutating func close() { end("]") }

  mutating func member(_ body: (inout JSONSink) -> Void) {
    separate()
    enclosed("{", "}", body)
  }

  mutating func member(text: String) {
    separate()
    string(text)
  }

  mutating func map(
    _ name: String, of item: String, texts: [(name: String, value: String)]
  ) {
    object(name) { sink in
      var seen: Set<String> = []
      for entry in texts where seen.insert(entry.name).inserted {
        sink.text(entry.name, entry.value)
      }
    }
  }

  mutating func map(_ name: String, of item: String, counts: [(name: String, value: Int)]) {
    object(name) { sink in
      var seen: Set<String> = []
      for entry in counts where seen.insert(entry.name).inserted {
        sink.integer(entry.name, entry.value)
      }
    }
  }

  private mutating func enclosed(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ body: (inout JSONSink) -> Void
  ) {
    start(open)
    body(&self)
    end(close)
  }

  private mutating func start(_ open: Unicode.Scalar) {
    bytes.append(UInt8(ascii: open))
    depth += 1
    isFirst = true
  }

  private mutating func end(_ close: Unicode.Scalar) {
    depth -= 1
    if !isFirst { newLine() }
    isFirst = false
    bytes.append(UInt8(ascii: close))
  }

  private mutating func begin(_ name: String) {
    separate()
    string(name)
    bytes.append(UInt8(ascii: ":"))
    bytes.append(UInt8(ascii: " "))
  }

  private mutating func separate() {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
    if bytes.count >= JSONSink.partBytes, let drain {
      drain(bytes)
      bytes.removeAll(keepingCapacity: true)
    }
    newLine()
  }

  private mutating func newLine() {
    if isOneLine { return }
    bytes.append(UInt8(ascii: "\n"))
    for _ in 0..<depth { bytes.append(UInt8(ascii: " ")) }
  }

  /// Appends a text of which nothing needs an escape, the common case, at once; false for others.
  private mutating func appendPlain(_ value: String) -> Bool {
    var value = value
    return value.withUTF8 { text in
      // All bytes are looked at, without a way out: so the loop takes many at a time.
      var others: UInt8 = 0
      for byte in text {
        let isPlain =
          byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
        others |= isPlain ? 0 : 1
      }
      if others == 0 { bytes.append(contentsOf: text) }
      return others == 0
    }
  }

  /// A string by RFC 8259; what cannot be seen, or turns the direction of text, as `\uXXXX`.
  private mutating func string(_ value: String) {
    bytes.append(UInt8(ascii: "\""))
    if appendPlain(value) {
      bytes.append(UInt8(ascii: "\""))
      return
    }
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": bytes.append(contentsOf: #"\""#.utf8)
      case "\\": bytes.append(contentsOf: #"\\"#.utf8)
      case "\n": bytes.append(contentsOf: #"\n"#.utf8)
      case "\r": bytes.append(contentsOf: #"\r"#.utf8)
      case "\t": bytes.append(contentsOf: #"\t"#.utf8)
      default:
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF:
          let digits = String(scalar.value, radix: 16)
          let zeros = String(repeating: "0", count: max(0, 4 - digits.utf8.count))
          bytes.append(contentsOf: "\\u\(zeros)\(digits)".utf8)
        default: if let units = UTF8.encode(scalar) { bytes.append(contentsOf: units) }
        }
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
