import Intake
import Model
import TestSupport
import Testing

/// Inputs compressed with zstd (RFC 8878), two events in one frame with a checksum.
@Suite struct ZstdTests {
  private static let packed = Result {
    try Project.bytes("Tests/IntakeTests/Fixtures/compressed/events.ndjson.zst")
  }

  private func read(_ bytes: [UInt8]) -> ReviewInput {
    IntakeTests.read([InputSource(path: "x", bytes: bytes)])
  }

  private func ids(_ input: ReviewInput) -> [String] {
    input.table.events.map { input.symbols.text($0.id) }
  }

  @Test func framesAreReadAsPlainTextIs() throws {
    let packed = try Self.packed.get()
    let one = read(packed)
    #expect(ids(one) == ["z1", "z2"])
    #expect(one.problems.isEmpty && one.files[0].bytes == packed.count)
    // The second frame has the same events: it is read, and its events are duplicates.
    let two = read(packed + packed)
    #expect(ids(two) == ["z1", "z2"])
    #expect(two.problems.map(\.line) == [3, 4])
    let skippable: [UInt8] = [0x53, 0x2A, 0x4D, 0x18, 2, 0, 0, 0, 9, 9]
    #expect(read(packed + skippable).problems.isEmpty)
  }

  @Test func aCutAndDamageAreSaidWhereverTheyAre() throws {
    let packed = try Self.packed.get()
    for count in 4..<packed.count {
      let cut = read(Array(packed[..<count]))
      #expect(cut.problems.contains { $0.reason.contains("zstd data is cut off") }, "\(count)")
    }
    for bit in 32..<packed.count * 8 {
      var broken = packed
      broken[bit / 8] ^= 1 << (bit % 8)
      let input = read(broken)
      #expect(!input.problems.isEmpty || ids(input) == ["z1", "z2"], "bit \(bit)")
    }
    let garbage = read(packed + [1, 2, 3])
    #expect(ids(garbage) == ["z1", "z2"])
    #expect(garbage.problems.map(\.reason) == ["bytes after the end of the zstd data are no zstd"])
  }
}
