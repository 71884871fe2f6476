internal import CSimdjson
internal import Model

extension Source {
  /// Entries of Google Cloud's audit logs, read with `gcloud` or exported by a sink.
  static let googleAudit = log(
    GoogleAudit.self, name: "gcp-audit",
    summary: "entries of Google Cloud's audit logs: `gcloud logging read`, exports of a sink",
    under: ["entries"], fields: "`protoPayload.methodName` and `protoPayload.serviceName`"
  ) { record, prefix in
    record.has("\(prefix)protoPayload.methodName", .text)
      && record.has("\(prefix)protoPayload.serviceName", .text)
      && (record.has("\(prefix)logName", .text) || record.has("\(prefix)insertId", .text)
        || record.has("\(prefix)timestamp", .text))
  }
}

/// Reads log entries that hold an AuditLog, as "LogEntry" and "AuditLog" of Cloud Logging's
/// reference on cloud.google.com describe them.
///
/// Each permission that was checked is an event: what a request needed is what it used, and every
/// permission is granted or refused by itself. Of an operation that takes long the entry of its
/// beginning counts, and not the one of its end.
struct GoogleAudit: LogFormat {
  enum Slot: Int, LogSlot {
    case payloadType, method, resource, status
    case principal, subject, key, delegate, delegateSubject
    case permission, checked, granted
    case insertID, timestamp, received, logName, project, trace, span
    case operationFirst, operationLast, payload

    var path: String {
      switch self {
      case .payloadType: return "protoPayload.@type"
      case .method: return "protoPayload.methodName"
      case .resource: return "protoPayload.resourceName"
      case .status: return "protoPayload.status.code"
      case .principal: return "protoPayload.authenticationInfo.principalEmail"
      case .subject: return "protoPayload.authenticationInfo.principalSubject"
      case .key: return "protoPayload.authenticationInfo.serviceAccountKeyName"
      case .delegate:
        return "protoPayload.authenticationInfo.serviceAccountDelegationInfo"
          + ".firstPartyPrincipal.principalEmail"
      case .delegateSubject:
        return "protoPayload.authenticationInfo.serviceAccountDelegationInfo.principalSubject"
      case .permission: return "protoPayload.authorizationInfo.permission"
      case .checked: return "protoPayload.authorizationInfo.resource"
      case .granted: return "protoPayload.authorizationInfo.granted"
      case .insertID: return "insertId"
      case .timestamp: return "timestamp"
      case .received: return "receiveTimestamp"
      case .logName: return "logName"
      case .project: return "resource.labels.project_id"
      case .trace: return "trace"
      case .span: return "spanId"
      case .operationFirst: return "operation.first"
      case .operationLast: return "operation.last"
      case .payload: return "textPayload"
      }
    }
  }

  /// One permission that was checked, and the answer where the entry has one.
  private struct Check {
    var permission: LogText
    /// What it was checked on.
    var resource: LogText?
    var isGranted: Bool?
  }

  private var times = LogTimes()
  private let scratch = TextScratch()
  private let ids = TextScratch()
  private var checks: [Check] = []

  mutating func begin() {}

  mutating func read(_ record: LogRecord<Slot>, _ reading: inout Reading) {
    guard let method = record[.method] else {
      // Other logs lie beside the audit log; only what should be one of its entries is missed.
      let isOther = record[.payloadType] != nil || record[.payload] != nil
      let isEntry = record[.logName] != nil || record[.insertID] != nil
      if !isOther, !isEntry { reading.missing(.method, in: record) }
      return
    }
    let isEnd = record[isTrue: .operationLast] && !record[isTrue: .operationFirst]
    if isEnd { return }
    guard let time = times.time(of: record, .timestamp, .received, &reading) else { return }
    takeChecks(record)
    let agent = agent(record, &reading.symbols)
    if reading.isFirstSight(of: agent) { note(agent, &reading) }
    var event = Event(
      time: time, isTimed: true, agent: agent, action: .absent,
      position: reading.position(record.line))
    delegate(record, &event, &reading.symbols)
    if checks.isEmpty { checks.append(Check(permission: method)) }
    for (index, check) in checks.enumerated() {
      append(check, index, event, record, &reading)
    }
  }

  private mutating func append(
    _ check: Check, _ index: Int, _ base: Event, _ record: LogRecord<Slot>,
    _ reading: inout Reading
  ) {
    var event = base
    scratch.clear()
    scratch.append("gcp:")
    scratch.append(check.permission)
    event.action = reading.symbols.intern(scratch.text)
    event.outcome = outcome(check, record)
    // The request is on the resource that it names; what else was checked is on its own.
    let named = index == 0 ? record[.resource] : check.resource
    writeResource(named ?? record[.resource], record)
    writeID(check, index, record)
    reading.append(
      event, id: ids.text, resource: scratch.text, request: nil, of: record
    ) { event, reading in
      event.session = reading.symbol(record[.key])
      let trace = record[.trace]?.after(last: UInt8(ascii: "/"))
      reading.join(&event, trace: trace, span: record[.span])
    }
  }

  /// Writes the entry's id, and behind it the permission where it is not the first.
  private func writeID(_ check: Check, _ index: Int, _ record: LogRecord<Slot>) {
    ids.clear()
    guard let id = record[.insertID] else { return }
    ids.append(id)
    guard index > 0 else { return }
    ids.append("/")
    ids.append(check.permission)
  }

  /// Takes the permissions that were checked, each once: the fields of one check stand together, so
  /// one that is there again begins the next.
  private mutating func takeChecks(_ record: LogRecord<Slot>) {
    checks.removeAll(keepingCapacity: true)
    var next = Fields()
    for field in record.fields {
      switch Int(field.path) {
      case Slot.permission.rawValue where field.isString && field.length > 0:
        if next.permission != nil { end(&next) }
        next.permission = field.bytes
      case Slot.checked.rawValue where field.isString && field.length > 0:
        if next.resource != nil { end(&next) }
        next.resource = field.bytes
      case Slot.granted.rawValue where !field.isNull:
        if next.isGranted != nil { end(&next) }
        next.isGranted = field.isTrue
      default: break
      }
    }
    end(&next)
  }

  /// The fields of one check so far.
  private struct Fields {
    var permission: LogText?
    var resource: LogText?
    var isGranted: Bool?
  }

  /// Ends a check. A request may need one permission on several resources: a refusal of one counts.
  private mutating func end(_ fields: inout Fields) {
    defer { fields = Fields() }
    guard let permission = fields.permission else { return }
    guard let known = checks.firstIndex(where: { $0.permission.elementsEqual(permission) }) else {
      checks.append(
        Check(permission: permission, resource: fields.resource, isGranted: fields.isGranted))
      return
    }
    if fields.isGranted == false { checks[known].isGranted = false }
  }

  /// A code of 7 or 16 of google.rpc.Code says that the caller was not allowed, or not known.
  private func outcome(_ check: Check, _ record: LogRecord<Slot>) -> Outcome {
    if check.isGranted == false { return .denied }
    switch record[integer: .status] ?? 0 {
    case 0: return .allowed
    case 7, 16: return .denied
    default: return .failed
    }
  }

  private func agent(_ record: LogRecord<Slot>, _ symbols: inout Symbols) -> Symbol {
    if let principal = record[.principal] { return symbols.intern(principal) }
    guard let subject = record[.subject] else { return symbols.intern("allUsers") }
    return symbols.intern(GoogleAudit.id(ofSubject: subject))
  }

  /// The id in a principal's subject: `serviceAccount:` and `user:` stand before an address.
  private static func id(ofSubject subject: LogText) -> String {
    let text = subject.string
    if case .identity(let id) = GoogleNames.member(text) { return id }
    return text
  }

  /// The first of those who delegated asked for it; the last one handed it on.
  private func delegate(
    _ record: LogRecord<Slot>, _ event: inout Event, _ symbols: inout Symbols
  ) {
    guard record[.delegate] != nil || record[.delegateSubject] != nil else { return }
    let emails = record.texts(.delegate)
    let subjects = record.texts(.delegateSubject)
    if subjects.count > emails.count {
      let ids = subjects.map { symbols.intern(GoogleAudit.id(ofSubject: $0)) }
      event.actor = ids.first ?? .absent
      event.delegatedBy = ids.last ?? .absent
    } else {
      event.actor = emails.first.map { symbols.intern($0) } ?? .absent
      event.delegatedBy = emails.last.map { symbols.intern($0) } ?? .absent
    }
  }

  /// Writes a resource's name. Where a service leaves its project out, or gives it as a number, the
  /// project of the entry stands in its place.
  private func writeResource(_ name: LogText?, _ record: LogRecord<Slot>) {
    scratch.clear()
    guard let name else { return }
    let isElsewhere = name.begins(with: "organizations/") || name.begins(with: "folders/")
    guard !isElsewhere, let project = project(record) else { return scratch.append(name) }
    guard name.begins(with: "projects/") else {
      scratch.append("projects/")
      scratch.append(project)
      scratch.append("/")
      return scratch.append(name)
    }
    let rest = LogText(rebasing: name["projects/".utf8.count...])
    let own = rest.before(first: UInt8(ascii: "/"))
    let isNumber = own.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard isNumber || own.equals("_") || own.equals("-") else { return scratch.append(name) }
    scratch.append("projects/")
    scratch.append(project)
    scratch.append(LogText(rebasing: rest[own.count...]))
  }

  /// The project that an entry belongs to.
  private func project(_ record: LogRecord<Slot>) -> LogText? {
    if let project = record[.project] { return project }
    guard let log = record[.logName], log.begins(with: "projects/") else { return nil }
    return LogText(rebasing: log["projects/".utf8.count...]).before(first: UInt8(ascii: "/"))
  }

  private func note(_ symbol: Symbol, _ reading: inout Reading) {
    var agent = Agent(id: reading.symbols.text(symbol))
    agent.isInInventory = false
    if agent.id == "allUsers" {
      agent.attributes = [NamedValue(name: "principalType", value: "Anonymous")]
    } else {
      GoogleNames.describe(&agent)
    }
    reading.agents.append(AgentRecord(agent: agent, rank: .event))
  }
}
