import Foundation
import TestSupport
import Testing

/// What the example's readme tells: who is found, and who does the same work properly and is not.
@Suite struct AcmeSituationTests {
  /// A policy, the agents that must be found to have broken it, and the innocent twins.
  struct Situation {
    var policy: String
    var violators: Set<String>
    var twins: Set<String>
  }

  private static let situations = [
    Situation(
      policy: "deploy-with-secret-without-approval", violators: ["ops-agent"],
      twins: ["incident-triage"]),
    Situation(
      policy: "customer-data-out-by-external-channel", violators: ["support-agent"],
      twins: ["account-care-agent"]),
    Situation(
      policy: "external-send-then-record-masked", violators: ["support-agent"],
      twins: ["account-care-agent"]),
    Situation(
      policy: "small-exports-pass-the-limit", violators: ["crm-sync"],
      twins: ["campaign-planner"]),
    Situation(
      policy: "build-fetches-production-secret-and-redeploys", violators: ["build-agent"],
      twins: ["release-orchestrator"]),
    Situation(
      policy: "vendor-created-then-bank-details-changed",
      violators: ["procurement-bot", "vendor-onboarding"], twins: ["sourcing-agent"]),
    Situation(
      policy: "secret-to-external-channel", violators: ["report-tools", "report-writer"],
      twins: ["account-care-agent"]),
  ]

  @Test func eachIsRealisedForItsAgentAndNotForItsTwin() throws {
    let report = try ExampleReview.read().report
    for situation in Self.situations {
      let realised = report.agents(policy: situation.policy, status: "realised")
      #expect(realised == situation.violators, "\(situation.policy)")
      let nearMisses = report.agents(policy: situation.policy, status: "near-miss")
      #expect(nearMisses.isDisjoint(with: situation.twins), "\(situation.policy)")
      #expect(
        report.agents(policy: situation.policy, status: "indeterminate").isEmpty,
        "\(situation.policy)")
    }
  }

  /// A task of which one log has the secret and the other the mail is a chain only where both are.
  @Test func neitherLogAloneShowsTheTaskThatBothTell() throws {
    let all = ["inventory", "aws", "change-control", "traces"]
    for missing in ["", "aws", "traces"] {
      let folder = try Scratch()
      defer { withExtendedLifetime(folder) {} }
      let paths = all.filter { $0 != missing }.map { "examples/acme/input/\($0)" }
      let result = try Command.run(
        ["review"] + paths + [
          "--name", "acme-2026-Q3", "--formats", "json", "--quiet", "--no-history", "--out",
          folder.url.path,
        ])
      #expect(result.status == 0, "\(result.error)")
      let report = try Written(folder)
      let realised = report.agents(policy: "secret-to-external-channel", status: "realised")
      #expect(realised == (missing.isEmpty ? ["report-tools", "report-writer"] : []), "\(missing)")
    }
  }

  @Test func approvedChainsAreShownAsWorkingControls() throws {
    let report = try ExampleReview.read().report
    for (policy, twin) in [
      ("deploy-with-secret-without-approval", "incident-triage"),
      ("build-fetches-production-secret-and-redeploys", "release-orchestrator"),
      ("vendor-created-then-bank-details-changed", "sourcing-agent"),
      ("secret-to-external-channel", "report-writer"),
    ] {
      #expect(report.agents(policy: policy, status: "excused").contains(twin), "\(policy)")
    }
  }

  @Test func whatTheReadmeNamesBesidesIsFound() throws {
    let report = try ExampleReview.read().report
    let role = "arn:aws:iam::111122223333:role/"
    for (policy, status, agent) in [
      ("privilege-granted-to-itself-then-used", "realised", role + "data-export-job"),
      ("staging-identity-reaches-production", "realised", "staging-deployer"),
      ("untrusted-content-to-side-effect", "realised", "docs-assistant"),
      ("audit-disabled-then-destructive-action", "near-miss", "log-archiver"),
      ("secret-to-external-channel", "near-miss", "ops-agent"),
      ("dormant", "open", "cert-renewer"), ("dormant", "open", "break-glass-admin"),
      ("expired", "open", "campaign-planner"), ("no-owner", "open", "campaign-planner"),
      ("orphaned", "open", "arn:aws:iam::444455556666:role/partner-gateway"),
    ] {
      let agents = report.agents(policy: policy, status: status)
      #expect(agents.contains(agent), "\(policy) is not \(status) for \(agent): \(agents.sorted())")
    }
    let places = report.problems.map { "\($0["file"] ?? "") \($0["line"] ?? 0)" }
    #expect(places == ["change-control/events.ndjson 41", "crm/events-2026-08.ndjson.gz 2854"])
  }

  @Test func theInputIsWhatItsGeneratorWrites() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", Project.root.appendingPathComponent("examples/acme/generate.py").path, "--check",
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(output)")
  }
}
