internal import Model

extension Source {
  /// The answer of `aws organizations describe-policy`, with the targets beside it, and the lists
  /// that say which accounts are in which unit.
  static let awsOrganizationsPolicy = values(
    name: "aws-organizations-policy",
    summary: "`aws organizations`: ceilings on accounts, and which accounts are in which unit",
    recognise: { sketch in
      let isPolicy = sketch.records.contains {
        $0.has("Policy.PolicySummary", .object) && $0.has("Policy.Content", .text)
      }
      if isPolicy { return "has `Policy.PolicySummary` and `Policy.Content`" }
      return sketch.records.lazy.compactMap(organisationList).first.map { "has \($0)" }
    },
    under: { _ in nil },
    reader: { _ in
      let policies = JSONDocument()
      return { root, line, reading in
        let fields = RecordFields(root, line: line)
        if readOrganisationList(fields, &reading) { return }
        readOrganisationsPolicy(fields, policies, &reading)
      }
    })

  /// The policy of a resource, as the commands of its service print it, or by itself.
  static let awsResourcePolicy = values(
    name: "aws-resource-policy",
    summary: "the policy of a bucket, key, queue, topic, secret or function: who is let in by it",
    recognise: { sketch in
      for record in sketch.records {
        // A short text is no policy: one that names an action and a principal is longer.
        func holds(_ path: String) -> Bool {
          record.has(path, .text) && record.texts[path] == nil
        }
        let known: Set = ["Policy", "PolicyName", "RevisionId", "resource", "ResponseMetadata"]
        if holds("Policy"), Set(record.keys).isSubset(of: known) { return "has `Policy`" }
        if holds("ResourcePolicy"), record.has("ARN", .text) {
          return "has `ARN` and `ResourcePolicy`"
        }
        if holds("Attributes.Policy") { return "has `Attributes.Policy`" }
        if record.has("Statement.Principal"), record.has("Statement.Effect", .text),
          record.has("Statement.Resource") || record.has("resource", .text)
        {
          return "has `Statement` with `Principal` and `Resource`"
        }
      }
      return nil
    },
    under: { _ in nil },
    reader: { _ in
      let policies = JSONDocument()
      return { root, line, reading in
        readResourcePolicy(RecordFields(root, line: line), root, policies, &reading)
      }
    })
}

private func readOrganisationsPolicy(
  _ fields: RecordFields, _ policies: JSONDocument, _ reading: inout Reading
) {
  guard let policy = fields.node("Policy"), let content = policy["Content"] else {
    reading.problem(line: fields.line, "`Policy.Content` is missing", "not read")
    return
  }
  let summary = policy["PolicySummary"]
  let name =
    summary?["Name"]?.filledText ?? summary?["Id"]?.filledText ?? "without a name"
  if let type = summary?["Type"]?.filledText, type != "SERVICE_CONTROL_POLICY" {
    reading.problem(
      line: fields.line, "the policy \(quoted(name)) is of the type \(quoted(type))",
      "only service control policies are weighed")
    return
  }
  var grants: [PolicyGrant] = []
  let isRead: Void? = withPolicyDocument(content, policies) { root in
    for (index, node) in policyStatements(root).enumerated() {
      switch PolicyGrant.read(node, number: index + 1, of: "*") {
      case .success(let grant): grants.append(grant)
      case .failure(let flaw):
        reading.problem(
          line: fields.line, "the policy \(quoted(name)), \(flaw.reason)",
          "the statement is not read")
      }
    }
  }
  guard isRead != nil else {
    reading.problem(
      line: fields.line, "the content of the policy \(quoted(name)) is not JSON", "not read")
    return
  }
  var targets: [AccountPolicies.Target] = []
  for node in fields.node("Targets")?.elements ?? [] {
    guard let id = node["TargetId"]?.filledText,
      let kind = node["Type"]?.text.flatMap(AccountPolicies.Target.Kind.init(rawValue:))
    else {
      reading.problem(
        line: fields.line, "a target of the policy \(quoted(name)) has no `TargetId` or `Type`",
        "the target is not read")
      continue
    }
    targets.append(AccountPolicies.Target(kind: kind, id: id))
  }
  // An empty list is an answer: the policy hangs on nothing.
  let places: [AccountPolicies.Target?] = fields.node("Targets") == nil ? [nil] : targets
  for target in places {
    reading.account.ceilings.append(
      AccountPolicies.Ceiling(
        target: target, policy: name, grants: grants, position: reading.position(fields.line)))
  }
}

private func readResourcePolicy(
  _ fields: RecordFields, _ root: JSONNode, _ policies: JSONDocument, _ reading: inout Reading
) {
  let attributes = fields.node("Attributes")
  let resource =
    fields.node("resource")?.filledText ?? fields.node("ARN")?.filledText
    ?? attributes?["QueueArn"]?.filledText ?? attributes?["TopicArn"]?.filledText
  let document =
    fields.node("Policy") ?? fields.node("ResourcePolicy") ?? attributes?["Policy"]
    ?? (fields.node("Statement") == nil ? nil : root)
  guard let document else {
    reading.problem(line: fields.line, "the record has no policy", "not read")
    return
  }
  let isRead: Void? = withPolicyDocument(document, policies) { root in
    for (index, node) in policyStatements(root).enumerated() {
      readResourceStatement(node, index + 1, of: resource, line: fields.line, &reading)
    }
  }
  if isRead == nil {
    reading.problem(line: fields.line, "the policy is not JSON", "not read")
  }
}

private func readResourceStatement(
  _ node: JSONNode, _ number: Int, of resource: String?, line: Int, _ reading: inout Reading
) {
  switch PolicyGrant.read(node, number: number, of: resource) {
  case .failure(let flaw):
    reading.problem(line: line, flaw.reason, "the statement is not read")
  case .success(let grant):
    guard resource != nil || grant.resources != ["*"] else {
      reading.problem(
        line: line,
        "statement \(quoted(grant.name)) is about `*`, and no `resource` says whose policy it is",
        "the statement is not read")
      return
    }
    guard node["Principal"] != nil || node["NotPrincipal"] != nil else {
      reading.problem(
        line: line,
        "statement \(quoted(grant.name)) has neither `Principal` nor `NotPrincipal`",
        "the statement is not read")
      return
    }
    let name = resource ?? grant.resources.first ?? "a resource"
    for principal in AccountPrincipal.read(node) {
      reading.account.grants.append(
        AccountPolicies.Grant(
          grant: grant, principal: principal, policy: "policy of \(name)",
          position: reading.position(line)))
    }
  }
}
