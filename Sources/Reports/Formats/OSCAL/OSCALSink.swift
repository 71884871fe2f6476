internal import CLibXML2

/// What OSCAL's XML and its JSON have in common, beyond what every structured report needs.
///
/// A document is described once over this, so the two cannot differ.
protocol OSCALSink: ReportSink {
  /// An attribute in XML, a member in JSON; before everything else of its object.
  mutating func attribute(_ name: String, _ value: String)
  /// The text of an element that has attributes; in JSON the member `name`.
  mutating func content(_ name: String, _ value: String)
  /// One line for people: plain text in XML, escaped Markdown in JSON.
  mutating func line(_ name: String, _ text: String)
  /// A paragraph for people.
  mutating func prose(_ name: String, _ text: String)
  /// The members of an array, each an element `item` in XML and one of the array `name` in JSON;
  /// nothing for no members, since OSCAL has no empty arrays.
  mutating func each<Members: Collection>(
    _ members: Members, _ item: String, in name: String,
    _ body: (Members.Element, inout Self) -> Void)
  /// The same for texts.
  mutating func eachText(_ texts: [String], _ item: String, in name: String)
}

extension OSCALSink {
  /// A property in the namespace of this tool.
  mutating func properties(_ properties: [(name: String, value: String?)]) {
    let known = properties.compactMap { property in
      property.value.map { (name: property.name, value: $0) }
    }
    each(known, "prop", in: "props") { property, sink in
      sink.attribute("name", property.name)
      sink.attribute("ns", OSCALText.namespace)
      sink.attribute("value", OSCALText.string(property.value))
    }
  }
}

extension JSONSink: OSCALSink {
  mutating func attribute(_ name: String, _ value: String) { text(name, value) }

  mutating func content(_ name: String, _ value: String) { text(name, value) }

  mutating func line(_ name: String, _ value: String) {
    text(name, MarkdownText.line(OSCALText.string(value)))
  }

  mutating func prose(_ name: String, _ value: String) {
    text(name, MarkdownText.line(OSCALText.string(value)))
  }

  mutating func each<Members: Collection>(
    _ members: Members, _ item: String, in name: String,
    _ body: (Members.Element, inout JSONSink) -> Void
  ) {
    guard !members.isEmpty else { return }
    list(name, of: item) { sink in
      for value in members { sink.member { body(value, &$0) } }
    }
  }

  mutating func eachText(_ texts: [String], _ item: String, in name: String) {
    if !texts.isEmpty { self.texts(name, of: item, texts) }
  }
}

extension XMLSink: OSCALSink {
  mutating func line(_ name: String, _ value: String) { text(name, OSCALText.string(value)) }

  mutating func prose(_ name: String, _ value: String) {
    object(name) { $0.text("p", OSCALText.string(value)) }
  }

  mutating func each<Members: Collection>(
    _ members: Members, _ item: String, in name: String,
    _ body: (Members.Element, inout XMLSink) -> Void
  ) {
    for value in members { object(item) { body(value, &$0) } }
  }

  mutating func eachText(_ texts: [String], _ item: String, in name: String) {
    for value in texts { text(item, value) }
  }
}

/// Texts and names in the forms that OSCAL accepts.
enum OSCALText {
  /// The namespace of every element.
  static let oscalNamespace = "http://csrc.nist.gov/ns/oscal/1.0"
  /// The namespace of our properties and facets.
  static let namespace = "urn:sequitur:oscal:1"

  /// A string: one line, not empty, without white space at its ends.
  static func string(_ text: String) -> String {
    if isPlain(text) { return text }
    var words = SafeText.cut(SafeText.visible(text), scalarsMax: 4_000).unicodeScalars
      .split { $0.properties.isWhitespace }.map { String($0) }[...]
    if words.isEmpty { words = ["(empty)"] }
    return words.joined(separator: " ")
  }

  /// Whether nothing is to be done: visible ASCII, single spaces, none of them at the ends.
  private static func isPlain(_ text: String) -> Bool {
    var last: UInt8 = 0x20
    for byte in text.utf8 {
      if byte < 0x20 || byte >= 0x7F || byte == 0x20 && last == 0x20 { return false }
      last = byte
    }
    return last != 0x20 && text.utf8.count <= 4_000
  }

  /// An id as a token (NCName): `NHI5:2025` becomes `NHI5-2025`, `AC-6(7)` becomes `ac-6.7` as
  /// NIST writes it, and what begins with no letter gets the framework's id in front.
  static func token(_ id: String, framework: String) -> String {
    var text = ""
    for scalar in id.unicodeScalars {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_": text.unicodeScalars.append(scalar)
      case "(": text += "."
      case ")": break
      default: text += "-"
      }
    }
    if framework.hasPrefix("nist-sp-800-53") { text = text.lowercased() }
    guard let first = text.unicodeScalars.first, "a"..."z" ~= first || "A"..."Z" ~= first else {
      return "\(framework)_\(text)"
    }
    return text
  }
}
