package import Model
import Synchronization

/// A store of pages that is in memory, and may have room for so many bytes only.
package final class MemoryStore: PageStore {
  private struct State {
    var bytes: [UInt8] = []
    var failure: String?
  }

  private let state = Mutex(State())
  private let bytesMax: Int

  /// A store.
  package init(bytesMax: Int = Int.max) { self.bytesMax = bytesMax }

  /// How many bytes were put away.
  package var count: Int { state.withLock { $0.bytes.count } }

  package var failure: String? { state.withLock { $0.failure } }

  package func write(_ bytes: [UInt8]) -> PagePlace {
    state.withLock { state in
      if state.bytes.count + bytes.count > bytesMax { state.failure = "no space left" }
      if state.failure != nil { return PagePlace(offset: 0, count: 0) }
      state.bytes += bytes
      return PagePlace(offset: Int64(state.bytes.count - bytes.count), count: bytes.count)
    }
  }

  package func read(_ place: PagePlace) -> [UInt8] {
    state.withLock { state in
      if state.failure != nil { return [] }
      return Array(state.bytes[Int(place.offset)..<Int(place.offset) + place.count])
    }
  }

  package func removeAll() { state.withLock { $0.bytes = [] } }
}
