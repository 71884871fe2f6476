internal import Model

/// Counts CloudTrail events in the tally of the thread.
///
/// What an event says about who acted, and what about the action, is told by a digest of these
/// fields once it was seen: an event that nobody looks at one by one costs three look-ups and what it
/// acted on.
struct CloudTrailUses {
  /// An event whose fields were seen before.
  struct Seen {
    fileprivate var action: Int
    fileprivate var agent: Int
    fileprivate var time: Timestamp
    /// What it acted on; empty where it does not say.
    var resource: UnsafeBufferPointer<UInt8>
    /// Whether it is to be kept.
    var isWatched: Bool
  }

  private struct Action {
    var symbol: Symbol
    var outcome: Outcome
    var rules: CloudTrailResources.RuleSet
    var isWatched: Bool
    var kept = PieceSymbol()
  }

  /// The symbol that a text of the tally has in the latest piece that asked for it.
  private struct PieceSymbol {
    private var piece = 0
    private var symbol = Symbol.absent

    mutating func symbol(
      of tallied: Symbol, in now: Int, _ reading: inout Reading
    ) -> Symbol {
      if piece != now, let texts = reading.tally?.symbols {
        piece = now
        symbol = reading.symbols.intern(tallied, of: texts)
      }
      return symbol
    }
  }

  private struct Agent {
    var symbol: Symbol
    /// The piece in which it was noted last.
    var piece = 0
    /// What was noted, and the digest of the identity's type that it says.
    var record: AgentRecord?
    var type: UInt64 = 0
    var kept = PieceSymbol()
  }

  private let resources: CloudTrailResources
  private let scratch: TextScratch
  private var times = TimestampReader()
  /// The tally whose symbols and cells these are, and the piece that is read.
  private var tally = 0
  private var piece = 0
  private var actions: [Action] = []
  private var agents: [Agent] = []
  private var names = CloudTrailAgents()
  /// Numbers of actions and agents by the digest of what an event says about them, of agents by
  /// their symbol, and of cells by agent and action.
  private var actionNumbers = NumberTable()
  private var identityNumbers = NumberTable()
  private var agentNumbers = NumberTable()
  private var cells = NumberTable()

  /// The most digests of identities that are kept: each session may have one.
  private static let identitiesMax = 1 << 18

  init(_ resources: CloudTrailResources, _ scratch: TextScratch) {
    self.resources = resources
    self.scratch = scratch
  }

  /// Begins a piece.
  mutating func begin() { piece += 1 }

  /// Counts an event in the tally of the thread; nil, with nothing done, where it is to be read in
  /// full: because there is no such tally, or because something is wrong with it.
  mutating func count(_ values: CloudTrailValues, line: Int, _ reading: inout Reading) -> Seen? {
    guard let number = reading.tally?.number, reading.uses.hasRoom else { return nil }
    if number != tally { begin(tally: number) }
    guard let action = action(values, &reading), let agent = agent(values, &reading),
      let text = values[.eventTime], let time = times.read(text)
    else { return nil }
    let outcome = actions[action].outcome
    let resource = resources.text(values, rules: actions[action].rules, scratch)
    var use = TimedUse(cell: cell(agent, action, &reading), time: time, outcome: outcome)
    if outcome == .allowed {
      let digest = reading.digest
      reading.tally?.name(&use, resource, digest)
    }
    if agents[agent].piece != piece { note(agent, values, &reading) }
    reading.count(
      use, id: values[.eventID] ?? UnsafeBufferPointer(start: nil, count: 0),
      line: Int32(clamping: line))
    return Seen(
      action: action, agent: agent, time: time, resource: resource,
      isWatched: actions[action].isWatched)
  }

  /// An event that was counted, to be kept in the piece.
  mutating func event(_ seen: Seen, line: Int, _ reading: inout Reading) -> Event {
    let (agent, action) = (agents[seen.agent].symbol, actions[seen.action].symbol)
    var event = Event(
      time: seen.time, isTimed: true,
      agent: agents[seen.agent].kept.symbol(of: agent, in: piece, &reading),
      action: actions[seen.action].kept.symbol(of: action, in: piece, &reading),
      position: reading.position(line))
    event.outcome = actions[seen.action].outcome
    return event
  }

  /// Forgets what belongs to an earlier tally.
  private mutating func begin(tally number: Int) {
    self = CloudTrailUses(resources, scratch)
    tally = number
    piece = 1
  }

  private mutating func cell(_ agent: Int, _ action: Int, _ reading: inout Reading) -> Int32 {
    let key = UInt64(agent + 1) << 32 | UInt64(action)
    let known = cells[key]
    if known >= 0 { return known }
    let cell = reading.tally?.cell(of: agents[agent].symbol, actions[action].symbol) ?? 0
    cells.insert(key, cell)
    return cell
  }

  /// The number of what an event says was done, and how it ended; nil where it does not.
  private mutating func action(_ values: CloudTrailValues, _ reading: inout Reading) -> Int? {
    guard let source = values[.eventSource], let name = values[.eventName] else { return nil }
    var digest = FieldsDigest(reading.digest)
    digest.add(source)
    digest.add(name)
    digest.add(values[.errorCode])
    digest.add(values[.consoleLogin])
    // Of a message it matters only that there is one.
    digest.add(values[.errorMessage] == nil ? nil : UnsafeBufferPointer(start: nil, count: 0))
    let key = digest.end
    let known = actionNumbers[key]
    if known >= 0 { return Int(known) }
    let sourceText = String(decoding: source, as: UTF8.self)
    let text = cloudTrailAction(source: sourceText, name: String(decoding: name, as: UTF8.self))
    guard let symbol = reading.tally?.withSymbols({ $0.intern(text) }) else { return nil }
    actionNumbers.insert(key, Int32(truncatingIfNeeded: actions.count))
    actions.append(
      Action(
        symbol: symbol, outcome: CloudTrailReader.outcome(values),
        rules: resources.rules(ofSource: sourceText), isWatched: reading.options.watches(text)))
    return actions.count - 1
  }

  /// The number of who acted; nil where the event does not say.
  private mutating func agent(_ values: CloudTrailValues, _ reading: inout Reading) -> Int? {
    var digest = FieldsDigest(reading.digest)
    digest.add(values[.identityType])
    digest.add(values[.issuerArn])
    if values[.issuerArn] == nil {
      // In the order in which `CloudTrailAgents` asks for them.
      digest.add(values[.arn])
      digest.add(values[.accountId])
      digest.add(values[.invokedBy])
      digest.add(values[.principalId])
      digest.add(values[.userName])
      digest.add(values[.onBehalfOf])
    }
    let key = digest.end
    let known = identityNumbers[key]
    if known >= 0 { return Int(known) }
    return newAgent(key, values, &reading)
  }

  private mutating func newAgent(
    _ key: UInt64, _ values: CloudTrailValues, _ reading: inout Reading
  ) -> Int? {
    guard let symbol = agentSymbol(values, &reading) else { return nil }
    if identityNumbers.count >= CloudTrailUses.identitiesMax { identityNumbers = NumberTable() }
    var number = agentNumbers[UInt64(symbol.raw)]
    if number < 0 {
      number = Int32(truncatingIfNeeded: agents.count)
      agentNumbers.insert(UInt64(symbol.raw), number)
      agents.append(Agent(symbol: symbol))
    }
    identityNumbers.insert(key, number)
    return Int(number)
  }

  private mutating func agentSymbol(
    _ values: CloudTrailValues, _ reading: inout Reading
  ) -> Symbol? {
    // `names` remembers by symbol, so it would grow with the sessions.
    if identityNumbers.count >= CloudTrailUses.identitiesMax { names = CloudTrailAgents() }
    return reading.tally?.withSymbols { names.agent(values, &$0, scratch) } ?? nil
  }

  /// Notes what an event says about its agent, which the piece has not named before.
  private mutating func note(_ agent: Int, _ values: CloudTrailValues, _ reading: inout Reading) {
    agents[agent].piece = piece
    var digest = FieldsDigest(reading.digest)
    digest.add(values[.identityType])
    let type = digest.end
    if agents[agent].record == nil || agents[agent].type != type {
      guard let id = reading.tally?.symbols.text(agents[agent].symbol) else { return }
      agents[agent].record = CloudTrailAgents.record(id, values)
      agents[agent].type = type
    }
    if let record = agents[agent].record { reading.note(record, values) }
  }
}
