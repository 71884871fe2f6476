internal import CSimdjson
internal import Model

/// Reads CloudTrail events: one pass over each object, nothing allocated but what is kept.
final class CloudTrailReader {
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

  /// The values of one event by the index of their path; the first where there are several.
  struct Values {
    fileprivate var fields: [SequiturField] = []
    fileprivate var stamps: [UInt32] = []
    fileprivate var stamp: UInt32 = 0

    /// The text of a field; nil when it is absent, null, empty or no text.
    subscript(_ slot: Slot) -> UnsafeBufferPointer<UInt8>? {
      fields[slot.rawValue].isString ? self[index: slot.rawValue] : nil
    }

    /// The text, or number as text, at a path's index.
    subscript(index index: Int) -> UnsafeBufferPointer<UInt8>? {
      guard stamps[index] == stamp else { return nil }
      let field = fields[index]
      guard field.isString || field.isNumber, field.length > 0 else { return nil }
      return field.bytes
    }
  }

  private let fields = FieldReader()
  private let wrapped = FieldReader()
  private var wrappedPaths: [String: Int] = [:]
  private var values = Values()
  private var wanted: [Symbol] = []
  private var actions: [UInt64: Symbol] = [:]
  private var resources: CloudTrailResources
  private var scratch: [UInt8] = []

  init(_ reading: Reading) {
    for slot in Slot.allCases { _ = fields.add(slot.path) }
    resources = CloudTrailResources(fields)
    var indexed: [Int: Symbol] = [:]
    for attribute in reading.wanted {
      if let index = fields.add(attribute.path) { indexed[index] = attribute.symbol }
    }
    let count = max(indexed.keys.max() ?? 0, resources.pathIndexMax) + 1
    wanted = (0..<count).map { indexed[$0] ?? .absent }
    values.fields = Array(repeating: SequiturField(), count: count)
    values.stamps = Array(repeating: 0, count: count)
    for key in ["CloudTrailEvent", "eventJson"] { wrappedPaths[key] = wrapped.add(key) }
  }

  /// Reads one event and appends it, or says why not.
  func read(_ record: Record, _ reading: inout Reading) {
    append(fields.read(record.bytes), record, &reading)
  }

  /// Reads an event that is the text of a field.
  func readWrapped(_ record: Record, under key: String, _ reading: inout Reading) {
    let outer = wrapped.read(record.bytes)
    guard reading.accepts(outer, of: record) else { return }
    guard let inner = outer.fields.first(where: { Int($0.path) == wrappedPaths[key] }),
      inner.isString
    else {
      reading.problem(line: record.line, "`\(key)` is missing", "not read")
      return
    }
    append(fields.readCopy(UnsafeRawBufferPointer(inner.bytes)), record, &reading)
  }

  private func append(
    _ result: FieldReader.Result, _ record: Record, _ reading: inout Reading
  ) {
    guard reading.accepts(result, of: record) else { return }
    take(result.fields, &reading)
    guard let event = event(line: record.line, &reading) else {
      reading.dropAttributes()
      return
    }
    reading.append(event)
  }

  private func take(_ found: UnsafeBufferPointer<SequiturField>, _ reading: inout Reading) {
    values.stamp &+= 1
    for field in found {
      let index = Int(field.path)
      if wanted[index].isPresent { reading.attribute(wanted[index], field) }
      if values.stamps[index] != values.stamp {
        values.stamps[index] = values.stamp
        values.fields[index] = field
      } else if index == Slot.resourceArn.rawValue {
        takeResource(field)
      }
    }
  }

  /// Of an object and its bucket the object is what was acted on: the longer of two where one
  /// begins with the other.
  private func takeResource(_ field: SequiturField) {
    let kept = values.fields[Slot.resourceArn.rawValue]
    guard field.isString, kept.isString, field.bytes.starts(with: kept.bytes) else { return }
    values.fields[Slot.resourceArn.rawValue] = field
  }

  private func event(line: Int, _ reading: inout Reading) -> Event? {
    guard let source = values[.eventSource], let name = values[.eventName] else {
      let missing = values[.eventSource] == nil ? "eventSource" : "eventName"
      reading.problem(line: line, "`\(missing)` is missing", "not read")
      return nil
    }
    guard let timeText = values[.eventTime] else {
      reading.problem(line: line, "`eventTime` is missing", "not read")
      return nil
    }
    guard let time = Timestamp(rfc3339: timeText) else {
      let text = String(decoding: timeText, as: UTF8.self)
      reading.problem(line: line, timeReason(text, name: "eventTime"), "not read")
      return nil
    }
    let identity = CloudTrailIdentity(values)
    guard let agent = identity.agent(&reading.symbols, &scratch) else {
      reading.problem(line: line, "no acting identity in `userIdentity`", "not read")
      return nil
    }
    var event = Event(
      time: time, isTimed: true, agent: agent,
      action: action(source: source, name: name, &reading.symbols),
      position: reading.position(line))
    event.id = symbol(.eventID, &reading.symbols)
    event.outcome = outcome()
    event.session = identity.session(&reading.symbols, &scratch)
    event.actor = symbol(.sourceIdentity, &reading.symbols)
    if !event.actor.isPresent { event.actor = symbol(.onBehalfOf, &reading.symbols) }
    event.resource = resources.symbol(values, source: source, &reading.symbols, &scratch)
    if reading.isFirstSight(of: agent) { identity.note(agent, &reading) }
    return event
  }

  private func symbol(_ slot: Slot, _ symbols: inout Symbols) -> Symbol {
    values[slot].map { symbols.intern($0) } ?? .absent
  }

  /// The IAM action of a service's event; worked out once for each pair.
  private func action(
    source: UnsafeBufferPointer<UInt8>, name: UnsafeBufferPointer<UInt8>,
    _ symbols: inout Symbols
  ) -> Symbol {
    let key = UInt64(symbols.intern(source).raw) << 32 | UInt64(symbols.intern(name).raw)
    if let known = actions[key] { return known }
    let action = symbols.intern(
      cloudTrailAction(
        source: String(decoding: source, as: UTF8.self),
        name: String(decoding: name, as: UTF8.self)))
    actions[key] = action
    return action
  }

  private func outcome() -> Outcome {
    if let code = values[.errorCode] {
      return CloudTrailReader.isDenial(String(decoding: code, as: UTF8.self)) ? .denied : .failed
    }
    if values[.errorMessage] != nil { return .failed }
    if let login = values[.consoleLogin], login.elementsEqual("Failure".utf8) { return .failed }
    return .allowed
  }

  /// Whether an error code says that the caller was not allowed, whatever service writes it.
  static func isDenial(_ code: String) -> Bool {
    // `AuthorizationHeaderMalformed` and the like are mistakes of the caller, not refusals.
    let words = [
      "AccessDenied", "Unauthorized", "UnauthorizedOperation", "NotAuthorized",
      "AuthorizationError", "Forbidden", "ExplicitDeny", "AccessForbidden",
    ]
    return words.contains { code.contains($0) }
  }
}
