internal import Crypto

/// The first hex digits of the SHA-256 of a list of texts.
///
/// Each text is preceded by its length in bytes, so that no two different lists run together.
func digest(_ texts: [String], hexDigits: Int) -> String {
  var hash = SHA256()
  for text in texts {
    let bytes = Array(text.utf8)
    hash.update(data: Array("\(bytes.count):".utf8))
    hash.update(data: bytes)
  }
  var hex = ""
  for byte in hash.finalize() {
    if hex.utf8.count >= hexDigits { break }
    let digits = String(byte, radix: 16)
    hex += digits.utf8.count == 1 ? "0\(digits)" : digits
  }
  return String(hex.prefix(hexDigits))
}
