internal import Model

/// What judging needs of one event that some policy of a group looks at.
struct Record: Sendable, BitwiseCopyable {
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

  @inline(__always)
  init(_ event: Int32, _ own: UnsafePointer<Event>, code: UInt64, profile: Int) {
    let isTimed = own.pointee.isTimed
    time = isTimed ? own.pointee.time.nanoseconds : 0
    truths = 0
    self.code = code
    self.event = event
    packed = UInt32(truncatingIfNeeded: profile) | (isTimed ? 0 : Self.untimed)
  }

  /// Fills room before it is used.
  static let none = Record()

  private init() {
    time = 0
    truths = 0
    code = 0
    event = 0
    packed = 0
  }

  var profile: Int { Int(packed & (Self.untimed - 1)) }
  var isTimed: Bool { packed & Self.untimed == 0 }
}

/// The events of one stretch of the table that some policy looks at, by group.
struct WatchedEvents: Sendable {
  /// Indices in the event table, rising, of one group after the other.
  private var events: [Int32]
  /// The first of each group, and the end.
  private var starts: [Int]

  func events(of group: Int) -> ArraySlice<Int32> { events[starts[group]..<starts[group + 1]] }

  init(_ range: Range<Int>, _ table: EventTable, _ watch: WatchTable, _ ids: inout IDSet) {
    var counts = [Int](repeating: 0, count: watch.groupsOfAction.count)
    let hasContext = table.hasContext
    table.events.withUnsafeBufferPointer { all in
      watch.numbers.withUnsafeBufferPointer { numbers in
        counts.withUnsafeMutableBufferPointer { counts in
          for index in range where !(hasContext && all[index].isContext) {
            counts[Int(numbers[Int(all[index].action.raw)])] += 1
          }
        }
      }
    }
    var next = [Int](repeating: 0, count: watch.groups.count + 1)
    for (number, groups) in watch.groupsOfAction.enumerated() {
      for group in groups { next[group + 1] += counts[number] }
    }
    for group in watch.groups.indices { next[group + 1] += next[group] }
    starts = next
    let total = next[watch.groups.count]
    // The groups of each action side by side.
    let groups = watch.groupsOfAction.flatMap { $0 }
    let ends = watch.groupsOfAction.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    events = [Int32](unsafeUninitializedCapacity: total) { room, count in
      table.events.withUnsafeBufferPointer { all in
        watch.numbers.withUnsafeBufferPointer { numbers in
          next.withUnsafeMutableBufferPointer { next in
            for index in range {
              let number = Int(numbers[Int(all[index].action.raw)])
              if number == 0 || (hasContext && all[index].isContext) { continue }
              ids.insert(all[index].id)
              for place in ends[number]..<ends[number + 1] {
                let group = groups[place]
                room.initializeElement(at: next[group], to: Int32(truncatingIfNeeded: index))
                next[group] += 1
              }
            }
          }
        }
      }
      count = total
    }
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

  @inline(__always)
  mutating func insert(_ id: Symbol) {
    let word = Int(id.raw >> 6)
    guard id.raw != 0, word < once.count else { return }
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

  init(_ group: WatchTable.Group, eventsMax: Int) {
    records.reserveCapacity(eventsMax)
    profileCounts = Array(repeating: 0, count: group.profiles.count)
    conditionCounts = Array(repeating: 0, count: group.conditions.count)
  }

  /// Adds the records of some events.
  ///
  /// - Parameter watched: Indices in the event table, rising, later than those before.
  mutating func add(
    _ watched: ArraySlice<Int32>, _ group: WatchTable.Group, _ scheme: KeyScheme,
    _ engine: Engine, _ conditions: inout Conditions, _ room: borrowing Room<Record>
  ) {
    let room = room.elements
    var made = 0
    engine.fields.table.withColumns { columns in
      engine.watch.numbers.withUnsafeBufferPointer { numbers in
        group.withTables { tables in
          for index in watched {
            let event = columns.events.baseAddress.unsafelyUnwrapped + Int(index)
            let profile =
              Int(tables.profileOfAction[Int(numbers[Int(event.pointee.action.raw)])])
              + Int(event.pointee.outcome.rawValue)
            let own = tables.profiles[profile]
            if own.entries.isEmpty { continue }
            let code = scheme.code(of: Int(index), event, columns, engine.roots)
            var record = Record(index, event, code: code, profile: profile)
            profileCounts[profile] += 1
            if Int(event.pointee.attributesCount) > attributesMax {
              attributesMax = Int(event.pointee.attributesCount)
            }
            var shift: UInt64 = 0
            for place in Int(own.conditions.lowerBound)..<Int(own.conditions.upperBound) {
              let truth = conditions.truth(
                number: tables.conditions[place], event, columns, engine.fields)
              record.truths |= UInt64(truth.rawValue) << shift
              shift += 2
              if truth == .yes { conditionCounts[place] += 1 }
            }
            if code == KeyScheme.unkeyed {
              unkeyed.append(record)
              continue
            }
            if code == KeyScheme.general { hasGeneral = true }
            room[made] = record
            made += 1
          }
        }
      }
    }
    records.append(contentsOf: UnsafeBufferPointer(rebasing: room[0..<made]))
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

/// The tables of a group as they lie in memory, for the loops over records.
struct GroupTables {
  let entries: UnsafeBufferPointer<WatchTable.Entry>
  let tests: UnsafeBufferPointer<WatchTable.RoleTest>
  let profiles: UnsafeBufferPointer<WatchTable.Profile>
  let profileOfAction: UnsafeBufferPointer<Int32>
  let conditions: UnsafeBufferPointer<Int>

  /// The roles that an event can serve for the policy of one entry.
  @inline(__always)
  func masks(
    _ entry: UnsafePointer<WatchTable.Entry>, _ truths: UInt64
  ) -> (certain: UInt32, possible: UInt32, denied: UInt32) {
    let certain = entry.pointee.certain
    var masks = (certain: certain, possible: certain, denied: entry.pointee.denied)
    let first = Int(entry.pointee.tests)
    for index in first..<first + Int(entry.pointee.testCount) {
      let test = tests[index]
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

extension WatchTable.Group {
  /// Lends the tables.
  func withTables<Result>(_ body: (GroupTables) -> Result) -> Result {
    entries.withUnsafeBufferPointer { entries in
      tests.withUnsafeBufferPointer { tests in
        profiles.withUnsafeBufferPointer { profiles in
          profileOfAction.withUnsafeBufferPointer { actions in
            conditions.withUnsafeBufferPointer { conditions in
              body(
                GroupTables(
                  entries: entries, tests: tests, profiles: profiles, profileOfAction: actions,
                  conditions: conditions))
            }
          }
        }
      }
    }
  }
}

/// The events of a table and their attributes as they lie in memory.
struct EventColumns {
  let events: UnsafeBufferPointer<Event>
  let attributes: UnsafeBufferPointer<Attribute>

  /// The raw symbol of the first value of an event's attribute: 0 where it has none, nil where that is
  /// no text.
  @inline(__always)
  func text(of path: Symbol, _ event: UnsafePointer<Event>) -> UInt32? {
    let start = Int(event.pointee.attributesStart)
    for index in start..<start + Int(event.pointee.attributesCount)
    where attributes[index].path == path {
      guard case .text(let text) = attributes[index].value else { return nil }
      return text.raw
    }
    return 0
  }
}

extension EventTable {
  /// Lends the events and their attributes.
  func withColumns<Result>(_ body: (EventColumns) -> Result) -> Result {
    events.withUnsafeBufferPointer { events in
      attributes.withUnsafeBufferPointer { attributes in
        body(EventColumns(events: events, attributes: attributes))
      }
    }
  }
}
