/// The text of a file as spreadsheets and editors save it, brought to UTF-8.
package struct SpreadsheetText: Sendable {
  /// The text without its byte order mark, as UTF-8.
  package var bytes: [UInt8]
  /// What a reader should know: how it was read where that is a guess, or what of it is damaged.
  package var note: String?

  /// Decodes by the byte order mark; without one UTF-16 is told by its zeros, and what is neither
  /// that nor UTF-8 is taken for Windows-1252, in which Excel saves plain CSV.
  package init(_ data: [UInt8]) {
    if data.starts(with: [0xEF, 0xBB, 0xBF]) {
      self.init(marked: Array(data.dropFirst(3)))
    } else if data.starts(with: [0xFF, 0xFE]) {
      self.init(utf16: data.dropFirst(2), isLittle: true)
    } else if data.starts(with: [0xFE, 0xFF]) {
      self.init(utf16: data.dropFirst(2), isLittle: false)
    } else if let isLittle = SpreadsheetText.zeros(data) {
      self.init(utf16: data[...], isLittle: isLittle)
    } else if String(validating: data, as: UTF8.self) != nil {
      self.init(bytes: data, note: nil)
    } else {
      self.init(
        bytes: SpreadsheetText.utf8(windows1252: data), note: "not UTF-8; read as Windows-1252")
    }
  }

  private init(bytes: [UInt8], note: String?) {
    self.bytes = bytes
    self.note = note
  }

  /// A text that says that it is UTF-8.
  private init(marked data: [UInt8]) {
    if String(validating: data, as: UTF8.self) != nil {
      bytes = data
    } else {
      bytes = Array(String(decoding: data, as: UTF8.self).utf8)
      note = "bytes that are not UTF-8; read as U+FFFD"
    }
  }

  private init(utf16 data: ArraySlice<UInt8>, isLittle: Bool) {
    var units: [UInt16] = []
    units.reserveCapacity(data.count / 2)
    var place = data.startIndex
    while place + 1 < data.endIndex {
      let (first, second) = (UInt16(data[place]), UInt16(data[place + 1]))
      units.append(isLittle ? second << 8 | first : first << 8 | second)
      place += 2
    }
    bytes = Array(String(decoding: units, as: UTF16.self).utf8)
    note = data.count % 2 == 0 ? nil : "UTF-16 with half a character at its end"
  }

  /// Whether a text without a mark is UTF-16, and of which order: one of the two bytes of most
  /// characters is zero. Nil when it is not.
  private static func zeros(_ data: [UInt8]) -> Bool? {
    let sample = data.prefix(2_048)
    guard sample.count >= 4 else { return nil }
    var counts = (even: 0, odd: 0)
    for (place, byte) in sample.enumerated() where byte == 0 {
      if place % 2 == 0 { counts.even += 1 } else { counts.odd += 1 }
    }
    let most = sample.count / 4
    if counts.odd > most, counts.even <= counts.odd / 8 { return true }
    if counts.even > most, counts.odd <= counts.even / 8 { return false }
    return nil
  }

  private static func utf8(windows1252 data: [UInt8]) -> [UInt8] {
    var text = ""
    text.reserveCapacity(data.count + data.count / 8)
    for byte in data {
      let value = (0x80...0x9F).contains(byte) ? middle[Int(byte) - 0x80] : UInt32(byte)
      text.unicodeScalars.append(Unicode.Scalar(value) ?? "\u{FFFD}")
    }
    return Array(text.utf8)
  }

  /// What Windows-1252 has from 0x80 to 0x9F (WHATWG Encoding).
  private static let middle: [UInt32] = [
    0x20AC, 0x81, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039,
    0x152, 0x8D, 0x17D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC,
    0x2122, 0x161, 0x203A, 0x153, 0x9D, 0x17E, 0x178,
  ]
}
