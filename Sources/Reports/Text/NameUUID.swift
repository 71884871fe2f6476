internal import Crypto

/// UUIDs of version 5 (RFC 9562): the same name gives the same id, in every run and on every
/// machine.
enum NameUUID {
  /// The namespace of all names of this module, drawn once.
  private static let namespace: [UInt8] = [
    0x5D, 0x0B, 0x7C, 0x52, 0x8E, 0x9A, 0x4F, 0x0E, 0x9B, 0x6D, 0x35, 0xC1, 0x1A, 0x6F, 0xE2, 0x94,
  ]

  /// The id of a thing by its kind and the words that name it.
  static func make(_ kind: String, _ words: String...) -> String {
    var hash = Insecure.SHA1()
    hash.update(data: namespace)
    for word in [kind] + words {
      // Each word with its length, so that no two lists of words run together.
      hash.update(data: Array("\(word.utf8.count):\(word)".utf8))
    }
    var bytes = Array(hash.finalize().prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x50
    bytes[8] = bytes[8] & 0x3F | 0x80
    var text = ""
    for (place, byte) in bytes.enumerated() {
      if [4, 6, 8, 10].contains(place) { text += "-" }
      let digits = String(byte, radix: 16)
      text += digits.utf8.count == 1 ? "0\(digits)" : digits
    }
    return text
  }
}
