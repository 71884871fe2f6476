internal import Dispatch
internal import Policies
internal import Synchronization

/// Does pieces of work on several threads.
struct Threads: PieceRunner {
  let threads: Int

  /// What `body` makes of each number below `count`, in their order.
  func map<Value: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Value) -> [Value] {
    guard threads > 1, count > 1 else { return (0..<count).map(body) }
    let next = Mutex(0)
    let made = Mutex<[Value?]>(Array(repeating: nil, count: count))
    DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
      while true {
        let number = next.withLock { next in
          defer { next += 1 }
          return next
        }
        guard number < count else { return }
        let value = body(number)
        made.withLock { $0[number] = value }
      }
    }
    return made.withLock { $0.compactMap { $0 } }
  }
}
