import Foundation
import Intake
import Model
import TestSupport
import Testing

@Suite struct BytesTests {
  private static func event(_ number: Int) -> String {
    #"{"time":"2026-07-01T10:00:00Z","id":"e\#(number)","agent":"a","action":"x"}"#
  }

  @Test(arguments: ["\n", "\r\n"]) func linesMayEndAnyWay(_ end: String) {
    let text = "\u{FEFF}" + Self.event(1) + end + end + Self.event(2)
    let input = read(text)
    #expect(input.table.events.count == 2)
    #expect(input.table.events.map(\.position.line) == [1, 3])
    #expect(input.problems.isEmpty, "\(input.problems)")
  }

  @Test(arguments: [1, 2, 3, 7, 64, 4_096]) func readersMayGiveFewBytesAtATime(_ size: Int) throws {
    for folder in ["canonical", "aws-cloudtrail", "transcript"] {
      let whole = try fixtures(folder)
      let slow = whole.map { source in
        InputSource(path: source.path) {
          let reader = try source.open()
          return ByteReader { buffer in
            try reader.read(UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(size)))
          }
        }
      }
      #expect(read(slow).dump == read(whole).dump)
    }
  }

  @Test func aReaderThatFailsKeepsWhatItGave() {
    struct Broken: Error, CustomStringConvertible { let description = "the disk is gone" }
    let source = InputSource(path: "events.ndjson") {
      var isFirst = true
      return ByteReader { buffer in
        guard isFirst else { throw Broken() }
        isFirst = false
        buffer.copyBytes(from: (Self.event(1) + "\n" + Self.event(2) + "\n").utf8)
        return (Self.event(1) + "\n" + Self.event(2) + "\n").utf8.count
      }
    }
    let input = read([source])
    #expect(input.table.events.count == 2)
    #expect(input.problems.map(\.reason) == ["reading failed: the disk is gone"])
  }

  @Test func aSourceThatDoesNotOpenIsAProblem() {
    struct Missing: Error, CustomStringConvertible { let description = "no such file" }
    let input = read([InputSource(path: "gone") { throw Missing() }])
    #expect(input.files.map(\.type) == [nil])
    #expect(input.problems.map(\.reason) == ["cannot be opened: no such file"])
  }

  @Test func digestIsOfTheBytesAsTheyLie() throws {
    let file = read([InputSource(path: "empty", bytes: [])]).files.first
    #expect(
      file?.sha256 == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    let text = read([InputSource(path: "abc", bytes: Array("abc".utf8))]).files.first
    #expect(
      text?.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(text?.bytes == 3)
  }

  @Test func aLineOf100MegabytesIsSkippedInBoundedMemory() {
    let bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
    let source = InputSource(path: "long.ndjson") {
      var step = 0
      return ByteReader { buffer in
        step += 1
        let text: [UInt8]
        switch step {
        case 1: text = Array((Self.event(1) + "\n{\"agent\":\"").utf8)
        case 2...101: text = bytes
        case 102: text = Array(("\"}\n" + Self.event(2) + "\n").utf8)
        default: return 0
        }
        // The first room may be smaller than a megabyte: fewer bytes make the line shorter only.
        let count = min(buffer.count, text.count)
        buffer.copyBytes(from: text[..<count])
        return count
      }
    }
    var limits = InputLimits.standard
    limits.recordBytesMax = 4 << 20
    let before = residentBytes()
    let start = ContinuousClock.now
    let input = read([source], limits: limits)
    #expect(input.files.first?.bytes ?? 0 > 90 << 20)
    #expect(input.table.events.count == 2)
    #expect(input.problems.map(\.reason) == ["a line of more than 4 MiB"])
    #expect(input.problems.map(\.line) == [2])
    // Holding the line would take 128 MiB and more; other tests run beside this one.
    #expect(residentBytes() - before < 96 << 20)
    #expect(ContinuousClock.now - start < .seconds(30))
  }

  /// The most memory that the process has held, in bytes; 0 where the system does not say.
  private func residentBytes() -> Int {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM") }),
      let kilobytes = Int(line.split(separator: " ").dropFirst().first ?? "")
    else { return 0 }
    return kilobytes << 10
  }

  @Test func aBombIsStopped() throws {
    var limits = InputLimits.standard
    limits.expansionFreeBytes = 1 << 20
    // 16 MiB of spaces in 16 KiB of gzip, made by the system's own tool.
    let folder = FileManager.default.temporaryDirectory
    let url = folder.appendingPathComponent("bomb-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: url) }
    try (Data((Self.event(1) + "\n").utf8) + Data(repeating: 0x20, count: 16 << 20)).write(to: url)
    let packed = try gzip(url)
    let input = read([InputSource(path: "bomb.gz", bytes: packed)], limits: limits)
    #expect(
      input.problems.contains { $0.reason == "decompresses to more than 200 times its size" })
    #expect(input.files.first?.bytes == packed.count)
    #expect(input.table.events.count == 1)
  }

  private func gzip(_ url: URL) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-c", url.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let packed = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return [UInt8](packed)
  }

  static let deep = 100_000

  @Test(arguments: ["[", "{\"a\":"]) func deepNestingIsNoCrash(_ bracket: String) {
    let nested = String(repeating: bracket, count: Self.deep)
    let closed = nested + "1" + String(repeating: bracket == "[" ? "]" : "}", count: Self.deep)
    let event = #"{"time":"2026-07-01T10:00:00Z","agent":"a","action":"x","args":"#
    for text in [
      "\(Self.event(1))\n\(nested)\n\(closed)\n\(event)\(nested)\n\(event)\(closed)}\n\(Self.event(2))\n",
      "{\"Records\":[\(nested)", "{\"Records\":\(closed)}", nested, closed,
      "{\"RoleDetailList\":[{\"Arn\":\(closed)}]}",
      "{\"messages\":[{\"role\":\"user\",\"content\":\(closed)}]}",
      "agents:\n  - \(nested)", "- agent: \(closed)\n  action: x\n",
    ] {
      let input = read(text, wanted: ["args", "args.a.a"])
      #expect(!input.problems.isEmpty)
      _ = rawRecords(
        at: [SourcePosition(file: 0, line: 1): -1],
        of: [InputSource(path: "input", bytes: Array(text.utf8))], showsValues: true)
    }
    let lines = read("\(Self.event(1))\n\(event)\(closed)}\n\(Self.event(2))\n", wanted: ["args.a"])
    #expect(lines.table.events.count >= 2)
  }
}
