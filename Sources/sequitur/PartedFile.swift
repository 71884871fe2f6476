internal import Dispatch
internal import Foundation
internal import Reports
internal import Synchronization

/// A file whose parts are made side by side and written in their order.
struct PartedFile: Sendable {
  private let state: State

  /// A class because a part that is made waits here for those before it.
  private final class State: Sendable {
    let path: String
    let count: Int
    /// How many parts may be made before the one that is written next: what waits lies in memory.
    let aheadMax: Int
    /// Wakes those that are too far ahead when a part is written.
    let written = DispatchSemaphore(value: 0)
    let order: Mutex<Order>

    init(_ path: String, count: Int, in folder: URL, aheadMax: Int) {
      self.path = path
      self.count = count
      self.aheadMax = aheadMax
      order = Mutex(Order(folder: folder))
    }

    /// Returns when a part may be made; the one that is in turn is never kept waiting.
    func waitForTurn(of number: Int) {
      func isTooFarAhead() -> Bool {
        order.withLock { order in
          if number < order.next + aheadMax { return false }
          order.sleepers += 1
          return true
        }
      }
      while isTooFarAhead() { written.wait() }
    }
  }

  /// What was written, and what waits.
  fileprivate struct Order {
    let folder: URL
    var next = 0
    /// How many threads wait for the next part to be written.
    var sleepers = 0
    var waiting: [Int: Result<[UInt8], any Error>] = [:]
    var writer: FolderWriter?
    var failure: (any Error)?
  }

  /// A file of so many parts.
  init(_ path: String, parts: Int, in folder: URL, aheadMax: Int) {
    state = State(path, count: parts, in: folder, aheadMax: aheadMax)
  }

  /// Makes a part and writes it as soon as those before it are written; gives the file once all of
  /// it is. Parts must be begun in their order.
  func add(
    _ number: Int, _ make: (ReportFormat.Taker) throws -> Void
  ) throws -> Manifest.File? {
    state.waitForTurn(of: number)
    let path = state.path
    let part = Result {
      var bytes: [UInt8] = []
      try make { file in
        guard file.path == path else {
          throw Failure("\(file.path): made as a part of \(path)")
        }
        if bytes.isEmpty { bytes = file.bytes } else { bytes += file.bytes }
      }
      return bytes
    }
    return try state.order.withLock { order in
      order.waiting[number] = part
      while let next = order.waiting.removeValue(forKey: order.next) {
        order.next += 1
        order.write(next, of: path)
      }
      for _ in 0..<order.sleepers { state.written.signal() }
      order.sleepers = 0
      guard order.next == state.count else { return nil }
      if let failure = order.failure { throw failure }
      try order.writer?.finish()
      return order.writer?.files.first
    }
  }
}

extension PartedFile.Order {
  /// Writes the part that is in turn; after a failure nothing more.
  fileprivate mutating func write(_ part: Result<[UInt8], any Error>, of path: String) {
    guard failure == nil else { return }
    do {
      let writer = self.writer ?? FolderWriter(folder)
      self.writer = writer
      try writer.take(RenderedFile(path: path, bytes: try part.get()))
    } catch {
      failure = error
    }
  }
}
