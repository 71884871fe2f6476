import Model
import TestSupport
import Testing

@testable import Controls
@testable import Findings
@testable import Policies

@Suite struct GoldenTests {
  /// One made review against a shipped framework, written out in full.
  @Test func anAssessmentInFull() throws {
    let review = Made.review(
      [
        Made.agent("billing-reconciler"), Made.agent("legacy-etl", log: false),
        Made.agent("ops-agent"), Made.agent("unknown-bot", privileges: false, inventory: false),
      ],
      [
        Made.finding(
          "deploy-1", .realised, .critical, themes: ["approval-bypass", "chained-actions"],
          policy: "deploy-with-secret-without-approval"),
        Made.finding(
          "deploy-2", .excused, .critical, themes: ["approval-bypass"],
          policy: "deploy-with-secret-without-approval"),
        Made.finding("staging-1", .indeterminate, .high, themes: ["environment-isolation"]),
        Made.finding("over-privileged-1", .open, .moderate, themes: ["over-privilege"]),
        Made.finding("orphaned-1", .open, .moderate, themes: ["orphaned-identity"]),
      ])
    let assessed = assess(
      [try FrameworkFilesTests.read("owasp-nhi-2025.yaml")], review: review,
      policies: [
        Made.policy(
          "deploy-with-secret-without-approval",
          themes: ["approval-bypass", "chained-actions", "self-grant"]),
        Made.policy("staging", themes: ["environment-isolation"]),
      ])
    try expectGolden(
      GoldenTests.text(assessed), "Tests/ControlsTests/Golden/owasp-nhi-2025.txt")
  }

  private static func text(_ frameworks: [FrameworkAssessment]) -> String {
    var lines: [String] = []
    for framework in frameworks {
      lines.append("\(framework.id) \(framework.version), mapping \(framework.mappingVersion)")
      lines.append(framework.note)
      for control in framework.controls {
        let cited = control.citedAs.map { " (cited as \($0))" } ?? ""
        lines.append("\n\(control.id)\(cited) \(control.title): \(control.status.rawValue)")
        lines.append("  \(control.tested) of \(control.of); \(control.reason)")
        if let reason = control.citedReason { lines.append("  cited: \(reason)") }
        lines += control.mappings.map { "  \($0.theme): \($0.reason)" }
        if !control.findings.isEmpty {
          lines.append("  findings: \(control.findings.joined(separator: ", "))")
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
