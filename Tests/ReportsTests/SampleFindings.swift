import Model

@testable import Controls
@testable import Findings
@testable import Policies

extension SampleReport {
  /// The id of the sample's n-th finding.
  func findingID(_ number: Int) -> String {
    let names = [
      "deploy-with-secret-without-approval-17acfe0011aa",
      "small-exports-pass-the-limit-a538cd4471bb",
      "deploy-with-secret-without-approval-8a6211c0ffee",
      "deploy-with-secret-without-approval-90d2f31e55cc",
      "small-exports-pass-the-limit-5be1c0a7dd00",
      "audit-off-then-change-0c0c0c0c0c0c", "no-owner-cafe01020304", "over-privileged-beef55667788",
      "policy-blind-000000000001", "vendor-created-bank-details-changed-edf283edf283",
    ]
    return t(names[number])
  }

  var findings: [Finding] {
    let policies = policies
    let deploy = policies[0]
    let exports = policies[1]
    var all = [
      finding(0, deploy, .realised, risk: 0.81, agents: [SampleReport.ops], deployOccurrences),
      finding(
        9, policies[3], .realised, risk: 0.675,
        agents: [SampleReport.procurement, SampleReport.docs],
        [vendorOccurrence]),
      finding(
        1, exports, .realised, risk: 0.45, agents: [SampleReport.support], [exportOccurrence]),
      finding(2, deploy, .excused, risk: 0, agents: [SampleReport.ops], [excusedOccurrence]),
      finding(3, deploy, .nearMiss, risk: 0.162, agents: [SampleReport.ops], [nearMiss]),
      finding(
        5, policies[2], .latent, risk: 0.05, agents: [SampleReport.ops, SampleReport.build], []),
      finding(
        4, exports, .indeterminate, risk: 0,
        agents: [SampleReport.procurement, SampleReport.support],
        [indeterminate]),
    ]
    all.append(
      builtIn(
        6, kind: .identity, rule: "no-owner", title: "Nobody owns this identity",
        agents: [SampleReport.traveller, SampleReport.legacy], themes: ["no-owner"]))
    all.append(
      builtIn(
        7, kind: .privilege, rule: "over-privileged",
        title: "Holds far more than it uses", agents: [SampleReport.ops],
        themes: ["over-privilege", "unused-privilege"]))
    all.append(
      builtIn(
        8, kind: .policy, rule: "policy-blind",
        title: "The policy saw no event at its first step", agents: [], themes: ["policy-blind"]))
    return all
  }

  private func finding(
    _ number: Int, _ policy: Policy, _ status: Finding.Status, risk: Double, agents: [String],
    _ occurrences: [Occurrence]
  ) -> Finding {
    let ids = agents.map(t).sorted()
    return Finding(
      id: findingID(number), kind: .composition, status: status, policy: policy.id,
      title: policy.title, severity: policy.severity, risk: risk, agents: ids,
      privileges: policy.stepIDs.enumerated().map { place, step in
        StepPrivilege(
          step: step, agent: ids[place % ids.count], action: t("ecs:UpdateService"),
          via: place == 0 ? nil : t("policy acme-agent-base, statement Services"))
      },
      linkStrength: occurrences.first?.linkStrength, occurrences: occurrences,
      themes: policy.themes, because: policy.because, remedy: policy.remedy,
      falsePositives: policy.falsePositives,
      assumptions: status == .latent ? [t("the condition of statement Services holds")] : [])
  }

  private func builtIn(
    _ number: Int, kind: Finding.Kind, rule: String, title: String, agents: [String],
    themes: [String]
  ) -> Finding {
    Finding(
      id: findingID(number), kind: kind,
      status: .open,
      policy: rule, title: t(title), severity: kind == .policy ? .low : .high, risk: 0,
      agents: agents.map(t).sorted(), privileges: [], linkStrength: nil, occurrences: [],
      themes: themes, because: t("2 identities of 7 have no owner in any inventory"),
      remedy: t("Name an owner, or disable the identity."), falsePositives: [], assumptions: [])
  }

  private var deployOccurrences: [Occurrence] {
    [
      occurrence(
        of: 0, suffix: "51aa0001", key: "CHG-4290",
        chain: chain(
          day: "2026-08-22",
          [
            ("ticket", "15:40:02"), ("secret", "15:40:02"), ("deploy", "15:49:31"),
            ("restart", "16:01:20"),
          ], task: "CHG-4290", firstLine: 33),
        risk: 0.504, orderSensitive: true),
      occurrence(
        of: 0, suffix: "51aa0002", key: "CHG-4471",
        chain: chain(
          day: "2026-09-17",
          [
            ("ticket", "10:00:04"), ("secret", "10:01:12"), ("deploy", "10:05:40"),
            ("restart", "10:09:03"),
          ], task: "CHG-4471", firstLine: 14),
        risk: 0.81, orderSensitive: false),
    ]
  }

  private var vendorOccurrence: Occurrence {
    let bot = SampleReport.procurement
    return occurrence(
      of: 9, suffix: "51aa0007", key: "PO-7718",
      chain: [
        link("vendor", bot, "erp:CreateVendor", "vendor/4410", "2026-09-03T08:02:11Z", line: 501),
        link("price", bot, "erp:RequestPricing", "vendor/4410", "2026-09-03T08:03:37Z", line: 502),
        link("delegate", bot, "delegation.start", "PO-7718", "2026-09-03T08:04:02Z", line: 503),
        link(
          "bank", SampleReport.docs, "erp:UpdateBankDetails", "vendor/4410", "2026-09-06T17:22:45Z",
          line: 504),
      ], risk: 0.675, orderSensitive: false)
  }

  private var exportOccurrence: Occurrence {
    let chain = (0..<50).map { place in
      link(
        "export", SampleReport.support, "crm:ExportRecords", "account/88\(100 + place)",
        "2026-09-11T\(9 + place / 30 < 10 ? "0" : "")\(9 + place / 30):\(10 + place % 30):00Z",
        line: 900 + place)
    }
    var result = occurrence(
      of: 1, suffix: "51aa0003", key: "support-agent", chain: chain, risk: 0.45,
      orderSensitive: false)
    result.aggregateValue = 112
    result.aggregateEvents = 112
    result.lookedForAndNotFound = []
    return result
  }

  private var excusedOccurrence: Occurrence {
    var result = occurrence(
      of: 2, suffix: "51aa0004", key: "CHG-4001",
      chain: chain(
        day: "2026-07-10",
        [
          ("ticket", "08:00:00"), ("secret", "08:20:00"), ("deploy", "08:24:00"),
          ("restart", "08:27:30"),
        ], task: "CHG-4001", firstLine: 201),
      risk: 0, orderSensitive: false)
    result.excusedBy = link(
      "excuse", "alice", "approval.grant", "CHG-4001", "2026-07-10T08:10:00Z", line: 230)
    result.lookedForAndNotFound = []
    return result
  }

  private var nearMiss: Occurrence {
    var result = occurrence(
      of: 3, suffix: "51aa0005", key: "CHG-4102",
      chain: chain(
        day: "2026-07-21",
        [("ticket", "09:02:40"), ("secret", "09:04:11"), ("deploy", "09:12:00")],
        task: "CHG-4102", firstLine: 5),
      risk: 0.162, orderSensitive: false)
    result.missingStep = t("restart")
    return result
  }

  private var indeterminate: Occurrence {
    var result = occurrence(
      of: 4, suffix: "51aa0006", key: "PO-7718",
      chain: [
        ChainLink(
          step: t("export"), event: t("run-0412:7"), time: nil, agent: t(SampleReport.procurement),
          action: t("erp.export"), resource: nil, outcome: .unknown,
          position: SourcePosition(file: 3, line: 41))
      ], risk: 0, orderSensitive: false)
    result.indeterminateReason = t("the field `args.count` is missing")
    result.isUntimed = true
    result.lookedForAndNotFound = []
    return result
  }

  private func chain(
    day: String, _ steps: [(String, String)], task: String, firstLine: Int
  ) -> [ChainLink] {
    let actions = [
      "ticket": ("tickets:GetIssue", task),
      "secret": ("secretsmanager:GetSecretValue", "prod/db/orders"),
      "deploy": ("codedeploy:CreateDeployment", "deploymentgroup:orders-api"),
      "restart": ("ecs:UpdateService", "service/prod/orders-api"),
    ]
    return steps.enumerated().map { place, step in
      let (action, resource) = actions[step.0] ?? ("unknown", "unknown")
      return link(
        step.0, SampleReport.ops, action, resource, "\(day)T\(step.1)Z", line: firstLine + place)
    }
  }

  private func link(
    _ step: String, _ agent: String, _ action: String, _ resource: String, _ time: String, line: Int
  ) -> ChainLink {
    ChainLink(
      step: t(step), event: t("evt-\(line)"), time: SampleReport.time(time), agent: t(agent),
      action: t(action), resource: t(resource), outcome: .allowed,
      position: SourcePosition(file: 1, line: Int32(line)))
  }

  private func occurrence(
    of finding: Int, suffix: String, key: String, chain: [ChainLink], risk: Double,
    orderSensitive: Bool
  ) -> Occurrence {
    Occurrence(
      id: "\(findingID(finding)).\(suffix)", key: [NamedValue(name: t("task"), value: t(key))],
      chain: chain, excusedBy: nil, missingStep: nil, indeterminateReason: nil,
      lookedForAndNotFound: [
        t("approval.grant by a user, in the 24 h before and during the chain")
      ],
      aggregateValue: nil, aggregateEvents: nil, linkStrength: .sameTask, risk: risk,
      isOrderSensitive: orderSensitive, isUntimed: false, episode: 0)
  }
}
