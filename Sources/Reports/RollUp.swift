internal import Findings
internal import Model

/// Agents taken together by what the inputs say of each: its owner, team, environment or platform.
///
/// Those of which the inputs say nothing are a group of their own, so that each agent is in exactly
/// one group.
struct RollUp {
  /// By what agents are taken together.
  enum Dimension: String, CaseIterable {
    case owner, team, environment, platform
  }

  /// The agents of which the inputs say the same, and what was found about them.
  struct Group {
    /// What the inputs say; nil where they say nothing.
    var name: String?
    /// Places in `review.agents`, rising: by falling risk.
    var agents: [Int] = []
    var critical = 0
    var high = 0
    var moderate = 0
    var low = 0
    var notAssessed = 0
    /// Of the agents in a band those for which it is a lower bound.
    var atLeast = 0
    /// Single actions, counted for each agent that holds them.
    var held = 0
    var used = 0
    var unused = 0
    var unseen = 0
    /// Findings that name an agent of the group, once each; one that names agents of several groups
    /// counts in each of them.
    var realised = 0
    var nearMiss = 0
    var latent = 0
    /// Findings that are no chains.
    var others = 0
    /// Of all these findings those that an exception is in force for.
    var excepted = 0
    /// Single actions that are advised to be revoked.
    var revocable = 0
  }

  let dimension: Dimension
  /// By falling count of critical, high and moderate agents, then of agents, then by name; what is
  /// not stated comes last.
  let groups: [Group]

  /// Whether the inputs say it of any agent.
  var isStated: Bool { groups.contains { $0.name != nil } }

  /// The roll-ups of a report, in the order of the dimensions.
  static func all(of report: Report) -> [RollUp] {
    Dimension.allCases.map { RollUp(report, by: $0) }
  }

  /// The roll-up of a report by one dimension.
  init(_ report: Report, by dimension: Dimension) {
    self.dimension = dimension
    let agents = report.review.agents
    let platforms = dimension == .platform ? AgentPlatforms(report.input.files) : nil
    var places: [String?: Int] = [:]
    var groups: [Group] = []
    var groupOf: [String: Int] = [:]
    for (number, assessment) in agents.enumerated() {
      let name = platforms?.text(assessment) ?? RollUp.name(assessment.agent, dimension)
      let place = places[name] ?? groups.count
      if place == groups.count { groups.append(Group(name: name)) }
      places[name] = place
      groupOf[assessment.agent.id] = place
      groups[place].add(assessment, number)
    }
    for finding in report.review.findings {
      for place in Set(finding.agents.compactMap { groupOf[$0] }) { groups[place].add(finding) }
    }
    for row in report.review.cleanup where row.advice == .revoke {
      if let place = groupOf[row.agent] { groups[place].revocable += row.actions }
    }
    self.groups = groups.sorted(by: RollUp.precedes)
  }

  /// What the inputs say of an agent itself; nil where they are silent.
  static func name(_ agent: Agent, _ dimension: Dimension) -> String? {
    let said: String?
    switch dimension {
    case .owner: said = agent.owner
    case .environment: said = agent.environment
    case .team, .platform: said = attribute(dimension.rawValue, of: agent)
    }
    return said.flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
  }

  /// A field of the inventory, or a tag, whose name ends in a word: `team`, `tags.Team`,
  /// `labels.app.example/team`; the shortest name where there are several.
  private static func attribute(_ word: String, of agent: Agent) -> String? {
    agent.attributes.filter { attribute in
      attribute.name.split { $0 == "." || $0 == "/" }.last?.lowercased() == word
    }.min { ($0.name.utf8.count, $0.name) < ($1.name.utf8.count, $1.name) }?.value
  }

  private static func precedes(_ left: Group, _ right: Group) -> Bool {
    guard let first = left.name, let second = right.name else { return left.name != nil }
    let (mine, theirs) = (left.weight, right.weight)
    return mine == theirs ? first < second : theirs.lexicographicallyPrecedes(mine)
  }
}

extension RollUp.Group {
  fileprivate var weight: [Int] { [critical, high, moderate, agents.count] }

  fileprivate mutating func add(_ assessment: AgentAssessment, _ number: Int) {
    agents.append(number)
    switch assessment.band {
    case .critical: critical += 1
    case .high: high += 1
    case .moderate: moderate += 1
    case .low: low += 1
    case nil: notAssessed += 1
    }
    if assessment.isBandAtLeast { atLeast += 1 }
    held += assessment.held
    used += assessment.used
    unused += assessment.unused
    unseen += assessment.unseen
  }

  fileprivate mutating func add(_ finding: Finding) {
    if finding.exceptedBy != nil { excepted += 1 }
    guard finding.kind == .composition else {
      others += 1
      return
    }
    switch finding.status {
    case .realised: realised += 1
    case .nearMiss: nearMiss += 1
    case .latent: latent += 1
    case .excused, .pending, .indeterminate, .open: break
    }
  }
}

/// The platforms that the sources which tell of an agent are about.
private struct AgentPlatforms {
  private let byFile: [String?]
  private let byType: [String: String]

  init(_ files: [InputFile]) {
    byFile = files.map(\.platform)
    byType = Dictionary(
      files.compactMap { file in file.type.flatMap { type in file.platform.map { (type, $0) } } }
    ) { first, _ in first }
  }

  /// What the inventory says, else the platforms of the sources; nil where no source is of one.
  func text(_ assessment: AgentAssessment) -> String? {
    if let said = RollUp.name(assessment.agent, .platform) { return said }
    var found = Set(assessment.evidence.sources.compactMap { byType[$0] })
    if let position = assessment.agent.position, let platform = platform(position) {
      found.insert(platform)
    }
    for privilege in assessment.privileges.groups {
      if let platform = platform(privilege.position) { found.insert(platform) }
    }
    return found.isEmpty ? nil : found.sorted().joined(separator: " and ")
  }

  private func platform(_ position: SourcePosition) -> String? {
    byFile.indices.contains(Int(position.file)) ? byFile[Int(position.file)] : nil
  }
}
