/// Input text made safe for the languages that reports are written in.
///
/// All of it works on Unicode scalars: a combining mark after `<` makes one character of the two,
/// which a comparison of characters would let through.
enum SafeText {
  /// The most scalars of one text that a page shows; ids and raw records are shown whole.
  static let shownScalarsMax = 600

  /// For HTML text and quoted attributes: markup escaped, what cannot be seen made visible.
  static func html(_ text: String) -> String {
    if isPlain(text) { return text }
    var result = ""
    result.reserveCapacity(text.utf8.count + 16)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "`": result += "&#96;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      default: appendVisible(scalar, to: &result)
      }
    }
    return result
  }

  /// For XML 1.0: every scalar that XML does not allow becomes a visible one in its place (control
  /// pictures U+2400 to U+2421 for C0 and DEL, U+FFFD for the rest).
  static func xml(_ text: String) -> String {
    // What is markup libxml2 escapes.
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x09, 0x0A, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF:
        result.unicodeScalars.append(scalar)
      default: appendPicture(scalar, to: &result)
      }
    }
    return result
  }

  /// What people read in the place of a text: controls, and marks that turn the direction of text,
  /// become visible. The self-check compares ids in this form.
  static func visible(_ text: String) -> String {
    if isPlain(text) { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar == "\n" || scalar == "\t" {
        result.unicodeScalars.append(scalar)
      } else {
        appendVisible(scalar, to: &result)
      }
    }
    return result
  }

  /// The content of one field of CSV: visible, and with an apostrophe in front where a spreadsheet
  /// would take it for a formula.
  static func csvContent(_ text: String) -> String {
    let cell = visible(text)
    guard let first = cell.unicodeScalars.first,
      "=+-@\t\n\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains(first)
    else { return cell }
    return "'" + cell
  }

  /// Whether a field of plain bytes that begins so is no formula to a spreadsheet.
  static func startsNoFormula(_ byte: UInt8) -> Bool { !"=+-@".utf8.contains(byte) }

  /// Whether a byte stands in a field of CSV as it is, without quotes.
  static func isPlainInCSV(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: ",")
      && byte != UInt8(ascii: ";")
  }

  /// One field of CSV by RFC 4180, quoted where needed.
  static func csv(_ text: String) -> String {
    let content = csvContent(text)
    let needsQuotes = content.unicodeScalars.contains { "\",;\n\t".unicodeScalars.contains($0) }
    if !needsQuotes { return content }
    var cell = "\""
    for scalar in content.unicodeScalars {
      if scalar == "\"" { cell += "\"" }
      cell.unicodeScalars.append(scalar)
    }
    return cell + "\""
  }

  /// At most so many scalars, with a word on how many are left out.
  static func cut(_ text: String, scalarsMax: Int) -> String {
    guard text.utf8.count > scalarsMax else { return text }
    let scalars = text.unicodeScalars
    guard
      let end = scalars.index(
        scalars.startIndex, offsetBy: scalarsMax, limitedBy: scalars.endIndex),
      end != scalars.endIndex
    else { return text }
    let left = scalars.distance(from: end, to: scalars.endIndex)
    return String(scalars[..<end]) + " [\(NumberText.grouped(left)) more characters]"
  }

  /// At most so many characters, the last an ellipsis where some are left out: for pictures.
  static func shortened(_ text: String, charactersMax: Int) -> String {
    text.count <= charactersMax ? text : text.prefix(charactersMax - 1) + "…"
  }

  /// Letters, digits and the harmless marks of ids and paths only: nothing to do.
  private static func isPlain(_ text: String) -> Bool {
    text.utf8.withContiguousStorageIfAvailable(isPlain) ?? text.utf8.allSatisfy(isPlain)
  }

  /// The same of the bytes of a text.
  fileprivate static func isPlain(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    // All bytes are looked at, without a way out: so the loop takes many at a time.
    var others: UInt8 = 0
    for byte in text { others |= isPlain(byte) ? 0 : 1 }
    return others == 0
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x7F && byte != 0x22 && byte != 0x26 && byte != 0x27 && byte != 0x3C
      && byte != 0x3E && byte != 0x60
  }

  /// Appends a scalar; controls and those that turn the direction of text become visible.
  private static func appendVisible(_ scalar: Unicode.Scalar, to text: inout String) {
    switch scalar.value {
    case 0x00...0x1F, 0x7F...0x9F, 0xFFFE, 0xFFFF: appendPicture(scalar, to: &text)
    case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0x061C, 0x2028, 0x2029, 0xFEFF:
      text += "[U+\(String(scalar.value, radix: 16, uppercase: true))]"
    default: text.unicodeScalars.append(scalar)
    }
  }

  private static func appendPicture(_ scalar: Unicode.Scalar, to text: inout String) {
    switch scalar.value {
    case 0x00...0x1F:
      text.unicodeScalars.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
    case 0x7F: text.unicodeScalars.append("\u{2421}")
    default: text.unicodeScalars.append("\u{FFFD}")
    }
  }
}

extension [UInt8] {
  /// Appends a text as `SafeText.html` makes it.
  mutating func append(html text: String) {
    var text = text
    let isDone = text.withUTF8 { text in
      if SafeText.isPlain(text) {
        append(contentsOf: text)
        return true
      }
      // Visible ASCII only has its marks replaced; anything else is seen to scalar by scalar.
      guard text.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else { return false }
      for byte in text {
        switch byte {
        case UInt8(ascii: "<"): append(contentsOf: "&lt;".utf8)
        case UInt8(ascii: ">"): append(contentsOf: "&gt;".utf8)
        case UInt8(ascii: "&"): append(contentsOf: "&amp;".utf8)
        case UInt8(ascii: "\""): append(contentsOf: "&quot;".utf8)
        case UInt8(ascii: "'"): append(contentsOf: "&#39;".utf8)
        case UInt8(ascii: "`"): append(contentsOf: "&#96;".utf8)
        default: append(byte)
        }
      }
      return true
    }
    if !isDone { append(contentsOf: SafeText.html(text).utf8) }
  }
}
