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

/// What two pieces of work make, done side by side; where both fail, the failure of the first.
func sideBySide<First: Sendable, Second: Sendable>(
  _ first: @Sendable () throws -> First, _ second: @Sendable () throws -> Second
) throws -> (First, Second) {
  let made = Mutex<(first: Result<First, any Error>?, second: Result<Second, any Error>?)>(
    (nil, nil))
  DispatchQueue.concurrentPerform(iterations: 2) { number in
    if number == 0 {
      let result = Result { try first() }
      made.withLock { $0.first = result }
    } else {
      let result = Result { try second() }
      made.withLock { $0.second = result }
    }
  }
  let results = made.withLock { $0 }
  guard let first = results.first, let second = results.second else {
    throw Failure("a piece of work was not done")
  }
  return (try first.get(), try second.get())
}
