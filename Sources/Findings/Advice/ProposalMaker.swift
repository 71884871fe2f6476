internal import Model

/// Works out what an agent would hold if the advice on it were carried out.
struct ProposalMaker {
  let catalogue: ActionCatalogue
  let symbols: Symbols
  /// The type of each file, by `SourcePosition.file`.
  let fileTypes: [String?]
  /// Whether the review knows owners at all.
  let ownersAreRecorded: Bool

  /// What becomes of one privilege.
  private enum Fate: Hashable {
    case asGranted
    case narrowed([String])
    case removed
  }

  /// The proposal for an agent; nil where no source lists its privileges or nobody can change them.
  func proposal(for agent: Agent, _ own: AgentPrivileges) -> Proposal? {
    guard !own.blocks.isEmpty, !agent.isServiceLinked else { return nil }
    var fates: [Int: (block: Int, fate: Fate)] = [:]
    var kept = 0
    for (number, block) in own.blocks.enumerated() {
      for action in block.actions {
        let fate = fate(of: action, block, own)
        fates[action] = (number, fate)
        if fate != .removed { kept += 1 }
      }
    }
    var statements: [Statement] = []
    for (index, statement) in own.statements.enumerated()
    where statement.layer == .identity || statement.isOfResource {
      if statement.effect == .deny || statement.isOfResource {
        statements.append(statement)
      } else {
        statements += rewritten(statement, index, own, fates)
      }
    }
    let hasGrants = statements.contains { $0.effect == .allow }
    var proposal = Proposal(
      agent: agent.id, texts: [],
      notes: notes(agent, own, hasGrants: hasGrants), kept: kept, removed: own.held - kept,
      statements: hasGrants ? statements : [])
    write(&proposal, own)
    return proposal
  }

  /// An agent may have grants of several platforms: each gets texts of its own.
  private func write(_ proposal: inout Proposal, _ own: AgentPrivileges) {
    for platform in Proposal.Platform.allCases {
      let statements = proposal.statements.filter {
        self.platform(of: $0) == platform && !$0.isOfResource
      }
      guard statements.contains(where: { $0.effect == .allow }) else { continue }
      var texts: [String] = []
      switch platform {
      case .aws:
        let written = AWSPolicyText.texts(of: statements)
        texts = written.texts
        proposal.notes += written.notes
      case .kubernetes:
        // A role for what was used alone takes the rest away, for which the evidence has to do.
        guard own.evidence.isEnough else { continue }
        let written = KubernetesPolicyText(agent: proposal.agent, uses: uses(of: own))
        texts = [written.text]
        proposal.notes += written.notes
        if let unseen = unseenOfKubernetes(own) { proposal.notes.append(unseen) }
      case .tools: texts = [GrantListText.text(of: statements)]
      }
      proposal.texts += texts.map { Proposal.Text(platform: platform, text: $0) }
    }
    proposal.notes.sort()
  }

  /// A role lists what was used. What it used where no log shows it would be lost with that: said,
  /// since nobody could see it from the role.
  private func unseenOfKubernetes(_ own: AgentPrivileges) -> String? {
    let names = own.blocks.flatMap(\.actions)
      .filter { own.uses[$0] == nil && !own.isVisible($0, catalogue) }
      .map { catalogue.names[$0] }.filter { $0.hasPrefix("kubernetes:") }
    guard !names.isEmpty else { return nil }
    return "the role leaves out what no log shows, whether used or not; keep its grants until it "
      + "can be seen: \(listed(Set(names).sorted(), max: 5))"
  }

  private func uses(of own: AgentPrivileges) -> [UsedAction] {
    own.uses.map { action, use in
      UsedAction(
        action: catalogue.names[action],
        resources: use.resources.items.map { symbols.text($0.symbol) }.sorted(),
        isComplete: use.unnamed == 0 && use.resources.count < HeldPrivilege.observedResourcesMax)
    }
  }

  private func platform(of statement: Statement) -> Proposal.Platform {
    let file = Int(statement.position.file)
    let type = fileTypes.indices.contains(file) ? fileTypes[file] ?? "" : ""
    if type.hasPrefix("aws-") { return .aws }
    return type.hasPrefix("kubernetes-") ? .kubernetes : .tools
  }

  private func notes(_ agent: Agent, _ own: AgentPrivileges, hasGrants: Bool) -> [String] {
    var notes: [String] = []
    if !hasGrants { notes.append("nothing that it holds was used: take all of its grants away") }
    if ownersAreRecorded, agent.owner == nil {
      notes.append("nobody owns it: find somebody to confirm this first")
    }
    if let shortfall = own.evidence.shortfall {
      notes.append("the evidence is too thin to take anything away: \(shortfall)")
    }
    let layers = Set(own.statements.map(\.layer))
    if layers.contains(.boundary) { notes.append("its permissions boundary stays as it is") }
    let resources = Set(own.statements.filter(\.isOfResource).map(\.origin.policy)).sorted()
    if !resources.isEmpty {
      notes.append(
        "what policies of resources grant it can only be changed there: "
          + listed(resources, max: 5))
    }
    if own.statements.contains(where: { $0.expires != nil }) {
      notes.append("some of its grants end by themselves; a text cannot say so")
    }
    return notes.sorted()
  }

  private func fate(of action: Int, _ block: PrivilegeBlock, _ own: AgentPrivileges) -> Fate {
    if block.grants.contains(where: { own.statement($0).isOfResource }) { return .asGranted }
    guard let use = own.uses[action] else {
      return own.isVisible(action, catalogue) ? .removed : .asGranted
    }
    guard own.evidence.isEnough, (own.unusedReachOfUsed[action] ?? 0) > 0, use.unnamed == 0,
      use.resources.count < HeldPrivilege.observedResourcesMax
    else { return .asGranted }
    let observed = use.resources.items.map { symbols.text($0.symbol) }.sorted()
    let granted = block.scope.patterns.map { Glob($0) }
    let isPlain = observed.allSatisfy { name in
      // A name with a sign that patterns read as a wildcard cannot be named exactly.
      !name.contains { $0 == "*" || $0 == "?" || $0 == "$" }
        && granted.contains { $0.matches(name) }
    }
    return isPlain && !observed.isEmpty ? .narrowed(observed) : .asGranted
  }

  /// What is left of a statement: itself where all of it stays, else one statement for each list of
  /// resources.
  private func rewritten(
    _ statement: Statement, _ index: Int, _ own: AgentPrivileges,
    _ fates: [Int: (block: Int, fate: Fate)]
  ) -> [Statement] {
    var isWhole = true
    var free: [Int] = []
    var narrowed: [[String]: [Int]] = [:]
    for (number, block) in own.blocks.enumerated() where block.grants.contains(index) {
      for action in block.actions {
        guard let known = fates[action], known.block == number else { continue }
        switch known.fate {
        case .asGranted: free.append(action)
        case .removed: isWhole = false
        case .narrowed(let resources):
          isWhole = false
          let covered = resources.filter { statement.covers($0) }
          if !covered.isEmpty { narrowed[covered, default: []].append(action) }
        }
      }
    }
    if isWhole { return free.isEmpty ? [] : [statement] }
    var parts: [Statement] = []
    if !free.isEmpty {
      var part = statement
      part.actions = ActionList(catalogue, within: statement).texts(free.sorted())
      part.notActions = []
      parts.append(part)
    }
    for resources in narrowed.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      var part = statement
      part.actions = ActionList(catalogue, within: statement)
        .texts((narrowed[resources] ?? []).sorted())
      part.notActions = []
      part.resources = resources
      part.notResources = []
      parts.append(part)
    }
    return parts
  }
}

extension Statement {
  /// Whether its resources include a named one.
  fileprivate func covers(_ resource: String) -> Bool {
    if !notResources.isEmpty {
      return !notResources.contains { Glob(Region.canonical($0)).matches(resource) }
    }
    return resources.isEmpty
      || resources.contains { Glob(Region.canonical($0)).matches(resource) }
  }
}

/// Writes actions as few patterns: one by one, and by wildcards only where there are very many, where
/// the catalogue has no other action under the wildcard, and where the statement granted it all.
struct ActionList {
  private let catalogue: ActionCatalogue
  private let allowed: [Glob]
  private let refused: [Glob]

  /// As many actions of one service are written one by one.
  private static let singlyMax = 20

  init(_ catalogue: ActionCatalogue, within statement: Statement) {
    self.catalogue = catalogue
    allowed = statement.actions.map { Glob($0.lowercased()) }
    refused = statement.notActions.map { Glob($0.lowercased()) }
  }

  /// The patterns for some actions, rising by number.
  func texts(_ actions: [Int]) -> [String] {
    var byService: [String: [Int]] = [:]
    for action in actions { byService[catalogue.service(of: action), default: []].append(action) }
    return byService.values.flatMap { own -> [String] in
      own.count <= ActionList.singlyMax ? own.map { catalogue.names[$0] } : patterns(own)
    }.sorted()
  }

  private func patterns(_ actions: [Int]) -> [String] {
    let kept = Set(actions)
    let service = catalogue.service(of: actions[0])
    var texts: [String] = []
    if !service.isEmpty, isExact("\(service):*", kept) { return ["\(service):*"] }
    var byVerb: [String: [Int]] = [:]
    for action in actions { byVerb[verb(of: action), default: []].append(action) }
    for (verb, own) in byVerb {
      if own.count > 2, isExact("\(verb)*", kept) {
        texts.append("\(verb)*")
      } else {
        texts += own.map { catalogue.names[$0] }
      }
    }
    return texts
  }

  /// `s3:Get` of `s3:GetObject`: the service and the first word of the name.
  private func verb(of action: Int) -> String {
    let name = catalogue.names[action]
    guard let colon = name.firstIndex(of: ":") else { return name }
    var end = name.index(after: colon)
    if end < name.endIndex { end = name.index(after: end) }
    while end < name.endIndex, name[end].isLowercase { end = name.index(after: end) }
    return String(name[..<end])
  }

  private func isExact(_ pattern: String, _ kept: Set<Int>) -> Bool {
    let glob = Glob(pattern.lowercased())
    let isGranted =
      refused.isEmpty
      ? allowed.contains { $0.covers(glob) } : !refused.contains { $0.intersects(glob) }
    guard isGranted else { return false }
    var catalogue = catalogue
    var isExact = true
    catalogue.expand(pattern).forEach { if !kept.contains($0) { isExact = false } }
    return isExact
  }
}
