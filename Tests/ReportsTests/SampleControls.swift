@testable import Controls
@testable import Findings

extension SampleReport {
  var crosswalk: Crosswalk {
    Crosswalk(
      id: "sample", version: "1.0.0", hub: "nist-sp-800-207", note: t("What lists share."),
      concepts: [
        Crosswalk.Concept(
          id: "over-privilege", title: t("Holds more than it needs"),
          because: t("All of them ask for the least that will do."),
          controls: [
            Crosswalk.FrameworkControls(framework: "nist-sp-800-207", ids: ["PE"]),
            Crosswalk.FrameworkControls(framework: "owasp-nhi-2025", ids: ["NHI5:2025"]),
          ])
      ])
  }

  var frameworks: [FrameworkAssessment] {
    [
      FrameworkAssessment(
        id: "owasp-agentic-2026", title: "OWASP Top 10 for Agentic Applications", version: "2026",
        mappingVersion: "2026.09", note: t("Ten risks of agentic applications, by id and title."),
        controls: [
          control(
            "owasp-agentic-2026", "ASI02", "Tool Misuse and Exploitation", .partly, [findingID(3)],
            theme: "chained-actions"),
          control(
            "owasp-agentic-2026", "ASI03", "Identity and Privilege Abuse", .notSatisfied,
            [findingID(0), findingID(7)], theme: "over-privilege", citedAs: "AA-03"),
          control(
            "owasp-agentic-2026", "ASI04", "Agentic Supply Chain Vulnerabilities", .notAssessed, [],
            theme: nil),
        ]),
      FrameworkAssessment(
        id: "owasp-nhi-2025", title: "OWASP Non-Human Identities Top 10", version: "2025",
        mappingVersion: "2026.09", note: t("Ten risks of non-human identities."),
        controls: [
          control(
            "owasp-nhi-2025", "NHI5:2025", "Overprivileged NHI", .notSatisfied, [findingID(7)],
            theme: "over-privilege", citedAs: "NHI-04"),
          control(
            "owasp-nhi-2025", "NHI10:2025", "Human Use of NHI", .satisfied, [], theme: nil),
        ]),
      FrameworkAssessment(
        id: "nist-sp-800-207", title: "NIST SP 800-207 Zero Trust Architecture",
        version: "August 2020", mappingVersion: "2026.09", note: t("The codes are ours."),
        controls: [
          control(
            "nist-sp-800-207", "PE", "Policy Engine", .notSatisfied, [findingID(0), findingID(1)],
            theme: "approval-bypass", citedAs: "Policy Engine")
        ]),
    ]
  }

  private func control(
    _ framework: String, _ id: String, _ title: String, _ status: ControlStatus,
    _ findings: [String], theme: String?, citedAs: String? = nil
  ) -> ControlAssessment {
    ControlAssessment(
      framework: framework, id: id, title: t(title), citedAs: citedAs,
      citedReason: citedAs == nil
        ? nil : t("The text cited speaks of over-privileged identities; the title matches."),
      status: status, reason: t("\(findings.count) open findings map to it"),
      tested: status == .notAssessed ? 0 : 6, of: 7, findings: findings,
      mappings: theme.map {
        [ControlMapping(theme: $0, reason: t("What is held and not used is the abuse's material."))]
      } ?? [])
  }
}
