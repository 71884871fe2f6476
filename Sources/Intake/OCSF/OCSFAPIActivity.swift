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
    case actionID
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
  private var actions = NameMemo()
  private var errors = TextMemo<Outcome>()

  mutating func begin() { actions.begin() }

  mutating func read(_ record: LogRecord<Slot>, _ reading: inout Reading) {
    // A lake has other classes beside it, which are for other readers.
    if let number = record[integer: .classUID], number != 6003 { return }
    guard record[field: .classUID] != nil else {
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
    let action = action(operation, record, &reading.symbols)
    var event = Event(
      time: time, isTimed: true, agent: agent, action: action,
      position: reading.position(record.line))
    event.outcome = outcome(record)
    if reading.isFirstSight(of: agent) { note(agent, record, &reading) }
    reading.append(
      event, id: record[.uid] ?? record[.originalUID],
      resource: record[.resourceUID] ?? record[.resourceName], request: record[.requestUID],
      of: record
    ) { event, reading in
      event.session = reading.symbol(record[.sessionUID])
      reading.join(&event, trace: record[.traceUID], span: nil)
    }
  }

  private mutating func action(
    _ operation: LogText, _ record: LogRecord<Slot>, _ symbols: inout Symbols
  ) -> Symbol {
    // What it is made from, with a byte between that is in no text.
    scratch.clear()
    if let provider = record[.provider] { scratch.append(provider) }
    scratch.append(byte: 0xFF)
    if let service = record[.service] { scratch.append(service) }
    scratch.append(byte: 0xFF)
    scratch.append(operation)
    return actions.symbol(of: scratch.text, &symbols) { _ in
      apiAction(
        provider: record[.provider]?.string.lowercased() ?? "",
        service: record[.service]?.string ?? "", operation: operation.string)
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
  private mutating func outcome(_ record: LogRecord<Slot>) -> Outcome {
    let isDenied =
      record[integer: .actionID] == 2 || record[.authorizations]?.equals("Denied") == true
    if isDenied { return .denied }
    if let error = record[.responseError] {
      return errors.value(of: error) { error in
        let isDenial = DenialWords.areIn(code: error) || error.equals("PERMISSION_DENIED")
        return isDenial ? .denied : .failed
      }
    }
    switch record[integer: .statusID] {
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

/// The action of an API call, by the words of who provides the service.
private func apiAction(provider: String, service: String, operation: String) -> String {
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
