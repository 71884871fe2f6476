internal import Model

/// All pieces of the input taken together, in order of file and place.
struct MergedReading {
  private(set) var symbols = Symbols()
  private(set) var table = EventTable()
  private(set) var activity: ActivityTable
  private(set) var agents: [AgentRecord] = []
  private(set) var statements: [Statement] = []
  private(set) var trusts: [Trust] = []
  private(set) var reportedUses: [ReportedUse] = []
  private(set) var credentials: [Credential] = []
  private(set) var cluster = ClusterObjects()
  private(set) var account = AccountPolicies()
  private(set) var links = TaskLinks()
  private(set) var joins = JoinNotes()
  /// The first session of each agent that acts through sessions.
  private(set) var sessions: [String: AgentJoin] = [:]
  private(set) var cloud = CloudRoles()
  private(set) var problems: [Problem] = []
  /// Agents that only events name.
  private(set) var delegators: [Symbol] = []
  /// The events before those in `table`, once these took more memory than they may.
  private(set) var spilled: SpilledEvents?
  /// The texts of the events in `table`, once others were put away: those of the tally go on in
  /// `symbols`.
  private var tableSymbols = Symbols()
  private let memory: MemoryBound?
  private var ids: EventIDs
  private var noted = SymbolSet()
  private var runs: UInt32 = 0
  /// The file that is being merged: its runs and lines so far, and its problems.
  private var runsBefore: UInt32 = 0
  private var lines = 0
  private var log: ProblemLog?
  private var texts = StatementTexts()

  init(_ options: ReadingOptions) {
    activity = ActivityTable(options.activity)
    memory = options.memory
    ids = EventIDs(options)
  }

  /// Gives the statements away: millions of them must not be there twice.
  mutating func takeStatements() -> [Statement] {
    defer { statements = [] }
    return statements
  }

  /// Takes the ids of the next piece of a file; gives the lines of those known before.
  mutating func claim(_ piece: Reading) -> Set<Int32> {
    ids.claim(piece.ids, file: piece.file, linesBefore: Int32(clamping: lines))
  }

  /// Duplicates that are known now that all was read; nil where none was missed.
  mutating func missedDuplicates() -> FoundDuplicates? { ids.missed() }

  /// Adds the next piece of a file, of so many lines.
  mutating func absorb(_ piece: Reading, lines linesOfPiece: Int, into file: inout InputFile) {
    let renamed: [Symbol]
    if spilled == nil {
      renamed = symbols.absorb(piece.symbols)
      Self.absorb(piece, renamed, lines: lines, runs: runsBefore, into: &table, &symbols)
    } else {
      let ofTable = tableSymbols.absorb(piece.symbols)
      Self.absorb(piece, ofTable, lines: lines, runs: runsBefore, into: &table, &tableSymbols)
      renamed = tallied(piece)
    }
    let rename = { (symbol: Symbol) in renamed[Int(symbol.raw)] }
    let (path, runBase) = (piece.path, runsBefore)
    activity.absorb(piece.activity, symbols, rename: rename)
    for record in piece.agents {
      if record.rank == .event, !noted.insert(symbols.intern(record.agent.id)) { continue }
      agents.append(record)
    }
    absorb(piece.statements, of: path)
    trusts += piece.trusts
    reportedUses += piece.reportedUses
    credentials += piece.credentials
    cluster.absorb(piece.cluster)
    account.absorb(piece.account)
    links.absorb(piece.links, piece.symbols)
    joins.absorb(piece.joins)
    for session in piece.sessions where sessions[session.agent] == nil {
      sessions[session.agent] = session
    }
    cloud.absorb(piece.cloud)
    delegators += piece.delegators.map(rename)
    var log = log ?? ProblemLog(file: path, limits: piece.limits)
    log.absorb(piece.problems, lines: lines)
    self.log = log
    runs = max(runs, runBase + piece.runs)
    lines += linesOfPiece
    note(piece, in: &file)
    boundTable()
  }

  /// Adds what a thread tallied over several pieces.
  mutating func absorb(_ tally: ThreadTally) {
    var renamed = [Symbol](repeating: .absent, count: tally.symbols.count)
    tally.activity.forEachSymbol { symbol in
      guard symbol.isPresent, !renamed[Int(symbol.raw)].isPresent else { return }
      renamed[Int(symbol.raw)] = symbols.intern(symbol, of: tally.symbols)
    }
    activity.absorb(tally.activity, symbols) { renamed[Int($0.raw)] }
  }

  /// Adds the events of a piece that are kept one by one.
  private static func absorb(
    _ piece: Reading, _ renamed: [Symbol], lines: Int, runs runBase: UInt32,
    into table: inout EventTable, _ symbols: inout Symbols
  ) {
    let lineBase = Int32(clamping: lines)
    var isUnnamed = false
    let first = table.events.count
    table.absorb(piece.table, rename: { renamed[Int($0.raw)] }) { event in
      event.position.line += lineBase
      if event.run > 0 { event.run += runBase }
      if !event.id.isPresent { isUnnamed = true }
    }
    guard isUnnamed else { return }
    for index in first..<table.events.count where !table.events[index].id.isPresent {
      let name = "\(piece.path):\(table.events[index].position.line)"
      table.events[index].id = symbols.intern(name)
    }
  }

  /// The symbols of what a piece tallies, without the texts of single events.
  private mutating func tallied(_ piece: Reading) -> [Symbol] {
    var renamed = [Symbol](repeating: .absent, count: piece.symbols.count)
    func take(_ symbol: Symbol) {
      guard symbol.isPresent, !renamed[Int(symbol.raw)].isPresent else { return }
      renamed[Int(symbol.raw)] = symbols.intern(symbol, of: piece.symbols)
    }
    piece.activity.forEachSymbol(take)
    for delegator in piece.delegators { take(delegator) }
    return renamed
  }

  /// Puts the events away, once they take more memory than they may, and then page by page.
  private mutating func boundTable() {
    guard let memory else { return }
    if spilled == nil {
      guard table.bytes + symbols.size > memory.tableBytesMax else { return }
      spilled = SpilledEvents(memory)
      spill(symbols)
    } else if table.events.count >= SpilledEvents.pageEvents
      || table.bytes + tableSymbols.size > memory.tableBytesMax
    {
      spill(tableSymbols)
    }
  }

  private mutating func spill(_ symbols: Symbols) {
    spilled?.append(table, symbols)
    table = EventTable()
    tableSymbols = Symbols()
  }

  /// Puts the last events away, where others were.
  mutating func finishSpilling() {
    if spilled != nil, !table.events.isEmpty { spill(tableSymbols) }
  }

  /// Adds statements of a piece whose lines begin after those read before.
  private mutating func absorb(_ others: [Statement], of path: String) {
    for var statement in others {
      statement.position.line += Int32(clamping: lines)
      if statement.origin.policy.isEmpty {
        statement.origin.policy = "\(path):\(statement.position.line)"
      }
      texts.share(&statement)
      statements.append(statement)
    }
  }

  private func note(_ piece: Reading, in file: inout InputFile) {
    var times = piece.activity.times
    times.absorb(piece.uses.times)
    if let first = times.first { file.firstEvent = min(file.firstEvent ?? first, first) }
    if let last = times.last { file.lastEvent = max(file.lastEvent ?? last, last) }
    file.events += piece.activity.events + piece.uses.all.count
    file.agents += piece.agents.count { $0.rank != .event }
    file.statements += piece.statements.count
  }

  /// Ends a file; what comes next is of another.
  mutating func finish(_ file: inout InputFile) {
    if let log {
      file.problems += log.count
      problems += log.finished()
    }
    log = nil
    runsBefore = runs
    lines = 0
  }
}
