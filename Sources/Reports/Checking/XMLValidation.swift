internal import CLibXML2

/// Validates XML against an XML Schema with libxml2; empty when it is valid.
///
/// Each text says `line N: what is wrong`. The document is read as a stream; nothing is fetched
/// from a network or another file, no entity is expanded, and a document type declaration is a
/// mistake.
package func validate(xml: [UInt8], schema: [UInt8]) -> [String] {
  XMLValidation.prepare
  let mistakes = XMLMistakes()
  let context = Unmanaged.passUnretained(mistakes).toOpaque()
  return withExtendedLifetime(mistakes) {
    guard let compiled = XMLValidation.compile(schema, mistakes: mistakes) else {
      return mistakes.texts.map { "schema: \($0)" }
    }
    defer { xmlSchemaFree(compiled) }
    let options = Int32(XML_PARSE_NONET.rawValue)
    return xml.withUnsafeBufferPointer { bytes in
      guard let count = Int32(exactly: bytes.count), count > 0 else {
        return ["line 0: it is empty or larger than libxml2 reads"]
      }
      let text = UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
      guard let reader = xmlReaderForMemory(text, count, nil, "UTF-8", options) else {
        return ["line 0: no memory to read it"]
      }
      defer { xmlFreeTextReader(reader) }
      xmlTextReaderSetStructuredErrorHandler(reader, XMLMistakes.record, context)
      xmlTextReaderSetSchema(reader, compiled)
      var result = xmlTextReaderRead(reader)
      while result == 1 {
        if xmlTextReaderNodeType(reader) == Int32(XML_READER_TYPE_DOCUMENT_TYPE.rawValue) {
          mistakes.add(
            line: Int(xmlTextReaderGetParserLineNumber(reader)),
            "a document type declaration is not read")
          break
        }
        result = xmlTextReaderRead(reader)
      }
      if result < 0 || xmlTextReaderIsValid(reader) == 0, mistakes.texts.isEmpty {
        mistakes.add(line: Int(xmlTextReaderGetParserLineNumber(reader)), "it could not be read")
      }
      return mistakes.texts
    }
  }
}

/// The parts of a validation.
enum XMLValidation {
  /// Sets libxml2 up once: no loader of external entities that could reach a network.
  static let prepare: Void = {
    xmlInitParser()
    xmlSetExternalEntityLoader(xmlNoNetExternalEntityLoader)
  }()

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
