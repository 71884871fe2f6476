/// What the beginning of an input looks like: enough to recognise it, never its name.
struct Sketch {
  /// How the input is written.
  enum Form {
    /// One JSON record a line.
    case jsonLines
    /// One JSON document, perhaps over many lines.
    case jsonDocument
    /// Comma-separated values with a header.
    case csv(separator: UInt8)
    /// YAML, or text that could be YAML.
    case yaml
    /// Nothing that a source reads, and why.
    case other(String)
  }

  /// How it is written.
  private(set) var form = Form.other("the file is empty")
  /// Outlines of the first lines, or of the document.
  private(set) var records: [JSONSketch] = []
  /// The columns of CSV; the keys at the left margin of YAML, or of its first elements.
  private(set) var names: [String] = []
  /// The keys of each of the first elements of a YAML list.
  private(set) var elements: [[String]] = []
  /// The values of the keys `kind` and `apiVersion` of YAML.
  private(set) var kinds: [String] = []
  private(set) var versions: [String] = []

  private static let bytesMax = 256 << 10
  private static let recordsMax = 20

  /// The same with one of its records alone.
  func only(_ index: Int) -> Sketch {
    var sketch = self
    sketch.records = [records[index]]
    return sketch
  }

  /// Looks at the bytes that an input begins with; they stay at hand.
  init(_ input: InputBytes) {
    let count = min(input.fill(toAtLeast: Sketch.bytesMax), Sketch.bytesMax)
    var bytes = input.slice(0, count)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.from(3) }
    if let reason = Sketch.binaryReason(bytes) {
      form = .other(reason)
      return
    }
    guard let first = bytes.firstIndex(where: { $0 > 0x20 }) else {
      if count == Sketch.bytesMax { form = .other("the file begins with white space only") }
      return
    }
    switch bytes[first] {
    case UInt8(ascii: "["): sketchDocument(bytes.from(first))
    case UInt8(ascii: "{"): sketchObjects(bytes.from(first))
    default: sketchText(bytes.from(first))
    }
  }

  private mutating func sketchDocument(_ bytes: UnsafeRawBufferPointer) {
    form = .jsonDocument
    records = [JSONSketch(bytes)]
  }

  /// Lines of objects, or one object: the second line tells.
  private mutating func sketchObjects(_ bytes: UnsafeRawBufferPointer) {
    let lines = Sketch.lines(bytes, max: Sketch.recordsMax)
    // A first line that goes on in the second is the beginning of one object.
    let goesOn = lines.first?.last.map { "[{,:".utf8.contains($0) } ?? false
    let isLines = lines.count > 1 && lines[1].first == UInt8(ascii: "{") && !goesOn
    if isLines {
      form = .jsonLines
      records = lines.filter { $0.first == UInt8(ascii: "{") }.map { JSONSketch($0) }
    } else {
      sketchDocument(bytes)
    }
  }

  private mutating func sketchText(_ bytes: UnsafeRawBufferPointer) {
    let lines = Sketch.lines(bytes, max: 200)
    let objects = lines.prefix(Sketch.recordsMax).filter {
      $0.first == UInt8(ascii: "{") && $0.contains(UInt8(ascii: ":"))
    }
    if objects.count * 2 >= min(lines.count, Sketch.recordsMax), !objects.isEmpty {
      form = .jsonLines
      records = objects.map { JSONSketch($0) }
      return
    }
    if let first = lines.first, let header = Sketch.header(first) {
      form = .csv(separator: header.separator)
      names = header.columns
      return
    }
    let outline = YAMLOutline(lines.map { String(decoding: $0, as: UTF8.self) })
    names = outline.keys
    elements = outline.elements
    kinds = outline.kinds
    versions = outline.versions
    form =
      names.isEmpty && elements.isEmpty
      ? .other("text that is neither JSON, YAML nor CSV of a known kind") : .yaml
  }

  /// The lines that are not blank, without what surrounds them.
  private static func lines(
    _ bytes: UnsafeRawBufferPointer, max: Int
  ) -> [UnsafeRawBufferPointer] {
    var found: [UnsafeRawBufferPointer] = []
    var start = 0
    while start < bytes.count, found.count < max {
      let end = LineReader.newline(in: bytes, from: start) ?? bytes.count
      let line = LineReader.withoutReturn(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
      if !LineReader.isBlank(line) { found.append(line) }
      start = end + 1
    }
    return found
  }

  /// The columns of a header line: one that a source looks for is among them.
  /// Columns of which one tells a header from a line of text with commas.
  private static let columnsOfTables = ["agent", "eventJson", "user_creation_time"]

  private static func header(
    _ line: UnsafeRawBufferPointer
  ) -> (columns: [String], separator: UInt8)? {
    for separator in [",", ";", "\t", "|"].map(UInt8.init(ascii:)) {
      let columns = line.split(separator: separator, omittingEmptySubsequences: false).map {
        String(decoding: $0, as: UTF8.self).trimmed(of: " \"")
      }
      let isHeader =
        columns.contains { Sketch.columnsOfTables.contains($0) }
        || InventoryColumns(columns) != nil
      if columns.count > 1, isHeader { return (columns, separator) }
    }
    return nil
  }

  /// Why these bytes are no text; nil when they may be.
  private static func binaryReason(_ bytes: UnsafeRawBufferPointer) -> String? {
    let signatures: [(start: [UInt8], reason: String)] = [
      ([0x50, 0x4B, 0x03, 0x04], "a zip archive; give the files inside it"),
      ([0x28, 0xB5, 0x2F, 0xFD], "compressed twice; give plain text, gzip or zstd"),
      (
        [0x42, 0x5A, 0x68],
        "compressed with bzip2, which is not read; give plain text, gzip or zstd"
      ),
      ([0xFD, 0x37, 0x7A], "compressed with xz, which is not read; give plain text, gzip or zstd"),
      ([0x50, 0x41, 0x52, 0x31], "a Parquet file, which is not read; give JSON"),
      ([0x89, 0x50, 0x4E, 0x47], "a picture"),
      ([0xFF, 0xD8, 0xFF], "a picture"),
      ([0x25, 0x50, 0x44, 0x46], "a PDF document"),
      ([0x53, 0x51, 0x4C, 0x69, 0x74, 0x65], "a SQLite database"),
      ([0xFF, 0xFE], "UTF-16 text; UTF-8 was expected"),
      ([0xFE, 0xFF], "UTF-16 text; UTF-8 was expected"),
    ]
    for signature in signatures where bytes.starts(with: signature.start) {
      return signature.reason
    }
    return bytes.prefix(4_096).contains(0) ? "binary data" : nil
  }
}

extension UnsafeRawBufferPointer {
  /// The bytes from an offset on.
  func from(_ offset: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: self[offset...])
  }
}

extension StringProtocol {
  /// The text without any of some characters at its ends.
  func trimmed(of characters: String) -> String {
    var rest = Substring(self)
    while let first = rest.first, characters.contains(first) { rest.removeFirst() }
    while let last = rest.last, characters.contains(last) { rest.removeLast() }
    return String(rest)
  }
}
