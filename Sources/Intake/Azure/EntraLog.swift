internal import Model

/// Where the fields of a directory's logs stand: Graph gives them at the root, diagnostic settings
/// under `properties`.
protocol EntraPlace: Sendable {
  static var prefix: String { get }
}

/// At the root.
enum EntraRoot: EntraPlace {
  static let prefix = ""
}

/// Under `properties`.
enum EntraProperties: EntraPlace {
  static let prefix = "properties."
}

/// Reads sign-ins and audit events of Microsoft Entra, as "signIn resource type" and
/// "directoryAudit resource type" of Microsoft Graph's reference describe them.
///
/// A sign-in is the action `entra:sign-in`; an audit event is named by its activity:
/// `entra:add-app-role-assignment-to-service-principal`.
struct EntraLog<Place: EntraPlace>: LogFormat {
  enum Slot: Int, LogSlot {
    case id, created, activityTime, activity, result
    case servicePrincipal, servicePrincipalName, user, userName, app, resource
    case errorCode, token, byApp, byAppID, byAppName, byUser, byUserName
    case target, targetName

    var path: String { Place.prefix + name }

    private var name: String {
      switch self {
      case .id: return "id"
      case .created: return "createdDateTime"
      case .activityTime: return "activityDateTime"
      case .activity: return "activityDisplayName"
      case .result: return "result"
      case .servicePrincipal: return "servicePrincipalId"
      case .servicePrincipalName: return "servicePrincipalName"
      case .user: return "userId"
      case .userName: return "userPrincipalName"
      case .app: return "appId"
      case .resource: return "resourceDisplayName"
      case .errorCode: return "status.errorCode"
      case .token: return "uniqueTokenIdentifier"
      case .byApp: return "initiatedBy.app.servicePrincipalId"
      case .byAppID: return "initiatedBy.app.appId"
      case .byAppName: return "initiatedBy.app.displayName"
      case .byUser: return "initiatedBy.user.id"
      case .byUserName: return "initiatedBy.user.userPrincipalName"
      case .target: return "targetResources.id"
      case .targetName: return "targetResources.displayName"
      }
    }
  }

  private var times = LogTimes()
  private var activities = NameMemo()

  init() {}

  mutating func begin() { activities.begin() }

  mutating func read(_ record: LogRecord<Slot>, _ reading: inout Reading) {
    guard let time = times.time(of: record, .activityTime, .created, &reading) else { return }
    let activity = record[.activity]
    guard activity != nil || record[.app] != nil || record[.servicePrincipal] != nil else {
      reading.problem(
        line: record.line, "neither `activityDisplayName` nor `appId`", "not read")
      return
    }
    guard let agent = activity == nil ? signedIn(record) : initiator(record) else {
      reading.problem(line: record.line, "no acting identity", "not read")
      return
    }
    let action =
      activity.map { activities.symbol(of: $0, &reading.symbols, make: EntraLog.action) }
      ?? reading.symbols.intern("entra:sign-in")
    var event = Event(
      time: time, isTimed: true, agent: reading.symbols.intern(agent), action: action,
      position: reading.position(record.line))
    event.outcome = activity == nil ? signInOutcome(record) : auditOutcome(record)
    if reading.isFirstSight(of: event.agent) { note(event.agent, record, &reading) }
    let resource =
      activity == nil ? record[.resource] : record[.target] ?? record[.targetName]
    reading.append(event, id: record[.id], resource: resource, request: nil, of: record) {
      event, reading in
      event.session = reading.symbol(record[.token])
    }
  }

  /// Who signed in: a user, else an application as its service principal.
  private func signedIn(_ record: LogRecord<Slot>) -> LogText? {
    let user = record[.user].flatMap { isNobody($0) ? nil : $0 }
    let principal = record[.servicePrincipal].flatMap { isNobody($0) ? nil : $0 }
    return user ?? principal ?? record[.app]
  }

  private func initiator(_ record: LogRecord<Slot>) -> LogText? {
    let app = record[.byApp].flatMap { isNobody($0) ? nil : $0 }
    return app ?? record[.byAppID] ?? record[.byUser] ?? record[.byUserName] ?? record[.byAppName]
  }

  /// The id of nobody: only zeros.
  private func isNobody(_ text: LogText) -> Bool {
    text.allSatisfy { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "-") }
  }

  /// `entra:add-app-role-assignment` of `Add app role assignment `.
  private static func action(of activity: LogText) -> String {
    let words = activity.split {
      let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
      return !isLetter && !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
    }
    let folded = words.map { String(decoding: $0, as: UTF8.self).lowercased() }
    return "entra:" + folded.joined(separator: "-")
  }

  /// Refused where the caller is known and may not: blocked by a policy, not assigned, without
  /// consent, or switched off; other codes are of a sign-in that went wrong.
  private func signInOutcome(_ record: LogRecord<Slot>) -> Outcome {
    guard let code = record[integer: .errorCode] else { return .unknown }
    switch code {
    case 0: return .allowed
    case 50_057, 50_105, 53_000...53_004, 65_001, 7_000_112: return .denied
    default: return .failed
    }
  }

  private func auditOutcome(_ record: LogRecord<Slot>) -> Outcome {
    guard let result = record[.result] else { return .unknown }
    if result.equals("success") { return .allowed }
    return result.equals("failure") || result.equals("timeout") ? .failed : .unknown
  }

  private func note(_ symbol: Symbol, _ record: LogRecord<Slot>, _ reading: inout Reading) {
    let id = reading.symbols.text(symbol)
    var agent = Agent(id: id)
    agent.isInInventory = false
    let isUser = [record[.user], record[.byUser], record[.byUserName]].contains {
      $0?.string == id
    }
    AzureNames.describe(&agent, type: isUser ? "User" : "ServicePrincipal")
    let name =
      isUser
      ? record[.userName] ?? record[.byUserName]
      : record[.servicePrincipalName] ?? record[.byAppName]
    agent.name = name?.string
    let alias = isUser ? record[.userName] ?? record[.byUserName] : record[.app] ?? record[.byAppID]
    if let alias = alias?.string, alias != id { agent.aliases = [alias] }
    reading.agents.append(AgentRecord(agent: agent, rank: .event))
  }
}
