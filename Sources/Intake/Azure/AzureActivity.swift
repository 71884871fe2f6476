internal import Model

extension Source {
  /// Azure's activity log: asked for, or exported by diagnostic settings.
  static let azureActivity = log(
    AzureActivity.self, name: "azure-activity",
    summary: "Azure's activity log: `az monitor activity-log list`, diagnostic settings",
    under: ["value", "records"], fields: "`operationName`, `resourceId` and a status"
  ) { record, prefix in
    let isAsked =
      record.has("\(prefix)operationName.value", .text)
      && record.has("\(prefix)eventTimestamp", .text) && record.has("\(prefix)status.value", .text)
    if isAsked { return true }
    let categories = record.texts["\(prefix)category"] ?? []
    return record.has("\(prefix)operationName", .text) && record.has("\(prefix)time", .text)
      && record.has("\(prefix)resourceId", .text)
      && categories.contains { AzureActivity.categories.contains($0) }
  }
}

/// Reads events of Azure's activity log, as "Azure Activity Log event schema" on
/// learn.microsoft.com describes them in both of their forms.
///
/// An operation has an event when it begins and one when it is over; the latter counts.
struct AzureActivity: LogFormat {
  /// The categories of the log; diagnostic settings write other logs in the same form.
  static let categories: Set<String> = [
    "Administrative", "Alert", "Autoscale", "Policy", "Recommendation", "ResourceHealth",
    "Security", "ServiceHealth",
  ]

  enum Slot: Int, LogSlot {
    case operation, exportedOperation, action, exportedAction
    case timestamp, exportedTime, resource, exportedResource
    case status, exportedStatus, subStatus, exportedSubStatus, statusCode
    case caller, object, exportedObject, application, exportedApplication, principal, principalType
    case idType, exportedIDType, token, exportedToken, name, exportedName
    case eventData, category, exportedCategory, clientRequest

    var path: String {
      switch self {
      case .operation: return "operationName.value"
      case .exportedOperation: return "operationName"
      case .action: return "authorization.action"
      case .exportedAction: return "identity.authorization.action"
      case .timestamp: return "eventTimestamp"
      case .exportedTime: return "time"
      case .resource: return "resourceId"
      case .exportedResource: return "authorization.scope"
      case .status: return "status.value"
      case .exportedStatus: return "resultType"
      case .subStatus: return "subStatus.value"
      case .exportedSubStatus: return "resultSignature"
      case .statusCode: return "properties.statusCode"
      case .caller: return "caller"
      case .object: return "claims.\(AzureActivity.objectClaim)"
      case .exportedObject: return "identity.claims.\(AzureActivity.objectClaim)"
      case .application: return "claims.appid"
      case .exportedApplication: return "identity.claims.appid"
      case .principal: return "identity.authorization.evidence.principalId"
      case .principalType: return "identity.authorization.evidence.principalType"
      case .idType: return "claims.idtyp"
      case .exportedIDType: return "identity.claims.idtyp"
      case .token: return "claims.uti"
      case .exportedToken: return "identity.claims.uti"
      case .name: return "claims.name"
      case .exportedName: return "identity.claims.name"
      case .eventData: return "eventDataId"
      case .category: return "category.value"
      case .exportedCategory: return "category"
      case .clientRequest: return "httpRequest.clientRequestId"
      }
    }
  }

  /// The claim with the object id of the caller; its name has points, which part no keys.
  private static let objectClaim =
    #"http://schemas\.microsoft\.com/identity/claims/objectidentifier"#

  private var times = LogTimes()
  private var isOwnCategory = TextMemo<Bool>()
  private let scratch = TextScratch()

  mutating func begin() {}

  mutating func read(_ record: LogRecord<Slot>, _ reading: inout Reading) {
    guard let operation = record[.operation] ?? record[.exportedOperation] else {
      return reading.missing(.operation, in: record)
    }
    if let category = record[.exportedCategory],
      !isOwnCategory.value(of: category, make: { AzureActivity.categories.contains($0.string) })
    {
      let shown = quoted(category.string)
      reading.problem(
        line: record.line, "`category` \(shown) is none of the activity log", "not read")
      return
    }
    let status = record[.status] ?? record[.exportedStatus]
    // An operation that has begun, or was taken on, is not over.
    if let status, status.begins(with: "Start") || status.begins(with: "Accept") { return }
    guard let time = times.time(of: record, .timestamp, .exportedTime, &reading) else { return }
    guard let agent = agent(record, &reading.symbols) else {
      // The health of a service and advice on it are events that nobody caused.
      let category = record[.category] ?? record[.exportedCategory]
      if category == nil || category?.equals("Administrative") == true {
        reading.problem(
          line: record.line, "no acting identity: neither `caller` nor claims", "not read")
      }
      return
    }
    // Exports write the operation in capitals, but what was authorised as it is.
    let authorised = record[.action] ?? record[.exportedAction]
    let isSame = authorised.map { AzureActivity.isSame($0, operation) } ?? false
    scratch.clear()
    scratch.append("azure:")
    scratch.append(isSame ? authorised ?? operation : operation)
    var event = Event(
      time: time, isTimed: true, agent: agent, action: reading.symbols.intern(scratch.text),
      position: reading.position(record.line))
    event.outcome = outcome(status, record)
    if reading.isFirstSight(of: agent) { note(agent, record, &reading) }
    scratch.clear()
    if let resource = record[.resource] ?? record[.exportedResource] {
      scratch.appendLowercased(resource)
    }
    reading.append(
      event, id: record[.eventData], resource: scratch.text, request: record[.clientRequest],
      of: record
    ) { event, reading in
      event.session = reading.symbol(record[.token] ?? record[.exportedToken])
    }
  }

  private static func isSame(_ left: LogText, _ right: LogText) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { $0 | 0x20 == $1 | 0x20 }
  }

  /// The caller by the id of its object, by which roles are assigned; else by what there is.
  private func agent(_ record: LogRecord<Slot>, _ symbols: inout Symbols) -> Symbol? {
    if let object = record[.object] ?? record[.exportedObject] { return symbols.intern(object) }
    if let principal = record[.principal] {
      guard principal.count == 32 else { return symbols.intern(principal) }
      // Exports leave the dashes out.
      scratch.clear()
      var start = 0
      for end in [8, 12, 16, 20, 32] {
        if start > 0 { scratch.append("-") }
        scratch.append(LogText(rebasing: principal[start..<end]))
        start = end
      }
      return symbols.intern(scratch.text)
    }
    let found = record[.application] ?? record[.exportedApplication] ?? record[.caller]
    return found.map { symbols.intern($0) }
  }

  private func outcome(_ status: LogText?, _ record: LogRecord<Slot>) -> Outcome {
    guard let status else { return .unknown }
    if status.begins(with: "Succe") || status.equals("Active") || status.equals("Resolved") {
      return .allowed
    }
    guard status.begins(with: "Fail") else { return .unknown }
    let isDenied =
      isDenial(record[.subStatus]) || isDenial(record[.exportedSubStatus])
      || isDenial(record[.statusCode])
    return isDenied ? .denied : .failed
  }

  private func isDenial(_ reason: LogText?) -> Bool {
    guard let reason else { return false }
    return reason.begins(with: "Forbidden") || reason.begins(with: "Unauthorized")
      || reason.begins(with: "403") || reason.begins(with: "401")
  }

  private func note(_ symbol: Symbol, _ record: LogRecord<Slot>, _ reading: inout Reading) {
    var agent = Agent(id: reading.symbols.text(symbol))
    agent.isInInventory = false
    let caller = record[.caller]?.string
    if let caller, caller != agent.id, caller.contains("@") { agent.aliases = [caller] }
    agent.name = (record[.name] ?? record[.exportedName])?.string
    if agent.name == nil, let caller, caller.contains("@") { agent.name = caller }
    let idType = (record[.idType] ?? record[.exportedIDType])?.string
    if let type = record[.principalType]?.string {
      AzureNames.describe(&agent, type: type)
    } else if idType == "app" {
      AzureNames.describe(&agent, type: "ServicePrincipal")
    } else if idType == "user" || caller?.contains("@") == true {
      AzureNames.describe(&agent, type: "User")
    }
    reading.agents.append(AgentRecord(agent: agent, rank: .event))
  }
}
