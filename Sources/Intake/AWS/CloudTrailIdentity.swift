internal import Model

/// Who acted in a CloudTrail event.
///
/// A session of a role acts as the role, a federated user as the user who federated, a service as
/// its own name; see "CloudTrail userIdentity element" in the service's user guide.
struct CloudTrailIdentity {
  private let values: CloudTrailReader.Values

  init(_ values: CloudTrailReader.Values) { self.values = values }

  /// The agent's id; nil when the event names nobody.
  func agent(_ symbols: inout Symbols, _ scratch: inout [UInt8]) -> Symbol? {
    let type = values[.identityType]
    if let issuer = values[.issuerArn] { return symbols.intern(issuer) }
    if let arn = values[.arn] {
      if CloudTrailIdentity.writeRole(ofSession: arn, to: &scratch) {
        return scratch.withUnsafeBufferPointer { symbols.intern($0) }
      }
      return symbols.intern(arn)
    }
    if type?.elementsEqual("Root".utf8) == true, let account = values[.accountId] {
      return CloudTrailIdentity.intern(["arn:aws:iam::", ":root"], account, &symbols, &scratch)
    }
    if let service = values[.invokedBy] { return symbols.intern(service) }
    if let principal = values[.principalId] ?? values[.userName] ?? values[.onBehalfOf] {
      return symbols.intern(principal)
    }
    guard let account = values[.accountId] else { return nil }
    return CloudTrailIdentity.intern(["account ", ""], account, &symbols, &scratch)
  }

  /// The session: of a role its ARN, which holds the session's name, and the temporary key; of a
  /// user the key.
  func session(_ symbols: inout Symbols, _ scratch: inout [UInt8]) -> Symbol {
    let key = values[.accessKeyId]
    guard values[.issuerArn] != nil || isAssumedRole, let arn = values[.arn] else {
      return key.map { symbols.intern($0) } ?? .absent
    }
    scratch.removeAll(keepingCapacity: true)
    scratch.append(contentsOf: arn)
    if let key {
      scratch.append(UInt8(ascii: "#"))
      scratch.append(contentsOf: key)
    }
    return scratch.withUnsafeBufferPointer { symbols.intern($0) }
  }

  /// Notes what the event says about an agent that was not seen before.
  func note(_ symbol: Symbol, _ reading: inout Reading) {
    var agent = Agent(id: reading.symbols.text(symbol))
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
    reading.agents.append(AgentRecord(agent: agent, rank: .event))
  }

  private var isAssumedRole: Bool {
    values[.identityType]?.elementsEqual("AssumedRole".utf8) == true
  }

  /// Writes `arn:aws:iam::1:role/r` for `arn:aws:sts::1:assumed-role/r/session`: without the role's
  /// path, which a session does not name. False when the ARN is no such session's.
  private static func writeRole(
    ofSession arn: UnsafeBufferPointer<UInt8>, to scratch: inout [UInt8]
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
    scratch.removeAll(keepingCapacity: true)
    scratch.append(contentsOf: arn[...second])
    scratch.append(contentsOf: "iam".utf8)
    scratch.append(contentsOf: arn[third...fifth])
    scratch.append(contentsOf: "role/".utf8)
    scratch.append(contentsOf: name)
    return true
  }

  private static func intern(
    _ around: [String], _ inside: UnsafeBufferPointer<UInt8>, _ symbols: inout Symbols,
    _ scratch: inout [UInt8]
  ) -> Symbol {
    scratch.removeAll(keepingCapacity: true)
    scratch.append(contentsOf: around[0].utf8)
    scratch.append(contentsOf: inside)
    scratch.append(contentsOf: around[1].utf8)
    return scratch.withUnsafeBufferPointer { symbols.intern($0) }
  }
}
