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
    (0..<3).map { "arn:aws:s3:::few-\($0)/*" }, (0..<5).map { "arn:aws:s3:::many-\($0)/*" },
    ["arn:aws:s3:::many-*"],
  ]

  init(_ random: inout SmallRandom) {
    for _ in 0..<(1 + random.below(3)) { statements.append(RandomAgent.statement(&random)) }
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
    let names = ["arn:aws:s3:::a/1", "arn:aws:s3:::many-\(random.below(6))/k", "prod-x", nil]
    return (random.pick(actions).0, random.pick(names))
  }
}

/// Puts the axioms of the privilege index to random agents, under any formula.
struct AxiomCheck {
  /// The shipped numbers, but that five names are many: long lists take long and prove no more.
  let scoring: Scoring
  let vocabulary: Vocabulary
  let indexing: PrivilegeIndexing
  private let catalogue: ActionCatalogue
  /// The one resolver, while nobody has it: equal lists of statements are resolved once.
  private var resolvers: [PrivilegeResolver]
  let formula: Formula

  /// An index, as a number and as it is shown.
  struct Formula: Sendable {
    var value: @Sendable (IndexedPrivileges) -> Int
    var shown: @Sendable (IndexedPrivileges) -> Score = { $0.index.score }
  }

  init(_ formula: Formula) throws {
    var numbers = try SampleEstate.scoring()
    numbers.reach.severalCount = 3
    numbers.reach.manyCount = 5
    // What no random agent can hold opens no path, and what is never logged blinds nobody.
    let known = Set(RandomAgent.actions.map { $0.0.lowercased() })
    numbers.escalationPaths.removeAll { !known.isSuperset(of: $0.needs.map { $0.lowercased() }) }
    numbers.visibility = []
    scoring = numbers
    vocabulary = SampleEstate.vocabulary(catalogue: RandomAgent.actions)
    var catalogue = ActionCatalogue(vocabulary: vocabulary, scoring: scoring)
    indexing = PrivilegeIndexing(
      scoring: scoring, escalations: Escalations(scoring.escalationPaths, catalogue: &catalogue))
    self.catalogue = catalogue
    resolvers = [PrivilegeResolver(catalogue: catalogue)]
    self.formula = formula
  }

  mutating func indexed(_ agent: RandomAgent, daysWithLogs: Int64 = 0) -> IndexedPrivileges {
    var estate = SampleEstate(vocabulary, reach: scoring.reach)
    for (number, use) in agent.uses.enumerated() {
      estate.event("a", use.action, on: use.resource, day: Int64(number))
    }
    estate.log(days: daysWithLogs)
    let usage = UsageTable(input: estate.input, from: nil, to: nil)
    var maker = PrivilegeMaker(
      input: estate.input, scoring: scoring, resolver: resolvers.removeLast(),
      symbols: estate.input.symbols, usage: usage)
    let privileges = maker.privileges(of: "a", statements: agent.statements[...])
    resolvers.append(maker.resolver)
    return indexing.index(privileges, catalogue: catalogue)
  }

  mutating func index(_ agent: RandomAgent) -> Int { formula.value(indexed(agent)) }

  /// The axioms that some of the random agents break, with how many do.
  mutating func violations(agents: Int, seed: UInt64) -> [Int: Int] {
    var random = SmallRandom(seed: seed)
    var violations: [Int: Int] = [:]
    for _ in 0..<agents {
      let agent = RandomAgent(&random)
      for axiom in broken(by: agent, &random) { violations[axiom, default: 0] += 1 }
    }
    return violations
  }

  private mutating func broken(by agent: RandomAgent, _ random: inout SmallRandom) -> [Int] {
    var broken: [Int] = []
    let whole = indexed(agent)
    let index = formula.value(whole)
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
      let shown = formula.shown(thin)
      if shown.statusWord != "at least" || shown.value ?? 0 == 0 { broken.append(8) }
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

@Suite struct AxiomTests {
  /// Over ten thousand random agents, none of which breaks an axiom.
  @Test(arguments: 1...8 as ClosedRange<UInt64>) func allHold(seed: UInt64) throws {
    var check = try AxiomCheck(AxiomCheck.Formula { $0.value })
    #expect(check.violations(agents: 1_275, seed: seed) == [:])
  }

  /// A formula that is broken on purpose, and the axioms that it must be seen to break.
  struct Broken: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let breaks: Set<Int>
    let formula: AxiomCheck.Formula
  }

  /// One broken formula or more for each axiom.
  static let broken: [Broken] = [
    Broken(
      testDescription: "a share, which used privileges dilute", breaks: [1, 7],
      formula: AxiomCheck.Formula { indexed in
        let held = indexed.privileges.held
        return held == 0 ? 0 : 100 * (held - indexed.used) / held
      }),
    Broken(
      testDescription: "a count of uses", breaks: [2, 4],
      formula: AxiomCheck.Formula { min(100, $0.value + $0.used) }),
    Broken(
      testDescription: "a count of statements", breaks: [3],
      formula: AxiomCheck.Formula { min(100, $0.value + $0.privileges.statements.count) }),
    Broken(
      testDescription: "something for holding at all", breaks: [4],
      formula: AxiomCheck.Formula { $0.privileges.held > 0 ? max(1, $0.value) : 0 }),
    Broken(
      testDescription: "less for more", breaks: [1, 5],
      formula: AxiomCheck.Formula { max(0, $0.value - $0.unused - $0.unseen) }),
    Broken(
      testDescription: "no bound", breaks: [6], formula: AxiomCheck.Formula { $0.value * 2 }),
    Broken(
      testDescription: "below nothing", breaks: [6], formula: AxiomCheck.Formula { $0.value - 50 }),
    Broken(
      testDescription: "an average over what is held", breaks: [7],
      formula: AxiomCheck.Formula { 20 * $0.value / (20 + $0.used) }),
    Broken(
      testDescription: "a plain number on thin evidence", breaks: [8],
      formula: AxiomCheck.Formula(value: { $0.value }, shown: { .assessed($0.value) })),
    Broken(
      testDescription: "nothing on thin evidence", breaks: [8],
      formula: AxiomCheck.Formula(
        value: { $0.value }, shown: { _ in .atLeast(0, reason: "few days") })),
  ]

  @Test(arguments: broken) func aBrokenFormulaIsSeen(_ broken: Broken) throws {
    var check = try AxiomCheck(broken.formula)
    let violations = check.violations(agents: 150, seed: 1)
    #expect(broken.breaks.isSubset(of: violations.keys), "\(violations)")
  }

  /// Every axiom has a formula that is seen to break it.
  @Test func everyAxiomCanFail() {
    #expect(Set(AxiomTests.broken.flatMap(\.breaks)) == Set(1...8))
  }
}
