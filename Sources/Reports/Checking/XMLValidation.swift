internal import CLibXML2

/// Validates XML against an XML Schema with libxml2; empty when it is valid.
///
/// Each text says `line N: what is wrong`. The document is read as a stream; nothing is fetched
/// from a network or another file, no entity is expanded, and a document type declaration is a
/// mistake.
package func validate(xml: [UInt8], schema: [UInt8]) -> [String] {
  let source = XMLSource(FileParts(RenderedFile(path: "", bytes: xml)))
  return XMLValidation.read(source, schema: schema) { _ in }
}

/// The parts of a validation.
enum XMLValidation {
  /// Sets libxml2 up once: no loader of external entities that could reach a network.
  static let prepare: Void = {
    xmlInitParser()
    xmlSetExternalEntityLoader(xmlNoNetExternalEntityLoader)
  }()

  /// Reads a document node by node, against a schema where one is given; what is wrong with it.
  static func read(
    _ source: XMLSource, schema: [UInt8]?, _ each: (xmlTextReaderPtr) -> Void
  ) -> [String] {
    prepare
    let mistakes = XMLMistakes()
    return withExtendedLifetime((mistakes, source)) {
      var compiled: xmlSchemaPtr?
      if let schema {
        compiled = compile(schema, mistakes: mistakes)
        guard compiled != nil else { return mistakes.texts.map { "schema: \($0)" } }
      }
      defer { if let compiled { xmlSchemaFree(compiled) } }
      let options = Int32(XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue)
      let reader = xmlReaderForIO(
        { context, buffer, count in
          guard let context, let buffer else { return -1 }
          let source = Unmanaged<XMLSource>.fromOpaque(context).takeUnretainedValue()
          return Int32(
            source.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: Int(count))))
        }, nil, Unmanaged.passUnretained(source).toOpaque(), nil, "UTF-8", options)
      guard let reader else { return ["line 0: no memory to read it"] }
      defer { xmlFreeTextReader(reader) }
      xmlTextReaderSetStructuredErrorHandler(
        reader, XMLMistakes.record, Unmanaged.passUnretained(mistakes).toOpaque())
      if let compiled { xmlTextReaderSetSchema(reader, compiled) }
      walk(reader, source, mistakes, each)
      let isInvalid = compiled != nil && xmlTextReaderIsValid(reader) == 0
      if source.isBroken || isInvalid, mistakes.texts.isEmpty {
        mistakes.add(line: Int(xmlTextReaderGetParserLineNumber(reader)), "it could not be read")
      }
      return schema == nil ? [] : mistakes.texts
    }
  }

  private static func walk(
    _ reader: xmlTextReaderPtr, _ source: XMLSource, _ mistakes: XMLMistakes,
    _ each: (xmlTextReaderPtr) -> Void
  ) {
    var result = xmlTextReaderRead(reader)
    while result == 1 {
      if xmlTextReaderNodeType(reader) == Int32(XML_READER_TYPE_DOCUMENT_TYPE.rawValue) {
        source.isBroken = true
        mistakes.add(
          line: Int(xmlTextReaderGetParserLineNumber(reader)),
          "a document type declaration is not read")
        return
      }
      each(reader)
      result = xmlTextReaderRead(reader)
    }
    source.isBroken = result < 0
  }

  /// Compiles a schema; nil, with its mistakes, when it is none.
  static func compile(_ schema: [UInt8], mistakes: XMLMistakes) -> xmlSchemaPtr? {
    let context = Unmanaged.passUnretained(mistakes).toOpaque()
    return schema.withUnsafeBufferPointer { bytes in
      let text = UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
      guard let count = Int32(exactly: bytes.count),
        let parser = xmlSchemaNewMemParserCtxt(text, count)
      else {
        mistakes.add(line: 0, "it is empty or too large")
        return nil
      }
      defer { xmlSchemaFreeParserCtxt(parser) }
      xmlSchemaSetParserStructuredErrors(parser, XMLMistakes.record, context)
      let compiled = xmlSchemaParse(parser)
      if compiled == nil, mistakes.texts.isEmpty { mistakes.add(line: 0, "it is no schema") }
      return compiled
    }
  }
}

/// The mistakes that libxml2 reports, in its order; a class because C code holds it by address.
final class XMLMistakes {
  private(set) var texts: [String] = []
  /// The most mistakes that are kept: one broken document can have millions.
  private static let textsMax = 100

  /// The handler that libxml2 calls with `XMLMistakes` as its context.
  static let record: xmlStructuredErrorFunc = { context, error in
    guard let context, let error else { return }
    let mistakes = Unmanaged<XMLMistakes>.fromOpaque(context).takeUnretainedValue()
    let message = error.pointee.message.map { String(cString: $0) } ?? "unknown mistake"
    mistakes.add(line: Int(error.pointee.line), message)
  }

  /// Keeps a mistake, without libxml2's line break and namespaces.
  func add(line: Int, _ message: String) {
    guard texts.count < XMLMistakes.textsMax else { return }
    var text = message.split(whereSeparator: \.isNewline).joined(separator: " ")
    text = text.split(separator: "{urn:sequitur:report:1}", omittingEmptySubsequences: false)
      .joined()
    while text.last == "." || text.last == " " { text.removeLast() }
    texts.append("line \(line): \(SafeText.cut(text, scalarsMax: 300))")
  }
}
