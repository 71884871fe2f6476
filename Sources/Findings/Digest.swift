internal import Crypto

/// The first hex digits of the SHA-256 of a list of texts.
///
/// Each text is preceded by its length in bytes, so that no two different lists run together.
func digest(_ texts: [String], hexDigits: Int) -> String {
  var bytes: [UInt8] = []
  for text in texts {
    bytes += "\(text.utf8.count):".utf8
    bytes += text.utf8
  }
  var hex: [UInt8] = []
  hex.reserveCapacity(2 * SHA256.byteCount)
  for byte in SHA256.hash(data: bytes) {
    for digit in [byte >> 4, byte & 0xF] {
      hex.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
  }
  return String(decoding: hex.prefix(hexDigits), as: UTF8.self)
}
