import Model

@testable import Findings

/// What one agent of the sample is, in short.
private struct AgentSketch {
  var id: String
  var name: String?
  var owner: String?
  var privilege: Score
  var composition: Score
  var risk: Score
  var band: Severity?
  /// Used, unused, cannot be seen.
  var counts: (Int, Int, Int)
  var days: Int
  var findings: [String]
}

extension SampleReport {
  static let account = "arn:aws:iam::111122223333:role"

  /// Ids of the agents: ARNs, plain names, and one that tries to leave its folder.
  static let ops = "\(account)/ops-agent"
  static let procurement = "procurement-bot"
  static let support = "support-agent"
  static let build = "\(account)/ci/build-agent"
  static let docs = "docs-assistant"
  static let traveller = "../../etc/passwd"
  static let legacy = "legacy-etl"

  private var sketches: [AgentSketch] {
    typealias S = SampleReport
    return [
      AgentSketch(
        id: S.ops, name: "Operations agent", owner: "Platform", privilege: .assessed(52),
        composition: .assessed(86), risk: .assessed(93), band: .critical, counts: (6, 9, 3),
        days: 88, findings: [findingID(0), findingID(2), findingID(3), findingID(5), findingID(7)]),
      AgentSketch(
        id: S.support, name: "Support agent", owner: "Customer Care", privilege: .assessed(39),
        composition: .atLeast(45, reason: t("12 events have no clock")),
        risk: .atLeast(66, reason: t("the composition index is a lower bound")), band: .moderate,
        counts: (8, 7, 2), days: 90, findings: [findingID(1), findingID(4)]),
      AgentSketch(
        id: S.procurement, name: "Procurement bot", owner: "Finance Operations",
        privilege: .assessed(28), composition: .assessed(75), risk: .assessed(82), band: .critical,
        counts: (4, 6, 0), days: 91, findings: [findingID(9), findingID(4)]),
      AgentSketch(
        id: S.build, name: nil, owner: "Developer Platform", privilege: .assessed(52),
        composition: .assessed(5), risk: .assessed(54), band: .high, counts: (5, 14, 0), days: 88,
        findings: [findingID(5)]),
      AgentSketch(
        id: S.docs, name: "Documentation assistant", owner: "Marketing", privilege: .assessed(2),
        composition: .assessed(75), risk: .assessed(76), band: .critical, counts: (3, 3, 0),
        days: 92,
        findings: [findingID(9)]),
      AgentSketch(
        id: S.traveller, name: nil, owner: nil, privilege: .assessed(2), composition: .assessed(0),
        risk: .assessed(2), band: .low, counts: (2, 2, 0), days: 40, findings: [findingID(6)]),
      AgentSketch(
        id: S.legacy, name: "Legacy ETL", owner: nil,
        privilege: .notAssessed(reason: t("no recognised source shows its events")),
        composition: .notAssessed(reason: t("no events")),
        risk: .notAssessed(reason: t("neither side could be assessed")), band: nil,
        counts: (0, 0, 8), days: 0, findings: [findingID(6)]),
    ]
  }

  var agents: [AgentAssessment] { sketches.map(assessment) }

  private func assessment(_ sketch: AgentSketch) -> AgentAssessment {
    let (used, unused, unseen) = sketch.counts
    var assessment = AgentAssessment(
      agent: agent(sketch),
      privilegeIndex: PrivilegeIndex(
        score: sketch.privilege, terms: privilegeTerms(sketch),
        floor: sketch.id == SampleReport.build ? 50 : nil,
        floorReason: sketch.id == SampleReport.build
          ? t("an escalation path to administrator, partly unused") : nil),
      compositionIndex: compositionIndex(sketch), risk: sketch.risk, band: sketch.band,
      privileges: HeldPrivileges([]), held: used + unused + unseen, used: used,
      unused: unused,
      unseen: unseen, conditionalStatements: sketch.id == SampleReport.ops ? 1 : 0,
      evidence: evidence(sketch), findings: sketch.findings)
    var rows = privileges(sketch)
    for place in rows.indices { rows[place].advice = advice(rows[place], of: assessment) }
    assessment.privileges = HeldPrivileges(rows)
    return assessment
  }

  private func agent(_ sketch: AgentSketch) -> Agent {
    var agent = Agent(id: t(sketch.id))
    agent.name = sketch.name.map(t)
    agent.owner = sketch.owner.map(t)
    agent.isInInventory = sketch.id != SampleReport.traveller
    guard agent.isInInventory else { return agent }
    agent.kind = .agent
    agent.sponsor = t("team lead")
    agent.purpose = t("Works operations tickets of the orders service: looks, releases, restarts.")
    agent.environment = t("production")
    agent.criticality = t("high")
    agent.created = SampleReport.time("2025-11-04T00:00:00Z")
    agent.expires = SampleReport.time("2027-03-31T00:00:00Z")
    agent.aliases = [t("ops-agent-legacy")]
    agent.mayDelegateTo = [t("docs-assistant")]
    agent.attributes = [NamedValue(name: t("tags.team"), value: t("platform"))]
    agent.position = SourcePosition(file: 0, line: 12)
    return agent
  }

  private func privilegeTerms(_ sketch: AgentSketch) -> [PrivilegeTerm] {
    let all = allTerms
    switch sketch.privilege.value {
    case nil: return []
    case 52: return all
    case 39: return Array(all[1...2])
    case 28: return Array(all[2...3])
    default: return [all[3]]
    }
  }

  private var allTerms: [PrivilegeTerm] {
    [
      PrivilegeTerm(
        hazardClass: "audit.disable", hazard: 0.55, maxUnusedReach: 0.5, sumUnusedReach: 0.5,
        exposure: 0.385098, factor: 0.788196, held: 1, used: 0),
      PrivilegeTerm(
        hazardClass: "secret.read", hazard: 0.45, maxUnusedReach: 0.45, sumUnusedReach: 0.6,
        exposure: 0.355685, factor: 0.839942, held: 3, used: 1),
      PrivilegeTerm(
        hazardClass: "Write", hazard: 0.35, maxUnusedReach: 0.95, sumUnusedReach: 2.4,
        exposure: 0.770927, factor: 0.730176, held: 9, used: 3),
      PrivilegeTerm(
        hazardClass: "Read", hazard: 0.1, maxUnusedReach: 0.2, sumUnusedReach: 0.35,
        exposure: 0.165974, factor: 0.983403, held: 5, used: 4),
    ]
  }

  private func compositionIndex(_ sketch: AgentSketch) -> CompositionIndex {
    guard let value = sketch.composition.value, value > 0 else {
      return CompositionIndex(
        score: sketch.composition, terms: [], latentLift: nil, floor: nil, floorReason: nil)
    }
    let chains = findings.filter { $0.kind == .composition && sketch.findings.contains($0.id) }
    var terms: [CompositionTerm] = []
    let happened = chains.flatMap { finding in finding.occurrences.map { (finding, $0) } }
    for (finding, occurrence) in happened.sorted(by: { $0.1.risk > $1.1.risk })
    where occurrence.risk > 0 {
      let before = terms.count { $0.policy == finding.policy }
      var scale = 1.0
      for _ in 0..<before { scale /= 2 }
      terms.append(
        CompositionTerm(
          finding: finding.id, occurrence: occurrence.id, policy: finding.policy,
          risk: occurrence.risk, place: before + 1, factor: 1 - occurrence.risk * scale))
    }
    let latent = chains.filter { $0.status == .latent }
    for finding in latent {
      terms.append(
        CompositionTerm(
          finding: finding.id, occurrence: nil, policy: finding.policy, risk: 0.05, place: 1,
          factor: 0.95))
    }
    let isCritical = sketch.band == .critical
    return CompositionIndex(
      score: sketch.composition, terms: terms, latentLift: latent.isEmpty ? nil : 5,
      floor: isCritical ? 75 : nil,
      floorReason: isCritical ? t("a realised critical chain") : nil)
  }

  private func evidence(_ sketch: AgentSketch) -> UsageEvidence {
    let isSeen = sketch.days > 0
    return UsageEvidence(
      events: isSeen ? 4_985 : 0, daysWithLogs: sketch.days, daysInWindow: 92,
      firstEvent: isSeen ? SampleReport.time("2026-07-01T06:12:44Z") : nil,
      lastEvent: isSeen ? SampleReport.time("2026-09-30T21:02:10.125Z") : nil,
      sources: isSeen ? ["aws-cloudtrail", "transcript"] : [], coverage: isSeen ? 0.9992 : nil,
      neededOnFewerThan: isSeen ? 3 / Double(sketch.days) : nil, isEnough: sketch.days >= 74,
      shortfall: sketch.days >= 74
        ? nil : t("\(sketch.days) of 92 days with logs; switch on its database audit log"))
  }

  private func privileges(_ sketch: AgentSketch) -> [HeldPrivilege] {
    let (used, unused, unseen) = sketch.counts
    let actions = [
      "cloudtrail:StopLogging", "ecs:ExecuteCommand", "iam:PassRole", "ecs:DeleteService",
      "codedeploy:CreateDeployment", "sts:AssumeRole", "secretsmanager:GetSecretValue",
      "logs:FilterLogEvents", "tickets:GetIssue", "s3:GetObject",
    ]
    return (0..<used + unused + unseen).map { place in
      let usage: HeldPrivilege.Usage =
        place < unused
        ? .unused
        : place < unused + unseen ? .cannotBeSeen : place == unused + unseen ? .usedNarrower : .used
      let isUsed = usage == .used || usage == .usedNarrower
      return HeldPrivilege(
        action: t(actions[place % actions.count] + (place < 10 ? "" : "V\(place / 10 + 1)")),
        resources: place % 3 == 0
          ? ["*"] : [t("arn:aws:ecs:eu-west-1:111122223333:service/prod/*")],
        level: place % 4 == 0 ? .write : .read,
        capabilities: place == 0 ? ["audit.disable"] : [],
        meaningOrigin: .named,
        origin: Origin(policy: t("policy acme-agent-base"), statement: t("Observe")),
        position: SourcePosition(file: 0, line: Int32(2_214 + place)), grants: 1,
        condition: place == 2 ? t(#"{"StringEquals":{"aws:ResourceTag/team":"ops"}}"#) : nil,
        usage: usage, uses: isUsed ? 1_310 - place : 0,
        lastUse: isUsed ? SampleReport.time("2026-09-28T11:20:09Z") : nil,
        observedResources: isUsed ? [t("service/prod/orders-api")] : [],
        reach: place % 3 == 0 ? 1 : 0.5,
        unusedReach: usage == .unused ? (place % 3 == 0 ? 1 : 0.5) : 0)
    }
  }

  var cleanup: [CleanupRow] {
    var rows: [CleanupRow] = []
    for assessment in agents {
      for (place, privilege) in assessment.privileges.enumerated() {
        guard let advice = privilege.advice else { continue }
        rows.append(
          CleanupRow(
            agent: assessment.agent.id, owner: assessment.agent.owner, action: privilege.action,
            resources: privilege.resources, level: privilege.level,
            capabilities: privilege.capabilities, advice: advice,
            narrowTo: advice == .narrow ? privilege.observedResources : [],
            riskRemoved: max(0, 14 - 2 * place), hazardRemoved: privilege.unusedReach * 0.35,
            lastUse: privilege.lastUse, uses: privilege.uses,
            daysWithLogs: assessment.evidence.daysWithLogs, daysInWindow: 92,
            neededOnFewerThan: privilege.uses > 0 ? nil : assessment.evidence.neededOnFewerThan,
            origin: privilege.origin, because: t("held, never used in the window")))
      }
    }
    return rows.sorted {
      ($1.riskRemoved, $1.hazardRemoved, $0.agent, $0.action) < (
        $0.riskRemoved, $0.hazardRemoved, $1.agent, $1.action
      )
    }
  }

  private func advice(
    _ privilege: HeldPrivilege, of assessment: AgentAssessment
  ) -> CleanupRow.Advice? {
    switch privilege.usage {
    case .unused:
      if assessment.agent.owner == nil { return .needsOwner }
      return assessment.evidence.isEnough ? .revoke : .keepEvidenceThin
    case .usedNarrower: return .narrow
    case .cannotBeSeen: return .keepEvidenceThin
    case .used: return nil
    }
  }
}
