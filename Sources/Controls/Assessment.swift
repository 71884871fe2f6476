package import Findings
internal import Model
package import Policies

/// Judges every control of every framework by what a review found.
///
/// In the frameworks' and the controls' order. `policies` are those that were applied: a control
/// about which none of them, and no built-in rule, asks anything was not tested.
package func assess(
  _ frameworks: [Framework], review: Review, policies: [Policy]
) -> [FrameworkAssessment] {
  let bench = Bench(review: review, policies: policies)
  return frameworks.map { framework in
    FrameworkAssessment(
      id: framework.id, title: framework.title, version: framework.version,
      mappingVersion: framework.mappingVersion, note: framework.note,
      controls: framework.controls.map { bench.assess($0, of: framework.id) })
  }
}

/// What a finding is about, as far as mappings go: thousands of findings share a few.
private struct Subject: Hashable {
  let policy: String
  let themes: [String]
}

/// What all controls of a review are held against.
private struct Bench {
  private let ids: [String]
  private let standings: [FindingStanding]
  /// Which subject each finding is about, and the places of the findings of each, rising.
  private let subjects: [Subject: [Int]]
  /// Agents that can be tested, by what is known of them.
  let testable: [Population: Int]
  let agents: Int
  /// Themes and ids that some policy, or some built-in rule, asks about.
  let asked: Set<String>

  init(review: Review, policies: [Policy]) {
    ids = review.findings.map(\.id)
    standings = review.findings.map(FindingStanding.init)
    var subjects: [Subject: [Int]] = [:]
    for (place, finding) in review.findings.enumerated() {
      subjects[Subject(policy: finding.policy, themes: finding.themes), default: []].append(place)
    }
    self.subjects = subjects
    agents = review.agents.count
    var testable: [Population: Int] = [:]
    for population in Population.allCases {
      testable[population] = review.agents.count { Bench.isTestable($0, population) }
    }
    self.testable = testable
    asked = Set(policies.flatMap { $0.themes + [$0.id] })
      .union(BuiltInRule.allCases.flatMap { $0.themes + [$0.rawValue] })
  }

  func assess(_ control: FrameworkControl, of framework: String) -> ControlAssessment {
    let mapped = subjects.filter { Bench.maps(control, $0.key) }.flatMap(\.value).sorted()
    let mappings = (control.themes + control.policies).sorted { $0.theme < $1.theme }
    let unasked = mappings.map(\.theme).filter { !asked.contains($0) }
    let isAsked = unasked.count < mappings.count
    let evidence = ControlEvidence(
      needs: control.needs, notAssessedBecause: control.notAssessedBecause,
      findings: mapped.map { standings[$0] },
      tested: isAsked ? testable[control.needs] ?? 0 : 0, of: agents, isAsked: isAsked,
      unasked: unasked)
    return ControlAssessment(
      framework: framework, id: control.id, title: control.title, citedAs: control.citedAs,
      citedReason: control.citedReason, status: evidence.status, reason: evidence.reason,
      tested: evidence.tested, of: agents, findings: mapped.map { ids[$0] },
      mappings: mappings)
  }

  private static func maps(_ control: FrameworkControl, _ subject: Subject) -> Bool {
    control.policies.contains { $0.theme == subject.policy }
      || control.themes.contains { subject.themes.contains($0.theme) }
  }

  private static func isTestable(_ agent: AgentAssessment, _ population: Population) -> Bool {
    // Without enough logs nothing is known to be unused: a finding still counts, a lack of one not.
    let hasPrivileges: Bool
    switch agent.privilegeIndex.score {
    case .assessed: hasPrivileges = true
    case .atLeast, .notAssessed: hasPrivileges = false
    }
    // A log that is there and shows nothing of an agent has been looked at too.
    let hasLog = agent.evidence.events > 0 || agent.evidence.daysWithLogs > 0
    switch population {
    case .privileges: return hasPrivileges
    case .events: return hasLog
    case .both: return hasPrivileges && hasLog
    case .inventory: return agent.agent.isInInventory
    case .credentials: return agent.credentials != nil
    case .none: return false
    }
  }
}
