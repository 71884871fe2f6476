internal import CSimdjson
internal import Model

/// What has been read so far: readers append to it, file by file in order of path.
struct Reading {
  /// A path of events that policies ask for, and its symbol.
  struct Wanted {
    var path: String
    var symbol: Symbol
  }

  var symbols = Symbols()
  var table = EventTable()
  /// What words say, for kinds of action that texts tell their reader to do.
  var words = WordRules()
  var agents: [AgentRecord] = []
  var statements: [Statement] = []
  var trusts: [Trust] = []
  /// The attributes that are kept, sorted by path.
  let wanted: [Wanted]
  let limits: InputLimits
  /// The file that is being read.
  var file: Int32 = 0
  var path = ""
  var problems: ProblemLog
  /// The number of runs without a clock so far.
  var runs: UInt32 = 0
  private var ids = SymbolSet()
  private var knownAgents = SymbolSet()
  private var attributesOfEvent: [Attribute] = []

  init(wantedAttributes: [String], limits: InputLimits) {
    self.limits = limits
    var made: [Wanted] = []
    var sorted = Array(Set(wantedAttributes)).sorted()
    sorted.removeAll { $0.isEmpty }
    for path in sorted { made.append(Wanted(path: path, symbol: symbols.intern(path))) }
    wanted = made
    problems = ProblemLog(file: "", limits: limits)
  }

  /// A place in the file that is being read.
  func position(_ line: Int) -> SourcePosition {
    SourcePosition(file: file, line: Int32(clamping: line))
  }

  /// Notes a problem of the file that is being read.
  mutating func problem(line: Int, _ reason: String, _ consequence: String) {
    problems.add(line: line, reason, consequence: consequence)
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

  /// Appends an event with the attributes kept for it. A second event of the same id is dropped,
  /// with a problem; one without id gets `file:line`. Returns whether it was appended.
  @discardableResult
  mutating func append(_ event: Event) -> Bool {
    var event = event
    let line = Int(event.position.line)
    if event.id.isPresent {
      guard ids.insert(event.id) else {
        dropAttributes()
        problem(
          line: line, "an event with the id \(quoted(symbols.text(event.id))) was read before",
          "dropped as a duplicate")
        return false
      }
    } else {
      event.id = symbols.intern("\(path):\(line)")
    }
    if attributesOfEvent.count > Int(UInt16.max) {
      attributesOfEvent.removeSubrange(Int(UInt16.max)...)
      problem(
        line: line, "more than \(UInt16.max) values that policies ask for", "the rest is not kept")
    }
    guard table.attributes.count + attributesOfEvent.count < Int(UInt32.max) else {
      dropAttributes()
      problem(line: line, "more attributes than a review can hold", "not read")
      return false
    }
    event.attributesStart = UInt32(table.attributes.count)
    event.attributesCount = UInt16(attributesOfEvent.count)
    table.attributes.append(contentsOf: attributesOfEvent)
    attributesOfEvent.removeAll(keepingCapacity: true)
    table.events.append(event)
    return true
  }

  /// Whether an event's agent is named for the first time.
  mutating func isFirstSight(of agent: Symbol) -> Bool { knownAgents.insert(agent) }
}

/// An agent as one source describes it.
struct AgentRecord {
  /// How much a source knows about an agent; a lower one wins.
  enum Rank: Int, Comparable {
    case inventory, platform, event

    static func < (left: Rank, right: Rank) -> Bool { left.rawValue < right.rawValue }
  }

  var agent: Agent
  var rank: Rank
}

/// A set of symbols of one table, as a bit for each.
struct SymbolSet {
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
