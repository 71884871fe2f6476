import Model
import Policies
import TestSupport
import Testing

@testable import Findings

/// A cut set beside what it is made from.
struct CutSetCase {
  let latent: LatentChains
  let rows: PrivilegeRows
  let maker: PrivilegeMaker

  init(_ estate: SampleEstate, _ policies: [Policy]) throws {
    let scoring = try SampleEstate.scoring()
    let input = estate.input
    let usage = UsageTable(input: input, from: nil, to: nil)
    var maker = PrivilegeMaker(
      input: input, scoring: scoring,
      resolver: PrivilegeResolver(
        catalogue: ActionCatalogue(vocabulary: input.vocabulary, scoring: scoring)),
      symbols: input.symbols, usage: usage)
    var privileges: [AgentPrivileges] = []
    for agent in input.agents {
      let own = input.statements.filter { $0.agent == agent.id }
      privileges.append(maker.privileges(of: agent.id, statements: own[...]))
    }
    let catalogue = maker.resolver.catalogue
    self.maker = maker
    latent = LatentChains(
      policies: policies, agents: input.agents, trusts: input.trusts, privileges: privileges,
      catalogue: catalogue, scoring: scoring)
    rows = PrivilegeRows(
      catalogue: catalogue, scoring: scoring, symbols: input.symbols, agents: input.agents.count)
  }

  var cutSet: CutSet? {
    CutSetMaker(latent, besides: [], rows: rows).answer(
      for: latent.search(besides: [], on: OneThread()))?.cutSet
  }

  /// Policy and agents of the chains that are left without some privileges.
  func left(without members: [HeldAction]) -> Set<[String]> {
    var search = latent
    search.without = Set(members)
    return Set(search.chains(besides: []).map { [$0.finding.policy] + $0.finding.agents })
  }

  /// The fewest of all privileges that can go whose going leaves only chains that nothing ends, by
  /// trying every choice; nil where there are too many to try.
  func fewest(of most: Int) -> Int? {
    var privileges = CutPrivileges(
      agents: latent.agents, privileges: latent.privileges, catalogue: latent.catalogue)
    for (agent, own) in latent.privileges.enumerated() {
      for (block, held) in own.blocks.enumerated() {
        for action in held.actions {
          _ = privileges.unit(of: HeldAction(agent: agent, block: block, action: action))
        }
      }
    }
    let units = privileges.units.map(\.members)
    guard units.count <= most else { return nil }
    let endless = left(without: units.flatMap { $0 })
    var best = units.count
    for choice in 0..<(1 << units.count) where choice.nonzeroBitCount < best {
      let gone = units.indices.filter { choice & 1 << $0 != 0 }.flatMap { units[$0] }
      if left(without: gone) == endless { best = choice.nonzeroBitCount }
    }
    return best
  }
}

@Suite struct CutSetTests {
  static let tools: [(String, Level, [String])] = [
    ("read", .read, ["data.read"]), ("peek", .read, ["data.read"]),
    ("send", .write, ["channel.external"]), ("post", .write, ["channel.external"]),
    ("secret", .read, ["secret.read"]), ("wipe", .write, ["data.delete"]),
    ("drop", .write, ["data.delete"]),
  ]
  static let read = does("data.read")
  static let send = does("channel.external")
  static let wipe = does("data.delete")

  static func estate(catalogue: [(String, Level, [String])] = []) -> SampleEstate {
    var estate = SampleEstate(SampleEstate.vocabulary(catalogue: catalogue, tools: tools))
    estate.log(days: 90)
    return estate
  }

  @Test func oneSharedStepEndsTheChainsOfAll() throws {
    var estate = Self.estate()
    for agent in ["a", "b", "c"] {
      estate.agent(agent)
      estate.grant(agent, ["read", "send"]) { $0.origin = Origin(policy: "shared", statement: nil) }
    }
    for agent in ["a", "b"] {
      for day in 0..<90 as Range<Int64> { estate.event(agent, "read", day: day) }
    }
    let policies = [
      samplePolicy("p", steps: [("read", Self.read), ("send", Self.send)]),
      samplePolicy("q", steps: [("send", Self.send)]),
    ]
    let cutSet = try #require(try CutSetCase(estate, policies).cutSet)
    #expect(cutSet.chains == 6 && cutSet.ended == 6 && cutSet.left.isEmpty)
    #expect(cutSet.isExact && cutSet.fewest == 1 && cutSet.uses == 0)
    #expect(cutSet.rows.map(\.action) == ["send"])
    #expect(cutSet.rows[0].holders == ["a", "b", "c"] && cutSet.rows[0].keepers.isEmpty)
    #expect(cutSet.rows[0].origins == ["shared"])
    #expect(cutSet.rows[0].ends == 6 && cutSet.rows[0].endedSoFar == 6)
    #expect(
      cutSet.sentence
        == "revoke 1 privilege, 6 of 6 possible chains end, 0 observed tasks break")
  }

  @Test func whatIsUsedOrCannotBeSeenStays() throws {
    var estate = Self.estate()
    estate.agent("used")
    estate.agent("idle")
    for agent in ["used", "idle"] {
      estate.grant(agent, ["send"]) { $0.origin = Origin(policy: "shared", statement: nil) }
    }
    estate.event("used", "send", day: 4)
    let policy = samplePolicy("q", steps: [("send", Self.send)])
    let cutSet = try #require(try CutSetCase(estate, [policy]).cutSet)
    #expect(cutSet.ended == 1 && cutSet.left.count == 1)
    #expect(cutSet.rows.map(\.holders) == [["idle"]] && cutSet.rows[0].keepers == ["used"])
    var thin = SampleEstate(SampleEstate.vocabulary(catalogue: [], tools: Self.tools))
    thin.log(days: 5)
    thin.agent("idle")
    thin.grant("idle", ["send"])
    #expect(try CutSetCase(thin, [policy]).cutSet == nil)
  }

  /// All ways of a step have to go, unless another step has fewer.
  @Test func theStepWithFewestWaysGoes() throws {
    var estate = Self.estate()
    estate.agent("a")
    estate.grant("a", ["read", "peek", "send"])
    let policy = samplePolicy("p", steps: [("read", Self.read), ("send", Self.send)])
    #expect(try CutSetCase(estate, [policy]).cutSet?.rows.map(\.action) == ["send"])
    estate.event("a", "send", day: 3)
    let both = try #require(try CutSetCase(estate, [policy]).cutSet)
    #expect(Set(both.rows.map(\.action)) == ["read", "peek"])
    #expect(both.rows.map(\.ends) == [0, 1] && both.rows.map(\.endedSoFar) == [0, 1])
  }

  @Test func aWildcardIsOnePrivilege() throws {
    let catalogue = (0..<40).map { ("svc:Send\($0)", Level.write, ["channel.external"]) }
    var estate = Self.estate(catalogue: catalogue)
    estate.agent("a")
    estate.grant("a", ["svc:*"])
    estate.agent("b")
    estate.grant("b", ["read", "svc:Se*"])
    estate.event("b", "svc:Send7", day: 1)
    let policies = [samplePolicy("q", steps: [("send", Self.send)])]
    let cutSet = try #require(try CutSetCase(estate, policies).cutSet)
    #expect(cutSet.rows.map(\.action) == ["svc:*"] && cutSet.rows[0].actions == 40)
    #expect(cutSet.left.count == 1, "b uses one of the ways")
    let narrow = [samplePolicy("r", steps: [("send", does("channel.*")), ("read", Self.read)])]
    let other = try #require(try CutSetCase(estate, narrow).cutSet)
    #expect(other.rows.map(\.action) == ["read"])
  }

  /// Who could run a chain alone hides that a group could: ending the first brings out the other.
  @Test func whatAnotherHidesIsEndedToo() throws {
    var estate = Self.estate()
    estate.agent("boss") { $0.mayDelegateTo = ["helper"] }
    estate.agent("helper")
    estate.grant("boss", ["read", "send"])
    estate.grant("helper", ["send"])
    let policy = samplePolicy(
      "p", steps: [("read", Self.read), ("send", Self.send)],
      delegation: Delegation(follow: .parent, depth: 8))
    let both = try #require(try CutSetCase(estate, [policy]).cutSet)
    #expect(both.chains == 1 && both.ended == 1 && both.uncovered == 0)
    #expect(both.rows.map(\.action) == ["read"], "taking `send` from boss leaves the helper's")
    estate.event("boss", "read", day: 2)
    estate.event("helper", "send", day: 2)
    let hidden = try #require(try CutSetCase(estate, [policy]).cutSet)
    #expect(hidden.ended == 1 && hidden.uncovered == 1)
  }

  @Test func theAnswerIsTheFewestThatTryingEveryChoiceFinds() throws {
    var random = SmallRandom(seed: 4_010)
    let register = RegisterField(register: "r", field: .event(.resource))
    let policies = [
      samplePolicy("p", steps: [("read", Self.read), ("send", Self.send)]),
      samplePolicy(
        "q",
        steps: [
          ("read", does("data.read", bind: [register])),
          ("wipe", does("data.delete", same: [register])),
        ]),
      samplePolicy(
        "r",
        steps: [("secret", does("secret.read")), ("out", does("channel.external", "data.delete"))]),
    ]
    var tried = 0
    for number in 0..<160 {
      var estate = Self.estate()
      for agent in ["a", "b", "c"].prefix(1 + random.below(3)) {
        estate.agent(agent)
        for _ in 0..<(2 + random.below(4)) {
          let tool = random.pick(Self.tools).0
          let scope = random.pick([["*"], ["db/a/*"], ["db/b/*"], ["db/a/x"]])
          let isShared = random.chance(50)
          estate.grant(agent, [tool], on: scope) {
            if isShared { $0.origin = Origin(policy: "shared \(tool)", statement: nil) }
          }
          if random.chance(15) { estate.event(agent, tool, on: "db/a/x", day: 5) }
        }
      }
      let sample = try CutSetCase(estate, policies)
      guard let fewest = sample.fewest(of: 14) else { continue }
      tried += 1
      let answer = sample.cutSet
      #expect((answer?.rows.count ?? 0) == fewest, "estate \(number)")
      #expect(answer?.isExact ?? true)
    }
    #expect(tried > 100)
  }
}
