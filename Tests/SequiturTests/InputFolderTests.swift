import Foundation
import Glibc
import Testing

/// What may lie in a folder that a user points at.
@Suite struct InputFolderTests {
  private func event(_ id: String) -> Data {
    Data(#"{"time":"2026-07-01T10:00:00Z","agent":"a","action":"data.read","id":"\#(id)"}"#.utf8)
  }

  /// Writes a file whose name is bytes that no text has.
  private func write(_ data: Data, below folder: Scratch, name: [UInt8]) throws {
    let path = Array(folder.url.path.utf8) + [0x2F] + name + [0]
    let descriptor = path.map { CChar(bitPattern: $0) }.withUnsafeBufferPointer { bytes in
      bytes.baseAddress.map { open($0, O_WRONLY | O_CREAT, 0o600) } ?? -1
    }
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    let written = data.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    #expect(written == data.count)
  }

  @Test func everyFileIsReadOnceWhateverItsNameAndTheRestIsNamed() throws {
    let input = try Scratch()
    let names = ["with space.ndjson", "-rf", "new\nline", "\u{1B}[31mred", "日本", "<b>&"]
    for name in names {
      try event(
        name.count.description
          + name.suffix(1)
          .unicodeScalars.map { String($0.value) }.joined()
      )
      .write(to: input.url.appendingPathComponent(name))
    }
    try write(event("bytes"), below: input, name: [0x62, 0xFF, 0xFE])
    let manager = FileManager.default
    func link(_ name: String, to target: String) throws {
      try manager.createSymbolicLink(
        atPath: input.url.appendingPathComponent(name).path, withDestinationPath: target)
    }
    try link("second name of one file", to: "with space.ndjson")
    try link("loop", to: ".")
    try link("nowhere", to: "nothing")
    try link("null", to: "/dev/null")
    #expect(mkfifo(input.url.appendingPathComponent("pipe").path, 0o600) == 0)
    let folder = try Scratch()
    let result = try Command.run(["review", input.url.path, "--out", folder.url.path])
    #expect(result.status == 0, "\(result.error)")
    #expect(result.error.isEmpty, "no progress of a short run: \(result.error)")
    let report = try Written(folder)
    #expect(report.events == names.count + 1)
    #expect(report.files.contains { $0["path"] as? String == "b\\xFF\\xFE" }, "\(report.files)")
    #expect(
      Set(report.problems.compactMap { $0["file"] as? String }) == [
        "loop", "nowhere", "null", "pipe",
      ])
    let sources = try Command.run(["sources", input.url.path])
    #expect(!sources.output.contains("\u{1B}"))
  }

  @Test func theFolderOfReviewsIsNoInput() throws {
    let input = try Scratch()
    try event("e").write(to: input.url.appendingPathComponent("e.ndjson"))
    let out = input.url.appendingPathComponent("out")
    var bytes: [Data] = []
    for _ in 1...2 {
      let result = try Command.run(["review", input.url.path, "--out", out.path])
      #expect(result.status == 0, "\(result.error)")
      bytes.append(try input.bytes("out/2026-07-01_2026-07-01/report.json"))
    }
    #expect(bytes[0] == bytes[1])
  }
}
