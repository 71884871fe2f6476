internal import CLibXML2

/// Writes XML 1.0 with libxml2's writer: an element for every name, in the order of report.json.
struct XMLSink: ReportSink {
  private let writer: xmlTextWriterPtr
  /// What was written and not handed over.
  private let buffer: xmlBufferPtr
  /// Where parts of a document go.
  private let drain: ([UInt8]) -> Void
  private static let partBytes = 1 << 20
  /// The names of the members of the lists that are open, innermost last.
  private var items: [String] = []
  /// Whether what was written is handed over part by part.
  private var isWhole = true
  /// Whether libxml2 refused something.
  private var failed = false

  /// One whole document with a root element in a namespace, handed over in parts, so that it never
  /// lies in memory as a whole.
  static func document(
    _ path: String, root: String, namespace: String, to take: ReportFormat.Taker,
    _ body: (inout XMLSink) -> Void
  ) throws {
    guard let buffer = xmlBufferCreate() else { throw outOfMemory(path) }
    defer { xmlBufferFree(buffer) }
    guard let writer = xmlNewTextWriterMemory(buffer, 0) else { throw outOfMemory(path) }
    var failure: (any Error)?
    try withoutActuallyEscaping(take) { take in
      var sink = XMLSink(writer: writer, buffer: buffer) { part in
        guard failure == nil else { return }
        do { try take(RenderedFile(path: path, bytes: part)) } catch { failure = error }
      }
      sink.check(xmlTextWriterSetIndent(writer, 1))
      sink.check(xmlTextWriterStartDocument(writer, "1.0", "UTF-8", nil))
      sink.check(xmlTextWriterStartElement(writer, root))
      sink.check(xmlTextWriterWriteAttribute(writer, "xmlns", namespace))
      body(&sink)
      sink.check(xmlTextWriterEndDocument(writer))
      xmlFreeTextWriter(writer)
      sink.handOver()
      if sink.failed { throw ReportProblem(reasons: ["\(path): libxml2 could not write it"]) }
    }
    if let failure { throw failure }
  }

  /// A part of a document that is made apart from the others; `path` names it where that fails.
  static func part(
    _ part: DocumentPart, of path: String, root: String, namespace: String,
    _ body: (inout XMLSink) -> Void
  ) throws -> [UInt8] {
    guard let buffer = xmlBufferCreate() else { throw outOfMemory(path) }
    defer { xmlBufferFree(buffer) }
    guard let writer = xmlNewTextWriterMemory(buffer, 0) else { throw outOfMemory(path) }
    defer { xmlFreeTextWriter(writer) }
    var sink = XMLSink(writer: writer, buffer: buffer) { _ in }
    sink.isWhole = false
    sink.check(xmlTextWriterSetIndent(writer, 1))
    if part.isFirst { sink.check(xmlTextWriterStartDocument(writer, "1.0", "UTF-8", nil)) }
    sink.check(xmlTextWriterStartElement(writer, root))
    if part.isFirst { sink.check(xmlTextWriterWriteAttribute(writer, "xmlns", namespace)) }
    if let list = part.list { sink.open(list.name, of: list.item) }
    if !part.isFirst {
      // What is open was written by the parts before: the writer only has to know of it.
      sink.check(xmlTextWriterWriteElement(writer, "before", nil))
      sink.check(xmlTextWriterFlush(writer))
      xmlBufferEmpty(buffer)
    }
    body(&sink)
    sink.check(
      part.isLast ? xmlTextWriterEndDocument(writer) : xmlTextWriterFlush(writer))
    guard let content = xmlBufferContent(buffer), !sink.failed else {
      throw ReportProblem(reasons: ["\(path): libxml2 could not write it"])
    }
    return Array(UnsafeBufferPointer(start: content, count: Int(xmlBufferLength(buffer))))
  }

  private static func outOfMemory(_ path: String) -> ReportProblem {
    ReportProblem(reasons: ["\(path): no memory to write it"])
  }

  private init(
    writer: xmlTextWriterPtr, buffer: xmlBufferPtr, drain: @escaping ([UInt8]) -> Void
  ) {
    self.writer = writer
    self.buffer = buffer
    self.drain = drain
  }

  /// Hands over what libxml2 has written so far.
  private mutating func handOver() {
    guard let content = xmlBufferContent(buffer) else { return failed = true }
    drain(Array(UnsafeBufferPointer(start: content, count: Int(xmlBufferLength(buffer)))))
    xmlBufferEmpty(buffer)
  }

  mutating func text(_ name: String, _ value: String) {
    check(xmlTextWriterWriteElement(writer, name, SafeText.xml(value)))
  }

  mutating func integer(_ name: String, _ value: Int) {
    check(xmlTextWriterWriteElement(writer, name, String(value)))
  }

  mutating func number(_ name: String, _ value: Double) {
    guard let text = NumberText.decimal(value, decimalsMax: 6) else { return }
    check(xmlTextWriterWriteElement(writer, name, text))
  }

  mutating func flag(_ name: String, _ value: Bool) {
    check(xmlTextWriterWriteElement(writer, name, value ? "true" : "false"))
  }

  mutating func object(_ name: String, _ body: (inout XMLSink) -> Void) {
    check(xmlTextWriterStartElement(writer, name))
    body(&self)
    check(xmlTextWriterEndElement(writer))
  }

  mutating func list(_ name: String, of item: String, _ body: (inout XMLSink) -> Void) {
    open(name, of: item)
    body(&self)
    close()
  }

  mutating func open(_ name: String, of item: String) {
    items.append(item)
    check(xmlTextWriterStartElement(writer, name))
  }

  mutating func close() {
    check(xmlTextWriterEndElement(writer))
    items.removeLast()
  }

  mutating func member(_ body: (inout XMLSink) -> Void) {
    guard let item = items.last else { return failed = true }
    if isWhole, xmlBufferLength(buffer) >= XMLSink.partBytes { handOver() }
    object(item, body)
  }

  mutating func member(text value: String) {
    guard let item = items.last else { return failed = true }
    text(item, value)
  }

  mutating func map(
    _ name: String, of item: String, texts: [(name: String, value: String)]
  ) {
    object(name) { sink in
      var seen: Set<String> = []
      for entry in texts where seen.insert(entry.name).inserted {
        sink.object(item) {
          $0.attribute("name", entry.name)
          $0.content("value", entry.value)
        }
      }
    }
  }

  /// An attribute of the element that was just opened.
  mutating func attribute(_ name: String, _ value: String) {
    check(xmlTextWriterWriteAttribute(writer, name, SafeText.xml(value)))
  }

  /// The text of the element that is open; XML has no name for it.
  mutating func content(_ name: String, _ value: String) {
    check(xmlTextWriterWriteString(writer, SafeText.xml(value)))
  }

  mutating func map(_ name: String, of item: String, counts: [(name: String, value: Int)]) {
    map(name, of: item, texts: counts.map { ($0.name, String($0.value)) })
  }

  private mutating func check(_ result: Int32) {
    if result < 0 { failed = true }
  }
}
