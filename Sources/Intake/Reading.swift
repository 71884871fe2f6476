internal import CSimdjson
internal import Model

/// What one piece of the input gave: readers append to it. A piece is a file, or some lines of one.
struct Reading: Sendable {
  /// A path of events that policies ask for, and its symbol.
  struct Wanted {
    var path: String
    var symbol: Symbol
  }

  var symbols = Symbols()
  /// The events that are kept one by one.
  var table = EventTable()
  /// The events of this piece alone, tallied, but for those in `uses`.
  var activity: ActivityTable
  /// Events for the tally of the thread that reads the piece.
  var uses = PieceUses()
  /// That tally, while the piece is read; nil where duplicates are known, or times that are no use.
  var tally: ThreadTally?
  var agents: [AgentRecord] = []
  var statements: [Statement] = []
  var trusts: [Trust] = []
  var reportedUses: [ReportedUse] = []
  var credentials: [Credential] = []
  /// Roles, bindings and accounts of clusters, which say what they grant only all together.
  var cluster = ClusterObjects()
  /// Policies of resources and of an organisation, which say by themselves whom they are about.
  var account = AccountPolicies()
  /// Ids that tie what this piece tells to what others do, and what was joined by them.
  var links = LinkNotes()
  var joins = JoinNotes()
  /// For agents that act through sessions the first session seen.
  var sessions: [AgentJoin] = []
  /// Roles and bindings of clouds, likewise.
  var cloud = CloudRoles()
  /// The attributes that are kept, sorted by path.
  let wanted: [Wanted]
  let options: ReadingOptions
  /// The file that is being read.
  let file: Int32
  let path: String
  /// The number of its source type, as a bit of a tally.
  var source = 0
  var problems: ProblemLog
  /// The number of runs without a clock so far.
  var runs: UInt32 = 0
  /// Digests of the ids of all events, with their lines, in order.
  private(set) var ids: [EventID] = []
  /// Agents that only events name: those that delegated.
  private(set) var delegators: [Symbol] = []
  /// Lines whose events are duplicates.
  let duplicates: Set<Int32>
  let digest: IDDigest
  /// Where the record that is being read begins in the input, decompressed; -1 where its source
  /// has no lines.
  var offset: Int64 = -1
  private var namedDelegators = SymbolSet()
  private var knownAgents = SymbolSet()
  private var attributesOfEvent: [Attribute] = []
  private var scratch: [UInt8] = []
  /// By action symbol: 0 not asked yet, 1 watched, 2 not.
  private var watched: [UInt8] = []

  var limits: InputLimits { options.limits }
  /// What words say, for kinds of action that texts tell their reader to do.
  var words: WordRules { options.vocabulary.words }

  init(
    file: Int, path: String, _ options: ReadingOptions, _ digest: IDDigest,
    duplicates: Set<Int32> = []
  ) {
    self.options = options
    self.file = Int32(clamping: file)
    self.path = path
    self.digest = digest
    self.duplicates = duplicates
    activity = ActivityTable(options.activity)
    problems = ProblemLog(file: path, limits: options.limits)
    var made: [Wanted] = []
    for path in options.wantedAttributes {
      made.append(Wanted(path: path, symbol: symbols.intern(path)))
    }
    wanted = made
  }

  /// A place in the file that is being read.
  func position(_ line: Int) -> SourcePosition {
    SourcePosition(file: file, line: Int32(clamping: line))
  }

  /// Notes a problem of the file that is being read.
  mutating func problem(line: Int, _ reason: String, _ consequence: String) {
    problems.add(line: line, reason, consequence: consequence)
  }

  /// Whether events of an action are kept.
  mutating func watches(_ action: Symbol) -> Bool {
    let raw = Int(action.raw)
    if raw >= watched.count {
      watched.append(contentsOf: repeatElement(0, count: raw + 64 - watched.count))
    }
    if watched[raw] == 0 { watched[raw] = options.watches(symbols.text(action)) ? 1 : 2 }
    return watched[raw] == 1
  }

  /// Keeps an attribute for the event that is appended next.
  mutating func attribute(_ path: Symbol, _ value: AttributeValue) {
    attributesOfEvent.append(Attribute(path: path, value: value))
  }

  /// Keeps the value of a JSON field for the event that is appended next; null is absent.
  mutating func attribute(_ path: Symbol, _ field: SequiturField) {
    if field.isString || field.isObject {
      attribute(path, .text(symbols.intern(field.bytes)))
    } else if field.isNumber {
      attribute(path, number(field))
    } else if !field.isNull {
      attribute(path, .bool(field.isTrue))
    }
  }

  /// A number; an integer that a double would round keeps its digits as text.
  private mutating func number(_ field: SequiturField) -> AttributeValue {
    let exact = 9_007_199_254_740_992.0
    let isSafe = field.number.magnitude < exact && field.number.isFinite
    return isSafe ? .number(field.number) : .text(symbols.intern(field.bytes))
  }

  /// Forgets the attributes of an event that is not appended after all.
  mutating func dropAttributes() { attributesOfEvent.removeAll(keepingCapacity: true) }

  /// Counts an event that nobody looks at one by one in the tally of the thread.
  mutating func count(_ use: TimedUse, id: UnsafeBufferPointer<UInt8>, line: Int32) {
    if !id.isEmpty { ids.append(EventID(digest: digest.of(id), line: line)) }
    uses.append(use)
  }

  /// Appends an event whose texts are all interned, with the attributes kept for it.
  mutating func append(_ event: Event) {
    scratch.removeAll(keepingCapacity: true)
    symbols.append(event.id, to: &scratch)
    let idLength = scratch.count
    symbols.append(event.resource, to: &scratch)
    let texts = scratch
    texts.withUnsafeBufferPointer { bytes in
      guard count(event, id: UnsafeBufferPointer(rebasing: bytes[..<idLength])) else { return }
      tally(event, resource: UnsafeBufferPointer(rebasing: bytes[idLength...]))
      keep(event)
    }
    dropAttributes()
  }

  /// Takes the attributes that were kept for an event that is appended later.
  mutating func takeAttributes() -> ArraySlice<Attribute> {
    defer { attributesOfEvent.removeAll(keepingCapacity: true) }
    return attributesOfEvent[...]
  }

  /// Whether an event is to be counted: notes its id, and drops a duplicate with a problem.
  mutating func count(_ event: Event, id: UnsafeBufferPointer<UInt8>) -> Bool {
    guard !id.isEmpty else { return true }
    let line = event.position.line
    if !duplicates.isEmpty, duplicates.contains(line) {
      let text = String(decoding: id, as: UTF8.self)
      problem(
        line: Int(line), "an event with the id \(quoted(text)) was read before",
        "dropped as a duplicate")
      return false
    }
    ids.append(EventID(digest: digest.of(id), line: line))
    return true
  }

  /// Tallies an event.
  mutating func tally(_ event: Event, resource: UnsafeBufferPointer<UInt8>) {
    activity.add(event, resource: resource, source: source, &symbols)
    if let plausible = options.plausible, event.isTimed, !plausible.contains(event.time) {
      problem(
        line: Int(event.position.line),
        "time `\(event.time.rfc3339)` is more than a year away from all others",
        "judged, but not taken for the window of the review")
    }
    if event.delegatedBy.isPresent, namedDelegators.insert(event.delegatedBy) {
      delegators.append(event.delegatedBy)
    }
  }

  /// Keeps an event with its attributes, where somebody looks at it.
  mutating func keep(_ event: Event) {
    let line = Int(event.position.line)
    guard options.keepsLinks || watches(event.action) else { return }
    noteTask(event.task)
    if attributesOfEvent.count > Int(UInt16.max) {
      attributesOfEvent.removeSubrange(Int(UInt16.max)...)
      problem(
        line: line, "more than \(UInt16.max) values that policies ask for", "the rest is not kept")
    }
    table.append(event, attributesOfEvent)
  }

  /// Whether an event's agent is named for the first time.
  mutating func isFirstSight(of agent: Symbol) -> Bool { knownAgents.insert(agent) }
}

/// An agent as one source describes it.
struct AgentRecord: Sendable {
  /// How much a source knows about an agent; a lower one wins.
  enum Rank: Int, Comparable {
    case inventory, platform, event

    static func < (left: Rank, right: Rank) -> Bool { left.rawValue < right.rawValue }
  }

  var agent: Agent
  var rank: Rank
}

/// A set of symbols of one table, as a bit for each.
struct SymbolSet: Sendable {
  private var words: [UInt64] = []

  /// Adds a symbol; false when it was there.
  mutating func insert(_ symbol: Symbol) -> Bool {
    let word = Int(symbol.raw >> 6)
    let bit = UInt64(1) << UInt64(symbol.raw & 63)
    if word >= words.count {
      let count = max(word + 1, words.count * 2) - words.count
      words.append(contentsOf: repeatElement(0, count: count))
    }
    if words[word] & bit != 0 { return false }
    words[word] |= bit
    return true
  }
}
