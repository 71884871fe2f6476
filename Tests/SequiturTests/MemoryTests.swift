import Foundation
import TestSupport
import Testing

/// `--memory`: the same review, however little of the events fits in memory.
@Suite struct MemoryTests {
  @Test func boundChangesNothing() throws {
    let whole = try Scratch()
    let bounded = try Scratch()
    #expect(try Command.reviewAcme(into: whole, []).status == 0)
    let result = try Command.reviewAcme(into: bounded, ["--memory", "256KiB"])
    #expect(result.status == 0, "\(result.error)")
    let files = try whole.files()
    #expect(try files == bounded.files())
    for file in files { #expect(try whole.bytes(file) == bounded.bytes(file), "\(file)") }
  }

  @Test func sizeIsReadAsPeopleWriteIt() throws {
    for size in ["x", "2", "2GiB", "0", "0GiB", "-1", "2GB", "GiB", "1.5GiB", "99999999999TiB"] {
      let scratch = try Scratch()
      let result = try Command.reviewAcme(into: scratch, ["--memory=\(size)"])
      let isSize = ["2", "2GiB"].contains(size)
      #expect((result.status == 0) == isSize, "\(size)")
      if !isSize { #expect(result.error.contains("--memory: expected a size as `2GiB`")) }
    }
  }
}
