import TestSupport
import Testing

@testable import Findings

@Suite struct HittingSetTests {
  struct Instance {
    var sets: [[Int]]
    var burdens: [Int]

    init(_ random: inout SmallRandom) {
      let elements = 1 + random.below(14)
      burdens = (0..<elements).map { _ in random.below(4) }
      sets = (0..<(1 + random.below(16))).map { _ in
        let size = 1 + random.below(min(elements, 5))
        return (0..<size).map { _ in random.below(elements) }
      }
    }

    /// The least number of elements that meet all sets, and the least burden of so many, by trying
    /// every choice.
    var best: (count: Int, burden: Int) {
      var best = (count: Int.max, burden: Int.max)
      let masks = sets.map { $0.reduce(0) { $0 | 1 << $1 } }
      for choice in 0..<(1 << burdens.count) {
        guard masks.allSatisfy({ $0 & choice != 0 }) else { continue }
        let chosen = burdens.indices.filter { choice & 1 << $0 != 0 }
        let own = (count: chosen.count, burden: chosen.reduce(0) { $0 + burdens[$1] })
        if own < best { best = own }
      }
      return best
    }
  }

  @Test func theSearchAgreesWithTryingEveryChoice() {
    var random = SmallRandom(seed: 4_001)
    for number in 0..<1_500 {
      let instance = Instance(&random)
      let answer = HittingSet(meeting: instance.sets, burdens: instance.burdens)
      let best = instance.best
      #expect(answer.isExact && answer.chosen.count == best.count, "instance \(number)")
      #expect(answer.fewest == best.count)
      #expect(answer.chosen.reduce(0) { $0 + instance.burdens[$1] } == best.burden)
      #expect(instance.sets.allSatisfy { set in answer.chosen.contains { set.contains($0) } })
    }
  }

  @Test func whatIsNotSearchedToTheEndStatesAnHonestBound() {
    var random = SmallRandom(seed: 4_002)
    var greedyIsWorse = 0
    for _ in 0..<1_500 {
      let instance = Instance(&random)
      let answer = HittingSet(meeting: instance.sets, burdens: instance.burdens, stepsMax: 0)
      let best = instance.best.count
      #expect(!answer.isExact)
      #expect(instance.sets.allSatisfy { set in answer.chosen.contains { set.contains($0) } })
      #expect(answer.fewest <= best && best <= answer.chosen.count)
      if answer.chosen.count > best { greedyIsWorse += 1 }
    }
    #expect(greedyIsWorse > 0, "the instances are too easy to tell greedy from exact")
  }

  @Test func nothingToMeetNeedsNothing() {
    let answer = HittingSet(meeting: [], burdens: [])
    #expect(answer.chosen.isEmpty && answer.isExact && answer.fewest == 0)
  }
}
