internal import Model

/// The digest of an event's id and the line that it stands in.
struct EventID: Sendable {
  var digest: UInt64
  var line: Int32
}

/// Digests of ids under a key that is drawn anew by each run.
///
/// Two different ids are taken for one with a chance of about one in 10^19 for each pair, which
/// nobody who writes a log can better without the key. Nothing of it reaches the output.
struct IDDigest: Sendable {
  private let first: UInt64
  private let second: UInt64

  init() {
    first = .random(in: .min ... .max) | 1
    second = .random(in: .min ... .max) | 1
  }

  /// The digest of a text, never 0.
  func of(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var value = first
    add(text, to: &value)
    return value == 0 ? 1 : value
  }

  /// Goes on with a text.
  ///
  /// Sixteen bytes at a time: multiply and fold with a secret on both sides, as wyhash does. Words
  /// may overlap at the end; with the length, which goes in too, they say each byte.
  @inline(__always)
  fileprivate func add(_ text: UnsafeBufferPointer<UInt8>, to value: inout UInt64) {
    guard let start = UnsafeRawPointer(text.baseAddress) else { return }
    let count = text.count
    var left: UInt64 = 0
    var right: UInt64 = 0
    if count >= 8 {
      var offset = 0
      while offset + 16 < count {
        value = mix(
          start.loadUnaligned(fromByteOffset: offset, as: UInt64.self) ^ second,
          start.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self) ^ value)
        offset += 16
      }
      left = start.loadUnaligned(fromByteOffset: max(0, count - 16), as: UInt64.self)
      right = start.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
    } else if count >= 4 {
      left = UInt64(start.loadUnaligned(as: UInt32.self))
      right = UInt64(start.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
    } else {
      for offset in 0..<count {
        left = left << 8 | UInt64(start.load(fromByteOffset: offset, as: UInt8.self))
      }
    }
    value = mix(left ^ first, right ^ value)
    value = mix(value ^ second, first ^ UInt64(truncatingIfNeeded: count))
  }

  @inline(__always)
  private func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }
}

/// The digest of some fields of an event, of which each may be there or not.
struct FieldsDigest {
  private let digest: IDDigest
  private var value: UInt64 = 0
  /// A bit for each field, below a first one.
  private var present: UInt64 = 1

  init(_ digest: IDDigest) { self.digest = digest }

  /// Adds the next field.
  @inline(__always)
  mutating func add(_ text: UnsafeBufferPointer<UInt8>?) {
    present <<= 1
    guard let text else { return }
    present |= 1
    digest.add(text, to: &value)
  }

  /// The digest of the fields so far, never 0.
  var end: UInt64 {
    let end = value ^ present &* 0x9E37_79B9_7F4A_7C15
    return end == 0 ? 1 : end
  }
}

/// Tells which events are duplicates: whose id an earlier event had.
///
/// The ids are in a table in memory, as long as that takes no more than it may. Later ids are looked
/// up there, and what is not found is put away by its digest; what repeats among those is known when
/// all was read, and the input is then read once more.
struct EventIDs {
  private var known = KnownIDs()
  private let memory: MemoryBound?
  private let told: FoundDuplicates?
  private var found = FoundDuplicates()
  private var spilled: SpilledIDs?

  init(_ options: ReadingOptions) {
    memory = options.memory
    told = options.duplicates
  }

  /// Takes the ids of the next piece of a file, of which so many lines came before it; gives the
  /// lines whose ids were known before, as far as that can be said now.
  mutating func claim(_ ids: [EventID], file: Int32, linesBefore: Int32) -> Set<Int32> {
    if let told {
      let lines = ids.lazy.map(\.line).filter { told.contains(file: file, line: linesBefore + $0) }
      return Set(lines)
    }
    guard let memory else { return known.claim(ids) }
    if spilled == nil, !known.hasRoom(for: ids.count, bytesMax: memory.idBytesMax) {
      spilled = SpilledIDs(memory.store)
    }
    let lines = spilled == nil ? known.claim(ids) : known.lines(of: ids)
    for line in lines { found.add(file: file, line: linesBefore + line) }
    guard spilled != nil else { return lines }
    for id in ids where !lines.contains(id.line) {
      spilled?.add(id.digest, file: file, line: linesBefore + id.line)
    }
    return lines
  }

  /// All duplicates, where some were not told when their piece was read; else nil.
  mutating func missed() -> FoundDuplicates? {
    // Nothing more is asked of it, and it is the largest table of all.
    known = KnownIDs()
    guard var spilled else { return nil }
    let toldCount = found.count
    spilled.findRepeats(&found)
    self.spilled = nil
    guard found.count > toldCount else { return nil }
    found.sort()
    return found
  }
}

/// The places of events that are duplicates.
struct FoundDuplicates: Sendable {
  private var places: [UInt64] = []

  var count: Int { places.count }

  mutating func add(file: Int32, line: Int32) { places.append(Self.place(file, line)) }

  mutating func sort() { places.sort() }

  /// Whether a place is among them, once they are sorted.
  func contains(file: Int32, line: Int32) -> Bool {
    let wanted = Self.place(file, line)
    var (low, high) = (0, places.count)
    while low < high {
      let middle = (low + high) / 2
      if places[middle] < wanted { low = middle + 1 } else { high = middle }
    }
    return low < places.count && places[low] == wanted
  }

  private static func place(_ file: Int32, _ line: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: file)) << 32 | UInt64(UInt32(bitPattern: line))
  }
}

/// Ids that are kept outside memory, in parts by their digests, each in reading order.
private struct SpilledIDs {
  private struct Entry: BitwiseCopyable {
    var digest: UInt64
    var file: Int32
    var line: Int32
  }

  private let store: any PageStore
  private var waiting: [[Entry]]
  private var places: [[PagePlace]]
  private static let partBits = 8
  private static let entriesMax = 1_024

  init(_ store: any PageStore) {
    self.store = store
    waiting = Array(repeating: [], count: 1 << Self.partBits)
    places = Array(repeating: [], count: 1 << Self.partBits)
  }

  mutating func add(_ digest: UInt64, file: Int32, line: Int32) {
    let part = Int(digest >> UInt64(64 - Self.partBits))
    waiting[part].append(Entry(digest: digest, file: file, line: line))
    if waiting[part].count >= Self.entriesMax { put(part) }
  }

  private mutating func put(_ part: Int) {
    places[part].append(store.write(waiting[part].withUnsafeBytes { Array($0) }))
    waiting[part].removeAll(keepingCapacity: true)
  }

  /// Adds the places of those whose id an earlier one has.
  mutating func findRepeats(_ found: inout FoundDuplicates) {
    for part in places.indices {
      if !waiting[part].isEmpty { put(part) }
      var known = KnownIDs()
      for place in places[part] {
        let bytes = store.read(place)
        let entries = bytes.withUnsafeBytes { bytes in
          stride(from: 0, to: bytes.count, by: MemoryLayout<Entry>.stride).map {
            bytes.loadUnaligned(fromByteOffset: $0, as: Entry.self)
          }
        }
        let ids = entries.enumerated().map { EventID(digest: $1.digest, line: Int32($0)) }
        for number in known.claim(ids) {
          found.add(file: entries[Int(number)].file, line: entries[Int(number)].line)
        }
      }
    }
  }
}

/// The ids of all events so far, by their digests.
private struct KnownIDs {
  private var slots: [UInt64] = Array(repeating: 0, count: 1 << 12)
  private var count = 0
  /// A sum over slots that were fetched ahead; it means nothing, but that they are.
  private var fetched: UInt64 = 0

  private static let batch = 32

  /// Takes the ids of a piece; gives the lines whose ids were known before.
  mutating func claim(_ ids: [EventID]) -> Set<Int32> {
    var known: Set<Int32> = []
    reserve(ids.count)
    slots.withUnsafeMutableBufferPointer { slots in
      let mask = slots.count - 1
      for start in stride(from: 0, to: ids.count, by: KnownIDs.batch) {
        let end = min(start + KnownIDs.batch, ids.count)
        // The slots lie anywhere in a table larger than any cache. Looked at together, with nothing
        // that depends on what is there, they are fetched side by side.
        for id in ids[start..<end] { fetched &+= slots[Int(truncatingIfNeeded: id.digest) & mask] }
        for id in ids[start..<end] {
          var slot = Int(truncatingIfNeeded: id.digest) & mask
          while slots[slot] != 0, slots[slot] != id.digest { slot = (slot + 1) & mask }
          if slots[slot] == 0 {
            slots[slot] = id.digest
            count += 1
          } else {
            known.insert(id.line)
          }
        }
      }
    }
    return known
  }

  /// Whether so many more fit in a table of so many bytes.
  func hasRoom(for more: Int, bytesMax: Int) -> Bool {
    let size = size(for: more)
    return size == slots.count || size * MemoryLayout<UInt64>.stride <= bytesMax
  }

  /// The lines of ids that are known; takes none.
  func lines(of ids: [EventID]) -> Set<Int32> {
    var known: Set<Int32> = []
    let mask = slots.count - 1
    slots.withUnsafeBufferPointer { slots in
      for id in ids {
        var slot = Int(truncatingIfNeeded: id.digest) & mask
        while slots[slot] != 0, slots[slot] != id.digest { slot = (slot + 1) & mask }
        if slots[slot] != 0 { known.insert(id.line) }
      }
    }
    return known
  }

  /// Slots for so many more, at most three quarters full.
  private func size(for more: Int) -> Int {
    var size = slots.count
    while (count + more) * 4 > size * 3 { size *= 4 }
    return size
  }

  /// Room for so many more, at most three quarters full.
  private mutating func reserve(_ more: Int) {
    let size = size(for: more)
    guard size > slots.count else { return }
    var larger = [UInt64](repeating: 0, count: size)
    let mask = size - 1
    for digest in slots where digest != 0 {
      var slot = Int(truncatingIfNeeded: digest) & mask
      while larger[slot] != 0 { slot = (slot + 1) & mask }
      larger[slot] = digest
    }
    slots = larger
  }
}
