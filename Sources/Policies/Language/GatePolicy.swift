package import Model

/// A gate as a sequence policy: a person other than the one that acts approves first.
package struct GatePolicy: Sendable, Equatable {
  /// The policy's id.
  package var id: String
  /// The action that waits.
  package var action: String
  /// The agents that wait, sorted.
  package var agents: [String]
  /// The worst of what it stops.
  package var severity: Severity
  /// How tasks are joined, where a policy that it serves joins them.
  package var delegation: Delegation?
  /// Why it stands there.
  package var because: String

  /// A gate before an action, for no agent yet.
  package init(id: String, action: String) {
    self.id = id
    self.action = action
    agents = []
    severity = .low
    because = ""
  }

  private static let withinHours: Int64 = 24

  private var title: String { "\(action) was done without a person's approval" }

  private static let remedy =
    "Let a person other than the one that acts approve first, and record the approval as an event."
  private static let falsePositives = ["approvals that are recorded outside of the inputs"]

  /// The policy as a value, as its text reads.
  package var policy: Policy {
    let requester = RegisterField(register: "requester", field: .event(.agent))
    let trigger = Selector(
      does: [], actions: [action],
      condition: .test(.event(.agent), .oneOf(agents.map { .text($0) })), outcomes: [.allowed],
      bind: [requester], same: [], differs: [])
    let approval = Selector(
      does: ["approval.grant"], actions: [],
      condition: .test(.agent("kind"), .equals(.text("user"))), outcomes: [.allowed], bind: [],
      same: [], differs: [requester])
    return Policy(
      id: id, version: 1, title: title, severity: severity,
      rule: .require(
        Requirement(
          direction: .precondition, trigger: NamedSelector(id: "act", selector: trigger),
          needed: [NamedSelector(id: "approval", selector: approval)])),
      themes: ["approval-bypass"],
      key: [KeyPart(firstOf: [.event(.task), .event(.session), .event(.agent)])],
      delegation: delegation, excuse: nil, until: nil,
      withinNanoseconds: GatePolicy.withinHours * 3_600_000_000_000, because: because,
      falsePositives: GatePolicy.falsePositives, remedy: GatePolicy.remedy,
      examples: examples.map {
        Example(
          name: $0.name, violates: $0.violates, events: $0.events.joined(separator: "\n") + "\n",
          line: 0, agents: "\(GatePolicy.approver) kind=user\n")
      }, file: "\(id).yaml", line: 1)
  }

  /// The policy as a document of the language.
  package var text: String {
    var lines = [
      "policy: \(id)", "version: 1", "title: \(quoted(title))", "severity: \(severity.rawValue)",
      "kind: require", "themes: [approval-bypass]", "per: {first: [task, session, agent]}",
    ]
    if let delegation {
      lines.append(
        "delegation: {follow: \(delegation.follow.rawValue), depth: \(delegation.depth)}")
    }
    lines += [
      "before:", "  id: act", "  action: \(quoted(action))",
      "  where: {agent: {in: [\(agents.map(quoted).joined(separator: ", "))]}}",
      "  bind: {requester: agent}",
      "needs: {id: approval, does: approval.grant, where: {agent.kind: user}, "
        + "differs: {requester: agent}}",
      "within: \(GatePolicy.withinHours)h", "because: \(quoted(because))",
      "falsePositives: [\(GatePolicy.falsePositives.map(quoted).joined(separator: ", "))]",
      "remedy: \(quoted(GatePolicy.remedy))",
    ]
    if !examples.isEmpty { lines.append("examples:") }
    for example in examples {
      lines += [
        "  - name: \(example.name)", "    violates: \(example.violates)", "    agents: |",
        "      \(GatePolicy.approver) kind=user", "    events: |",
      ]
      lines += example.events.map { "      \($0)" }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let approver = "approver"

  /// None where neither agent nor action can stand in a line of an example.
  private var examples: [(name: String, violates: Bool, events: [String])] {
    func isBare(_ text: String) -> Bool {
      !text.isEmpty && !text.hasPrefix("#")
        && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F && $0 != "=" }
    }
    guard let agent = agents.first(where: { isBare($0) && $0 != GatePolicy.approver }),
      isBare(action)
    else { return [] }
    let request = "10:00 \(GatePolicy.approver) task=T1 task.request"
    let act = "10:05 \(agent) task=T1 \(action)"
    let approval = "task=T1 approval.grant"
    return [
      ("nobody approved", true, [request, act]),
      (
        "a person approved first", false,
        [request, "10:03 \(GatePolicy.approver) \(approval)", act]
      ),
      (
        "a person approved only afterwards", true,
        [request, act, "10:09 \(GatePolicy.approver) \(approval)"]
      ),
    ]
  }

  /// A text in double quotes as YAML and JSON write it.
  private func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      default:
        if scalar.value < 0x20 || (0x7F...0xA0).contains(scalar.value) || scalar.value == 0x2028
          || scalar.value == 0x2029 || scalar.value == 0xFEFF
        {
          let digits = String(scalar.value, radix: 16)
          quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          quoted.unicodeScalars.append(scalar)
        }
      }
    }
    return quoted + "\""
  }
}
