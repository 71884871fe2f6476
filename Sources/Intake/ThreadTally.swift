internal import Model

/// What one thread tallies, over all pieces that it reads: events that nobody looks at one by one.
///
/// It outlives pieces, so that who acted, what it means and where it is counted is found once for
/// all of them. A piece's uses are taken once it is sure that none of its events is a duplicate.
struct ThreadTally: Sendable {
  /// Tells a tally from those before it on the same thread: what was looked up is good for one.
  let number: Int
  private(set) var symbols = Symbols()
  private(set) var activity: ActivityTable
  /// The resources by their digest, with their names.
  private var resourceNumbers = NumberTable()
  private var resources: [(resource: Symbol, name: Symbol)] = []

  init(_ bounds: ActivityTable.Bounds, number: Int) {
    self.number = number
    activity = ActivityTable(bounds)
  }

  /// Whether it should be merged and begun anew: where most resources are seen once, its texts grow
  /// with the log.
  var isLarge: Bool { symbols.size > ThreadTally.sizeMax }
  private static let sizeMax = 64 << 20

  /// Lends the texts.
  mutating func withSymbols<Result>(_ body: (inout Symbols) -> Result) -> Result { body(&symbols) }

  /// Where the uses of an agent and an action are counted.
  mutating func cell(of agent: Symbol, _ action: Symbol) -> Int32 {
    activity.cell(of: agent, action)
  }

  /// Notes on a use what it acted on, as far as its cell may keep it.
  mutating func name(
    _ use: inout TimedUse, _ resource: UnsafeBufferPointer<UInt8>, _ digest: IDDigest
  ) {
    guard !resource.isEmpty else { return }
    use.isNamed = true
    guard activity.takesResource(use.cell, at: use.time) else { return }
    let key = digest.of(resource)
    let known = resourceNumbers[key]
    if known >= 0 {
      (use.resource, use.name) = resources[Int(known)]
      return
    }
    let length = activity.bounds.names.length(of: resource)
    use.resource = symbols.intern(resource)
    use.name = symbols.intern(UnsafeBufferPointer(rebasing: resource[..<length]))
    resourceNumbers.insert(key, Int32(truncatingIfNeeded: resources.count))
    resources.append((use.resource, use.name))
  }

  /// Counts the uses of a piece.
  mutating func take(_ uses: PieceUses) {
    activity.add(uses.all, at: uses.times, source: uses.source, symbols)
  }
}

/// The uses of one piece, which its thread's tally takes.
struct PieceUses: Sendable {
  private(set) var all: [TimedUse] = []
  private(set) var times = TimeSpread()
  /// The number of the source type.
  var source = 0

  /// Whether it takes more: what it holds of a file that is one piece must not grow with the file.
  var hasRoom: Bool { all.count < PieceUses.countMax }
  private static let countMax = 1 << 20

  mutating func append(_ use: TimedUse) {
    all.append(use)
    times.add(use.time)
  }
}
