import Foundation
import Intake
import Model
import Policies
import TestSupport
import Testing

/// What the shipped policies find in real attacks, and in a quarter of mostly routine work.
@Suite struct ShippedOnRealInputTests {
  /// For each technique of several events: the policies that see it, with how the chain stands.
  private static let techniques: [String: Set<String>] = [
    "credential-access.ec2-get-password-data": ["refusals-in-bulk realised"],
    "credential-access.ec2-steal-instance-credentials": [
      "host-credentials-used-to-look-around realised"
    ],
    "credential-access.secretsmanager-batch-retrieve-secrets": ["secrets-read-in-batches realised"],
    "credential-access.secretsmanager-retrieve-secrets": ["secrets-read-in-bulk realised"],
    "credential-access.ssm-retrieve-securestring-parameters": ["secrets-read-in-batches realised"],
    // Leaving the organisation was refused.
    "defense-evasion.organizations-leave": ["role-assumed-then-guardrail-removed near-miss"],
    "discovery.ec2-download-user-data": ["refusals-in-bulk realised"],
    // The machines were refused.
    "execution.ec2-launch-unusual-instances": ["session-taken-then-costly-machines near-miss"],
    "execution.ec2-user-data": ["instance-stopped-rewritten-and-started realised"],
    "execution.ssm-send-command": ["commands-on-many-hosts realised"],
    "execution.ssm-start-session": ["remote-access-to-many-hosts realised"],
    "impact.bedrock-invoke-model": ["model-access-opened-then-used realised"],
    "lateral-movement.ec2-instance-connect": ["remote-access-to-many-hosts realised"],
    "lateral-movement.ec2-serial-console-send-ssh-public-key": [
      "remote-access-to-many-hosts realised", "serial-console-opened-then-used realised",
    ],
    "persistence.iam-create-admin-user": ["identity-created-then-privileged realised"],
    "persistence.iam-create-backdoor-role": ["identity-created-then-privileged realised"],
    "persistence.iam-create-user-login-profile": ["identity-probe-then-new-credential realised"],
    "persistence.rolesanywhere-create-trust-anchor": ["outside-trust-made-usable realised"],
    "persistence.sts-federation-token": ["federation-token-made-then-used realised"],
  ]

  @Test func attacksAreSeenAndNothingElseInThem() throws {
    guard let url = Project.sharedData("aws/stratus-detonations.ndjson.gz") else { return }
    let policies = try Shipped.policies.get()
    let attacks = try unwrapped(url).filter { $0.value.count > 1 }
    #expect(attacks.count == Self.techniques.count)
    for (technique, events) in attacks.sorted(by: { $0.key < $1.key }) {
      let bytes = Array(events.joined(separator: [0x0A]))
      let input = try Shipped.read([InputSource(path: "events.ndjson", bytes: bytes)])
      #expect(input.table.events.count == events.count, "\(technique)")
      let found = evaluate(policies, input: input, from: nil, to: nil).matches
        .map { "\(policies[$0.policy].id) \($0.status.rawValue)" }
      let expected = Self.techniques[String(technique.dropFirst("aws.".count))]
      #expect(Set(found) == expected, "\(technique): \(found)")
    }
  }

  /// All that breaks a policy in the example organisation.
  private static let violations: Set<String> = [
    "action-told-by-content realised docs-assistant",
    "build-fetches-production-secret-and-redeploys realised build-agent",
    "customer-data-out-by-external-channel realised support-agent",
    "delegated-read-then-sent-outside realised report-writer",
    "deploy-with-secret-without-approval realised ops-agent",
    "external-send-then-record-masked realised support-agent",
    "privilege-granted-to-itself-then-used realised data-export-job",
    "refusals-in-bulk realised partner-gateway",
    "release-without-tests-or-approval realised ops-agent",
    "secret-to-external-channel realised report-writer",
    "sensitive-read-then-external-send realised support-agent",
    "small-exports-pass-the-limit realised crm-sync",
    "staging-identity-reaches-production realised staging-deployer",
    "untrusted-content-to-side-effect realised docs-assistant",
    "vendor-created-then-bank-details-changed realised procurement-bot",
    "vendor-created-then-bank-details-changed realised vendor-onboarding",
  ]

  @Test func aQuarterOfRoutineWorkBreaksNothing() throws {
    let input = try Shipped.read(
      Shipped.sources(below: Project.root.appendingPathComponent("examples/acme/input")))
    #expect(input.table.events.count > 15_000)
    let policies = try Shipped.policies.get()
    let evaluation = evaluate(policies, input: input, from: nil, to: nil)
    let realised = evaluation.matches.filter { $0.status == .realised }
      .map { Judged($0, policies, input).description }
    #expect(Set(realised) == Self.violations, "\(realised.sorted())")
    let nearMisses = evaluation.matches.filter { $0.status == .nearMiss }
      .map { Judged($0, policies, input).description }
    #expect(
      nearMisses.sorted() == [
        "audit-disabled-then-destructive-action near-miss log-archiver",
        "secret-to-external-channel near-miss ops-agent",
      ])
    let unjudged = evaluation.matches.filter { $0.status == .indeterminate }
    #expect(unjudged.isEmpty, "\(unjudged.map(\.indeterminateReason))")
    // A policy that looks at every action would hide what no policy looks at.
    #expect(evaluation.unwatched.contains { $0.name == "unclassified" && $0.count > 1_000 })
  }

  /// The events of a collection whose lines wrap one each, by technique.
  private func unwrapped(_ url: URL) throws -> [String: [[UInt8]]] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc", url.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let text = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    var events: [String: [[UInt8]]] = [:]
    for line in text.split(separator: 0x0A) {
      let object = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
      let technique = try #require(object?["technique"] as? String)
      let event = try #require(object?["event"])
      events[technique, default: []].append(
        [UInt8](try JSONSerialization.data(withJSONObject: event)))
    }
    return events
  }
}
