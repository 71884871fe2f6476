/// Keeps bytes outside memory.
///
/// It never throws: after a failure it takes nothing more and gives nothing back, and whoever made
/// it asks for `failure` before anything is made of the rest.
package protocol PageStore: Sendable {
  /// Puts bytes away.
  func write(_ bytes: [UInt8]) -> PagePlace
  /// Reads bytes back; empty after a failure.
  func read(_ place: PagePlace) -> [UInt8]
  /// Forgets all that was put away.
  func removeAll()
  /// Why bytes could not be written or read, in the words of the system; nil while all went well.
  var failure: String? { get }
}

/// Where a store has put bytes.
package struct PagePlace: Sendable, Hashable {
  /// Where they begin.
  package var offset: Int64
  /// How many they are.
  package var count: Int

  /// A place.
  package init(offset: Int64, count: Int) {
    self.offset = offset
    self.count = count
  }
}

/// How much memory the events of a review may take, and where they go beyond it.
package struct MemoryBound: Sendable {
  /// Bytes of the whole run.
  package var bytes: Int
  /// Where what does not fit is kept.
  package var store: any PageStore

  /// A bound.
  package init(bytes: Int, store: any PageStore) {
    self.bytes = bytes
    self.store = store
  }

  /// Bytes of events and texts that are held before all are put away. Tables grow by doubling, so
  /// they may take twice as much, and more for a moment.
  package var tableBytesMax: Int { max(1, bytes / 4) }
  /// Bytes of the table of known ids, which is made anew four times as large.
  package var idBytesMax: Int { max(1, bytes * 3 / 10) }
  /// Bytes of events that are judged at one time, by all threads together.
  package var judgedBytesMax: Int { max(1, bytes / 8) }
}

/// The events of a review that did not fit in memory, page after page in reading order.
package struct SpilledEvents: Sendable {
  /// Where they are, and how much memory there is to judge them in.
  package let bound: MemoryBound
  /// The pages, in reading order.
  package private(set) var pages: [PagePlace] = []
  /// What the pages would take in memory.
  package private(set) var bytes = 0
  /// Which ids events name as their parent.
  package private(set) var parents = TextFilter()
  /// Whether some event names a parent or who delegated to it.
  package private(set) var hasLinks = false
  /// The agents' other names, to their ids; what the pages hold is as it was read.
  package var aliases: [String: String] = [:]
  private var numbering = EventPage.Numbering()

  /// No event yet.
  package init(_ bound: MemoryBound) { self.bound = bound }

  /// Events of one page: so many that texts are shared, so few that a page is soon read.
  package static let pageEvents = 32_768

  /// Puts all events of a table away.
  package mutating func append(_ table: EventTable, _ symbols: Symbols) {
    for start in stride(from: 0, to: table.events.count, by: Self.pageEvents) {
      let end = min(start + Self.pageEvents, table.events.count)
      for event in table.events[start..<end] {
        if event.parent.isPresent || event.delegatedBy.isPresent { hasLinks = true }
        if event.parent.isPresent { parents.insert(symbols.text(event.parent)) }
      }
      let page = EventPage(start..<end, of: table, symbols, &numbering)
      let bytes = page.bytes
      self.bytes += bytes.count
      pages.append(bound.store.write(bytes))
    }
  }

  /// A page; nil after a failure of the store.
  package func page(at place: PagePlace) -> EventPage? {
    EventPage(bytes: bound.store.read(place))
  }
}

/// A set of texts in memory of one size, which may take a text for one of them that is none.
package struct TextFilter: Sendable {
  private var words: [UInt64] = []
  private static let bits = 26

  /// No text.
  package init() {}

  /// Adds a text.
  package mutating func insert(_ text: String) {
    if words.isEmpty { words = Array(repeating: 0, count: 1 << (Self.bits - 6)) }
    let bit = Self.bit(of: text)
    words[bit >> 6] |= 1 << UInt64(bit & 63)
  }

  /// False only for a text that was not added.
  package func mayContain(_ text: String) -> Bool {
    if words.isEmpty { return false }
    let bit = Self.bit(of: text)
    return words[bit >> 6] & (1 << UInt64(bit & 63)) != 0
  }

  private static func bit(of text: String) -> Int {
    var hasher = Hasher()
    hasher.combine(text)
    return Int(UInt(bitPattern: hasher.finalize()) & (1 << UInt(bits) - 1))
  }
}
