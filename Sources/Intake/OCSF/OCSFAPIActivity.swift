internal import Model

extension Source {
  /// Events of the OCSF class API Activity (6003), as security lakes and pipelines keep them.
  static let ocsfAPIActivity = log(
    OCSFAPIActivity.self, name: "ocsf-api-activity",
    summary: "OCSF events of the class API Activity (6003), from any product",
    under: ["events", "Records"], fields: "`class_uid`, `api.operation` and `actor`"
  ) { record, prefix in
    record.has("\(prefix)class_uid", .other) && record.has("\(prefix)time")
      && record.has("\(prefix)api.operation", .text) && record.has("\(prefix)actor", .object)
  }
}

/// Reads API Activity of the Open Cybersecurity Schema Framework (schema.ocsf.io, class 6003, from
/// version 1.0 on).
///
/// An action has the name that the product's own log would give it, so that one vocabulary serves
/// both: of AWS `s3:GetObject`, of Google `gcp:storage.objects.get`, of Azure
/// `azure:Microsoft.Compute/virtualMachines/write`, else `SERVICE:OPERATION`.
struct OCSFAPIActivity: LogFormat {
  enum Slot: Int, LogSlot {
    case classUID, time, timeText, operation, service, responseError, statusID, status
    case activityID, actionID
    case userUID, userAltUID, userName, userType, email, app, appUID, invokedBy
    case issuer, sessionUID, provider, uid, originalUID, traceUID, requestUID
    case resourceUID, resourceName, authorizations

    var path: String {
      switch self {
      case .classUID: return "class_uid"
      case .time: return "time"
      case .timeText: return "time_dt"
      case .operation: return "api.operation"
      case .service: return "api.service.name"
      case .responseError: return "api.response.error"
      case .statusID: return "status_id"
      case .status: return "status"
      case .activityID: return "activity_id"
      case .actionID: return "action_id"
      case .userUID: return "actor.user.uid"
      case .userAltUID: return "actor.user.uid_alt"
      case .userName: return "actor.user.name"
      case .userType: return "actor.user.type"
      case .email: return "actor.user.email_addr"
      case .app: return "actor.app_name"
      case .appUID: return "actor.app_uid"
      case .invokedBy: return "actor.invoked_by"
      case .issuer: return "actor.session.issuer"
      case .sessionUID: return "actor.session.uid"
      case .provider: return "cloud.provider"
      case .uid: return "metadata.uid"
      case .originalUID: return "metadata.original_event_uid"
      case .traceUID: return "metadata.trace_uid"
      case .requestUID: return "api.request.uid"
      case .resourceUID: return "resources.uid"
      case .resourceName: return "resources.name"
      case .authorizations: return "actor.authorizations.decision"
      }
    }
  }

  private var times = LogTimes()
  private let scratch = TextScratch()
  private var actions = ActionNames()

  mutating func begin() { actions.begin() }

  mutating func read(_ record: LogRecord<Slot>, _ reading: inout Reading) {
    // A lake has other classes beside it, which are for other readers.
    if let number = record.values[integer: .classUID], number != 6003 { return }
    guard record.values[field: .classUID] != nil else {
      return reading.missing(.classUID, in: record)
    }
    guard let operation = record[.operation] else {
      return reading.missing(.operation, in: record)
    }
    guard let time = times.time(of: record, .time, .timeText, &reading) else { return }
    guard let agent = agent(record, &reading.symbols) else {
      reading.problem(line: record.line, "no acting identity in `actor`", "not read")
      return
    }
    let action = actions.action(
      provider: record[.provider], service: record[.service], operation: operation,
      &reading.symbols)
    var event = Event(
      time: time, isTimed: true, agent: agent, action: action,
      position: reading.position(record.line))
    event.outcome = outcome(record)
    if reading.isFirstSight(of: agent) { note(agent, record, &reading) }
    let nothing = LogText(start: nil, count: 0)
    reading.append(
      event, id: record[.uid] ?? record[.originalUID] ?? nothing,
      resource: record[.resourceUID] ?? record[.resourceName] ?? nothing, of: record
    ) { event, reading in
      event.session = record[.sessionUID].map { reading.symbols.intern($0) } ?? .absent
      reading.join(&event, request: record[.requestUID])
      reading.join(&event, trace: record[.traceUID], span: nil)
    }
  }

  /// A session acts as what issued it; else a user's ARN, address or name is what people know,
  /// before an id of the product's own.
  private func agent(_ record: LogRecord<Slot>, _ symbols: inout Symbols) -> Symbol? {
    if let issuer = record[.issuer], issuer.begins(with: "arn:") { return symbols.intern(issuer) }
    let uid =
      record[.userUID]?.begins(with: "arn:") == true ? record[.userUID] : record[.userAltUID]
    if let uid, uid.begins(with: "arn:") {
      let isSession = CloudTrailAgents.writeRole(ofSession: uid, to: scratch)
      return symbols.intern(isSession ? scratch.text : uid)
    }
    let found =
      record[.email] ?? record[.userUID] ?? record[.userName] ?? record[.userAltUID] ?? record[.app]
      ?? record[.appUID] ?? record[.invokedBy]
    guard let found else { return nil }
    // The principal id of a session has the session's name behind it.
    let isSession = found.begins(with: "AROA")
    return symbols.intern(isSession ? found.before(first: UInt8(ascii: ":")) : found)
  }

  /// Refused where the product says so: by its decision, or in the words of its error.
  private func outcome(_ record: LogRecord<Slot>) -> Outcome {
    let isDenied =
      record.values[integer: .actionID] == 2 || record[.authorizations]?.equals("Denied") == true
    if isDenied { return .denied }
    if let error = record[.responseError] {
      let word = error.string
      if CloudTrailReader.isDenial(word) || word == "PERMISSION_DENIED" { return .denied }
      return .failed
    }
    switch record.values[integer: .statusID] {
    case 1: return .allowed
    case 2: return .failed
    default:
      guard let status = record[.status] else { return .unknown }
      if status.equals("Success") { return .allowed }
      return status.equals("Failure") ? .failed : .unknown
    }
  }

  private func note(_ symbol: Symbol, _ record: LogRecord<Slot>, _ reading: inout Reading) {
    var agent = Agent(id: reading.symbols.text(symbol))
    agent.isInInventory = false
    if let type = record[.userType]?.string {
      agent.attributes = [NamedValue(name: "principalType", value: type)]
      switch type {
      case "AssumedRole", "Role": agent.kind = .role
      case "IAMUser", "Root", "IdentityCenterUser", "User", "Admin": agent.kind = .user
      case "AWSService", "System", "Service": agent.kind = .workload
      default: break
      }
    }
    let isRole = agent.id.hasPrefix("arn:") && agent.id.contains(":role/")
    if isRole { agent.kind = .role }
    if agent.id.hasSuffix(".gserviceaccount.com") { agent.kind = .serviceAccount }
    if let name = record[.userName]?.string, name != agent.id, !isRole { agent.name = name }
    reading.agents.append(AgentRecord(agent: agent, rank: .event))
  }
}

/// The actions of API calls by provider, service and operation, each worked out once.
private struct ActionNames {
  private struct Entry {
    var action: String
    /// The piece in which `symbol` was interned.
    var piece = 0
    var symbol = Symbol.absent
  }

  private var names = Symbols()
  private var numbers = NumberTable()
  private var entries: [Entry] = []
  private var piece = 1

  mutating func begin() { piece += 1 }

  mutating func action(
    provider: LogText?, service: LogText?, operation: LogText, _ symbols: inout Symbols
  ) -> Symbol {
    let service = service.map { names.intern($0).raw } ?? Symbol.absent.raw
    // Of providers there are a handful, and none has a service of another's name.
    let key = UInt64(service) << 32 | UInt64(names.intern(operation).raw)
    var index = Int(numbers[key])
    if index < 0 {
      index = entries.count
      numbers.insert(key, Int32(truncatingIfNeeded: index))
      let text = ActionNames.text(
        provider: provider?.string.lowercased() ?? "",
        service: service == Symbol.absent.raw ? "" : names.text(Symbol(raw: service)),
        operation: operation.string)
      entries.append(Entry(action: text))
    }
    if entries[index].piece != piece {
      entries[index].piece = piece
      entries[index].symbol = symbols.intern(entries[index].action)
    }
    return entries[index].symbol
  }

  private static func text(provider: String, service: String, operation: String) -> String {
    if provider == "aws" || service.hasSuffix(".amazonaws.com") {
      return cloudTrailAction(source: service, name: operation)
    }
    if provider == "gcp" || provider == "google" || service.hasSuffix(".googleapis.com") {
      return "gcp:\(operation)"
    }
    if provider == "azure" || operation.lowercased().hasPrefix("microsoft.") {
      return "azure:\(operation)"
    }
    return service.isEmpty ? operation : "\(service):\(operation)"
  }
}
