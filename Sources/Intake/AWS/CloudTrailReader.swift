internal import CSimdjson
internal import Model

/// Reads CloudTrail events: one pass over each object, nothing allocated but what is kept.
struct CloudTrailReader {
  /// The fields that are read, by the index of their path.
  enum Slot: Int, CaseIterable {
    case eventTime, eventSource, eventName, eventID, errorCode, errorMessage, awsRegion,
      recipientAccountId
    case identityType, arn, principalId, accountId, accessKeyId, userName, invokedBy
    case issuerArn, issuerType, sourceIdentity, onBehalfOf, consoleLogin
    case resourceArn

    var path: String {
      switch self {
      case .eventTime: return "eventTime"
      case .eventSource: return "eventSource"
      case .eventName: return "eventName"
      case .eventID: return "eventID"
      case .errorCode: return "errorCode"
      case .errorMessage: return "errorMessage"
      case .awsRegion: return "awsRegion"
      case .recipientAccountId: return "recipientAccountId"
      case .identityType: return "userIdentity.type"
      case .arn: return "userIdentity.arn"
      case .principalId: return "userIdentity.principalId"
      case .accountId: return "userIdentity.accountId"
      case .accessKeyId: return "userIdentity.accessKeyId"
      case .userName: return "userIdentity.userName"
      case .invokedBy: return "userIdentity.invokedBy"
      case .issuerArn: return "userIdentity.sessionContext.sessionIssuer.arn"
      case .issuerType: return "userIdentity.sessionContext.sessionIssuer.type"
      case .sourceIdentity: return "userIdentity.sessionContext.sourceIdentity"
      case .onBehalfOf: return "userIdentity.onBehalfOf.userId"
      case .consoleLogin: return "responseElements.ConsoleLogin"
      case .resourceArn: return "resources.ARN"
      }
    }
  }

  private let fields = FieldReader()
  private let wrapped = FieldReader()
  private var wrappedPaths: [String: Int] = [:]
  private var values = CloudTrailValues()
  private var wanted: [Symbol] = []
  private var actions = CloudTrailActions()
  private var outcomes: [Symbol: Outcome] = [:]
  private var agents = CloudTrailAgents()
  private var times = TimestampReader()
  private let resources: CloudTrailResources
  private let joins: CloudTrailJoins
  private var uses: CloudTrailUses
  private let scratch = TextScratch()

  init(_ reading: Reading) {
    for slot in Slot.allCases { _ = fields.add(slot.path) }
    resources = CloudTrailResources(fields)
    joins = CloudTrailJoins(fields, reading)
    var indexed: [Int: Symbol] = [:]
    for attribute in reading.wanted {
      if let index = fields.add(attribute.path) { indexed[index] = attribute.symbol }
    }
    let count = max(indexed.keys.max() ?? 0, resources.pathIndexMax, joins.pathIndexMax) + 1
    wanted = (0..<count).map { indexed[$0] ?? .absent }
    uses = CloudTrailUses(resources, scratch)
    for key in ["CloudTrailEvent", "eventJson"] { wrappedPaths[key] = wrapped.add(key) }
  }

  /// Begins a piece, which has symbols of its own; those of the wanted paths, which every reading
  /// interns first, are the same in all.
  private mutating func begin() {
    actions.begin()
    uses.begin()
    outcomes.removeAll(keepingCapacity: true)
    agents = CloudTrailAgents()
  }

  /// Reads one event and appends it, or says why not.
  mutating func read(_ record: Record, _ reading: inout Reading) {
    append(fields.read(record.bytes), record, &reading)
  }

  /// Reads a block of events, one a line; returns how many lines it has.
  mutating func read(_ block: LineBlock, _ reading: inout Reading) -> Int {
    begin()
    return readLines(of: block, fields, into: &reading) { append($0, $1, &$2) }
  }

  /// Reads a block of lines that have an event as the text of a field.
  mutating func readWrapped(_ block: LineBlock, under key: String, _ reading: inout Reading) -> Int
  {
    begin()
    return readLines(of: block, wrapped, into: &reading) { appendWrapped($0, $1, under: key, &$2) }
  }

  /// Reads an event that is the text of a field.
  mutating func readWrapped(_ record: Record, under key: String, _ reading: inout Reading) {
    appendWrapped(wrapped.read(record.bytes), record, under: key, &reading)
  }

  private mutating func appendWrapped(
    _ outer: FieldReader.Result, _ record: Record, under key: String, _ reading: inout Reading
  ) {
    guard reading.accepts(outer, of: record) else { return }
    guard let inner = outer.fields.first(where: { Int($0.path) == wrappedPaths[key] }),
      inner.isString
    else {
      reading.problem(line: record.line, "`\(key)` is missing", "not read")
      return
    }
    append(fields.readCopy(UnsafeRawBufferPointer(inner.bytes)), record, &reading)
  }

  private mutating func append(
    _ result: FieldReader.Result, _ record: Record, _ reading: inout Reading
  ) {
    guard reading.accepts(result, of: record) else { return }
    values = CloudTrailValues(result.fields, of: fields)
    let id = values[.eventID] ?? UnsafeBufferPointer(start: nil, count: 0)
    if let seen = uses.count(values, line: record.line, &reading) {
      joins.noteGrant(values, &reading)
      guard seen.isWatched else { return }
      var event = uses.event(seen, line: record.line, &reading)
      if !seen.resource.isEmpty { event.resource = reading.symbols.intern(seen.resource) }
      keep(&event, id: id, result.fields, &reading)
      return
    }
    guard var event = event(line: record.line, &reading), reading.count(event, id: id) else {
      return
    }
    joins.noteGrant(values, &reading)
    let resource = resources.text(values, rules: actions.rules, scratch)
    let isWatched = reading.watches(event.action)
    if isWatched, !resource.isEmpty { event.resource = reading.symbols.intern(resource) }
    reading.tally(event, resource: resource)
    if isWatched { keep(&event, id: id, result.fields, &reading) }
  }

  /// Keeps an event with the attributes that policies ask for.
  private mutating func keep(
    _ event: inout Event, id: UnsafeBufferPointer<UInt8>,
    _ fields: UnsafeBufferPointer<SequiturField>, _ reading: inout Reading
  ) {
    complete(&event, id: id, &reading)
    for field in fields where wanted[Int(field.path)].isPresent {
      reading.attribute(wanted[Int(field.path)], field)
    }
    reading.keep(event)
    reading.dropAttributes()
  }

  /// Fills in what only an event that is kept needs.
  private mutating func complete(
    _ event: inout Event, id: UnsafeBufferPointer<UInt8>, _ reading: inout Reading
  ) {
    if !id.isEmpty { event.id = reading.symbols.intern(id) }
    event.session = agents.session(values, &reading.symbols, scratch)
    event.actor = symbol(.sourceIdentity, &reading.symbols)
    if !event.actor.isPresent { event.actor = symbol(.onBehalfOf, &reading.symbols) }
    event.offset = reading.offset
    joins.join(&event, values, &reading)
  }

  private mutating func event(line: Int, _ reading: inout Reading) -> Event? {
    guard let source = values[.eventSource], let name = values[.eventName] else {
      let missing = values[.eventSource] == nil ? "eventSource" : "eventName"
      reading.problem(line: line, "`\(missing)` is missing", "not read")
      return nil
    }
    guard let timeText = values[.eventTime] else {
      reading.problem(line: line, "`eventTime` is missing", "not read")
      return nil
    }
    guard let time = times.read(timeText) else {
      let text = String(decoding: timeText, as: UTF8.self)
      reading.problem(line: line, timeReason(text, name: "eventTime"), "not read")
      return nil
    }
    guard let agent = agents.agent(values, &reading.symbols, scratch) else {
      reading.problem(line: line, "no acting identity in `userIdentity`", "not read")
      return nil
    }
    var event = Event(
      time: time, isTimed: true, agent: agent,
      action: actions.action(source: source, name: name, resources, &reading.symbols),
      position: reading.position(line))
    event.outcome = outcome(&reading.symbols)
    if reading.isFirstSight(of: agent) {
      reading.note(CloudTrailAgents.record(reading.symbols.text(agent), values), values)
    }
    return event
  }

  private func symbol(_ slot: Slot, _ symbols: inout Symbols) -> Symbol {
    values[slot].map { symbols.intern($0) } ?? .absent
  }

  private mutating func outcome(_ symbols: inout Symbols) -> Outcome {
    if let code = values[.errorCode] {
      let symbol = symbols.intern(code)
      if let known = outcomes[symbol] { return known }
      let outcome = CloudTrailReader.outcome(values)
      outcomes[symbol] = outcome
      return outcome
    }
    return CloudTrailReader.outcome(values)
  }

  /// How an event ended.
  static func outcome(_ values: CloudTrailValues) -> Outcome {
    if let code = values[.errorCode] {
      return DenialWords.areIn(code: code) ? .denied : .failed
    }
    if values[.errorMessage] != nil { return .failed }
    if let login = values[.consoleLogin], login.elementsEqual("Failure".utf8) { return .failed }
    return .allowed
  }
}
