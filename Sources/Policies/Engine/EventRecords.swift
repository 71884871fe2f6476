internal import Model

/// What judging needs of one event that some policy of a group looks at.
struct Record: Sendable {
  /// Nanoseconds; 0 without a clock.
  var time: Int64
  /// The truth of each condition of the profile, two bits each: see `Truth`.
  var truths: UInt64
  /// The code of its key.
  var code: UInt64
  /// The index in the event table.
  var event: Int32
  /// The profile in its group, and the flags above it.
  private var packed: UInt32

  private static let untimed: UInt32 = 1 << 31
  private static let repeated: UInt32 = 1 << 30

  @inline(__always)
  init(
    _ event: Int32, _ own: UnsafePointer<Event>, code: UInt64, profile: Int, isRepeated: Bool
  ) {
    let isTimed = own.pointee.isTimed
    time = isTimed ? own.pointee.time.nanoseconds : 0
    truths = 0
    self.code = code
    self.event = event
    packed =
      UInt32(truncatingIfNeeded: profile) | (isTimed ? 0 : Self.untimed)
      | (isRepeated ? Self.repeated : 0)
  }

  var profile: Int { Int(packed & (Self.repeated - 1)) }
  var isTimed: Bool { packed & Self.untimed == 0 }
  /// Whether another event that some policy looks at has the same id.
  var isRepeated: Bool { packed & Self.repeated != 0 }
}

/// The events of one stretch of the table that some policy looks at, by group.
struct WatchedEvents: Sendable {
  /// For each group the indices in the event table, rising.
  private(set) var events: [[Int32]]
  /// A bit for each symbol that is the id of a watched event, and of several.
  private(set) var ids: IDSet

  init(_ range: Range<Int>, _ table: EventTable, _ watch: WatchTable, symbols: Int) {
    events = watch.groups.map { _ in [] }
    ids = IDSet(symbols: symbols)
    var events = events
    var ids = ids
    let share = Double(range.count) / Double(max(1, table.events.count))
    for group in events.indices {
      let expected = Double(watch.groups[group].eventsMax) * share
      events[group].reserveCapacity(Int(expected * 1.02) + 64)
    }
    table.events.withUnsafeBufferPointer { all in
      watch.numbers.withUnsafeBufferPointer { numbers in
        for index in range {
          let raw = Int(all[index].action.raw)
          let number = raw < numbers.count ? Int(numbers[raw]) : 0
          if number == 0 { continue }
          ids.insert(all[index].id)
          for group in watch.groupsOfAction[number] {
            events[group].append(Int32(truncatingIfNeeded: index))
          }
        }
      }
    }
    self.events = events
    self.ids = ids
  }
}

/// Which symbols are ids of events, and which of several.
struct IDSet: Sendable {
  private var once: [UInt64]
  private var twice: [UInt64]
  /// Whether any id is repeated.
  private(set) var hasRepeats = false

  init(symbols: Int) {
    once = Array(repeating: 0, count: symbols / 64 + 1)
    twice = []
  }

  mutating func insert(_ id: Symbol) {
    let word = Int(id.raw >> 6)
    guard id.isPresent, word < once.count else { return }
    let bit = UInt64(1) << UInt64(id.raw & 63)
    if once[word] & bit != 0 {
      if twice.isEmpty { twice = Array(repeating: 0, count: once.count) }
      twice[word] |= bit
      hasRepeats = true
    }
    once[word] |= bit
  }

  /// Joins the ids of another stretch.
  mutating func merge(_ other: IDSet) {
    for word in once.indices {
      let both = once[word] & other.once[word] | (other.twice.isEmpty ? 0 : other.twice[word])
      if both != 0 {
        if twice.isEmpty { twice = Array(repeating: 0, count: once.count) }
        twice[word] |= both
        hasRepeats = true
      }
      once[word] |= other.once[word]
    }
  }

  func isRepeated(_ id: Symbol) -> Bool {
    guard hasRepeats, id.isPresent, Int(id.raw >> 6) < twice.count else { return false }
    return twice[Int(id.raw >> 6)] & (1 << UInt64(id.raw & 63)) != 0
  }
}

/// The records of one group and one stretch of the table, and what is counted of them.
///
/// First in the table's order; then by bucket of keys, and inside of it in the table's order.
struct RecordRun: Sendable {
  private(set) var records: [Record] = []
  /// The first record of each bucket, and the end.
  private(set) var starts: [Int] = []
  /// Records by profile, and how often each condition of a profile held, unkeyed events included.
  private(set) var profileCounts: [Int]
  private(set) var conditionCounts: [Int]
  /// Records of events that lack the key.
  private(set) var unkeyed: [Record] = []
  /// The most attributes of an event.
  private(set) var attributesMax = 1
  /// Whether some key is to be looked up in a table of keys.
  private var hasGeneral = false

  /// - Parameters:
  ///   - watched: Indices in the event table, rising.
  init(_ watched: [Int32], _ number: Int, _ engine: Engine) {
    let group = engine.watch.groups[number]
    let scheme = engine.schemes[group.scheme]
    let fields = engine.fields
    let ids = engine.ids
    var conditions = engine.conditions
    var profileCounts = [Int](repeating: 0, count: group.profiles.count)
    var conditionCounts = [Int](repeating: 0, count: group.conditions.count)
    var unkeyed: [Record] = []
    var attributesMax: UInt16 = 1
    var hasGeneral = false
    records = [Record](unsafeUninitializedCapacity: watched.count) { room, count in
      fields.table.events.withUnsafeBufferPointer { events in
        engine.watch.numbers.withUnsafeBufferPointer { numbers in
          for index in watched {
            let event = events.baseAddress.unsafelyUnwrapped + Int(index)
            let profile =
              Int(group.profileOfAction[Int(numbers[Int(event.pointee.action.raw)])])
              + Int(event.pointee.outcome.rawValue)
            if group.profiles[profile].entries.isEmpty { continue }
            let code = scheme.code(of: Int(index), event, engine.roots)
            var record = Record(
              index, event, code: code, profile: profile,
              isRepeated: ids.hasRepeats && ids.isRepeated(event.pointee.id))
            profileCounts[profile] += 1
            attributesMax = max(attributesMax, event.pointee.attributesCount)
            var shift: UInt64 = 0
            for condition in group.profiles[profile].conditions {
              let truth = conditions.truth(
                number: group.conditions[Int(condition)], event, fields)
              record.truths |= UInt64(truth.rawValue) << shift
              shift += 2
              if truth == .yes { conditionCounts[Int(condition)] += 1 }
            }
            if code == KeyScheme.unkeyed {
              unkeyed.append(record)
              continue
            }
            if code == KeyScheme.general { hasGeneral = true }
            room.initializeElement(at: count, to: record)
            count += 1
          }
        }
      }
    }
    self.unkeyed = unkeyed
    self.attributesMax = Int(attributesMax)
    self.profileCounts = profileCounts
    self.conditionCounts = conditionCounts
    self.hasGeneral = hasGeneral
  }

  /// Gives numbers to the keys that have no code of their own.
  mutating func numberKeys(
    _ keys: inout [KeyScheme.Key: UInt64], _ scheme: KeyScheme, _ engine: Engine
  ) {
    guard hasGeneral else { return }
    for place in records.indices where records[place].code == KeyScheme.general {
      let event = Int(records[place].event)
      guard let key = scheme.key(of: event, engine.fields, engine.roots) else {
        records[place].code = KeyScheme.unkeyed
        unkeyed.append(records[place])
        continue
      }
      let number = keys[key] ?? UInt64(keys.count)
      keys[key] = number
      records[place].code = KeyScheme.numbered | number
    }
    records.removeAll { $0.code == KeyScheme.unkeyed }
  }

  /// The same records, by bucket.
  func inBuckets(bits: Int) -> RecordRun {
    var result = self
    var next = [Int](repeating: 0, count: (1 << bits) + 1)
    result.records = [Record](unsafeUninitializedCapacity: records.count) { room, count in
      records.withUnsafeBufferPointer { records in
        next.withUnsafeMutableBufferPointer { next in
          for record in records { next[bucket(of: record.code, bits: bits) + 1] += 1 }
          for bucket in 1..<next.count { next[bucket] += next[bucket - 1] }
          result.starts = Array(next)
          for record in records {
            let bucket = bucket(of: record.code, bits: bits)
            room.initializeElement(at: next[bucket], to: record)
            next[bucket] += 1
          }
        }
      }
      count = records.count
    }
    return result
  }
}

/// The bucket of a key: by its code alone, so that it is the same in every stretch of the table.
@inline(__always)
private func bucket(of code: UInt64, bits: Int) -> Int {
  bits == 0 ? 0 : Int(truncatingIfNeeded: (code &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - bits))
}

extension WatchTable.Group {
  /// The roles that an event can serve for the policy of one entry.
  @inline(__always)
  func masks(
    _ entry: WatchTable.Entry, _ truths: UInt64
  ) -> (certain: UInt32, possible: UInt32, denied: UInt32) {
    var masks = (certain: entry.certain, possible: entry.certain, denied: entry.denied)
    for index in entry.tests..<entry.tests + entry.testCount {
      let test = tests[Int(index)]
      let truth = truths >> UInt64(test.shift) & 3
      if test.isDenied {
        if truth == UInt64(Truth.yes.rawValue) { masks.denied |= test.bit }
        continue
      }
      if truth != UInt64(Truth.no.rawValue) { masks.possible |= test.bit }
      if truth == UInt64(Truth.yes.rawValue) { masks.certain |= test.bit }
    }
    return masks
  }
}
