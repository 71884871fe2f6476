internal import Model

extension Source {
  /// The audit log of a Kubernetes API server, one event a line or as an EventList.
  static let kubernetesAudit = log(
    KubernetesAudit.self, name: "kubernetes-audit",
    summary: "audit events of a Kubernetes API server: one a line, or an EventList",
    under: ["items"], fields: "`auditID`, `stage` and `verb`"
  ) { record, prefix in
    record.has("\(prefix)auditID", .text) && record.has("\(prefix)stage", .text)
      && record.has("\(prefix)verb", .text)
  }
}

/// Reads audit events of a Kubernetes API server (audit.k8s.io/v1, and the older v1alpha1 and
/// v1beta1 as far as they have the same fields).
///
/// A request is written once for each of its stages; it counts once, when it is over.
struct KubernetesAudit: LogFormat {
  enum Slot: Int, LogSlot {
    case auditID, stage, verb, requestURI, user, impersonated, groups, impersonatedGroups
    case received, staged, timestamp, created
    case group, version, resource, subresource, namespace, name, code

    var path: String {
      switch self {
      case .auditID: return "auditID"
      case .stage: return "stage"
      case .verb: return "verb"
      case .requestURI: return "requestURI"
      case .user: return "user.username"
      case .impersonated: return "impersonatedUser.username"
      case .groups: return "user.groups"
      case .impersonatedGroups: return "impersonatedUser.groups"
      case .received: return "requestReceivedTimestamp"
      case .staged: return "stageTimestamp"
      case .timestamp: return "timestamp"
      case .created: return "metadata.creationTimestamp"
      case .group: return "objectRef.apiGroup"
      case .version: return "objectRef.apiVersion"
      case .resource: return "objectRef.resource"
      case .subresource: return "objectRef.subresource"
      case .namespace: return "objectRef.namespace"
      case .name: return "objectRef.name"
      case .code: return "responseStatus.code"
      }
    }
  }

  private typealias Log = LogRecord<Slot>

  private var times = LogTimes()
  private let scratch = TextScratch()

  mutating func begin() {}

  mutating func read(_ record: LogRecord<Slot>, _ reading: inout Reading) {
    guard let stage = record[.stage] else { return reading.missing(.stage, in: record) }
    // The other stages are of a request that is not over, and say nothing of how it ended.
    let isPanic = stage.equals("Panic")
    guard isPanic || stage.equals("ResponseComplete") else { return }
    guard let verb = record[.verb] else { return reading.missing(.verb, in: record) }
    guard let user = record[.user] else { return reading.missing(.user, in: record) }
    // Newer servers say when a request came; the first versions had one time for each stage.
    let older = record.either(.staged, or: record.either(.timestamp, or: .created))
    guard let time = times.time(of: record, .received, older, &reading) else { return }
    guard record[.resource] != nil || record[.requestURI] != nil else {
      return reading.problem(line: record.line, "neither `objectRef` nor `requestURI`", "not read")
    }
    // Who acts as another is the one on whose account the act is.
    let agent = reading.symbols.intern(record[.impersonated] ?? user)
    writeAction(verb, record)
    var event = Event(
      time: time, isTimed: true, agent: agent, action: reading.symbols.intern(scratch.text),
      position: reading.position(record.line))
    event.outcome = isPanic ? .failed : outcome(verb, record)
    if reading.isFirstSight(of: agent) { note(agent, record, &reading) }
    writeResource(verb, record)
    // A client may choose the id of its request, and write it into its trace.
    reading.append(
      event, id: record[.auditID], resource: scratch.text, request: record[.auditID], of: record
    ) { event, reading in
      if record[.impersonated] != nil { event.actor = reading.symbols.intern(user) }
    }
  }

  /// How a request ended. That what was asked for is not there is an answer: the one who asked
  /// needs the privilege to be told so.
  private func outcome(_ verb: LogText, _ record: Log) -> Outcome {
    switch record[integer: .code] ?? 0 {
    case 0: return .unknown
    case ..<400: return .allowed
    case 401, 403: return .denied
    case 404, 410:
      let isRead = verb.equals("get") || verb.equals("list") || verb.equals("watch")
      return isRead ? .allowed : .failed
    default: return .failed
    }
  }

  /// Writes `kubernetes:VERB:GROUP/RESOURCE[/SUBRESOURCE]`, or `kubernetes:VERB:url`.
  private func writeAction(_ verb: LogText, _ record: Log) {
    scratch.clear()
    scratch.append("kubernetes:")
    scratch.append(verb)
    scratch.append(":")
    guard let resource = record[.resource] else { return scratch.append("url") }
    if let group = record[.group] {
      scratch.append(group)
    } else if let version = record[.version], version.contains(UInt8(ascii: "/")) {
      scratch.append(version.before(first: UInt8(ascii: "/")))
    } else {
      scratch.append("core")
    }
    scratch.append("/")
    scratch.append(resource)
    guard let subresource = record[.subresource] else { return }
    scratch.append("/")
    scratch.append(subresource)
  }

  /// Writes what was acted on, as `ClusterNames` says.
  private func writeResource(_ verb: LogText, _ record: Log) {
    scratch.clear()
    guard let resource = record[.resource] else {
      if let uri = record[.requestURI] { scratch.append(uri.before(first: UInt8(ascii: "?"))) }
      return
    }
    let name = record[.name]
    if let namespace = record[.namespace] {
      scratch.append("namespaces/")
      scratch.append(namespace)
      scratch.append("/")
    } else if name == nil, ClusterNames.isOfCollection(verb) {
      return scratch.append("*")
    }
    scratch.append(resource)
    scratch.append("/")
    if let name { scratch.append(name) } else { scratch.append("*") }
  }

  /// Notes what the event says about an identity that was not seen before.
  private func note(_ symbol: Symbol, _ record: Log, _ reading: inout Reading) {
    var agent = Agent(id: reading.symbols.text(symbol))
    agent.isInInventory = false
    agent.describeClusterIdentity()
    let slot = record[.impersonated] == nil ? Slot.groups : Slot.impersonatedGroups
    for group in record.texts(slot) {
      agent.attributes.append(NamedValue(name: "groups", value: group.string))
    }
    agent.attributes.sort { ($0.name, $0.value) < ($1.name, $1.value) }
    reading.agents.append(AgentRecord(agent: agent, rank: .event))
  }
}
