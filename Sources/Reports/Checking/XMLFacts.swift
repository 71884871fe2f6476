internal import CLibXML2

extension ReportFacts {
  /// Reads report.xml back, with libxml2's reader.
  init(xml file: RenderedFile) {
    self.init(source: file.path)
    startWhole()
    XMLValidation.prepare
    let options = Int32(XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue)
    let isWhole = file.bytes.withUnsafeBufferPointer { bytes -> Bool in
      let text = UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
      guard let count = Int32(exactly: bytes.count), count > 0,
        let reader = xmlReaderForMemory(text, count, nil, "UTF-8", options)
      else { return false }
      defer { xmlFreeTextReader(reader) }
      return readElements(reader)
    }
    if !isWhole { problems.append("\(file.path): not readable as XML") }
    countRows()
  }

  /// Walks the document; false when it is not well formed.
  private mutating func readElements(_ reader: xmlTextReaderPtr) -> Bool {
    var names: [String] = []
    var framework = ""
    var text = ""
    /// Whether the element that is open has held nothing but text so far.
    var isLeaf = false
    var result = xmlTextReaderRead(reader)
    while result == 1 {
      switch UInt32(bitPattern: xmlTextReaderNodeType(reader)) {
      case XML_READER_TYPE_ELEMENT.rawValue:
        let name = xmlTextReaderConstLocalName(reader).map { String(cString: $0) } ?? ""
        if xmlTextReaderIsEmptyElement(reader) == 1 {
          take(path: XMLPath.joined(names + [name]), value: "", framework: &framework)
          isLeaf = false
        } else {
          names.append(name)
          text = ""
          isLeaf = true
        }
      case XML_READER_TYPE_TEXT.rawValue, XML_READER_TYPE_CDATA.rawValue,
        XML_READER_TYPE_SIGNIFICANT_WHITESPACE.rawValue:
        text += xmlTextReaderConstValue(reader).map { String(cString: $0) } ?? ""
      case XML_READER_TYPE_END_ELEMENT.rawValue:
        if isLeaf { take(path: XMLPath.joined(names), value: text, framework: &framework) }
        isLeaf = false
        if !names.isEmpty { names.removeLast() }
        text = ""
      default: break
      }
      result = xmlTextReaderRead(reader)
    }
    return result == 0
  }
}

/// Paths of elements as paths of report.json: without the root and without the members of lists.
enum XMLPath {
  /// `["report", "agents", "agent", "id"]` becomes `agents.id`.
  static func joined(_ names: [String]) -> String {
    var kept: [String] = []
    for (depth, name) in names.dropFirst().enumerated() {
      if let last = kept.last, members[last] == name, depth > 0 { continue }
      kept.append(name)
    }
    return kept.joined(separator: ".")
  }

  /// What the members of the lists on the way to ids are called.
  private static let members = [
    "agents": "agent", "findings": "finding", "occurrences": "occurrence", "controls": "control",
    "cleanup": "action", "terms": "term",
  ]
}
