/// A choice of elements that meets every one of some sets, with as few elements as possible and,
/// among choices of equal size, the least burden.
///
/// Branch and bound over independent parts. A part whose search takes more than `stepsMax` looks at
/// sets keeps the best choice found, the greedy one at first, and `fewest` says how few could do.
struct HittingSet: Equatable {
  /// Elements that together meet every set, rising.
  private(set) var chosen: [Int] = []
  /// Whether no smaller choice exists, nor one of equal size and less burden.
  private(set) var isExact = true
  /// No choice has fewer elements than this; the number of `chosen` where the search was finished.
  private(set) var fewest = 0

  /// The looks at sets that the search of one part may take.
  static let stepsMax = 2_000_000

  /// - Parameters:
  ///   - sets: What is to be met, each with at least one element.
  ///   - burdens: What choosing an element costs beside being one more, by element, not negative.
  init(meeting sets: [[Int]], burdens: [Int], stepsMax: Int = HittingSet.stepsMax) {
    // One element more always weighs more than all burdens together.
    let base = burdens.reduce(1, +)
    let costs = burdens.map { base + $0 }
    for part in HittingSet.parts(of: HittingSet.minimal(sets)) {
      var search = HittingSearch(sets: part, costs: costs, stepsMax: stepsMax)
      search.run()
      chosen += search.best
      isExact = isExact && search.isFinished
      fewest += search.isFinished ? search.best.count : search.disjointSets
    }
    chosen.sort()
  }

  /// The sets that hold no other one, each once, by size and then elements.
  private static func minimal(_ sets: [[Int]]) -> [[Int]] {
    let unique = Set(sets.map { Set($0).sorted() }).sorted {
      $0.count == $1.count ? $0.lexicographicallyPrecedes($1) : $0.count < $1.count
    }
    var kept: [[Int]] = []
    var holders: [Int: [Int]] = [:]
    for set in unique {
      var shared: [Int: Int] = [:]
      for element in set {
        for number in holders[element] ?? [] { shared[number, default: 0] += 1 }
      }
      if shared.contains(where: { kept[$0.key].count == $0.value }) { continue }
      for element in set { holders[element, default: []].append(kept.count) }
      kept.append(set)
    }
    return kept
  }

  /// Sets that share elements, directly or through others, are one part; in order of their first.
  private static func parts(of sets: [[Int]]) -> [[[Int]]] {
    var partOf: [Int: Int] = [:]
    var parts: [[[Int]]] = []
    for set in sets {
      let joined = Set(set.compactMap { partOf[$0] }).sorted()
      let target = joined.first ?? parts.count
      if target == parts.count { parts.append([]) }
      for other in joined.dropFirst() {
        for moved in parts[other] {
          parts[target].append(moved)
          for element in moved { partOf[element] = target }
        }
        parts[other] = []
      }
      parts[target].append(set)
      for element in set { partOf[element] = target }
    }
    return parts.filter { !$0.isEmpty }
  }
}

/// The search over one part.
private struct HittingSearch {
  let sets: [[Int]]
  let costs: [Int]
  let stepsMax: Int
  /// The cheapest choice so far.
  private(set) var best: [Int] = []
  private var bestCost = Int.max
  private var steps = 0

  init(sets: [[Int]], costs: [Int], stepsMax: Int) {
    self.sets = sets
    self.costs = costs
    self.stepsMax = stepsMax
  }

  var isFinished: Bool { steps <= stepsMax }

  /// Sets of which no two share an element: each needs an element of its own.
  var disjointSets: Int { packed(Array(sets.indices), without: []).count }

  mutating func run() {
    best = greedy()
    bestCost = cost(best)
    extend([], Array(sets.indices), without: [])
    best.sort()
  }

  private func cost(_ elements: [Int]) -> Int { elements.reduce(0) { $0 + costs[$1] } }

  /// The element that meets most open sets for its cost, again and again.
  private func greedy() -> [Int] {
    var chosen: [Int] = []
    var open = Array(sets.indices)
    while let element = ranked(open, without: []).first {
      chosen.append(element)
      open.removeAll { sets[$0].contains(element) }
    }
    for element in chosen.reversed() {
      let rest = chosen.filter { $0 != element }
      if sets.allSatisfy({ set in rest.contains(where: set.contains) }) { chosen = rest }
    }
    return chosen
  }

  /// Elements of open sets by falling number of sets met for the cost, then number.
  private func ranked(_ open: [Int], without barred: Set<Int>) -> [Int] {
    var met: [Int: Int] = [:]
    for set in open { for element in sets[set] { met[element, default: 0] += 1 } }
    return met.keys.filter { !barred.contains($0) }.sorted { left, right in
      let (first, second) = ((met[left] ?? 0) * costs[right], (met[right] ?? 0) * costs[left])
      return first == second ? left < right : first > second
    }
  }

  /// Open sets of which no two share an element that is not barred.
  private func packed(_ open: [Int], without barred: Set<Int>) -> [Int] {
    var taken: Set<Int> = []
    return open.filter { set in
      let free = sets[set].filter { !barred.contains($0) }
      guard taken.isDisjoint(with: free) else { return false }
      taken.formUnion(free)
      return true
    }
  }

  private mutating func extend(_ chosen: [Int], _ open: [Int], without barred: Set<Int>) {
    guard isFinished else { return }
    steps += 1 + open.count
    guard !open.isEmpty else {
      if cost(chosen) < bestCost {
        best = chosen
        bestCost = cost(chosen)
      }
      return
    }
    var bound = cost(chosen)
    for set in packed(open, without: barred) {
      let cheapest = sets[set].filter { !barred.contains($0) }.map { costs[$0] }.min()
      guard let cheapest else { return }
      bound += cheapest
    }
    guard bound < bestCost else { return }
    func choices(_ set: Int) -> Int { sets[set].count { !barred.contains($0) } }
    guard let narrowest = open.min(by: { (choices($0), $0) < (choices($1), $1) }) else { return }
    let elements = ranked(open, without: barred).filter { sets[narrowest].contains($0) }
    var barred = barred
    for element in elements {
      extend(chosen + [element], open.filter { !sets[$0].contains(element) }, without: barred)
      barred.insert(element)
    }
  }
}
