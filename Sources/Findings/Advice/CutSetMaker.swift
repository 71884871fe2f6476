internal import Model

/// A cut set and all privileges that go with it.
struct CutAnswer {
  let cutSet: CutSet
  let members: [HeldAction]
}

/// Finds cut sets: the fewest unused privileges whose removal ends possible chains.
///
/// What a chain needs is not listed beforehand, since each of its steps may be served in many ways.
/// Instead chains are searched again in what a proposed choice leaves; each one still found gives
/// one more set of privileges of which one has to go, and the smallest choice that meets all sets
/// is the next proposal. Every proposal is a lower bound of the answer, so that the first one that
/// leaves no chain is the smallest of all (implicit hitting sets, Moreno-Centeno and Karp 2013).
struct CutSetMaker {
  private let latent: LatentChains
  private let known: [Finding]
  private let rows: PrivilegeRows
  private let stepsMax: Int
  private let roundsMax: Int

  /// A chain that must end, and privileges of which one has to go for it.
  private struct Demand {
    let chain: Key
    let units: [Int]
  }

  /// A policy and the agents that could run its chain.
  private struct Key: Hashable {
    let policy: String
    let agents: [String]

    init(_ chain: LatentChain) {
      policy = chain.finding.policy
      agents = chain.finding.agents
    }
  }

  /// How a search ended.
  private struct Answer {
    var chosen: [Int] = []
    var demands: [Demand] = []
    var isExact = true
    var fewest = 0
  }

  init(
    _ latent: LatentChains, besides known: [Finding], rows: PrivilegeRows,
    stepsMax: Int = HittingSet.stepsMax
  ) {
    self.latent = latent
    self.known = known
    self.rows = rows
    self.stepsMax = stepsMax
    roundsMax = max(6, min(400, 40_000 / max(1, latent.agents.count)))
  }

  /// The cut set of the chains that are possible now; nil when none of them can be ended so.
  func answer(for chains: [LatentChain]) -> CutAnswer? {
    guard !chains.isEmpty else { return nil }
    var privileges = CutPrivileges(
      agents: latent.agents, privileges: latent.privileges, catalogue: latent.catalogue)
    let answer = solve(chains, &privileges)
    guard !answer.chosen.isEmpty else { return nil }
    let order = ordered(answer, privileges)
    let all = chains.map { Key($0) }
    let after = Set(search(without: order, privileges).map { Key($0) })
    var rows = order.map { row(privileges.units[$0]) }
    count(&rows, order, chains: all, left: after, answer, privileges)
    let gone = Set(order.flatMap { privileges.units[$0].members })
    let uses = gone.reduce(0) { sum, held in
      sum + (latent.privileges[held.agent].uses[held.action]?.count ?? 0)
    }
    let cutSet = CutSet(
      rows: rows, chains: chains.count,
      left: chains.filter { after.contains(Key($0)) }.map(\.finding.id),
      uncovered: after.subtracting(all).count, isExact: answer.isExact,
      fewest: answer.isExact ? rows.count : min(rows.count, answer.fewest), uses: uses)
    return CutAnswer(cutSet: cutSet, members: order.flatMap { privileges.units[$0].members })
  }

  private func search(without units: [Int], _ privileges: CutPrivileges) -> [LatentChain] {
    var search = latent
    search.without = Set(units.flatMap { privileges.units[$0].members })
    return search.chains(besides: known)
  }

  private func solve(_ chains: [LatentChain], _ privileges: inout CutPrivileges) -> Answer {
    var answer = Answer()
    var endless: Set<Key> = []
    var found = chains
    for round in 0... {
      var isNew = false
      for chain in found.sorted(by: { $0.finding.id < $1.finding.id }) {
        let key = Key(chain)
        if endless.contains(key) { continue }
        isNew = true
        var units: Set<Int> = []
        for step in chain.steps {
          if let unit = privileges.unit(of: step) { units.insert(unit) }
        }
        if units.isEmpty {
          endless.insert(key)
        } else {
          answer.demands.append(Demand(chain: key, units: units.sorted()))
        }
      }
      guard isNew else { break }
      guard round < roundsMax else {
        answer.isExact = false
        break
      }
      answer.demands.removeAll { endless.contains($0.chain) }
      let best = HittingSet(
        meeting: answer.demands.map(\.units), burdens: privileges.units.map(\.holders.count),
        stepsMax: stepsMax)
      answer.chosen = best.chosen
      answer.isExact = best.isExact
      answer.fewest = best.fewest
      found = search(without: best.chosen, privileges)
    }
    return answer
  }

  /// The chosen units, those first that meet the demands of most chains.
  private func ordered(_ answer: Answer, _ privileges: CutPrivileges) -> [Int] {
    var order: [Int] = []
    var rest = answer.chosen
    var open: [Key: [[Int]]] = [:]
    for demand in answer.demands { open[demand.chain, default: []].append(demand.units) }
    while !rest.isEmpty {
      let scores = rest.map { unit in
        let met = open.values.map { demands in demands.count { $0.contains(unit) } }
        let ends = zip(open.values, met).count { $0.count == $1 }
        return (unit: unit, ends: ends, met: met.reduce(0, +))
      }
      let best = scores.sorted { left, right in
        if left.ends != right.ends { return left.ends > right.ends }
        if left.met != right.met { return left.met > right.met }
        let (first, second) = (privileges.units[left.unit].key, privileges.units[right.unit].key)
        if first.action != second.action { return first.action < second.action }
        return (first.patterns + first.origins)
          .lexicographicallyPrecedes(second.patterns + second.origins)
      }[0].unit
      order.append(best)
      rest.removeAll { $0 == best }
      open = open.compactMapValues { demands in
        let unmet = demands.filter { !$0.contains(best) }
        return unmet.isEmpty ? nil : unmet
      }
    }
    return order
  }

  /// Agents times rows up to which the chains that each row ends are searched for one by one.
  private static let searchesMax = 60_000

  /// Fills in which row ends how many chains.
  private func count(
    _ rows: inout [CutRow], _ order: [Int], chains: [Key], left: Set<Key>, _ answer: Answer,
    _ privileges: CutPrivileges
  ) {
    let isSmall = rows.count * latent.agents.count <= CutSetMaker.searchesMax
    let ended = chains.count { !left.contains($0) }
    var before = 0
    for place in rows.indices {
      let prefix = Array(order.prefix(place + 1))
      var soFar = ended
      if place + 1 < order.count {
        if isSmall {
          let after = Set(search(without: prefix, privileges).map { Key($0) })
          soFar = chains.count { !after.contains($0) }
        } else {
          // What meets all demands of a chain ends it in what was searched.
          let unmet = Set(
            answer.demands.filter { $0.units.allSatisfy { !prefix.contains($0) } }.map(\.chain))
          soFar = chains.count { !left.contains($0) && !unmet.contains($0) }
        }
      }
      soFar = min(ended, max(before, soFar))
      rows[place].ends = soFar - before
      rows[place].endedSoFar = soFar
      before = soFar
    }
  }

  private func row(_ unit: CutPrivileges.Unit) -> CutRow {
    let catalogue = latent.catalogue
    let actions = Set(unit.members.map(\.action)).sorted()
    var leading = actions.first ?? 0
    for action in actions where catalogue.hazard(of: action) > catalogue.hazard(of: leading) {
      leading = action
    }
    let isSingle = unit.key.action == catalogue.folded[leading]
    return CutRow(
      action: isSingle ? catalogue.names[leading] : unit.key.action,
      isNarrowing: unit.isNarrowing, actions: actions.count, resources: unit.key.patterns,
      origins: unit.key.origins, holders: unit.holders.map { latent.agents[$0].id },
      keepers: unit.keepers.map { latent.agents[$0].id },
      level: catalogue.meanings[leading].level, capabilities: rows.capabilities(of: actions),
      ends: 0, endedSoFar: 0)
  }
}
