import CSimdjson
import Testing

@testable import Intake

/// Elements whose fields are read on the way to their ends are the elements that brackets give.
@Suite struct ElementsAheadTests {
  private static func fields() -> FieldReader {
    let fields = FieldReader()
    for path in BlockReaderTests.paths { _ = fields.add(path) }
    return fields
  }

  private static func input(_ bytes: [UInt8], by step: Int) throws -> InputBytes {
    let reader = try InputSource(path: "a.json", bytes: bytes).open()
    let slow = ByteReader { room in
      try reader.read(UnsafeMutableRawBufferPointer(rebasing: room.prefix(step)))
    }
    return InputBytes(reader: slow, limits: .standard, isHashed: false)
  }

  /// Everything that a reading gives, as text.
  private static func dump(_ result: FieldReader.Result) -> String {
    let fields = result.fields.map {
      "\($0.path):\($0.type):\($0.isElement):\($0.number.bitPattern):\($0.string)"
    }
    return "\(result.code) \(result.isRepeated) \(result.repairs) \(fields.joined(separator: "|"))"
  }

  private static func read(
    _ reader: DocumentReader, _ fields: FieldReader
  ) -> (parts: [String], ahead: Int) {
    var parts: [String] = []
    var ahead = 0
    while true {
      switch reader.next() {
      case .element(let key, let bytes):
        if reader.result != nil { ahead += 1 }
        let text = String(decoding: bytes, as: UTF8.self)
        let result = dump(reader.result ?? fields.read(bytes))
        parts.append("\(reader.number) \(key) \(text) \(result)")
      case .member(let name, let bytes):
        parts.append("\(name) \(String(decoding: bytes, as: UTF8.self))")
      case .broken(let reason): parts.append("broken \(reason)")
      case .tooLarge: parts.append("too large \(reader.number)")
      case .begin: parts.append("begin")
      case .finish: parts.append("finish")
      case .end: return (parts, ahead)
      }
    }
  }

  /// Reads a document with and without; returns how many elements were read ahead.
  private static func compare(
    _ bytes: [UInt8], by step: Int, limits: InputLimits = .standard
  ) throws -> Int {
    let single = fields()
    let many = fields()
    let keys = ["Records"]
    let plain = DocumentReader(try input(bytes, by: step), keys: keys, limits: limits)
    let ahead = DocumentReader(try input(bytes, by: step), keys: keys, fields: many, limits: limits)
    let expected = read(plain, single)
    let found = read(ahead, many)
    #expect(expected.parts == found.parts)
    #expect(expected.ahead == 0)
    return found.ahead
  }

  @Test func damagedDocumentsGiveTheSame() throws {
    var random = SeededGenerator(seed: 21)
    var ahead = 0
    for round in 0..<250 {
      let separator = [",", ", ", ",\n  "][round % 3]
      let elements = (0...Int.random(in: 0..<12, using: &random)).map { _ in
        BlockReaderTests.lines.randomElement(using: &random) ?? ""
      }
      var bytes = Array("{\"Records\":[\(elements.joined(separator: separator))],\"a\":1}".utf8)
      for _ in 0..<(round % 4) { BlockReaderTests.damage(&bytes, &random) }
      ahead += try Self.compare(bytes, by: 4_096)
    }
    #expect(ahead > 150)
  }

  /// Several stretches and several fillings of the buffer, with and without a damaged element.
  @Test(arguments: ["", "{\"a\":\"\u{1}\"},", "{\"a\":\"open},", "{\"a\":\"\\ud800\"},", "7,"])
  func longDocumentsGiveTheSame(_ bad: String) throws {
    var text = "{\"Records\":["
    for index in 0..<8_000 {
      if index % 3_000 == 2_000 { text += bad }
      text += BlockReaderTests.lines[index % 3] + ","
    }
    text += "{}]}"
    let count = try Self.compare(Array(text.utf8), by: 100_000)
    #expect(count > (bad.contains("open") ? 500 : 5_000))
  }

  @Test func aLongElementIsSkippedEitherWay() throws {
    var limits = InputLimits.standard
    limits.recordBytesMax = 1_000
    let long = "{\"a\":\"\(String(repeating: "x", count: 1_200))\"},"
    let text = "{\"Records\":[{},\(long){},\(long){\"a\":1},{}]}"
    #expect(try Self.compare(Array(text.utf8), by: 4_096, limits: limits) == 3)
  }
}
