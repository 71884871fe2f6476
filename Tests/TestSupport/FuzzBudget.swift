import Foundation

/// How long a test goes on with random damage: a number of rounds that `make test` can afford, or as
/// many seconds as `SEQUITUR_FUZZ_SECONDS` in the environment says, with `SEQUITUR_FUZZ_SEED`.
package struct FuzzBudget {
  /// Where the random numbers begin.
  package let seed: UInt64
  /// Rounds so far.
  package private(set) var rounds = 0
  /// The longest round so far.
  package private(set) var longest = Duration.zero
  private let roundsMax: Int
  private let deadline: ContinuousClock.Instant?
  private var started: ContinuousClock.Instant?

  /// A budget of so many rounds, unless the environment gives seconds.
  package init(rounds: Int, seed: UInt64) {
    let environment = ProcessInfo.processInfo.environment
    roundsMax = rounds
    self.seed = seed &+ (environment["SEQUITUR_FUZZ_SEED"].flatMap(UInt64.init) ?? 0)
    deadline = environment["SEQUITUR_FUZZ_SECONDS"].flatMap(Double.init).map {
      ContinuousClock.now + .seconds($0)
    }
  }

  /// Whether there is a further round; begins it.
  package mutating func next() -> Bool {
    let now = ContinuousClock.now
    if let started { longest = max(longest, now - started) }
    started = now
    if let deadline, now >= deadline { return false }
    if deadline == nil, rounds >= roundsMax { return false }
    rounds += 1
    return true
  }

  /// Says what was done, where it was done for long.
  package func report(_ what: String) {
    guard deadline != nil else { return }
    print("fuzz: \(what): \(rounds) inputs from seed \(seed), the longest took \(longest)")
  }
}
