internal import Model

/// What kind of id ties what one source tells to what another does.
enum LinkKind: UInt64 {
  /// The id that a server gave to a request.
  case request = 1
  /// A span of a trace: `TRACE/SPAN` in lower case.
  case span = 2
  /// A trace, in lower case.
  case trace = 3
  /// The temporary key that a request was answered with.
  case credential = 4
  /// A name that may be a task's.
  case name = 5
}

extension IDDigest {
  /// The digest of an id of a kind; never 0.
  func key(_ kind: LinkKind, _ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
    let key = of(text) ^ (kind.rawValue &* 0x9E37_79B9_7F4A_7C15)
    return key == 0 ? 1 : key
  }
}

/// What an id says about whatever has it.
struct TaskLink: Sendable {
  var task: Symbol
  /// Who acted, where that is one.
  var agent: Symbol = .absent
  /// The event that caused what has the id.
  var parent: Symbol = .absent
  /// While its caller waited, in nanoseconds since 1970; 0 where that is not known.
  var start: Int64 = 0
  var end: Int64 = 0
  /// How it ended, in the words of the source that gives the id.
  var outcome = Outcome.unknown
  /// The number of the type of that source.
  var source: UInt8 = 0
}

/// What one piece of the input says about ids: its symbols are the piece's.
struct LinkNotes: Sendable {
  /// A request that was answered with a temporary key.
  struct Grant: Sendable {
    var request: UInt64
    var caller: UInt64
    var key: UInt64
  }

  /// Ids that are known, and what they say.
  var known: [(key: UInt64, link: TaskLink)] = []
  /// Tasks of all sources, by the digests of their names.
  var tasks: [UInt64] = []
  /// Ids that something is to be known about: names of sessions that may be tasks', spans that are
  /// in no file so far.
  var asked: [UInt64] = []
  var grants: [Grant] = []
  /// Whether events have ids of requests, and whether some are known.
  var hasRequests = false
  var knowsRequests = false
  private var seenTasks = SymbolSet()
  private var seenNames = SymbolSet()

  /// Whether a task is named for the first time.
  mutating func isNew(task: Symbol) -> Bool { seenTasks.insert(task) }
  /// Whether a session is named for the first time.
  mutating func isNew(session: Symbol) -> Bool { seenNames.insert(session) }
}

/// What all pieces say about ids, and which of it ties sources together.
struct TaskLinks: Sendable {
  private(set) var texts = Symbols()
  private var numbers = NumberTable()
  /// A link without a task is of an id that stands for more than one.
  private var links: [TaskLink] = []
  private var tasks: Set<UInt64> = []
  private var asked: Set<UInt64> = []
  private var grants: [LinkNotes.Grant] = []
  private var hasRequests = false
  private var knowsRequests = false
  /// Ids that stand for more than one task.
  private(set) var ambiguous = 0

  /// Adds what a piece says.
  mutating func absorb(_ notes: LinkNotes, _ symbols: Symbols) {
    for (key, link) in notes.known {
      var link = link
      link.task = texts.intern(link.task, of: symbols)
      if link.agent.isPresent { link.agent = texts.intern(link.agent, of: symbols) }
      if link.parent.isPresent { link.parent = texts.intern(link.parent, of: symbols) }
      add(key, link)
    }
    tasks.formUnion(notes.tasks)
    asked.formUnion(notes.asked)
    grants += notes.grants
    hasRequests = hasRequests || notes.hasRequests
    knowsRequests = knowsRequests || notes.knowsRequests
  }

  private mutating func add(_ key: UInt64, _ link: TaskLink) {
    let number = Int(numbers[key])
    guard number >= 0 else {
      numbers.insert(key, Int32(truncatingIfNeeded: links.count))
      links.append(link)
      return
    }
    guard links[number].task != link.task else {
      // Several agents of one task may have an id in common: then it says only the task.
      if links[number].agent != link.agent { links[number].agent = .absent }
      return
    }
    if links[number].task.isPresent { ambiguous += 1 }
    links[number].task = .absent
  }

  /// What an id says; nil where it says nothing, or more than one thing.
  func link(_ key: UInt64) -> TaskLink? {
    let number = Int(numbers[key])
    guard number >= 0, links[number].task.isPresent else { return nil }
    return links[number]
  }

  /// Whether a name is a task's.
  func isTask(_ key: UInt64) -> Bool { tasks.contains(key) }

  /// What is to be known when the input is read again; nil where nothing is tied together.
  var joining: TaskLinks? {
    let named = asked.filter { tasks.contains($0) || numbers[$0] >= 0 }
    guard !named.isEmpty || (hasRequests && knowsRequests) else { return nil }
    var joining = self
    joining.tasks = tasks.intersection(named)
    joining.asked = []
    joining.grants = []
    return joining
  }

  /// The same with the sessions that requests of tasks have started, and those that these have;
  /// nil where there are none.
  func with(_ read: TaskLinks) -> TaskLinks? {
    var grown = self
    var isGrown = false
    var waiting = read.grants
    while true {
      let next = waiting.filter { grant in
        guard let link = link(of: grant, in: grown) else { return true }
        var started = link
        (started.start, started.end, started.outcome) = (0, 0, .unknown)
        if grown.numbers[grant.key] < 0 {
          grown.add(grant.key, started)
          isGrown = true
        }
        return false
      }
      if next.count == waiting.count { return isGrown ? grown : nil }
      waiting = next
    }
  }

  private func link(of grant: LinkNotes.Grant, in links: TaskLinks) -> TaskLink? {
    links.link(grant.request) ?? links.link(grant.caller)
  }
}
