/// Paths as parts of URIs.
enum URIText {
  /// A path as a relative reference: all but letters, digits and `-._~/` percent-encoded.
  static func path(_ path: String) -> String {
    var text = ""
    for byte in path.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E, 0x2F:
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        text += "%\(digits.utf8.count == 1 ? "0" : "")\(digits)"
      }
    }
    // An absolute path would be read as one on the reader's machine, two slashes as a host.
    while text.hasPrefix("/") { text.removeFirst() }
    return text.isEmpty ? "-" : text
  }
}
