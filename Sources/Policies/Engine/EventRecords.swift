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

  init(_ event: Int32, _ own: Event, code: UInt64, profile: Int, isRepeated: Bool) {
    time = own.isTimed ? own.time.nanoseconds : 0
    truths = 0
    self.code = code
    self.event = event
    packed =
      UInt32(truncatingIfNeeded: profile) | (own.isTimed ? 0 : Self.untimed)
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

/// The events of one group and one stretch of the table, with the codes of their keys.
struct KeyedEvents: Sendable {
  /// Indices in the event table, rising.
  private(set) var events: [Int32] = []
  private(set) var profiles: [Int32] = []
  private(set) var codes: [UInt64] = []
  /// Whether some key is to be looked up in a table of keys.
  private(set) var hasGeneral = false

  init(
    _ watched: [Int32], _ group: WatchTable.Group, _ watch: WatchTable, _ scheme: KeyScheme,
    _ table: EventTable, _ roots: DelegationRoots
  ) {
    var events: [Int32] = []
    var profiles: [Int32] = []
    var codes: [UInt64] = []
    events.reserveCapacity(watched.count)
    profiles.reserveCapacity(watched.count)
    codes.reserveCapacity(watched.count)
    var hasGeneral = false
    table.events.withUnsafeBufferPointer { all in
      for index in watched {
        let number = Int(watch.numbers[Int(all[Int(index)].action.raw)])
        let profile =
          group.profileOfAction[number] + Int32(all[Int(index)].outcome.rawValue)
        if group.profiles[Int(profile)].entries.isEmpty { continue }
        let code = scheme.code(of: Int(index), all[Int(index)], roots)
        hasGeneral = hasGeneral || code == KeyScheme.general
        events.append(index)
        profiles.append(profile)
        codes.append(code)
      }
    }
    self.events = events
    self.profiles = profiles
    self.codes = codes
    self.hasGeneral = hasGeneral
  }

  /// Gives numbers to the keys that have no code of their own.
  mutating func number(
    _ keys: inout [KeyScheme.Key: UInt64], _ scheme: KeyScheme, _ fields: EventFields,
    _ roots: DelegationRoots
  ) {
    guard hasGeneral else { return }
    for place in codes.indices where codes[place] == KeyScheme.general {
      guard let key = scheme.key(of: Int(events[place]), fields, roots) else {
        codes[place] = KeyScheme.unkeyed
        continue
      }
      let number = keys[key] ?? UInt64(keys.count)
      keys[key] = number
      codes[place] = KeyScheme.numbered | number
    }
  }
}

/// The records of one group and one stretch of the table, by bucket of keys and inside of it in the
/// table's order; and what is counted of them.
struct RecordRun: Sendable {
  private(set) var records: [Record] = []
  /// The first record of each bucket, and the end.
  private(set) var starts: [Int]
  /// Records by profile, and how often each condition of a profile held, unkeyed events included.
  private(set) var profileCounts: [Int]
  private(set) var conditionCounts: [Int]
  /// Records of events that lack the key.
  private(set) var unkeyed: [Record] = []
  /// The most attributes of an event.
  private(set) var attributesMax = 1

  init(
    _ keyed: KeyedEvents, bucketBits: Int, _ group: WatchTable.Group, _ fields: EventFields,
    _ conditions: inout Conditions, _ ids: IDSet
  ) {
    var starts = [Int](repeating: 0, count: (1 << bucketBits) + 1)
    for code in keyed.codes where code != KeyScheme.unkeyed {
      starts[bucket(of: code, bits: bucketBits) + 1] += 1
    }
    for bucket in 1..<starts.count { starts[bucket] += starts[bucket - 1] }
    self.starts = starts
    var profileCounts = [Int](repeating: 0, count: group.profiles.count)
    var conditionCounts = [Int](repeating: 0, count: group.conditions.count)
    var unkeyed: [Record] = []
    var attributesMax = 1
    let total = starts[starts.count - 1]
    records = [Record](unsafeUninitializedCapacity: total) { room, count in
      fields.table.events.withUnsafeBufferPointer { all in
        for (place, index) in keyed.events.enumerated() {
          let code = keyed.codes[place]
          let profile = Int(keyed.profiles[place])
          var record = Record(
            index, all[Int(index)], code: code, profile: profile,
            isRepeated: ids.isRepeated(all[Int(index)].id))
          profileCounts[profile] += 1
          attributesMax = max(attributesMax, Int(all[Int(index)].attributesCount))
          var shift: UInt64 = 0
          for condition in group.profiles[profile].conditions {
            let truth = conditions.truth(
              number: group.conditions[Int(condition)], all[Int(index)], fields)
            record.truths |= UInt64(truth.rawValue) << shift
            shift += 2
            if truth == .yes { conditionCounts[Int(condition)] += 1 }
          }
          if code == KeyScheme.unkeyed {
            unkeyed.append(record)
            continue
          }
          let bucket = bucket(of: code, bits: bucketBits)
          room.initializeElement(at: starts[bucket], to: record)
          starts[bucket] += 1
        }
      }
      count = total
    }
    self.unkeyed = unkeyed
    self.attributesMax = attributesMax
    self.profileCounts = profileCounts
    self.conditionCounts = conditionCounts
  }
}

/// The bucket of a key: by its code alone, so that it is the same in every stretch of the table.
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
