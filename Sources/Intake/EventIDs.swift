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

  /// The digest of an id, never 0.
  func of(_ id: UnsafeBufferPointer<UInt8>) -> UInt64 {
    let raw = UnsafeRawBufferPointer(id)
    var value = first ^ UInt64(truncatingIfNeeded: raw.count)
    var offset = 0
    while offset + 8 <= raw.count {
      value = mix(value ^ raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset += 8
    }
    var tail: UInt64 = 0
    while offset < raw.count {
      tail = tail << 8 | UInt64(raw[offset])
      offset += 1
    }
    value = mix(mix(value ^ tail) ^ first)
    return value == 0 ? 1 : value
  }

  /// Multiply and fold with a secret on both sides, as wyhash does.
  private func mix(_ value: UInt64) -> UInt64 {
    let product = (value ^ second).multipliedFullWidth(by: first ^ 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low ^ value
  }
}

/// The ids of all events so far, by their digests.
struct KnownIDs {
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

  /// Room for so many more, at most three quarters full.
  private mutating func reserve(_ more: Int) {
    var size = slots.count
    while (count + more) * 4 > size * 3 { size *= 4 }
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
