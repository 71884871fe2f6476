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
  private let scratch = TextScratch()

  init() {}

  mutating func begin() {}

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
    scratch.clear()
    scratch.append("entra:")
    if let activity { writeWords(activity) } else { scratch.append("sign-in") }
    let action = reading.symbols.intern(scratch.text)
    var event = Event(
      time: time, isTimed: true, agent: reading.symbols.intern(agent), action: action,
      position: reading.position(record.line))
    event.outcome = activity == nil ? signInOutcome(record) : auditOutcome(record)
    if reading.isFirstSight(of: event.agent) { note(event.agent, record, &reading) }
    let nothing = LogText(start: nil, count: 0)
    let resource =
      activity == nil ? record[.resource] : record[.target] ?? record[.targetName]
    reading.append(
      event, id: record[.id] ?? nothing, resource: resource ?? nothing, of: record
    ) { event, reading in
      event.session = record[.token].map { reading.symbols.intern($0) } ?? .absent
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

  /// Writes `add-app-role-assignment` for `Add app role assignment `.
  private func writeWords(_ text: LogText) {
    var isBetween = false
    var hasBegun = false
    for byte in text {
      let folded = byte | 0x20
      let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(folded)
      let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      guard isLetter || isDigit else {
        isBetween = hasBegun
        continue
      }
      if isBetween { scratch.append("-") }
      isBetween = false
      hasBegun = true
      scratch.append([isLetter ? folded : byte])
    }
  }

  /// Refused where the caller is known and may not: blocked by a policy, not assigned, without
  /// consent, or switched off; other codes are of a sign-in that went wrong.
  private func signInOutcome(_ record: LogRecord<Slot>) -> Outcome {
    guard let code = record.values[integer: .errorCode] else { return .unknown }
    let refusals = [50_057, 50_105, 53_000, 53_001, 53_002, 53_003, 53_004, 65_001, 7_000_112]
    return code == 0 ? .allowed : refusals.contains(code) ? .denied : .failed
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
