internal import Model

/// Who acted in a CloudTrail event.
///
/// A session of a role acts as the role, a federated user as the user who federated, a service as
/// its own name; see "CloudTrail userIdentity element" in the service's user guide.
struct CloudTrailAgents {
  /// The agent of each ARN seen, by the ARN's symbol.
  private var known: [Symbol] = []

  /// The agent's id; nil when the event names nobody.
  mutating func agent(
    _ values: CloudTrailValues, _ symbols: inout Symbols, _ scratch: TextScratch
  ) -> Symbol? {
    if let issuer = values[.issuerArn] { return symbols.intern(issuer) }
    if let arn = values[.arn] { return agent(ofARN: arn, &symbols, scratch) }
    let type = values[.identityType]
    if type?.elementsEqual("Root".utf8) == true, let account = values[.accountId] {
      scratch.clear()
      scratch.append("arn:aws:iam::")
      scratch.append(account)
      scratch.append(":root")
      return symbols.intern(scratch.text)
    }
    if let service = values[.invokedBy] { return symbols.intern(service) }
    if let principal = values[.principalId] ?? values[.userName] ?? values[.onBehalfOf] {
      return symbols.intern(principal)
    }
    guard let account = values[.accountId] else { return nil }
    scratch.clear()
    scratch.append("account ")
    scratch.append(account)
    return symbols.intern(scratch.text)
  }

  private mutating func agent(
    ofARN arn: UnsafeBufferPointer<UInt8>, _ symbols: inout Symbols, _ scratch: TextScratch
  ) -> Symbol {
    let symbol = symbols.intern(arn)
    let raw = Int(symbol.raw)
    if raw < known.count, known[raw].isPresent { return known[raw] }
    if raw >= known.count {
      known.append(contentsOf: repeatElement(.absent, count: raw + 256 - known.count))
    }
    let isSession = CloudTrailAgents.writeRole(ofSession: arn, to: scratch)
    known[raw] = isSession ? symbols.intern(scratch.text) : symbol
    return known[raw]
  }

  /// The session: of a role its ARN, which holds the session's name, and the temporary key; of a
  /// user the key.
  func session(
    _ values: CloudTrailValues, _ symbols: inout Symbols, _ scratch: TextScratch
  ) -> Symbol {
    let key = values[.accessKeyId]
    let isRole =
      values[.issuerArn] != nil
      || values[.identityType]?.equals("AssumedRole") == true
    guard isRole, let arn = values[.arn] else { return key.map { symbols.intern($0) } ?? .absent }
    guard let key else { return symbols.intern(arn) }
    scratch.clear()
    scratch.append(arn)
    scratch.append("#")
    scratch.append(key)
    return symbols.intern(scratch.text)
  }

  /// What the event says about an agent that was not seen before.
  static func record(_ id: String, _ values: CloudTrailValues) -> AgentRecord {
    var agent = Agent(id: id)
    agent.isInInventory = false
    let type = values[.identityType].map { String(decoding: $0, as: UTF8.self) }
    if let type { agent.attributes = [NamedValue(name: "principalType", value: type)] }
    switch type {
    case "AssumedRole", "Role": agent.kind = .role
    case "IAMUser", "Root", "IdentityCenterUser": agent.kind = .user
    case "FederatedUser": agent.kind = agent.id.contains(":role/") ? .role : .user
    case "AWSService", "WebIdentityUser": agent.kind = .workload
    default: break
    }
    return AgentRecord(agent: agent, rank: .event)
  }

  /// The session that an event acts through, where its agent is a role.
  static func session(of agent: String, _ values: CloudTrailValues) -> AgentJoin? {
    guard values[.identityType]?.equals("AssumedRole") == true, let arn = values[.arn]
    else { return nil }
    let session = String(decoding: arn, as: UTF8.self)
    return AgentJoin(rule: .roleSession, name: session, agent: agent)
  }

  /// Writes `arn:aws:iam::1:role/r` for `arn:aws:sts::1:assumed-role/r/session`: without the role's
  /// path, which a session does not name. False when the ARN is no such session's.
  static func writeRole(
    ofSession arn: UnsafeBufferPointer<UInt8>, to scratch: TextScratch
  ) -> Bool {
    let colon = UInt8(ascii: ":")
    guard let first = arn.firstIndex(of: colon),
      let second = arn[(first + 1)...].firstIndex(of: colon),
      let third = arn[(second + 1)...].firstIndex(of: colon),
      let fourth = arn[(third + 1)...].firstIndex(of: colon),
      let fifth = arn[(fourth + 1)...].firstIndex(of: colon),
      arn[(second + 1)..<third].elementsEqual("sts".utf8)
    else { return false }
    let resource = arn[(fifth + 1)...]
    guard resource.starts(with: "assumed-role/".utf8) else { return false }
    let name = resource.dropFirst("assumed-role/".utf8.count).prefix { $0 != UInt8(ascii: "/") }
    scratch.clear()
    scratch.append(UnsafeBufferPointer(rebasing: arn[...second]))
    scratch.append("iam")
    scratch.append(UnsafeBufferPointer(rebasing: arn[third...fifth]))
    scratch.append("role/")
    scratch.append(UnsafeBufferPointer(rebasing: name))
    return true
  }
}

extension Reading {
  /// Notes an agent that the piece has not named before, and the session that it acts through.
  mutating func note(_ record: AgentRecord, _ values: CloudTrailValues) {
    if let session = CloudTrailAgents.session(of: record.agent.id, values) {
      sessions.append(session)
    }
    agents.append(record)
  }
}
