extension ReportFacts {
  /// Reads report.json back.
  init(json file: RenderedFile) {
    self.init(source: file.path)
    startWhole()
    var framework = ""
    var reader = JSONPathReader(bytes: file.bytes)
    let isWhole = reader.read { path, value in
      take(path: path.joined(separator: "."), value: value, framework: &framework)
    }
    if !isWhole { problems.append("\(file.path): not readable as JSON at byte \(reader.place)") }
    countRows()
  }
}

/// A small strict reader of JSON that gives each text, number and truth with its path of names.
struct JSONPathReader {
  private let bytes: [UInt8]
  /// The byte that is read next.
  private(set) var place = 0
  private var path: [String] = []
  /// Deeper is not read: reports are at most seven deep.
  private static let depthMax = 64

  /// A reader at the start of a document.
  init(bytes: [UInt8]) { self.bytes = bytes }

  /// Reads the whole document; false when it is no JSON.
  mutating func read(_ each: ([String], String) -> Void) -> Bool {
    guard value(depth: 0, each) else { return false }
    skipSpace()
    return place == bytes.count
  }

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      place += 1
    }
  }

  private mutating func take(_ byte: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: byte) else { return false }
    place += 1
    return true
  }

  private mutating func value(depth: Int, _ each: ([String], String) -> Void) -> Bool {
    guard depth < JSONPathReader.depthMax else { return false }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return object(depth: depth, each)
    case UInt8(ascii: "["): return array(depth: depth, each)
    case UInt8(ascii: "\""):
      guard let text = string() else { return false }
      each(path, text)
      return true
    case nil: return false
    default:
      let start = place
      while let byte = next, !",]} \n\r\t".utf8.contains(byte) { place += 1 }
      let word = String(decoding: bytes[start..<place], as: UTF8.self)
      guard ["true", "false", "null"].contains(word) || Double(word) != nil else { return false }
      each(path, word)
      return true
    }
  }

  private mutating func object(depth: Int, _ each: ([String], String) -> Void) -> Bool {
    place += 1
    if take("}") { return true }
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\""), let name = string(), take(":") else { return false }
      path.append(name)
      guard value(depth: depth + 1, each) else { return false }
      path.removeLast()
    } while take(",")
    return take("}")
  }

  private mutating func array(depth: Int, _ each: ([String], String) -> Void) -> Bool {
    place += 1
    if take("]") { return true }
    repeat {
      guard value(depth: depth + 1, each) else { return false }
    } while take(",")
    return take("]")
  }

  private mutating func string() -> String? {
    place += 1
    if let plain = plainString() { return plain }
    var content: [UInt8] = []
    while let byte = next {
      place += 1
      switch byte {
      case UInt8(ascii: "\""): return String(validating: content, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard escape(into: &content) else { return nil }
      case 0x00..<0x20: return nil
      default: content.append(byte)
      }
    }
    return nil
  }

  /// A string without escapes and controls, the common case, taken at once.
  private mutating func plainString() -> String? {
    let end = bytes.withUnsafeBufferPointer { bytes -> Int? in
      var index = place
      while index < bytes.count {
        switch bytes[index] {
        case UInt8(ascii: "\""): return index
        case UInt8(ascii: "\\"), 0x00..<0x20: return nil
        default: index += 1
        }
      }
      return nil
    }
    guard let end, let text = String(validating: bytes[place..<end], as: UTF8.self) else {
      return nil
    }
    place = end + 1
    return text
  }

  private mutating func escape(into content: inout [UInt8]) -> Bool {
    guard let byte = next else { return false }
    place += 1
    switch byte {
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): content.append(byte)
    case UInt8(ascii: "u"):
      guard place + 4 <= bytes.count,
        let code = UInt32(String(decoding: bytes[place..<place + 4], as: UTF8.self), radix: 16),
        let scalar = Unicode.Scalar(code)
      else { return false }
      place += 4
      content.append(contentsOf: String(Character(scalar)).utf8)
    default: return false
    }
    return true
  }
}
