internal import Model

/// Actions that an agent holds for the same reasons: decided by the same statements, and so on the
/// same resources under the same conditions.
struct PrivilegeBlock: Sendable {
  /// Action numbers, rising.
  var actions: [Int]
  var scope: ResourceScope
  /// Indices, into the agent's statements, of those that allow it.
  var grants: [Int]
  /// The condition under which it holds, which could not be judged; nil when unconditional.
  var condition: String?
}

/// Works out what agents hold: allowed by an identity statement, denied by none, and allowed by
/// every other layer that the agent has.
///
/// Actions that the same statements speak of are decided together, and agents with equal lists of
/// statements share one answer, so that the cost follows the number of different statements. What is
/// remembered is bounded: an estate in which no two statements are alike gains nothing by it.
struct PrivilegeResolver {
  var catalogue: ActionCatalogue
  private var patterns: [String: PatternReach] = [:]
  private var partition: ActionPartition
  private var scopes = ScopeCache()
  /// Answers by a digest of some of what makes a list of statements.
  private var answers: [Int: [Answer]] = [:]
  private var answerCount = 0

  private struct Answer {
    let statements: ArraySlice<Statement>
    let blocks: [PrivilegeBlock]
  }

  /// The most lists of statements whose answer is remembered.
  private static let answersMax = 4_096

  init(catalogue: ActionCatalogue) {
    self.catalogue = catalogue
    partition = ActionPartition(count: catalogue.catalogueCount)
  }

  /// Gives every action that statements name its number, in their order: resolvers that are copied
  /// afterwards agree on the numbers.
  mutating func learn(_ statements: [Statement]) {
    for place in statements.indices {
      for pattern in statements[place].actions { _ = reach(of: pattern) }
      for pattern in statements[place].notActions { _ = reach(of: pattern) }
    }
  }

  /// What an agent holds by its statements, in their order; expired ones must be gone already.
  mutating func blocks(of statements: ArraySlice<Statement>) -> [PrivilegeBlock] {
    let key = PrivilegeResolver.digest(statements)
    let known = answers[key]?.first { answer in
      answer.statements.count == statements.count
        && zip(answer.statements, statements).allSatisfy { $0.decidesAs($1) }
    }
    if let known { return known.blocks }
    let blocks = resolve(statements)
    if answerCount < PrivilegeResolver.answersMax {
      answerCount += 1
      answers[key, default: []].append(Answer(statements: statements, blocks: blocks))
    }
    return blocks
  }

  private static func digest(_ statements: ArraySlice<Statement>) -> Int {
    var hasher = Hasher()
    for place in statements.indices {
      hasher.combine(statements[place].effect)
      hasher.combine(statements[place].actions.first)
      hasher.combine(statements[place].resources.first)
    }
    return hasher.finalize()
  }

  private mutating func resolve(_ statements: ArraySlice<Statement>) -> [PrivilegeBlock] {
    var named: Set<Int> = []
    for place in statements.indices {
      let index = place - statements.startIndex
      let platform = statements[place].platform.map {
        catalogue.platforms[$0] ?? ActionSet(count: catalogue.catalogueCount)
      }
      let notActions = statements[place].notActions
      if !notActions.isEmpty {
        partition.refine(by: complement(of: notActions, platform), statement: index)
        continue
      }
      for pattern in statements[place].actions {
        switch reach(of: pattern) {
        case .one(let action):
          if platform?.contains(action) != false {
            partition.refine(by: CollectionOfOne(action), statement: index)
          }
        case .named(let action):
          if statements[place].grants { named.insert(action) }
        case .many(let actions):
          if let platform {
            partition.refine(
              by: actions.lazy.map(Int.init).filter { platform.contains($0) }, statement: index)
          } else {
            partition.refine(by: actions.lazy.map(Int.init), statement: index)
          }
        }
      }
    }
    var members = partition.takeMembers()
    if !named.isEmpty {
      ActionPartition.add(byStatements(named.sorted(), statements), to: &members)
    }
    var deciding = Deciding(statements)
    var blocks: [PrivilegeBlock] = []
    for member in members {
      guard let decision = deciding.decision(member.speaking, &scopes) else { continue }
      blocks.append(
        PrivilegeBlock(
          actions: member.actions, scope: decision.scope, grants: decision.grants,
          condition: decision.condition))
    }
    return blocks
  }

  /// The blocks' answer for one action that no catalogue has and no statement names: held, for
  /// example by `*`, only where the agent was seen to use it.
  mutating func decision(
    on action: Int, by statements: ArraySlice<Statement>
  ) -> PrivilegeBlock? {
    let speaking = Speakers(statements).of(catalogue.folded[action])
    var deciding = Deciding(statements)
    guard let decision = deciding.decision(speaking, &scopes) else { return nil }
    return PrivilegeBlock(
      actions: [action], scope: decision.scope, grants: decision.grants,
      condition: decision.condition)
  }

  /// Actions that only statements name, by the statements that speak of them.
  private func byStatements(
    _ actions: [Int], _ statements: ArraySlice<Statement>
  ) -> [ActionPartition.Member] {
    let speakers = Speakers(statements)
    let first = statements.startIndex
    return actions.map { action in
      let folded = catalogue.folded[action]
      let all = speakers.of(folded)
      let platforms = Set(
        all.filter { statements[first + $0].names(folded) }.map { statements[first + $0].platform })
      let speaking = all.filter { index in
        platforms.contains { statements[first + index].isOfOnePlatform(with: $0) }
      }
      return ActionPartition.Member(speaking: speaking, actions: [action])
    }
  }

  private mutating func reach(of pattern: String) -> PatternReach {
    if let known = patterns[pattern] { return known }
    let reach: PatternReach
    if pattern.utf8.contains(where: { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }) {
      var actions: [Int32] = []
      catalogue.expand(pattern).forEach { actions.append(Int32($0)) }
      reach = .many(actions)
    } else {
      let number = catalogue.number(of: pattern)
      reach = number < catalogue.catalogueCount ? .one(number) : .named(number)
    }
    patterns[pattern] = reach
    return reach
  }

  /// Every action of the catalogue, or of a platform, but those of some patterns.
  private mutating func complement(of notActions: [String], _ platform: ActionSet?) -> [Int] {
    var left = platform ?? catalogue.expand("*")
    for pattern in notActions { left.subtract(catalogue.expand(pattern)) }
    var actions: [Int] = []
    left.forEach { actions.append($0) }
    return actions
  }
}

/// What a pattern of a statement means.
private enum PatternReach {
  /// One action of the catalogue.
  case one(Int)
  /// An action that no catalogue has.
  case named(Int)
  /// The catalogue's actions under a wildcard, rising.
  case many([Int32])
}
