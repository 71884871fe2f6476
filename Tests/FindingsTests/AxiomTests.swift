import Model
import TestSupport
import Testing

@testable import Findings

/// An agent made of random statements and uses.
struct RandomAgent {
  var statements: [Statement] = []
  var uses: [(action: String, resource: String?)] = []

  static let actions: [(String, Level, [String])] = [
    ("iam:CreatePolicyVersion", .permissionsManagement, ["privilege.grant"]),
    ("iam:PassRole", .write, ["identity.assume"]), ("iam:GetUser", .read, []),
    ("iam:ListUsers", .list, []), ("lambda:CreateFunction", .write, []),
    ("lambda:InvokeFunction", .write, ["code.execute"]), ("s3:GetObject", .read, ["data.read"]),
    ("s3:PutObject", .write, []), ("s3:DeleteObject", .write, ["data.delete"]),
    ("s3:ListBucket", .list, []), ("s3:PutObjectTagging", .tagging, []),
    ("sts:AssumeRole", .write, ["identity.assume"]), ("what:Ever", .unknown, []),
  ]
  static let patterns = ["*", "s3:*", "iam:*", "s3:*Object", "*:List*", "lambda:*"]
  static let resources: [[String]] = [
    ["*"], ["arn:aws:s3:::a/*"], ["arn:aws:s3:::a*"], ["arn:aws:s3:::prod-x/*"],
    ["arn:aws:iam::1:role/*"], ["arn:aws:iam::1:role/r"], ["arn:aws:s3:::b/*", "arn:aws:s3:::c/*"],
    (0..<6).map { "arn:aws:s3:::six-\($0)/*" }, (0..<11).map { "arn:aws:s3:::many-\($0)/*" },
    ["arn:aws:s3:::many-*"],
  ]

  init(_ random: inout SmallRandom) {
    for _ in 0..<(1 + random.below(4)) { statements.append(RandomAgent.statement(&random)) }
    if random.chance(20) {
      var deny = RandomAgent.statement(&random)
      deny.effect = .deny
      statements.append(deny)
    }
    if random.chance(10) {
      var boundary = RandomAgent.statement(&random)
      boundary.layer = .boundary
      statements.append(boundary)
    }
    for _ in 0..<random.below(5) { uses.append(RandomAgent.use(&random)) }
  }

  static func statement(_ random: inout SmallRandom) -> Statement {
    var statement = Statement(
      agent: "a", effect: .allow, origin: Origin(policy: "p", statement: nil),
      position: SourcePosition(file: 0, line: 1))
    for _ in 0..<(1 + random.below(3)) {
      statement.actions.append(
        random.chance(30) ? random.pick(patterns) : random.pick(actions).0)
    }
    statement.resources = random.pick(resources)
    if random.chance(10) { statement.condition = "{\"X\":1}" }
    return statement
  }

  static func use(_ random: inout SmallRandom) -> (action: String, resource: String?) {
    let names = ["arn:aws:s3:::a/1", "arn:aws:s3:::many-\(random.below(12))/k", "prod-x", nil]
    return (random.pick(actions).0, random.pick(names))
  }
}

/// Puts the axioms of the privilege index to random agents, under any formula.
struct AxiomCheck {
  /// The shipped numbers, but that ten names are many: long lists take long and prove no more.
  let scoring: Scoring
  let vocabulary: Vocabulary
  let indexing: PrivilegeIndexing
  let resolver: PrivilegeResolver
  let formula: (IndexedPrivileges) -> Int

  init(formula: @escaping (IndexedPrivileges) -> Int) throws {
    var numbers = try SampleEstate.scoring()
    numbers.reach.manyCount = 10
    scoring = numbers
    vocabulary = SampleEstate.vocabulary(catalogue: RandomAgent.actions)
    var catalogue = ActionCatalogue(vocabulary: vocabulary, scoring: scoring)
    indexing = PrivilegeIndexing(
      scoring: scoring, escalations: Escalations(scoring.escalationPaths, catalogue: &catalogue))
    resolver = PrivilegeResolver(catalogue: catalogue)
    self.formula = formula
  }

  func indexed(_ agent: RandomAgent, daysWithLogs: Int64 = 0) -> IndexedPrivileges {
    var estate = SampleEstate(vocabulary, reach: scoring.reach)
    for (number, use) in agent.uses.enumerated() {
      estate.event("a", use.action, on: use.resource, day: Int64(number))
    }
    estate.log(days: daysWithLogs)
    let usage = UsageTable(input: estate.input, from: nil, to: nil)
    var maker = PrivilegeMaker(
      input: estate.input, scoring: scoring, resolver: resolver,
      symbols: estate.input.symbols, usage: usage)
    let privileges = maker.privileges(of: "a", statements: agent.statements[...])
    return indexing.index(privileges, catalogue: maker.resolver.catalogue)
  }

  func index(_ agent: RandomAgent) -> Int { formula(indexed(agent)) }

  /// The axioms that some of the random agents break, with how many do.
  func violations(agents: Int, seed: UInt64) -> [Int: Int] {
    var random = SmallRandom(seed: seed)
    var violations: [Int: Int] = [:]
    for _ in 0..<agents {
      let agent = RandomAgent(&random)
      for axiom in broken(by: agent, &random) { violations[axiom, default: 0] += 1 }
    }
    return violations
  }

  private func broken(by agent: RandomAgent, _ random: inout SmallRandom) -> [Int] {
    var broken: [Int] = []
    let whole = indexed(agent)
    let index = formula(whole)
    let catalogue = resolver.catalogue
    let held = Set(whole.privileges.blocks.flatMap(\.actions).map { catalogue.names[$0] })

    var more = agent
    let extra = RandomAgent.statement(&random)
    more.statements.append(extra)
    if self.index(more) < index { broken.append(1) }

    if let action = held.sorted().randomElement(using: &random) {
      var using = agent
      using.uses.append((action, RandomAgent.use(&random).resource))
      if self.index(using) > index { broken.append(2) }
    }

    let other = rewritten(agent, &random)
    if self.index(other) != index { broken.append(3) }

    var allUsed = agent
    allUsed.uses = held.sorted().map { ($0, nil) }
    if self.index(allUsed) != 0 { broken.append(4) }

    var less = agent
    less.statements =
      agent.statements.filter { $0.effect == .deny || $0.layer == .boundary }
      + agent.statements.filter { $0.effect == .allow && $0.layer == .identity }.dropLast()
    let fewer = Set(
      indexed(less).privileges.blocks.flatMap(\.actions).map { catalogue.names[$0] })
    less.uses = agent.uses.filter { fewer.contains($0.action) }
    var superset = agent
    superset.uses = less.uses
    if self.index(superset) < self.index(less) { broken.append(5) }

    if !(0...100).contains(index) { broken.append(6) }

    let unheld = RandomAgent.actions.map(\.0).filter { !held.contains($0) }
    if let action = unheld.randomElement(using: &random) {
      var wider = agent
      var grant = RandomAgent.statement(&random)
      grant.actions = [action]
      wider.statements.append(grant)
      wider.uses.append((action, nil))
      if self.index(wider) < index { broken.append(7) }
    }

    let thin = indexed(agent, daysWithLogs: 5)
    if thin.load.hazard(scoring) > 0 {
      let value = thin.index.score.value ?? 0
      if thin.index.score.statusWord != "at least" || value == 0 { broken.append(8) }
    }
    return broken
  }

  /// The same privileges written otherwise: order, duplicates, one action a statement, wildcards
  /// as lists, lists with members that others cover.
  private func rewritten(_ agent: RandomAgent, _ random: inout SmallRandom) -> RandomAgent {
    var other = agent
    other.statements = []
    for statement in agent.statements {
      guard statement.effect == .allow, statement.layer == .identity else {
        other.statements.append(statement)
        continue
      }
      for pattern in statement.actions {
        var part = statement
        part.actions = [pattern]
        if random.chance(40) {
          let glob = Glob(pattern.lowercased())
          part.actions = RandomAgent.actions.map { $0.0 }
            .filter { glob.matches($0.lowercased()) }.map { $0.uppercased() }
        }
        if random.chance(30) { part.actions += part.actions }
        if statement.resources == ["*"] { part.resources = ["arn:aws:s3:::z", "**", "*"] }
        other.statements.append(part)
        if random.chance(20) { other.statements.append(part) }
      }
    }
    other.statements.shuffle(using: &random)
    return other
  }
}

extension SmallRandom: RandomNumberGenerator {}

@Suite struct AxiomTests {
  @Test(arguments: [1, 2, 3, 4] as [UInt64]) func allHold(seed: UInt64) throws {
    let check = try AxiomCheck { $0.value }
    #expect(check.violations(agents: 500, seed: seed) == [:])
  }

  /// A share of unused privileges can be diluted by used ones: the check must see it.
  @Test func aShareBreaksThem() throws {
    let check = try AxiomCheck { indexed in
      let held = indexed.privileges.held
      return held == 0 ? 0 : 100 * (held - indexed.used) / held
    }
    let violations = check.violations(agents: 200, seed: 1)
    #expect(violations[1, default: 0] > 0)
    #expect(violations[7, default: 0] > 0)
  }

  /// A count of statements depends on how privileges are written: the check must see it.
  @Test func countingStatementsBreaksThem() throws {
    let check = try AxiomCheck { indexed in
      min(100, indexed.value + indexed.privileges.statements.count)
    }
    #expect(check.violations(agents: 100, seed: 1)[3, default: 0] > 0)
  }
}
