internal import Controls
internal import Findings
internal import Model
internal import Policies

/// What formats look up in a report, made once for all of them.
package struct ReportIndex: Sendable {
  /// A control that a finding bears on, and why.
  struct ControlReference: Sendable {
    var framework: FrameworkAssessment
    var control: ControlAssessment
    /// The reasons of the mappings that join the two.
    var reasons: [String]
    /// Where they stand: in the report's frameworks, and in the framework's controls.
    var places: ControlPlace
    /// Its anchor on the framework's page.
    var anchor: String
  }

  /// A framework and one of its controls, by their places.
  struct ControlPlace: Hashable, Sendable {
    var framework: Int
    var control: Int
  }

  /// What findings that bear on the same controls for the same reasons have in common.
  private struct Subject: Hashable {
    var places: [ControlPlace]
    var policy: String
    var themes: [String]
  }

  let report: Report
  /// Lists of controls, each for all findings of one subject, and the list of each finding by its id.
  private var controlLists: [[ControlReference]] = []
  private var controlListOf: [String: Int] = [:]
  /// Findings by id.
  private(set) var findings: [String: Finding] = [:]
  /// Places in `review.findings` by id.
  private var findingPlaces: [String: Int] = [:]
  /// Places in `review.agents` by agent id.
  private(set) var agents: [String: Int] = [:]
  /// Policies by id.
  private(set) var policies: [String: Policy] = [:]
  /// Where pages lie, and what they call agents.
  let names: PageNames
  /// Places in `review.cleanup` by agent id.
  private var cleanup: [String: [Int32]] = [:]
  /// Places in `review.proposals`, in the rows of the cut set and in the gates, by agent id.
  private var proposals: [String: Int32] = [:]
  private var cuts: [String: [Int32]] = [:]
  private var gates: [String: [Int32]] = [:]
  /// Places in `review.decisions` by agent id, and by the id of what was decided on.
  private var decisionPlaces: (agents: [String: [Int32]], items: [String: Int32]) = ([:], [:])

  /// Looks everything up once.
  package init(_ report: Report) {
    self.report = report
    names = PageNames(report)
    for (place, finding) in report.review.findings.enumerated() {
      findings[finding.id] = finding
      findingPlaces[finding.id] = place
    }
    for (place, agent) in report.review.agents.enumerated() { agents[agent.agent.id] = place }
    for policy in report.policies { policies[policy.id] = policy }
    for (place, row) in report.review.cleanup.enumerated() {
      cleanup[row.agent, default: []].append(Int32(clamping: place))
    }
    for (place, proposal) in report.review.proposals.enumerated() {
      proposals[proposal.agent] = Int32(clamping: place)
    }
    for (place, row) in (report.review.cutSet?.rows ?? []).enumerated() {
      for agent in row.holders { cuts[agent, default: []].append(Int32(clamping: place)) }
    }
    for (place, gate) in (report.review.gates?.gates ?? []).enumerated() {
      for agent in gate.agents { gates[agent, default: []].append(Int32(clamping: place)) }
    }
    for (place, standing) in report.review.decisions.enumerated() {
      let item = standing.taken.item
      for agent in item.agents {
        decisionPlaces.agents[agent, default: []].append(Int32(clamping: place))
      }
      if decisionPlaces.items[item.id] == nil {
        decisionPlaces.items[item.id] = Int32(clamping: place)
      }
    }
    listControls()
  }

  /// Thousands of findings share a few lists of controls.
  private mutating func listControls() {
    var places: [String: [ControlPlace]] = [:]
    for (framework, own) in report.frameworks.enumerated() {
      for (control, assessment) in own.controls.enumerated() {
        for id in assessment.findings {
          places[id, default: []].append(ControlPlace(framework: framework, control: control))
        }
      }
    }
    var known: [Subject: Int] = [:]
    for (id, own) in places {
      let subject = Subject(
        places: own, policy: findings[id]?.policy ?? "", themes: findings[id]?.themes ?? [])
      if let list = known[subject] {
        controlListOf[id] = list
        continue
      }
      known[subject] = controlLists.count
      controlListOf[id] = controlLists.count
      controlLists.append(own.map { reference($0, subject) })
    }
  }

  /// Some findings in the order of the review, each once, at most so many.
  func findings(_ ids: some Sequence<String>, most: Int) -> [Finding] {
    Set(ids.lazy.compactMap { findingPlaces[$0] }).sorted().prefix(most)
      .map { report.review.findings[$0] }
  }

  /// The controls that a finding bears on, in the order of the frameworks.
  func controls(of id: String) -> [ControlReference] {
    controlListOf[id].map { controlLists[$0] } ?? []
  }

  /// The rows of the clean-up list of an agent, in their order.
  func cleanup(of agent: String) -> [CleanupRow] {
    (cleanup[agent] ?? []).map { report.review.cleanup[Int($0)] }
  }

  /// What an agent would hold if the advice were carried out; nil where no source lists its grants.
  func proposal(of agent: String) -> Proposal? {
    proposals[agent].map { report.review.proposals[Int($0)] }
  }

  /// The rows of the cut set that take something from an agent, with their places from 0.
  func cuts(of agent: String) -> [(place: Int, row: CutRow)] {
    guard let rows = report.review.cutSet?.rows else { return [] }
    return (cuts[agent] ?? []).map { (Int($0), rows[Int($0)]) }
  }

  /// The gates at which an agent would wait.
  func gates(of agent: String) -> [Gate] {
    guard let plan = report.review.gates else { return [] }
    return (gates[agent] ?? []).map { plan.gates[Int($0)] }
  }

  /// Earlier decisions about an agent: on its findings, and on what it holds.
  func decisions(of agent: String) -> [DecisionStanding] {
    (decisionPlaces.agents[agent] ?? []).map { report.review.decisions[Int($0)] }
  }

  /// The earlier decision on a finding; nil where nobody decided.
  func decision(onFinding id: String) -> DecisionStanding? {
    decisionPlaces.items[id].map { report.review.decisions[Int($0)] }
  }

  /// The path of the file of a position; nil when the position names no file of the review.
  func path(_ position: SourcePosition) -> String? {
    let index = Int(position.file)
    guard report.input.files.indices.contains(index) else { return nil }
    return report.input.files[index].path
  }

  /// The raw record at a position, cut to a length that can be shown.
  func rawLine(_ position: SourcePosition) -> String? {
    report.rawLines[position].map {
      SafeText.cut($0, scalarsMax: ReportIndex.rawLineScalarsMax)
    }
  }

  /// Findings whose agents are none of the review's: they have no agent's page to stand on.
  var findingsWithoutAgent: [Finding] {
    report.review.findings.filter { finding in
      !finding.agents.contains { agents[$0] != nil }
    }
  }

  /// The most of a raw record that any format shows.
  static let rawLineScalarsMax = 4_000

  private func reference(_ place: ControlPlace, _ subject: Subject) -> ControlReference {
    let framework = report.frameworks[place.framework]
    let control = framework.controls[place.control]
    var reasons: [String] = []
    for mapping in control.mappings
    where mapping.theme == subject.policy || subject.themes.contains(mapping.theme) {
      if !reasons.contains(mapping.reason) { reasons.append(mapping.reason) }
    }
    return ControlReference(
      framework: framework, control: control, reasons: reasons, places: place,
      anchor: Naming.anchor(control.id))
  }
}

/// Where the pages of a report lie, and what they call its agents.
struct PageNames: Sendable {
  /// Paths of agents' pages by agent id.
  let agentPaths: [String: String]
  /// What pages call the agents, by agent id; different for different agents.
  let agents: [String: String]
  /// Paths of frameworks' pages by framework id.
  let frameworkPaths: [String: String]

  /// The names of a report.
  init(_ report: Report) {
    let ids = report.review.agents.map(\.agent.id)
    agentPaths = Dictionary(
      zip(ids, Naming.slugs(ids).map { "agents/\($0).html" }), uniquingKeysWith: { $1 })
    agents = Dictionary(
      zip(ids, Naming.labels(report.review.agents.map(\.agent))), uniquingKeysWith: { $1 })
    let frameworks = report.frameworks.map(\.id)
    frameworkPaths = Dictionary(
      zip(frameworks, Naming.slugs(frameworks).map { "controls/\($0).html" }),
      uniquingKeysWith: { $1 })
  }
}
