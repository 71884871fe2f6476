internal import Model

/// Counts CloudTrail events that nobody looks at one by one.
///
/// What an event says about who acted, and what about the action, is told by a digest of these
/// fields once it was seen: such an event costs three look-ups and what it acted on.
struct CloudTrailUses {
  private struct Action {
    var symbol: Symbol
    var outcome: Outcome
    var rules: [CloudTrailResources.Rule]
    var isWatched: Bool
  }

  private struct Agent {
    var symbol: Symbol
    /// The piece in which it was noted last.
    var piece = 0
    /// What was noted, and the digest of the identity's type that it says.
    var record: AgentRecord?
    var type: UInt64 = 0
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

  /// Counts an event in the tally of the thread; false, with nothing done, where it is to be read in
  /// full: because it is looked at, or because something is wrong with it.
  mutating func count(_ values: CloudTrailValues, line: Int, _ reading: inout Reading) -> Bool {
    guard let number = reading.tally?.number, reading.uses.hasRoom else { return false }
    if number != tally { begin(tally: number) }
    guard let action = action(values, &reading), !actions[action].isWatched,
      let agent = agent(values, &reading), let text = values[.eventTime],
      let time = times.read(text)
    else { return false }
    let outcome = actions[action].outcome
    var use = TimedUse(cell: cell(agent, action, &reading), time: time, outcome: outcome)
    if outcome == .allowed {
      let digest = reading.digest
      reading.tally?.name(&use, resource(values, action), digest)
    }
    if agents[agent].piece != piece { note(agent, values, &reading) }
    reading.count(
      use, id: values[.eventID] ?? UnsafeBufferPointer(start: nil, count: 0),
      line: Int32(clamping: line))
    return true
  }

  /// Forgets what belongs to an earlier tally.
  private mutating func begin(tally number: Int) {
    self = CloudTrailUses(resources, scratch)
    tally = number
    piece = 1
  }

  private func resource(_ values: CloudTrailValues, _ action: Int) -> UnsafeBufferPointer<UInt8> {
    resources.text(values, rules: actions[action].rules, scratch)
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
    var digest = reading.digest.begin(source)
    reading.digest.add(name, to: &digest)
    reading.digest.add(values[.errorCode], to: &digest)
    reading.digest.add(values[.consoleLogin], to: &digest)
    let key = IDDigest.end(digest, values[.errorMessage] == nil ? 1 : 2)
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
    var digest = reading.digest.begin(values[.identityType])
    if let issuer = values[.issuerArn] {
      reading.digest.add(issuer, to: &digest)
    } else {
      // In the order in which `CloudTrailAgents` asks for them.
      reading.digest.add(values[.arn], to: &digest)
      reading.digest.add(values[.accountId], to: &digest)
      reading.digest.add(values[.invokedBy], to: &digest)
      reading.digest.add(values[.principalId], to: &digest)
      reading.digest.add(values[.userName], to: &digest)
      reading.digest.add(values[.onBehalfOf], to: &digest)
    }
    let key = IDDigest.end(digest, values[.issuerArn] == nil ? 1 : 2)
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
    let type = IDDigest.end(reading.digest.begin(values[.identityType]), 1)
    if agents[agent].record == nil || agents[agent].type != type {
      guard let id = reading.tally?.symbols.text(agents[agent].symbol) else { return }
      agents[agent].record = CloudTrailAgents.record(id, values)
      agents[agent].type = type
    }
    if let record = agents[agent].record { reading.note(record, values) }
  }
}
