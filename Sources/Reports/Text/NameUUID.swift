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
    var name = namespace
    // Each word with its length, so that no two lists of words run together.
    func add(_ word: String) {
      name.append(number: word.utf8.count)
      name.append(UInt8(ascii: ":"))
      name.append(contentsOf: word.utf8)
    }
    add(kind)
    for word in words { add(word) }
    var bytes = Array(Insecure.SHA1.hash(data: name).prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x50
    bytes[8] = bytes[8] & 0x3F | 0x80
    return String(unsafeUninitializedCapacity: 36) { text in
      var end = 0
      func put(_ digit: UInt8) {
        text[end] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
        end += 1
      }
      for (place, byte) in bytes.enumerated() {
        if place == 4 || place == 6 || place == 8 || place == 10 {
          text[end] = UInt8(ascii: "-")
          end += 1
        }
        put(byte >> 4)
        put(byte & 0x0F)
      }
      return end
    }
  }
}
