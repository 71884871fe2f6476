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
  func answer(for base: LatentBase) -> CutAnswer? {
    let chains = base.chains
    guard !chains.isEmpty else { return nil }
    var privileges = CutPrivileges(
      agents: latent.agents, privileges: latent.privileges, catalogue: latent.catalogue)
    let answer = solve(base, &privileges)
    guard !answer.chosen.isEmpty else { return nil }
    let order = ordered(answer, privileges)
    let all = chains.map { Key($0) }
    let after = left(without: order, base, privileges)
    var rows = order.map { row(privileges.units[$0]) }
    count(&rows, order, chains: all, left: after, answer, base, privileges)
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

  /// The chains that are possible without some units.
  private func left(
    without units: [Int], _ base: LatentBase, _ privileges: CutPrivileges
  ) -> Set<Key> {
    let left = search(without: units, base, privileges)
    return Set((left.kept + left.found).map { Key($0) })
  }

  private func search(
    without units: [Int], _ base: LatentBase, _ privileges: CutPrivileges
  ) -> (kept: [LatentChain], found: [LatentChain]) {
    let gone = Set(units.flatMap { privileges.units[$0].members })
    return latent.chains(besides: known, without: gone, of: base)
  }

  private func solve(_ base: LatentBase, _ privileges: inout CutPrivileges) -> Answer {
    var answer = Answer()
    var endless: Set<Key> = []
    var found = base.chains
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
      // What is kept needs nothing that was chosen, so that nothing of it can go.
      found = search(without: best.chosen, base, privileges).found
    }
    return answer
  }

  /// The chosen units, those first that end most chains together with those before, then those that
  /// meet most demands.
  private func ordered(_ answer: Answer, _ privileges: CutPrivileges) -> [Int] {
    let ranked = answer.chosen.sorted { left, right in
      let (first, second) = (privileges.units[left].key, privileges.units[right].key)
      if first.action != second.action { return first.action < second.action }
      return (first.patterns + first.origins)
        .lexicographicallyPrecedes(second.patterns + second.origins)
    }
    var tally = DemandTally(answer.demands.map { (AnyHashable($0.chain), $0.units) }, of: ranked)
    var order: [Int] = []
    while let best = tally.takeBest() { order.append(best) }
    return order
  }

  /// Agents times rows up to which the chains that each row ends are searched for one by one.
  private static let searchesMax = 60_000

  /// Fills in which row ends how many chains.
  private func count(
    _ rows: inout [CutRow], _ order: [Int], chains: [Key], left: Set<Key>, _ answer: Answer,
    _ base: LatentBase, _ privileges: CutPrivileges
  ) {
    let isSmall = rows.count * latent.agents.count <= CutSetMaker.searchesMax
    let ended = chains.count { !left.contains($0) }
    // What meets all demands of a chain ends it in what was searched.
    var places: [Int: Int] = [:]
    for (place, unit) in order.enumerated() { places[unit] = place }
    var endOf: [Key: Int] = [:]
    for demand in answer.demands {
      let met = demand.units.compactMap { places[$0] }.min() ?? order.count
      endOf[demand.chain] = max(endOf[demand.chain] ?? 0, met)
    }
    var endsAt = [Int](repeating: 0, count: order.count + 1)
    for chain in chains where !left.contains(chain) { endsAt[endOf[chain] ?? 0] += 1 }
    var before = 0
    var met = 0
    for place in rows.indices {
      met += endsAt[place]
      var soFar = ended
      if place + 1 < order.count {
        soFar = met
        if isSmall {
          let after = self.left(without: Array(order.prefix(place + 1)), base, privileges)
          soFar = chains.count { !after.contains($0) }
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

/// Which elements meet the demands of most chains, one taken after the other.
private struct DemandTally {
  /// By element, in order of rank: the open demands that it meets, and the chains that it would end.
  private var met: [Int]
  private var ends: [Int]
  private let elements: [Int]
  private var isTaken: [Bool]
  /// By element the demands that it meets.
  private var demandsOf: [[Int]]
  /// By demand its chain and elements, and whether it is open.
  private let chainOf: [Int]
  private let elementsOf: [[Int]]
  private var isOpen: [Bool]
  /// By chain its open demands, and how many of them each element meets.
  private var openOf: [Int]
  private var metOf: [[Int: Int]]

  init(_ demands: [(chain: AnyHashable, elements: [Int])], of ranked: [Int]) {
    var ranks: [Int: Int] = [:]
    for (rank, element) in ranked.enumerated() { ranks[element] = rank }
    elements = ranked
    met = Array(repeating: 0, count: ranked.count)
    ends = met
    isTaken = Array(repeating: false, count: ranked.count)
    demandsOf = Array(repeating: [], count: ranked.count)
    var chains: [AnyHashable: Int] = [:]
    var chainOf: [Int] = []
    var elementsOf: [[Int]] = []
    var openOf: [Int] = []
    var metOf: [[Int: Int]] = []
    for (number, demand) in demands.enumerated() {
      let chain = chains[demand.chain] ?? openOf.count
      if chain == openOf.count {
        chains[demand.chain] = chain
        openOf.append(0)
        metOf.append([:])
      }
      let own = demand.elements.compactMap { ranks[$0] }
      chainOf.append(chain)
      elementsOf.append(own)
      openOf[chain] += 1
      for element in own {
        demandsOf[element].append(number)
        met[element] += 1
        metOf[chain][element, default: 0] += 1
      }
    }
    self.chainOf = chainOf
    self.elementsOf = elementsOf
    self.openOf = openOf
    self.metOf = metOf
    isOpen = Array(repeating: true, count: demands.count)
    for chain in openOf.indices { count(chain, 1) }
  }

  /// Adds a chain to the elements that would end it, or takes it from them.
  private mutating func count(_ chain: Int, _ sign: Int) {
    guard openOf[chain] > 0 else { return }
    for (element, count) in metOf[chain] where count == openOf[chain] { ends[element] += sign }
  }

  /// The element that ends most chains, then meets most demands, then comes first; nil when all are
  /// taken.
  mutating func takeBest() -> Int? {
    var best: Int?
    for place in elements.indices where !isTaken[place] {
      if let known = best, (ends[known], met[known]) >= (ends[place], met[place]) { continue }
      best = place
    }
    guard let best else { return nil }
    isTaken[best] = true
    for demand in demandsOf[best] where isOpen[demand] {
      isOpen[demand] = false
      let chain = chainOf[demand]
      count(chain, -1)
      openOf[chain] -= 1
      for element in elementsOf[demand] {
        met[element] -= 1
        metOf[chain][element, default: 1] -= 1
      }
      count(chain, 1)
    }
    return elements[best]
  }
}
