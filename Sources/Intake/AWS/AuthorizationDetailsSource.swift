internal import Model

extension Source {
  /// The answer of `aws iam get-account-authorization-details`.
  static let awsAuthorizationDetails = Source(
    name: "aws-authorization-details",
    summary: "`aws iam get-account-authorization-details`: users, roles, their policies and trust",
    recognise: { sketch in
      guard case .jsonDocument = sketch.form, let record = sketch.records.first else { return nil }
      let lists = authorizationLists.filter { record.has($0, .array) }
      let hasOwnList = lists.contains { $0 != "Policies" }
      guard hasOwnList || record.has("Policies.PolicyVersionList") else { return nil }
      return "has \(lists.map { quoted($0) }.joined(separator: ", "))"
    },
    layout: { _ in .elements(of: authorizationLists) },
    read: { input, _, reading in
      var account = AuthorizationAccount()
      let document = JSONDocument()
      let policies = JSONDocument()
      readRecords(input, .elements(of: authorizationLists), into: &reading) { reading, record in
        switch document.parse(record.bytes) {
        case .failed(let code): reading.refuse(code, record)
        case .value(let root, let repairs):
          reading.noteRepairs(repairs, line: record.line)
          guard authorizationLists.indices.contains(record.key - 1) else { return }
          let list = authorizationLists[record.key - 1]
          var reader = AuthorizationReader(root, line: record.line, policies: policies)
          account.add(list, &reader, &reading)
        }
      }
      account.finish(&reading)
    })
}

private let authorizationLists = [
  "UserDetailList", "GroupDetailList", "RoleDetailList", "Policies",
]

/// What an account's details say, gathered before it is put together: a list may name what a later
/// one describes.
struct AuthorizationAccount {
  private var principals: [AuthorizationPrincipal] = []
  private var groups: [String: AuthorizationPrincipal] = [:]
  private var policies: [String: PolicyText] = [:]

  /// Adds an element of one of the lists.
  mutating func add(_ list: String, _ reader: inout AuthorizationReader, _ reading: inout Reading) {
    switch list {
    case "UserDetailList":
      if let user = reader.principal(.user, &reading) { principals.append(user) }
    case "RoleDetailList":
      if let role = reader.principal(.role, &reading) { principals.append(role) }
    case "GroupDetailList":
      guard let group = reader.principal(nil, &reading), let name = group.agent.name else { return }
      if groups[name] == nil { groups[name] = group }
    default:
      guard let policy = reader.managedPolicy(&reading) else { return }
      if policies[policy.arn] == nil { policies[policy.arn] = policy.text }
    }
  }

  /// Puts agents, statements and trusts into the reading.
  func finish(_ reading: inout Reading) {
    for principal in principals {
      reading.agents.append(AgentRecord(agent: principal.agent, rank: .platform))
      reading.trusts += principal.trusts
      grant(principal, to: principal, prefix: "", &reading)
      for name in principal.groups {
        if let group = groups[name] {
          grant(group, to: principal, prefix: "group \(name), ", &reading)
        } else {
          reading.problem(
            line: principal.line, "the group \(quoted(name)) is not in the file",
            "its privileges are unknown")
        }
      }
      if let boundary = principal.boundary {
        attach(boundary, .boundary, to: principal, "boundary ", &reading)
      }
    }
  }

  private func grant(
    _ holder: AuthorizationPrincipal, to principal: AuthorizationPrincipal, prefix: String,
    _ reading: inout Reading
  ) {
    for policy in holder.inline {
      append(policy, .identity, to: principal, "\(prefix)inline policy \(policy.name)", &reading)
    }
    for attached in holder.attached {
      attach(attached, .identity, to: principal, "\(prefix)policy ", &reading)
    }
  }

  private func attach(
    _ arn: String, _ layer: StatementLayer, to principal: AuthorizationPrincipal, _ what: String,
    _ reading: inout Reading
  ) {
    guard let policy = policies[arn] else {
      reading.problem(
        line: principal.line,
        "the policy \(quoted(arn)) of \(quoted(principal.agent.id)) is not in the file",
        layer == .boundary ? "the boundary is unknown" : "its privileges are unknown")
      return
    }
    append(policy, layer, to: principal, "\(what)\(policy.name)", &reading)
  }

  private func append(
    _ policy: PolicyText, _ layer: StatementLayer, to principal: AuthorizationPrincipal,
    _ name: String, _ reading: inout Reading
  ) {
    for grant in policy.grants {
      var statement = Statement(
        agent: principal.agent.id, effect: grant.effect,
        origin: Origin(policy: name, statement: grant.name), position: policy.position)
      statement.layer = layer
      statement.platform = "aws"
      statement.actions = grant.actions
      statement.notActions = grant.notActions
      statement.resources = grant.resources
      statement.notResources = grant.notResources
      statement.condition = grant.condition
      reading.statements.append(statement)
    }
  }
}

/// A user, role or group as the details describe it.
struct AuthorizationPrincipal {
  /// The identity; of a group only its name matters.
  var agent: Agent
  var line: Int
  var groups: [String] = []
  var inline: [PolicyText] = []
  /// ARNs of managed policies.
  var attached: [String] = []
  /// The ARN of the permissions boundary.
  var boundary: String?
  var trusts: [Trust] = []
}

/// A policy and what its statements say.
struct PolicyText {
  var name: String
  var grants: [PolicyGrant]
  var position: SourcePosition
}
