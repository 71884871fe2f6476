import Intake
import Model
import TestSupport
import Testing

/// A small generator with a seed, so that a failure can be seen again (splitmix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

/// Damages every fixture at random; whatever comes of it, reading ends and counts add up.
@Suite struct FuzzTests {
  private static let pieces: [[UInt8]] =
    [
      "{", "}", "[", "]", "\"", "\\", ":", ",", "\n", "\r\n", "null", "true", "-1", "1e999",
      "99999999999999999999999", "\\ud800", "\\u0000", "\u{FEFF}", "- ", "agent:", "&a *a", "\t",
      "messages", "Records", "time", "%7B", "arn:aws:sts::1:assumed-role/", "2026-01-01T00:00:00",
    ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0], [0xF0, 0x9F], [0x1F, 0x8B]]

  private static func damaged(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let place = Int.random(in: 0...bytes.count, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0 where place < bytes.count:
        bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: place)
      case 2 where place < bytes.count:
        let end = min(bytes.count, place + Int.random(in: 1...40, using: &random))
        bytes.removeSubrange(place..<end)
      case 3: bytes.removeSubrange(place...)
      case 4 where place < bytes.count:
        let end = min(bytes.count, place + Int.random(in: 1...200, using: &random))
        bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...place, using: &random))
      default:
        if place < bytes.count { bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random) }
      }
    }
    return bytes
  }

  @Test func damagedInputIsReadToItsEnd() throws {
    let sound = try GoldenTests.folders.flatMap { try fixtures($0) }.map { source in
      let reader = try source.open()
      var bytes = [UInt8](repeating: 0, count: 1 << 20)
      let count = try bytes.withUnsafeMutableBytes { try reader.read($0) }
      return (source.path, Array(bytes[..<count]))
    }
    var budget = FuzzBudget(rounds: 40 * sound.count, seed: 42)
    var random = SeededGenerator(seed: budget.seed)
    while budget.next() {
      let (path, bytes) = sound[budget.rounds % sound.count]
      let broken = Self.damaged(bytes, &random)
      let sources = [InputSource(path: path, bytes: broken)]
      let blockBytes = [1, 64, 1_000, 4 << 20].randomElement(using: &random) ?? 1
      let input = read(sources, wanted: GoldenTests.wanted) { options in
        options.limits.blockBytes = blockBytes
        options.threads = 2
      }
      #expect(input.files.count == 1)
      #expect(input.files.first?.bytes == broken.count)
      #expect(input.files.first?.events == input.activity.events)
      #expect(input.files.first?.type != nil || !input.problems.isEmpty)
      var places: [SourcePosition: Int64] = [:]
      for event in input.table.events.prefix(3) { places[event.position] = event.offset }
      _ = rawRecords(at: places, of: sources, showsValues: budget.rounds.isMultiple(of: 2))
    }
    #expect(budget.longest < .seconds(20))
    budget.report("inputs")
  }
}
