internal import Model

/// Events that do not fit in memory, split so that each part can be judged by itself: by the keys of
/// each scheme, and beside them what other events may refer to.
struct EventSplit: Sendable {
  /// What one scheme's policies look at.
  struct Part: Sendable {
    var policies: [Int]
    var parts: [KeyPart]
    var delegation: Delegation?
    /// Whether all events that have a key are judged together, since their keys follow from others.
    var isWhole: Bool
    /// Whether it asks where an event or a task came from.
    var usesLinks: Bool
  }

  /// What is looked up wherever it was split to.
  enum Context: Int, CaseIterable {
    /// Events that name a parent or who delegated to them.
    case links
    /// Events that may be named as a parent.
    case parents
    /// Requests of tasks.
    case requests
  }

  let parts: [Part]
  /// Buckets of each part.
  let bucketCount: Int
  /// Where the pages of each list are: the buckets of one part after the other, then the contexts.
  private(set) var lists: [[PagePlace]]
  private let spilled: SpilledEvents
  private let policies: [Policy]
  private let agents: [Agent]
  private let vocabulary: Vocabulary
  /// Which parts look at an action of the review, by its symbol there.
  private let partsOfAction: [[Int]]
  private let symbols: Symbols
  private let usesLinks: Bool

  /// - Parameters:
  ///   - engine: Of all policies, over the whole input without its events.
  ///   - bucketBytes: What the events of one bucket should take in memory at most.
  ///   - runner: Splits pages side by side.
  init(
    _ engine: Engine, _ policies: [Policy], _ input: ReviewInput, _ spilled: SpilledEvents,
    bucketBytes: Int, on runner: some PieceRunner
  ) {
    self.policies = policies
    self.spilled = spilled
    agents = input.agents
    vocabulary = input.vocabulary
    symbols = input.symbols
    parts = engine.schemes.indices.map { number in
      let own = policies.indices.filter { engine.policies[$0].scheme == number }
      let scheme = engine.schemes[number]
      let followsLinks = scheme.delegation != nil && spilled.hasLinks
      return Part(
        policies: own, parts: scheme.parts, delegation: scheme.delegation,
        isWhole: followsLinks || scheme.parts.contains(where: \.namesTaskField),
        usesLinks: followsLinks
          || (spilled.hasLinks && own.contains { policies[$0].forbidsWidening }))
    }
    usesLinks = parts.contains(where: \.usesLinks)
    bucketCount = min(max(1, spilled.bytes / max(1, bucketBytes) + 1), Self.bucketsMax)
    lists = Array(
      repeating: [], count: parts.count * bucketCount + Context.allCases.count)
    let groups = engine.watch.groups
    let partsOfNumber = engine.watch.groupsOfAction.map { own in
      Set(own.map { groups[$0].scheme }).sorted()
    }
    partsOfAction = engine.watch.numbers.map { partsOfNumber[Int($0)] }
    split(on: runner)
  }

  /// More pages at one time would be many small ones.
  private static let bucketsMax = 1_024

  /// The pages of a bucket, in reading order.
  func pages(ofPart part: Int, bucket: Int) -> [PagePlace] { lists[part * bucketCount + bucket] }

  /// The pages of what is looked up, in reading order.
  func pages(of context: Context) -> [PagePlace] {
    lists[parts.count * bucketCount + context.rawValue]
  }

  /// Puts every event where it is judged.
  private mutating func split(on runner: some PieceRunner) {
    let round = max(1, runner.threads * 2)
    for start in stride(from: 0, to: spilled.pages.count, by: round) {
      let split = self
      let made = runner.map(min(round, spilled.pages.count - start)) { number in
        split.lists(of: split.spilled.pages[start + number])
      }
      for (list, bytes) in made.joined() { lists[list].append(spilled.bound.store.write(bytes)) }
    }
  }

  // MARK: One page

  /// The events of a page by the list that they belong to.
  private func lists(of place: PagePlace) -> [(list: Int, bytes: [UInt8])] {
    guard let page = spilled.page(at: place) else { return [] }
    var own = ReviewInput(vocabulary: vocabulary)
    own.agents = agents
    own.table.absorb(page, &own.symbols)
    spilled.resolveAliases(&own)
    var fields = EventFields(own, wanted: wantedAttributes(of: policies))
    let schemes = parts.map { KeyScheme(parts: $0.parts, delegation: nil, &fields) }
    let roots = DelegationRoots(own, links: [], fields.facts)
    var events: [[Int]] = Array(repeating: [], count: lists.count)
    var actions = PageActions(symbols: own.symbols.count)
    var digests = TextDigests(own.symbols)
    for (index, event) in own.table.events.enumerated() {
      let action = actions.of(event.action) { symbol in
        let name = own.symbols.text(symbol)
        return
          (symbols.lookup(name).map { partsOfAction[Int($0.raw)] } ?? [], isRequest(name))
      }
      for part in action.parts {
        let bucket = bucket(
          of: index, event, part, schemes[part], fields, roots, &digests)
        events[part * bucketCount + bucket].append(index)
      }
      for context in contexts(of: event, isRequest: action.isRequest, own.symbols) {
        events[parts.count * bucketCount + context.rawValue].append(index)
      }
    }
    var numbering = EventPage.Numbering()
    return events.enumerated().compactMap { list, events in
      if events.isEmpty { return nil }
      return (list, EventPage(events, of: own.table, own.symbols, &numbering).bytes)
    }
  }

  private func bucket(
    of index: Int, _ event: Event, _ part: Int, _ scheme: KeyScheme, _ fields: EventFields,
    _ roots: DelegationRoots, _ digests: inout TextDigests
  ) -> Int {
    if bucketCount == 1 { return 0 }
    let isWhole = parts[part].isWhole
    if isWhole, event.parent.isPresent || event.delegatedBy.isPresent { return 0 }
    if isWhole, parts[part].parts.contains(where: \.namesTaskField) { return 0 }
    guard let digest = scheme.digest(of: index, fields, roots, &digests) else {
      // Without a key it is only counted.
      return index % bucketCount
    }
    return isWhole ? 0 : Int(digest % UInt64(bucketCount))
  }

  private func contexts(of event: Event, isRequest: Bool, _ symbols: Symbols) -> [Context] {
    var contexts: [Context] = []
    if isRequest, event.task.isPresent { contexts.append(.requests) }
    guard usesLinks else { return contexts }
    if event.parent.isPresent || event.delegatedBy.isPresent { contexts.append(.links) }
    if spilled.parents.mayContain(symbols.text(event.id)) { contexts.append(.parents) }
    return contexts
  }

  private func isRequest(_ action: String) -> Bool {
    TableFacts.isRequest(action, vocabulary)
  }
}

/// What is known of the actions of a page, by symbol.
private struct PageActions {
  private var numbers: [Int32]
  private var known: [(parts: [Int], isRequest: Bool)] = []

  init(symbols: Int) { numbers = Array(repeating: -1, count: symbols) }

  /// What is known of an action.
  mutating func of(
    _ action: Symbol, _ find: (Symbol) -> (parts: [Int], isRequest: Bool)
  ) -> (parts: [Int], isRequest: Bool) {
    let raw = Int(action.raw)
    if numbers[raw] < 0 {
      numbers[raw] = Int32(truncatingIfNeeded: known.count)
      known.append(find(action))
    }
    return known[Int(numbers[raw])]
  }
}

/// Digests of the texts of one table, each made once.
struct TextDigests {
  private let symbols: Symbols
  private var known: [UInt64]

  init(_ symbols: Symbols) {
    self.symbols = symbols
    known = Array(repeating: 0, count: symbols.count)
  }

  /// The digest of a text by its symbol; of one beyond the table, by its text.
  mutating func of(_ symbol: Symbol, _ texts: Texts) -> UInt64 {
    let raw = Int(symbol.raw)
    guard raw < known.count else { return Self.digest(texts.text(symbol)) }
    if known[raw] == 0 { known[raw] = Self.digest(symbols.text(symbol)) }
    return known[raw]
  }

  private static func digest(_ text: String) -> UInt64 {
    var hasher = Hasher()
    hasher.combine(text)
    return UInt64(bitPattern: Int64(hasher.finalize())) | 1
  }
}

extension KeyScheme {
  /// A digest of an event's own key that is the same in whatever table it lies; nil without a key.
  func digest(
    of index: Int, _ fields: EventFields, _ roots: DelegationRoots, _ digests: inout TextDigests
  ) -> UInt64? {
    guard let key = key(of: index, fields, roots) else { return nil }
    var hasher = Hasher()
    hasher.combine(key.run)
    for (field, value) in zip(key.fields, key.values) {
      hasher.combine(field)
      if case .text(let symbol) = value {
        hasher.combine(digests.of(symbol, fields.texts))
      } else {
        hasher.combine(value)
      }
    }
    return UInt64(bitPattern: Int64(hasher.finalize()))
  }
}

extension KeyPart {
  /// Whether it may be a field of the task's request.
  fileprivate var namesTaskField: Bool {
    firstOf.contains { if case .task = $0 { true } else { false } }
  }
}

extension Policy {
  /// Whether it bounds delegated work by what its delegator may do.
  var forbidsWidening: Bool {
    if case .scope(let scope) = rule { return scope.forbidsWidening }
    return false
  }
}

extension SpilledEvents {
  /// Replaces agents' other names by their ids.
  fileprivate func resolveAliases(_ input: inout ReviewInput) {
    guard !aliases.isEmpty else { return }
    var ids = [Symbol?](repeating: nil, count: input.symbols.count)
    func id(_ symbol: Symbol, _ symbols: inout Symbols) -> Symbol {
      if let known = ids[Int(symbol.raw)] { return known }
      let id = aliases[symbols.text(symbol)].map { symbols.intern($0) } ?? symbol
      ids[Int(symbol.raw)] = id
      return id
    }
    for index in input.table.events.indices {
      var event = input.table.events[index]
      event.agent = id(event.agent, &input.symbols)
      event.delegatedBy = id(event.delegatedBy, &input.symbols)
      event.actor = id(event.actor, &input.symbols)
      input.table.events[index] = event
    }
  }
}
