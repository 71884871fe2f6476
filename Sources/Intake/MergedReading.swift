internal import Model

/// All pieces of the input taken together, in order of file and place.
struct MergedReading {
  private(set) var symbols = Symbols()
  private(set) var table = EventTable()
  private(set) var activity: ActivityTable
  private(set) var agents: [AgentRecord] = []
  private(set) var statements: [Statement] = []
  private(set) var trusts: [Trust] = []
  private(set) var cluster = ClusterObjects()
  private(set) var problems: [Problem] = []
  /// Agents that only events name.
  private(set) var delegators: [Symbol] = []
  private var ids = KnownIDs()
  private var noted = SymbolSet()
  private var runs: UInt32 = 0
  /// The file that is being merged: its runs and lines so far, and its problems.
  private var runsBefore: UInt32 = 0
  private var lines = 0
  private var log: ProblemLog?

  init(_ options: ReadingOptions) { activity = ActivityTable(options.activity) }

  /// Takes the ids of a piece, which must be the next; gives the lines of those known before.
  mutating func claim(_ ids: [EventID]) -> Set<Int32> { self.ids.claim(ids) }

  /// Adds the next piece of a file, of so many lines.
  mutating func absorb(_ piece: Reading, lines linesOfPiece: Int, into file: inout InputFile) {
    let renamed = symbols.absorb(piece.symbols)
    let rename = { (symbol: Symbol) in renamed[Int(symbol.raw)] }
    let lineBase = Int32(clamping: lines)
    let (path, runBase) = (piece.path, runsBefore)
    var unnamed: [Int] = []
    let first = table.events.count
    table.absorb(piece.table, rename: rename) { event in
      event.position.line += lineBase
      if event.run > 0 { event.run += runBase }
      if !event.id.isPresent { unnamed.append(Int(event.position.line)) }
    }
    if !unnamed.isEmpty {
      for index in first..<table.events.count where !table.events[index].id.isPresent {
        table.events[index].id = symbols.intern("\(path):\(table.events[index].position.line)")
      }
    }
    activity.absorb(piece.activity, symbols, rename: rename)
    for record in piece.agents {
      if record.rank == .event, !noted.insert(symbols.intern(record.agent.id)) { continue }
      agents.append(record)
    }
    statements += piece.statements
    trusts += piece.trusts
    cluster.absorb(piece.cluster)
    delegators += piece.delegators.map(rename)
    var log = log ?? ProblemLog(file: path, limits: piece.limits)
    log.absorb(piece.problems, lines: lines)
    self.log = log
    runs = max(runs, runBase + piece.runs)
    lines += linesOfPiece
    note(piece, in: &file)
  }

  private func note(_ piece: Reading, in file: inout InputFile) {
    let times = piece.activity.times
    if let first = times.first { file.firstEvent = min(file.firstEvent ?? first, first) }
    if let last = times.last { file.lastEvent = max(file.lastEvent ?? last, last) }
    file.events += piece.activity.events
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
