internal import CSimdjson
internal import Model

/// Reads audit events of a Kubernetes API server (audit.k8s.io/v1, and the older v1alpha1 and
/// v1beta1 as far as they have the same fields).
///
/// A request is written once for each of its stages; it counts once, when it is over.
struct KubernetesAuditReader {
  /// The fields that are read, by the index of their path.
  private enum Slot: Int, CaseIterable {
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

  private typealias Bytes = UnsafeBufferPointer<UInt8>

  private let fields = FieldReader()
  private var wanted: [Symbol]
  /// The event's texts by slot; they live until the next event.
  private var texts = [Bytes?](repeating: nil, count: Slot.allCases.count)
  private var code = 0
  private var times = TimestampReader()
  private let scratch = TextScratch()

  init(_ reading: Reading) {
    for slot in Slot.allCases { _ = fields.add(slot.path) }
    var indexed: [Int: Symbol] = [:]
    for attribute in reading.wanted {
      if let index = fields.add(attribute.path) { indexed[index] = attribute.symbol }
    }
    let count = max(indexed.keys.max() ?? 0, Slot.allCases.count) + 1
    wanted = (0..<count).map { indexed[$0] ?? .absent }
  }

  /// Reads one event and appends it, or says why not.
  mutating func read(_ record: Record, _ reading: inout Reading) {
    append(fields.read(record.bytes), record, &reading)
  }

  /// Reads a block of events, one a line; returns how many lines it has.
  mutating func read(_ block: LineBlock, _ reading: inout Reading) -> Int {
    readLines(of: block, fields, into: &reading) { append($0, $1, &$2) }
  }

  private subscript(_ slot: Slot) -> Bytes? { texts[slot.rawValue] }

  private mutating func append(
    _ result: FieldReader.Result, _ record: Record, _ reading: inout Reading
  ) {
    guard reading.accepts(result, of: record) else { return }
    take(result.fields)
    guard let stage = self[.stage] else {
      reading.problem(line: record.line, "`stage` is missing", "not read")
      return
    }
    // The other stages are of a request that is not over, and say nothing of how it ended.
    guard stage.elementsEqual("ResponseComplete".utf8) || stage.elementsEqual("Panic".utf8) else {
      return
    }
    guard var event = event(record.line, &reading) else { return }
    if let id = self[.auditID] {
      event.id = reading.symbols.intern(id)
      // A client may choose the id of its request, and write it into its trace.
      reading.links.hasRequests = true
      _ = reading.join(&event, .request, id, rule: .request)
    }
    if stage.elementsEqual("Panic".utf8) { event.outcome = .failed }
    event.offset = reading.offset
    for field in result.fields where wanted[Int(field.path)].isPresent {
      reading.attribute(wanted[Int(field.path)], field)
    }
    if reading.isFirstSight(of: event.agent) { note(event.agent, result.fields, &reading) }
    reading.append(event)
  }

  private mutating func take(_ found: UnsafeBufferPointer<SequiturField>) {
    for index in texts.indices { texts[index] = nil }
    code = 0
    for field in found where Int(field.path) < texts.count {
      let index = Int(field.path)
      if index == Slot.code.rawValue {
        code = field.isNumber ? Int(exactly: field.number) ?? 0 : 0
      } else if texts[index] == nil, field.isString, field.length > 0 {
        texts[index] = field.bytes
      }
    }
  }

  private mutating func event(_ line: Int, _ reading: inout Reading) -> Event? {
    guard let verb = self[.verb], let user = self[.user] else {
      let missing = self[.verb] == nil ? "verb" : "user.username"
      reading.problem(line: line, "`\(missing)` is missing", "not read")
      return nil
    }
    // Newer servers say when a request came; the first versions had one time for each stage.
    let slots: [Slot] = [.received, .staged, .timestamp, .created]
    guard let slot = slots.first(where: { self[$0] != nil }), let text = self[slot] else {
      reading.problem(line: line, "`requestReceivedTimestamp` is missing", "not read")
      return nil
    }
    guard let time = times.read(text) else {
      let shown = String(decoding: text, as: UTF8.self)
      reading.problem(line: line, timeReason(shown, name: slot.path), "not read")
      return nil
    }
    guard self[.resource] != nil || self[.requestURI] != nil else {
      reading.problem(line: line, "neither `objectRef` nor `requestURI`", "not read")
      return nil
    }
    writeAction(verb)
    let action = reading.symbols.intern(scratch.text)
    let agent = reading.symbols.intern(self[.impersonated] ?? user)
    var event = Event(
      time: time, isTimed: true, agent: agent, action: action, position: reading.position(line))
    // Who acts as another is the one on whose account the act is.
    if self[.impersonated] != nil { event.actor = reading.symbols.intern(user) }
    writeResource(verb)
    event.resource = reading.symbols.intern(scratch.text)
    event.outcome = outcome(verb)
    return event
  }

  /// How a request ended. That what was asked for is not there is an answer: the one who asked
  /// needs the privilege to be told so.
  private func outcome(_ verb: Bytes) -> Outcome {
    switch code {
    case 0: return self[.stage]?.elementsEqual("Panic".utf8) == true ? .failed : .unknown
    case ..<400: return .allowed
    case 401, 403: return .denied
    case 404, 410:
      let isRead = ["get", "list", "watch"].contains { verb.elementsEqual($0.utf8) }
      return isRead ? .allowed : .failed
    default: return .failed
    }
  }

  /// Writes `kubernetes:VERB:GROUP/RESOURCE[/SUBRESOURCE]`, or `kubernetes:VERB:url`.
  private func writeAction(_ verb: Bytes) {
    scratch.clear()
    scratch.append("kubernetes:")
    scratch.append(verb)
    scratch.append(":")
    guard let resource = self[.resource] else { return scratch.append("url") }
    if let group = self[.group] {
      scratch.append(group)
    } else if let version = self[.version], let slash = version.firstIndex(of: slashByte) {
      scratch.append(Bytes(rebasing: version[..<slash]))
    } else {
      scratch.append("core")
    }
    scratch.append("/")
    scratch.append(resource)
    guard let subresource = self[.subresource] else { return }
    scratch.append("/")
    scratch.append(subresource)
  }

  /// Writes what was acted on, as `ClusterNames` says.
  private func writeResource(_ verb: Bytes) {
    scratch.clear()
    guard let resource = self[.resource] else {
      guard let uri = self[.requestURI] else { return }
      let end = uri.firstIndex(of: UInt8(ascii: "?")) ?? uri.endIndex
      return scratch.append(Bytes(rebasing: uri[..<end]))
    }
    let isCollection = ClusterNames.collectionVerbs.contains { verb.elementsEqual($0.utf8) }
    if self[.namespace] == nil, self[.name] == nil, isCollection {
      return scratch.append("*")
    }
    if let namespace = self[.namespace] {
      scratch.append("namespaces/")
      scratch.append(namespace)
      scratch.append("/")
    }
    scratch.append(resource)
    scratch.append("/")
    guard let name = self[.name] else { return scratch.append("*") }
    scratch.append(name)
  }

  /// Notes what the event says about an identity that was not seen before.
  private func note(
    _ symbol: Symbol, _ found: UnsafeBufferPointer<SequiturField>, _ reading: inout Reading
  ) {
    var agent = Agent(id: reading.symbols.text(symbol))
    agent.isInInventory = false
    agent.describeClusterIdentity()
    let slot = self[.impersonated] == nil ? Slot.groups : Slot.impersonatedGroups
    for field in found where Int(field.path) == slot.rawValue && field.isString {
      agent.attributes.append(NamedValue(name: "groups", value: field.string))
    }
    agent.attributes.sort { ($0.name, $0.value) < ($1.name, $1.value) }
    reading.agents.append(AgentRecord(agent: agent, rank: .event))
  }
}

private let slashByte = UInt8(ascii: "/")
