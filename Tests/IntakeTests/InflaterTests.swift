import Foundation
import TestSupport
import Testing

@testable import Intake

@Suite struct InflaterTests {
  /// How reading a whole input ended.
  private enum Ending { case atEnd, cut, garbage, damaged }

  private static let text = Array("{\"agent\":\"a\"}\n{\"agent\":\"b\"}\n".utf8)

  @Test(arguments: [1, 2, 3, 7, 1_000]) func everyFieldOfAHeaderIsPassedOver(_ size: Int) {
    for flags in UInt8(0)..<32 {
      let input = Self.member(Self.text, flags: flags) + Self.member(Self.text, flags: 31 - flags)
      let (bytes, ending) = Self.inflate(input, by: size, into: 64)
      #expect(bytes == Self.text + Self.text, "flags \(flags)")
      #expect(ending == .atEnd)
    }
  }

  @Test(arguments: [(1, 1), (3, 1_000), (1_000, 7), (65_536, 100_000)])
  func stepsOfAnySizeGiveTheSame(_ input: Int, _ output: Int) throws {
    var random = SeededGenerator(seed: 5)
    var plain: [UInt8] = []
    while plain.count < 150_000 {
      let word = UInt64.random(in: 0..<500, using: &random)
      plain += Array("\(word * word) ".utf8)
    }
    let packed = try Self.gzip(plain)
    for padding: [UInt8] in [[], [0, 0, 0]] {
      let (bytes, ending) = Self.inflate(
        packed + padding + packed + padding, by: input, into: output)
      #expect(bytes == plain + plain)
      #expect(ending == .atEnd)
    }
    #expect(Self.inflate(packed + [1, 2], by: input, into: output).ending == .garbage)
  }

  @Test func aCutIsToldFromDamageWhereverItIs() throws {
    let packed = try Self.gzip(Self.text)
    for count in 1..<packed.count {
      let (bytes, ending) = Self.inflate(Array(packed[..<count]), by: 5, into: 9)
      #expect(Self.text.starts(with: bytes))
      #expect(ending == .cut)
    }
  }

  @Test func noFlippedBitGivesOtherBytesUnnoticed() throws {
    let packed = try Self.gzip(Self.text) + Self.member(Self.text, flags: 0b10)
    for bit in 0..<packed.count * 8 {
      var broken = packed
      broken[bit / 8] ^= 1 << (bit % 8)
      let (bytes, ending) = Self.inflate(broken, by: 1_000, into: 1_000)
      // The time, the system and the hints of a header may be anything, and say nothing of the data.
      #expect(ending != .atEnd || bytes == Self.text + Self.text, "bit \(bit)")
    }
  }

  /// A gzip member with the fields that `flags` ask for (RFC 1952); its data is stored.
  private static func member(_ text: [UInt8], flags: UInt8) -> [UInt8] {
    var bytes: [UInt8] = [0x1F, 0x8B, 8, flags, 1, 2, 3, 4, 0, 3]
    if flags & 4 != 0 { bytes += [3, 0, 0, 1, 2] }
    if flags & 8 != 0 { bytes += Array("name.json".utf8) + [0] }
    if flags & 16 != 0 { bytes += Array("a comment".utf8) + [0] }
    if flags & 2 != 0 { bytes += little(crc(bytes)).prefix(2) }
    let count = UInt32(text.count)
    bytes += [1] + little(count).prefix(2) + little(~count).prefix(2) + text
    return bytes + little(crc(text)) + little(count)
  }

  private static func little(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    var crc = ~UInt32(0)
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }

  /// Inflates in steps of so many bytes, into a room of so many.
  private static func inflate(
    _ input: [UInt8], by step: Int, into room: Int
  ) -> (bytes: [UInt8], ending: Ending) {
    var input = input
    let inflater = Inflater()
    var output = [UInt8](repeating: 0, count: room)
    var bytes: [UInt8] = []
    var start = 0
    var end = 0
    while true {
      let result = input.withUnsafeMutableBytes { all in
        output.withUnsafeMutableBytes { room in
          inflater.step(
            input: UnsafeMutableRawBufferPointer(rebasing: all[start..<end]), output: room)
        }
      }
      bytes += output[..<result.written]
      start += result.taken
      switch result.step {
      case .damaged: return (bytes, .damaged)
      case .trailingGarbage: return (bytes, .garbage)
      case .progressed, .needsInput: break
      }
      guard result.written == 0, start == end else { continue }
      guard end < input.count else { return (bytes, inflater.isInsideMember ? .cut : .atEnd) }
      end = min(input.count, end + step)
    }
  }

  private static func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: url) }
    try Data(bytes).write(to: url)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-nc", url.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let packed = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return [UInt8](packed)
  }
}
