import Model
import Policies

@testable import Findings

/// What the sample's agents should lose, and where approvals belong.
extension SampleReport {
  var cutSet: CutSet {
    let latent = findings.filter { $0.status == .latent }
    return CutSet(
      rows: [
        CutRow(
          action: t("secretsmanager:GetSecretValue"), isNarrowing: false, actions: 1,
          resources: [t("*")], origins: [t("policy acme-agent-base, statement SecretsAll")],
          holders: [t(SampleReport.ops)], keepers: [agents[1].agent.id], level: .read,
          capabilities: ["secret.read"], ends: 1, endedSoFar: 1),
        CutRow(
          action: t("iam:*"), isNarrowing: true, actions: 158,
          resources: [t("arn:aws:iam::1:role/*")],
          origins: [
            t("policy acme-infra-tools, statement RoleUpkeep"), t("group Ops, statement 1"),
          ],
          holders: agents.prefix(2).map(\.agent.id), keepers: [], level: .permissionsManagement,
          capabilities: ["policy.change", "privilege.grant"], ends: 2, endedSoFar: 3),
      ],
      chains: 4, left: latent.prefix(1).map(\.id), uncovered: 1, isExact: false, fewest: 1, uses: 0)
  }

  var gates: GatePlan {
    let realised = findings.filter { $0.kind == .composition && $0.status == .realised }
    let ids = realised.map(\.id).sorted()
    var gate = GatePolicy(id: "gate-deploy-create-release", action: t("deploy:CreateRelease"))
    gate.agents = [t(SampleReport.ops)]
    gate.severity = .critical
    gate.because = t("An approval here would have stopped every chain that happened.")
    return GatePlan(
      gates: [
        Gate(
          policy: gate.policy, text: gate.text, action: gate.action,
          capabilities: ["deploy.release"], agents: gate.agents, findings: ids, chains: 3, uses: 31,
          innocentTasks: 28, violatingTasks: 3, innocentTasksPerWeek: 28 * 7.0 / 92)
      ],
      chains: 4, stopped: 3, unstopped: ids.suffix(1), isExact: true, weeks: 92.0 / 7,
      innocentTasks: 28)
  }

  var proposals: [Proposal] {
    [
      Proposal(
        agent: agents[0].agent.id,
        texts: [
          Proposal.Text(platform: .aws, text: "{\n}\n"),
          Proposal.Text(platform: .aws, text: "{}\n"),
          Proposal.Text(platform: .tools, text: "privileges:\n"),
        ],
        notes: [t("its permissions boundary stays as it is")], kept: 12, removed: 30,
        statements: []),
      Proposal(
        agent: agents[1].agent.id, texts: [], notes: [], kept: 0, removed: 4,
        statements: []),
    ]
  }

  /// One use that the proposals would have denied, so that every part of a replay is there.
  var replay: Replay {
    let denied = DeniedUse(
      agent: t(SampleReport.ops), owner: nil, action: t("ecs:UpdateService"),
      resources: [t("arn:aws:ecs:eu-west-1:1:service/web")], uses: 4, tasks: [t("CHG-4471")])
    let plan = gates
    return Replay(
      uses: 20_114, agents: 5, denied: [denied], chains: 4, chainsLeft: 1,
      cutSet: CutSetReplay(denied: [], ended: cutSet.ended),
      gates: GateReplay(
        chains: plan.chains, stopped: plan.stopped,
        waits: [
          GateWait(
            gate: plan.gates[0].policy.id, task: t("CHG-4471"), agent: t(SampleReport.ops),
            owner: t("Platform"), action: plan.gates[0].action, uses: 2, isInnocent: false)
        ], innocentTasks: plan.innocentTasks))
  }
}
