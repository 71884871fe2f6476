import CSimdjson
import Testing

@testable import Intake

/// The fast lane for many lines gives exactly what the reader of single records gives, or nothing.
@Suite struct BlockReaderTests {
  private static let paths =
    CloudTrailReader.Slot.allCases.map(\.path) + [
      "requestParameters", "requestParameters.bucketName", "requestParameters.tagSet.items.value",
      "requestParameters.instancesSet.items.instanceId", "resources", "resources.type", "readOnly",
      "ts", "a", "a.b", "a.b.c", "c", "k\\", "", "tool", "args.amount", "labels", "time", "agent",
    ]

  /// Lines that a damage may turn into anything.
  private static let lines = [
    #"{"eventVersion":"1.09","eventID":"0-a","eventTime":"2026-01-01T00:00:00.026Z","ts":17672,"#
      + #""eventSource":"s3.amazonaws.com","eventName":"ListObjects","awsRegion":"us-east-1","#
      + #""userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/a/b","#
      + #""sessionContext":{"sessionId":"s","agent":"a"}},"requestParameters":{"resource":"r"},"#
      + #""readOnly":true}"#,
    #"{ "userIdentity" : {"type" : "Root"} , "resources":[{"ARN":"arn:1","type":"t"},{"ARN":2}],"#
      + #" "requestParameters":{"instancesSet":{"items":[{"instanceId":"i-1"},{"x":[{}]}]}} }"#,
    #"{"a":{"b":[1,"x",null,{"c":-2.5e3},[[true,false]]]},"c":[],"ts":18446744073709551616}"#,
    #"{"a":"\u00e9 \"q\" \\","c":"é 💚","eventName":"\ud83d\udc9a","\u0061":1,"x\n":[{"y":"]"}]}"#,
    #"{"a":1,"a":2,"readOnly":null,"":0,"resources":{"ARN":"x"},"errorCode":"e","errorCode":"f"}"#,
    "{}", "[]", #"{"a":[{"b":1},{"b":{"c":"deep"}}],"ts":1,"ts":[2]}"#, "", "  ", "null",
  ]

  private static let pieces: [[UInt8]] =
    [
      "{", "}", "[", "]", "\"", "\\", ":", ",", "\n", "\r\n", " ", "\t", "null", "tru", "-1",
      "01", "1e999", "\\ud800", "\\u0061", "\u{FEFF}", "é", "\"a\":", ",\"c\":{}", "\n\n",
    ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0], [1]]

  @Test func givesWhatTheReaderOfSingleRecordsGives() throws {
    var random = SeededGenerator(seed: 11)
    var seen = (records: 0, irregular: 0)
    let blocks = Blocks()
    for round in 0..<12_000 {
      var bytes: [UInt8] = []
      for _ in 0...Int.random(in: 0..<6, using: &random) {
        bytes += Array((Self.lines.randomElement(using: &random) ?? "").utf8)
        bytes += round % 7 == 0 ? [0x0D, 0x0A] : [0x0A]
      }
      for _ in 0..<(round % 4) { Self.damage(&bytes, &random) }
      let found = blocks.compare(bytes, padding: Self.padding(round, &random))
      seen.records += found.records
      seen.irregular += found.irregular
    }
    #expect(seen.records > 14_000)
    #expect(seen.irregular > 6_000)
  }

  @Test(arguments: GoldenTests.folders) func readsFixtures(_ folder: String) throws {
    var random = SeededGenerator(seed: 12)
    let blocks = Blocks()
    for source in try fixtures(folder) {
      let reader = try source.open()
      var bytes = [UInt8](repeating: 0, count: 1 << 20)
      let count = try bytes.withUnsafeMutableBytes { try reader.read($0) }
      bytes = Array(bytes[..<count])
      _ = blocks.compare(bytes, padding: Self.padding(0, &random))
    }
  }

  @Test func aBlockMayEndAnywhere() throws {
    var random = SeededGenerator(seed: 13)
    let blocks = Blocks()
    let bytes = Array(Self.lines.joined(separator: "\n").utf8)
    for end in 0...bytes.count {
      _ = blocks.compare(Array(bytes[..<end]), padding: Self.padding(end, &random))
    }
  }

  /// Stretches that are looked at together end somewhere in here, and one has an error in it.
  @Test(arguments: [nil, "{\"a\":\"\u{1}\"}", "{\"a\":\"open}", "{\"a\":}"])
  func oneBadLineAmongThousandsIsTheOnlyIrregularOne(_ bad: String?) throws {
    var random = SeededGenerator(seed: 14)
    var bytes: [UInt8] = []
    for index in 0..<2_000 {
      if index == 1_100, let bad { bytes += Array((bad + "\n").utf8) }
      bytes += Array((Self.lines[0] + "\n").utf8)
      if index == 300 {
        bytes += Array("{\"a\":\"\(String(repeating: "é", count: 300_000))\"}\n".utf8)
      }
      if index == 900 { bytes += [UInt8](repeating: 0x0A, count: 300_000) }
    }
    let found = Blocks().compare(bytes, padding: Self.padding(0, &random))
    #expect(found.records == 2_001)
    #expect(found.irregular == (bad == nil ? 0 : 1))
  }

  private static func damage(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    let place = Int.random(in: 0...bytes.count, using: &random)
    let end = min(bytes.count, place + Int.random(in: 1...30, using: &random))
    switch Int.random(in: 0..<7, using: &random) {
    case 0 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &random)
    case 1, 2: bytes.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: place)
    case 3: bytes.removeSubrange(place..<end)
    case 4 where place < bytes.count: bytes.remove(at: place)
    case 5:
      bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...place, using: &random))
    case 6 where place < bytes.count && place % 5 == 0: bytes.removeSubrange(place...)
    default:
      if place < bytes.count { bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random) }
    }
  }

  /// What lies behind a block must not matter.
  private static func padding(_ round: Int, _ random: inout SeededGenerator) -> [UInt8] {
    let bytes = Array("{}[]\",:\\\n".utf8) + [0]
    let one = bytes[round % bytes.count]
    let isMixed = round % 3 == 0
    return (0..<Int(SEQUITUR_JSON_PADDING)).map { _ in
      isMixed ? bytes.randomElement(using: &random) ?? 0 : one
    }
  }

  /// Two readers of the same paths.
  private final class Blocks {
    private let single = FieldReader()
    private let many = FieldReader()
    private let blocks: BlockReader

    init() {
      for path in BlockReaderTests.paths {
        _ = single.add(path)
        _ = many.add(path)
      }
      blocks = BlockReader(many)
    }

    /// Reads a block both ways and counts the lines of each kind.
    func compare(_ bytes: [UInt8], padding: [UInt8]) -> (records: Int, irregular: Int) {
      var seen = (records: 0, irregular: 0)
      (bytes + padding).withUnsafeBytes { padded in
        let block = UnsafeRawBufferPointer(rebasing: padded[..<bytes.count])
        blocks.begin(block)
        var number = 0
        for line in BlockReaderTests.split(block) {
          number += 1
          guard !LineReader.isBlank(line) else { continue }
          let next = blocks.next()
          #expect(blocks.linesBefore == number - 1)
          #expect(blocks.line.baseAddress == line.baseAddress && blocks.line.count == line.count)
          switch next {
          case .record(let result):
            seen.records += 1
            let problem = difference(result, line)
            #expect(problem == nil, "\(String(decoding: line, as: UTF8.self))")
          case .irregular:
            seen.irregular += 1
            if seen.irregular % 2 == 0 { _ = many.read(line) }
          case .end: Issue.record("the block ended before its last line")
          }
        }
        if case .end = blocks.next() {} else { Issue.record("more lines than there are") }
        #expect(blocks.linesBefore == number)
      }
      return seen
    }

    private func difference(_ found: FieldReader.Result, _ line: UnsafeRawBufferPointer) -> String?
    {
      let expected = single.read(line)
      guard expected.code == 0, expected.repairs == 0 else { return "code \(expected.code)" }
      guard expected.isRepeated == found.isRepeated else { return "repeated" }
      guard expected.fields.count == found.fields.count else { return "count" }
      for (want, have) in zip(expected.fields, found.fields) {
        guard want.path == have.path, want.type == have.type, want.isElement == have.isElement,
          want.number.bitPattern == have.number.bitPattern, want.length == have.length,
          want.bytes.elementsEqual(have.bytes)
        else { return "path \(want.path)" }
      }
      return nil
    }
  }

  private static func split(_ block: UnsafeRawBufferPointer) -> [UnsafeRawBufferPointer] {
    var lines: [UnsafeRawBufferPointer] = []
    var start = 0
    while start < block.count {
      let end = LineReader.newline(in: block, from: start) ?? block.count
      let line = UnsafeRawBufferPointer(rebasing: block[start..<end])
      lines.append(LineReader.withoutReturn(line))
      start = end + 1
    }
    return lines
  }
}
