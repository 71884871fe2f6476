/// Some events of a table with their attributes and texts, by themselves: what can be put away and
/// read back while the rest of the table is not in memory.
///
/// Its symbols number its own texts, from 1.
package struct EventPage: Sendable {
  /// The events and their attributes.
  package private(set) var table = EventTable()
  private var texts: [UInt8] = []
  /// Where each text ends; the first is that of `absent`.
  private var ends: [UInt32] = [0]

  /// The texts that the page has, `absent` included; raw symbols are below it.
  package var textCount: Int { ends.count }

  /// Some events of a table, in the order given.
  ///
  /// - Parameter numbering: Room for the new numbers of the table's symbols.
  package init(
    _ events: some Sequence<Int>, of table: EventTable, _ symbols: Symbols,
    _ numbering: inout Numbering
  ) {
    numbering.begin(symbols.count)
    for index in events {
      self.table.append(table.events[index], of: table) { symbol in
        numbering.number(of: symbol) {
          symbols.append(symbol, to: &texts)
          ends.append(UInt32(truncatingIfNeeded: texts.count))
          return UInt32(truncatingIfNeeded: ends.count - 1)
        }
      }
    }
  }

  /// The bytes of a text.
  package func withText<Result>(
    _ symbol: Symbol, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    let raw = Int(symbol.raw)
    return texts.withUnsafeBufferPointer { texts in
      body(UnsafeBufferPointer(rebasing: texts[Int(ends[raw - 1])..<Int(ends[raw])]))
    }
  }

  /// The new numbers of a table's symbols in one page after the other, without a new table for each.
  package struct Numbering {
    private var numbers: [UInt64] = []
    private var page: UInt64 = 0

    /// No page yet.
    package init() {}

    fileprivate mutating func begin(_ symbols: Int) {
      page += 1
      if numbers.count < symbols {
        numbers.append(contentsOf: repeatElement(0, count: symbols - numbers.count))
      }
    }

    /// The number of a symbol in this page, made where it has none.
    fileprivate mutating func number(of symbol: Symbol, _ make: () -> UInt32) -> Symbol {
      guard symbol.isPresent else { return symbol }
      let known = numbers[Int(symbol.raw)]
      if known >> 32 == page { return Symbol(raw: UInt32(truncatingIfNeeded: known)) }
      let made = make()
      numbers[Int(symbol.raw)] = page << 32 | UInt64(made)
      return Symbol(raw: made)
    }
  }
}

extension EventPage {
  /// The page as bytes that only the same build of the same program can read.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    let parts = [table.events.count, table.attributes.count, ends.count, texts.count]
    parts.withUnsafeBytes { bytes.append(contentsOf: $0) }
    table.events.withUnsafeBytes { bytes.append(contentsOf: $0) }
    table.attributes.withUnsafeBytes { bytes.append(contentsOf: $0) }
    ends.withUnsafeBytes { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: texts)
    return bytes
  }

  /// A page by its bytes; nil where these are not a whole page.
  package init?(bytes: [UInt8]) {
    var offset = 0
    func part<Value: BitwiseCopyable>(_ count: Int, of type: Value.Type) -> [Value]? {
      let size = count.multipliedReportingOverflow(by: MemoryLayout<Value>.stride)
      guard count >= 0, !size.overflow, size.partialValue <= bytes.count - offset else {
        return nil
      }
      defer { offset += size.partialValue }
      return bytes.withUnsafeBytes { bytes in
        [Value](unsafeUninitializedCapacity: count) { room, made in
          UnsafeMutableRawBufferPointer(room).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + size.partialValue]))
          made = count
        }
      }
    }
    guard let parts = part(4, of: Int.self), let events = part(parts[0], of: Event.self),
      let attributes = part(parts[1], of: Attribute.self),
      let ends = part(parts[2], of: UInt32.self), let texts = part(parts[3], of: UInt8.self),
      offset == bytes.count
    else { return nil }
    table.events = events
    table.attributes = attributes
    self.ends = ends
    self.texts = texts
  }
}

extension EventTable {
  /// Adds the events of a page, in its order.
  ///
  /// - Parameter isContext: Whether they are there to be looked up only.
  package mutating func absorb(
    _ page: EventPage, _ symbols: inout Symbols, isContext: Bool = false
  ) {
    absorb(page, page.table.events.indices, &symbols, isContext: isContext)
  }

  /// Adds some events of a page, in its order.
  package mutating func absorb(
    _ page: EventPage, _ events: some Sequence<Int>, _ symbols: inout Symbols, isContext: Bool
  ) {
    var renamed = [Symbol](repeating: .absent, count: page.textCount)
    for index in events {
      append(page.table.events[index], of: page.table) { symbol in
        guard symbol.isPresent else { return symbol }
        let raw = Int(symbol.raw)
        if !renamed[raw].isPresent { renamed[raw] = page.withText(symbol) { symbols.intern($0) } }
        return renamed[raw]
      }
      if isContext { self.events[self.events.count - 1].isContext = true }
    }
    if isContext { hasContext = true }
  }

  /// Appends an event of another table with its attributes, each symbol replaced.
  fileprivate mutating func append(
    _ event: Event, of other: EventTable, _ rename: (Symbol) -> Symbol
  ) {
    var event = event
    let start = Int(event.attributesStart)
    event.attributesStart = UInt32(truncatingIfNeeded: attributes.count)
    for attribute in other.attributes[start..<start + Int(event.attributesCount)] {
      var value = attribute.value
      if case .text(let symbol) = value { value = .text(rename(symbol)) }
      attributes.append(Attribute(path: rename(attribute.path), value: value))
    }
    event.rename(rename)
    events.append(event)
  }

  /// What the table takes in memory, in bytes.
  package var bytes: Int {
    events.count * MemoryLayout<Event>.stride + attributes.count * MemoryLayout<Attribute>.stride
  }
}
