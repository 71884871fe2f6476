import Foundation
import TestSupport
import Testing

/// `--memory`: the same review, however little of the events fits in memory.
@Suite struct MemoryTests {
  @Test func boundChangesNothing() throws {
    let whole = try ExampleReview.read().scratch
    let bounded = try Scratch()
    let result = try Command.reviewAcme(into: bounded, ["--replay", "--memory", "256KiB"])
    #expect(result.status == 0, "\(result.error)")
    let files = try whole.files()
    #expect(try files == bounded.files())
    for file in files { #expect(try whole.bytes(file) == bounded.bytes(file), "\(file)") }
  }

  @Test func sizeIsReadAsPeopleWriteIt() throws {
    let input = try Scratch.oneEvent()
    for size in ["x", "2", "2GiB", "0", "0GiB", "-1", "2GB", "GiB", "1.5GiB", "99999999999TiB"] {
      let scratch = try Scratch()
      let result = try Command.run(
        ["review", input.url.path, "--out", scratch.url.path, "--memory=\(size)"])
      let isSize = ["2", "2GiB"].contains(size)
      #expect((result.status == 0) == isSize, "\(size)")
      if !isSize { #expect(result.error.contains("--memory: expected a size as `2GiB`")) }
    }
  }
}
