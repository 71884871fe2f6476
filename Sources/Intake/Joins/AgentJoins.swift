internal import Model

/// Which names of agents are one agent's, by the inventory's aliases and by rules.
///
/// A rule joins a name that no inventory and no platform describes to one that is described, or that
/// another source uses. It never guesses: where it could be two, it is neither, and a problem.
struct AgentJoins {
  /// The agent of each name that a rule joins.
  private(set) var ids: [String: String] = [:]
  private(set) var problems: [Problem] = []
  private var joins: Set<AgentJoin> = []
  private let aliases: [String: String]
  private let used: Set<String>
  /// Ids that an inventory or a platform describes.
  private var described: Set<String> = []
  /// Roles of a path by their ARN without it; nil where there are several.
  private var roles: [String: String?] = [:]
  /// Agents of the inventory by name.
  private var named: [String: [Agent]] = [:]

  init(
    _ records: [AgentRecord], used: Set<String>, knowing aliases: [String: String],
    files: [InputFile]
  ) {
    self.aliases = aliases
    self.used = used
    for record in records where record.rank != .event {
      described.insert(record.agent.id)
      note(role: record.agent.id)
      guard record.rank == .inventory, let name = record.agent.name else { continue }
      if named[name]?.contains(where: { $0.id == record.agent.id }) != true {
        named[name, default: []].append(record.agent)
      }
    }
    for name in used where aliases[name] != nil {
      joins.insert(AgentJoin(rule: .alias, name: name, agent: aliases[name] ?? name))
    }
    for name in used.sorted() where !described.contains(name) && aliases[name] == nil {
      guard let (rule, agent) = join(name) else { continue }
      let id = aliases[agent] ?? agent
      guard id != name else { continue }
      ids[name] = id
      joins.insert(AgentJoin(rule: rule, name: name, agent: id))
    }
    for record in records where record.rank == .event { joinTraced(record.agent, files) }
  }

  /// Adds the first sessions of agents that act through sessions.
  mutating func add(_ sessions: [String: AgentJoin]) { joins.formUnion(sessions.values) }

  /// All joins, under the ids that remain, sorted.
  func finished(_ id: (String) -> String) -> [AgentJoin] {
    let resolved = Set(
      joins.map { AgentJoin(rule: $0.rule, name: $0.name, agent: id($0.agent)) })
    return resolved.sorted {
      ($0.agent, $0.rule.rawValue, $0.name) < ($1.agent, $1.rule.rawValue, $1.name)
    }
  }

  /// The rule by which a name is another one's, and which that is.
  private func join(_ name: String) -> (JoinRule, String)? {
    if let role = AgentNames.role(ofSession: name) {
      return (.roleSession, aliases[role] == nil ? (withPath(role) ?? role) : role)
    }
    if let role = withPath(name) { return (.rolePath, role) }
    if let account = AgentNames.serviceAccount(ofSPIFFE: name), isKnown(account) {
      return (.spiffe, account)
    }
    if let account = AgentNames.serviceAccount(ofWorkload: name), isKnown(account) {
      return (.serviceAccount, account)
    }
    return nil
  }

  private func isKnown(_ name: String) -> Bool {
    described.contains(name) || aliases[name] != nil || used.contains(name)
  }

  /// Joins an agent that only traces name by the id that they give beside its name, else by a name
  /// that one agent of the inventory has.
  private mutating func joinTraced(_ agent: Agent, _ files: [InputFile]) {
    guard !described.contains(agent.id), aliases[agent.id] == nil, ids[agent.id] == nil else {
      return
    }
    let given = agent.attributes.first { $0.name == "gen_ai.agent.id" }?.value
    if let given, let id = aliases[given] ?? (described.contains(given) ? given : nil) {
      ids[agent.id] = id
      joins.insert(AgentJoin(rule: .agentID, name: agent.id, agent: id))
      return
    }
    guard let owners = named[agent.id] else { return }
    if owners.count == 1, let owner = owners.first {
      ids[agent.id] = owner.id
      joins.insert(AgentJoin(rule: .agentName, name: agent.id, agent: owner.id))
    } else {
      let shown = owners.map(\.id).sorted().map { quoted($0) }.joined(separator: " and ")
      let place = owners.compactMap(\.position).min()
      let file = place.map { Int($0.file) } ?? -1
      problems.append(
        Problem(
          file: files.indices.contains(file) ? files[file].path : "", line: Int(place?.line ?? 0),
          reason: "the name \(quoted(agent.id)) of events is that of \(shown)",
          consequence: "taken for neither of them"))
    }
  }

  private mutating func note(role id: String) {
    guard let short = AgentNames.withoutPath(role: id) else { return }
    if let known = roles[short], known != id {
      roles[short] = .some(nil)
    } else {
      roles[short] = id
    }
  }

  /// The role of a path that an ARN without it means.
  private func withPath(_ role: String) -> String? {
    guard !described.contains(role), let known = roles[role] else { return nil }
    return known
  }
}

/// How platforms write the names of identities.
enum AgentNames {
  /// `arn:aws:iam::1:role/r` of `arn:aws:sts::1:assumed-role/r/session`; nil for anything else.
  static func role(ofSession arn: String) -> String? {
    let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "arn", parts[2] == "sts" else { return nil }
    let path = parts[5].split(separator: "/", omittingEmptySubsequences: false)
    guard path.count >= 3, path[0] == "assumed-role", !path[1].isEmpty else { return nil }
    return "arn:\(parts[1]):iam:\(parts[3]):\(parts[4]):role/\(path[1])"
  }

  /// `arn:aws:iam::1:role/r` of `arn:aws:iam::1:role/path/r`; nil where there is no path.
  static func withoutPath(role arn: String) -> String? {
    let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "arn", parts[2] == "iam" else { return nil }
    let path = parts[5].split(separator: "/", omittingEmptySubsequences: false)
    guard path.count >= 3, path[0] == "role", let name = path.last, !name.isEmpty else {
      return nil
    }
    return "arn:\(parts[1]):iam:\(parts[3]):\(parts[4]):role/\(name)"
  }

  /// `system:serviceaccount:NAMESPACE:NAME` of `spiffe://DOMAIN/ns/NAMESPACE/sa/NAME`.
  static func serviceAccount(ofSPIFFE id: String) -> String? {
    let parts = id.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 7, parts[0] == "spiffe:", parts[1].isEmpty, parts[3] == "ns",
      parts[5] == "sa", !parts[4].isEmpty, !parts[6].isEmpty
    else { return nil }
    return "system:serviceaccount:\(parts[4]):\(parts[6])"
  }

  /// The service account of a cluster that a cloud's name for it means: the subject of an OpenID
  /// provider (`...:system:serviceaccount:NAMESPACE:NAME`), a workload identity of Google Cloud
  /// (`PROJECT.svc.id.goog[NAMESPACE/NAME]`, `.../subject/ns/NAMESPACE/sa/NAME`).
  static func serviceAccount(ofWorkload name: String) -> String? {
    let marker = "system:serviceaccount:"
    if let range = name.firstRange(of: marker), range.lowerBound > name.startIndex {
      let rest = name[range.upperBound...].split(separator: ":", omittingEmptySubsequences: false)
      return rest.count == 2 ? "\(marker)\(rest[0]):\(rest[1])" : nil
    }
    if let range = name.firstRange(of: ".svc.id.goog["), name.last == "]" {
      let rest = name[range.upperBound...].dropLast().split(separator: "/")
      return rest.count == 2 ? "\(marker)\(rest[0]):\(rest[1])" : nil
    }
    guard let range = name.firstRange(of: "/subject/ns/") else { return nil }
    let rest = name[range.upperBound...].split(separator: "/")
    return rest.count == 3 && rest[1] == "sa" ? "\(marker)\(rest[0]):\(rest[2])" : nil
  }
}
