internal import Controls
internal import Findings
internal import Model
internal import Policies

/// A report as one owner may see it: nothing in it names, or counts, what is another owner's.
///
/// Pages for an owner are made from this alone, so that no page can say what is not in it.
struct OwnerExtract {
  /// The owner; nil for the agents of whom no input states one.
  let owner: String?
  let report: Report
  /// What each agent holds, by the statement that grants it.
  let privileges: [String: [PrivilegeGroup]]
  /// How many agents there are beyond those that are in the report.
  let agentsLeft: Int
  /// How many findings there are beyond those that are in the report.
  let findingsLeft: Int
  /// Whether any source of the review lists what agents hold.
  let isHeldKnown: Bool
  /// How many rows of clean-up there are in all, and of each advice that there is.
  let cleanupAll: Int
  let advice: [(advice: CleanupRow.Advice, count: Int)]
  /// How many rows the owner's decision sheet has, those included that are settled, and how many of
  /// them are.
  let questionsAll: Int
  let questionsSettled: Int
  /// Rows of the cut set that one of the owner's agents holds, and how many there are in all.
  let cuts: [CutRow]
  let cutsAll: Int
  /// Gates at which one of the owner's agents would wait.
  let gates: [OwnerAdvice.OwnGate]
  /// What would take the place of its agents' grants, by agent.
  let proposals: [String: Proposal]

  /// The place of what another owner's agent did.
  static let hiddenPosition = SourcePosition(file: -1, line: 0)

  /// What a page can carry; the clean-up list is whole in its file.
  private enum Shown {
    static let agents = 100
    static let cleanup = 200
    static let findings = 100
    static let occurrences = 25
    static let groups = 40
    static let questions = 100
    static let decisions = 100
    static let cuts = 50
    static let gates = 50
  }

  /// What an owner may see of a report.
  ///
  /// - Parameter texts: Begun for this owner.
  init(_ index: ReportIndex, _ group: RollUp.Group, _ texts: OwnerTexts, _ share: OwnerShare) {
    let whole = index.report
    let maker = Maker(index: index, texts: texts)
    let own = OwnerAdvice(texts: texts, owner: group.name)
    owner = group.name
    let places = group.agents.prefix(Shown.agents)
    let assessments = places.map { whole.review.agents[$0] }
    agentsLeft = group.agents.count - places.count
    isHeldKnown = whole.isHeldKnown
    cleanupAll = share.cleanup.count
    advice = CleanupRow.Advice.allCases.map { advice in
      (advice, share.cleanup.count { $0.advice == advice })
    }.filter { $0.count > 0 }
    questionsAll = share.questions.count
    questionsSettled = share.questions.count(where: \.isSettled)
    cuts = share.cuts.prefix(Shown.cuts).map(own.cut)
    cutsAll = share.cuts.count
    gates = share.gates.prefix(Shown.gates).map(own.gate)
    proposals = Dictionary(
      assessments.compactMap { assessment in
        share.proposals[assessment.agent.id].map { (assessment.agent.id, own.proposal($0)) }
      }, uniquingKeysWith: { $1 })
    privileges = Dictionary(
      assessments.map { ($0.agent.id, maker.groups(of: $0, most: Shown.groups)) },
      uniquingKeysWith: { $1 })
    var report = whole
    report.id = texts.prose(whole.id)
    report.policies = []
    report.crosswalk = nil
    report.input = maker.input
    report.review.agents = assessments.map(maker.assessment)
    let ids = Set(group.agents.flatMap { whole.review.agents[$0].findings })
    findingsLeft = max(0, ids.count - Shown.findings)
    let findings = index.findings(ids, most: Shown.findings)
    report.review.findings = findings.map { maker.finding($0, occurrences: Shown.occurrences) }
    report.review.cleanup = share.cleanup.prefix(Shown.cleanup).map(own.row)
    report.review.cutSet = nil
    report.review.gates = nil
    report.review.proposals = []
    report.review.replay = nil
    report.review.estate = maker.estate(of: group)
    report.review.decisions = share.decisions.inOrder.prefix(Shown.decisions).map(own.standing)
    report.review.questions = Array(
      share.questions.lazy.compactMap(own.question).prefix(Shown.questions))
    report.decisionFiles = []
    report.review.policyHealth = []
    report.review.unwatched = []
    report.review.exceptions = maker.exceptions(for: report.review.findings)
    report.frameworks = maker.frameworks(for: findings.map(\.id))
    report.rawLines = maker.records(of: report.review.findings)
    report.change = maker.change
    report.trend = .absent(because: "it is of all owners")
    self.report = report
  }
}

/// Rewrites the parts of a report for one owner.
private struct Maker {
  let index: ReportIndex
  let texts: OwnerTexts

  /// Files by their places; what they hold is of all owners and is not said.
  var input: InputSummary {
    var input = index.report.input
    input.files = input.files.map { file in
      InputFile(
        path: texts.value(file.path), type: nil, recognisedBecause: "", sha256: nil, bytes: 0)
    }
    input.problems = []
    input.events = 0
    input.statements = 0
    input.firstEvent = nil
    input.lastEvent = nil
    input.unclassifiedActions = []
    input.identities = []
    input.joins = Joins()
    return input
  }

  /// The agents of a group as an estate of their own.
  func estate(of group: RollUp.Group) -> Estate {
    var estate = index.report.review.estate
    estate.critical = group.critical
    estate.high = group.high
    estate.moderate = group.moderate
    estate.low = group.low
    estate.notAssessed = group.notAssessed
    estate.held = group.held
    estate.used = group.used
    estate.unused = group.unused
    estate.unseen = group.unseen
    estate.heldHazard = 0
    estate.unusedHazard = 0
    estate.topTenShare = nil
    return estate
  }

  func groups(of assessment: AgentAssessment, most: Int) -> [PrivilegeGroup] {
    assessment.privileges.groups.prefix(most).map { group in
      var group = group
      group.key.via = texts.value(group.key.via)
      group.key.service = group.key.service.map(texts.value)
      group.actions = group.actions.map(texts.value)
      return group
    }
  }

  func assessment(_ assessment: AgentAssessment) -> AgentAssessment {
    var assessment = assessment
    assessment.privileges = HeldPrivileges([])
    assessment.credentials = nil
    assessment.findings = assessment.findings.map(texts.prose)
    assessment.agent = agent(assessment.agent)
    assessment.evidence.shortfall = assessment.evidence.shortfall.map(texts.value)
    assessment.compositionIndex.terms = []
    return assessment
  }

  private func agent(_ agent: Agent) -> Agent {
    var agent = agent
    agent.sponsor = agent.sponsor.map(texts.value)
    agent.purpose = agent.purpose.map(texts.value)
    agent.environment = agent.environment.map(texts.value)
    agent.criticality = agent.criticality.map(texts.value)
    agent.mayDelegateTo = texts.identities(agent.mayDelegateTo)
    agent.attributes = agent.attributes.map {
      NamedValue(name: texts.value($0.name), value: texts.value($0.value))
    }
    return agent
  }

  // MARK: findings

  func finding(_ finding: Finding, occurrences: Int) -> Finding {
    let isShared = finding.agents.contains { !texts.isOwn($0) }
    var own = finding
    own.id = texts.prose(finding.id)
    own.policy = texts.prose(finding.policy)
    own.title = texts.prose(finding.title)
    own.because = texts.because(finding.because, of: finding.kind, agents: finding.agents)
    own.remedy = texts.prose(finding.remedy)
    own.falsePositives = finding.falsePositives.map(texts.prose)
    own.assumptions = finding.assumptions.map(texts.value)
    own.exceptedBy = finding.exceptedBy.map(texts.prose)
    own.exceptionEnded = finding.exceptionEnded.map(texts.prose)
    own.agents = texts.identities(finding.agents)
    own.privileges = steps(finding.privileges)
    let byRisk = finding.occurrences.sorted { ($1.risk, $0.id) < ($0.risk, $1.id) }
    own.occurrences = byRisk.prefix(occurrences).map { occurrence($0, isShared: isShared) }
    own.unlistedOccurrences = finding.occurrencesInAll - own.occurrences.count
    return own
  }

  /// The owner's steps as they are; of others that there is such a step, once.
  private func steps(_ privileges: [StepPrivilege]) -> [StepPrivilege] {
    var steps: [StepPrivilege] = []
    for privilege in privileges {
      let isOwn = texts.isOwn(privilege.agent)
      let step = StepPrivilege(
        step: texts.prose(privilege.step), agent: texts.identity(privilege.agent),
        action: isOwn ? texts.value(privilege.action) : "not shown",
        via: isOwn ? privilege.via.map(texts.value) : "not shown")
      if isOwn || !steps.contains(step) { steps.append(step) }
    }
    return steps
  }

  private func occurrence(_ occurrence: Occurrence, isShared: Bool) -> Occurrence {
    var own = occurrence
    own.id = texts.prose(occurrence.id)
    own.key = occurrence.key.map { NamedValue(name: $0.name, value: texts.value($0.value)) }
    own.chain = occurrence.chain.map(link)
    own.excusedBy = occurrence.excusedBy.map(link)
    own.missingStep = occurrence.missingStep.map(texts.prose)
    own.indeterminateReason = occurrence.indeterminateReason.map(texts.value)
    own.lookedForAndNotFound = occurrence.lookedForAndNotFound.map(texts.value)
    if isShared {
      own.aggregateValue = nil
      own.aggregateEvents = nil
    }
    return own
  }

  /// What the owner's agent did; of another's only which step it was, when, and how it ended.
  private func link(_ link: ChainLink) -> ChainLink {
    var own = link
    own.step = texts.prose(link.step)
    own.agent = texts.identity(link.agent)
    guard texts.isOwn(link.agent) else {
      own.event = ""
      own.action = own.step
      own.resource = nil
      own.position = OwnerExtract.hiddenPosition
      return own
    }
    own.event = texts.value(link.event)
    own.action = texts.value(link.action)
    own.resource = link.resource.map(texts.value)
    return own
  }

  /// The raw records of what the owner's agents did; not those that others share.
  func records(of findings: [Finding]) -> [SourcePosition: String] {
    var records: [SourcePosition: String] = [:]
    let shared = othersPositions
    for finding in findings {
      for occurrence in finding.occurrences {
        for link in occurrence.chain + [occurrence.excusedBy].compactMap({ $0 })
        where records[link.position] == nil && !shared.contains(link.position) {
          records[link.position] = index.rawLine(link.position).map(texts.record)
        }
      }
    }
    return records
  }

  /// Places of records that tell of what somebody else did, too.
  private var othersPositions: Set<SourcePosition> {
    var positions: Set<SourcePosition> = []
    for finding in index.report.review.findings where finding.agents.contains(where: texts.isOwn) {
      for occurrence in finding.occurrences {
        for link in occurrence.chain + [occurrence.excusedBy].compactMap({ $0 })
        where !texts.isOwn(link.agent) {
          positions.insert(link.position)
        }
      }
    }
    return positions
  }

  // MARK: what stands beside findings

  func exceptions(for findings: [Finding]) -> [ExceptionStanding] {
    let ids = Set(findings.map(\.id))
    return index.report.review.exceptions.compactMap { standing in
      var standing = standing
      standing.findings = standing.findings.map(texts.prose).filter(ids.contains)
      guard !standing.findings.isEmpty else { return nil }
      standing.exception.id = texts.prose(standing.exception.id)
      standing.exception.reason = texts.value(standing.exception.reason)
      return standing
    }
  }

  /// The frameworks with the controls that some findings bear on; their counts are of all.
  func frameworks(for findings: [String]) -> [FrameworkAssessment] {
    var own: [[Int: [String]]] = Array(repeating: [:], count: index.report.frameworks.count)
    for id in findings {
      let text = texts.prose(id)
      for place in index.controls(of: id).map(\.places) {
        own[place.framework][place.control, default: []].append(text)
      }
    }
    return index.report.frameworks.enumerated().map { number, framework in
      var framework = framework
      framework.controls = own[number].keys.sorted().map { place in
        var control = framework.controls[place]
        control.findings = own[number][place] ?? []
        return control
      }
      return framework
    }
  }

  var change: Report.ChangeSection {
    guard case .known(var change) = index.report.change else { return index.report.change }
    let before = change.findings.filter { $0.agents.contains(where: texts.isOwn) }
    let own = index.report.review.findings.count { $0.agents.contains(where: texts.isOwn) }
    change.baseline = texts.prose(change.baseline)
    change.ruleChanges = change.ruleChanges.map(texts.prose)
    change.unchanged = max(0, own - before.count { $0.kind != .resolved })
    change.findings = before.map { finding in
      var finding = finding
      finding.finding = texts.prose(finding.finding)
      finding.policy = texts.prose(finding.policy)
      finding.title = texts.prose(finding.title)
      finding.agents = texts.identities(finding.agents)
      return finding
    }
    change.agents = change.agents.filter { texts.isOwn($0.agent) }
    return .known(change)
  }
}
