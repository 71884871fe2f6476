internal import CLibXML2

extension ReportFacts {
  /// Reads report.xml back with libxml2's reader, and where a schema is given holds it against that
  /// on the way.
  init(xml file: FileParts, schema: [UInt8]?) throws {
    self.init(source: file.path)
    startWhole()
    let source = XMLSource(file)
    var framework = ""
    var walk = XMLWalk()
    let mistakes = XMLValidation.read(source, schema: schema) { reader in
      walk.step(reader) { path, value in take(path: path, value: value, framework: &framework) }
    }
    if let failure = source.failure { throw failure }
    problems += mistakes.map { "\(file.path): not valid by schema/report.xsd: \($0)" }
    if !walk.isClosed || (schema == nil && source.isBroken) {
      problems.append("\(file.path): not readable as XML")
    }
    countRows()
  }
}

/// Walks the elements of a document and gives the texts at the ends of wanted paths.
private struct XMLWalk {
  /// Where each open element is in the tree of wanted paths.
  private var places: [PathTree.Place] = []
  private var text = ""
  /// Whether the element that is open has held nothing but text so far.
  private var isLeaf = false
  private var isStarted = false

  /// Whether all that was opened was closed.
  var isClosed: Bool { isStarted && places.isEmpty }

  /// What the members of the lists on the way to facts are called.
  private static let tree = PathTree(
    ReportFacts.paths,
    members: [
      "agents": "agent", "findings": "finding", "occurrences": "occurrence",
      "controls": "control", "cleanup": "action", "cleanupGroups": "group",
      "terms": "term", "left": "finding",
      "unstopped": "finding", "rows": "gate",
    ])

  /// Takes the node that a reader stands on.
  mutating func step(_ reader: xmlTextReaderPtr, _ each: (String, String) -> Void) {
    switch UInt32(bitPattern: xmlTextReaderNodeType(reader)) {
    case XML_READER_TYPE_ELEMENT.rawValue:
      let place = self.place(of: reader)
      isStarted = true
      if xmlTextReaderIsEmptyElement(reader) == 1 {
        if let path = XMLWalk.tree.path(place) { each(path, "") }
        isLeaf = false
      } else {
        places.append(place)
        text = ""
        isLeaf = true
      }
    case XML_READER_TYPE_TEXT.rawValue, XML_READER_TYPE_CDATA.rawValue,
      XML_READER_TYPE_SIGNIFICANT_WHITESPACE.rawValue:
      if XMLWalk.tree.path(places.last ?? PathTree.nowhere) != nil {
        text += xmlTextReaderConstValue(reader).map { String(cString: $0) } ?? ""
      }
    case XML_READER_TYPE_END_ELEMENT.rawValue:
      if isLeaf, let path = XMLWalk.tree.path(places.last ?? PathTree.nowhere) { each(path, text) }
      isLeaf = false
      if !places.isEmpty { places.removeLast() }
      text = ""
    default: break
    }
  }

  /// The root element stands for the document itself.
  private func place(of reader: xmlTextReaderPtr) -> PathTree.Place {
    guard let parent = places.last else {
      return isStarted ? PathTree.nowhere : PathTree.root
    }
    guard parent >= 0, let name = xmlTextReaderConstLocalName(reader) else {
      return PathTree.nowhere
    }
    var length = 0
    while name[length] != 0 { length += 1 }
    return XMLWalk.tree.place(UnsafeBufferPointer(start: name, count: length), below: parent)
  }
}

/// Feeds the parts of a file to libxml2; a class because C code holds it by address.
final class XMLSource {
  private let file: FileParts
  private var part: [UInt8] = []
  private var place = 0
  /// Why a part could not be read.
  private(set) var failure: (any Error)?
  /// Whether the document was given up before its end.
  var isBroken = false

  init(_ file: FileParts) { self.file = file }

  /// Copies what comes next; how many bytes, or less than none when it cannot be read.
  func read(into target: UnsafeMutableRawBufferPointer) -> Int {
    if place == part.count {
      do { part = try file.next() } catch {
        failure = error
        return -1
      }
      place = 0
    }
    let count = min(target.count, part.count - place)
    part.withUnsafeBytes { bytes in
      target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[place..<(place + count)]))
    }
    place += count
    return count
  }
}
