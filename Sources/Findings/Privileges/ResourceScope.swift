internal import Model

/// The resources on which an action is held: maximal patterns less what a deny takes away.
struct ResourceScope: Hashable, Sendable {
  /// Patterns that no other of them covers, canonical, sorted.
  var patterns: [String]
  /// All patterns that grant, canonical, sorted: what is counted for reach.
  var granted: [String]
  /// Patterns that a deny or an exception takes out of them, sorted.
  var except: [String]
  /// Patterns of a ceiling that overlaps without being nested: the action is held only where both
  /// match, so that `patterns` says too much rather than too little. Sorted.
  var limits: [String]

  static let everything = ResourceScope(
    patterns: ["*"], granted: ["*"], except: [], limits: [])

  /// Whether it covers all of a pattern.
  func reaches(_ target: Glob) -> Bool {
    patterns.contains { Glob($0).covers(target) }
      && except.allSatisfy { !Glob($0).intersects(target) }
      && limits.allSatisfy { Glob($0).covers(target) }
  }

  /// Whether it is every resource with nothing taken out.
  var isEverything: Bool {
    patterns.count == 1 && patterns[0] == "*" && except.isEmpty && limits.isEmpty
  }
}

/// One pattern of a scope while it is being worked out.
struct Region: Hashable {
  var glob: Glob
  var except: Set<Glob> = []
  var limits: Set<Glob> = []
  /// The condition of the statement that gives it; nil when there is none.
  var condition: String?

  /// What a statement's resource lists say: patterns, or everything but some.
  static func all(resources: [String], notResources: [String], condition: String?) -> [Region] {
    if !notResources.isEmpty {
      let except = Set(notResources.map { Glob(Region.canonical($0)) })
      if except.contains(where: \.isEverything) { return [] }
      return [Region(glob: Glob("*"), except: except, condition: condition)]
    }
    // A source without resources (a tool list) grants the action whatever it is used on.
    let patterns = resources.isEmpty ? ["*"] : resources
    return patterns.map { Region(glob: Glob(Region.canonical($0)), condition: condition) }
  }

  /// Policy variables such as `${aws:username}` stand for texts that only a request knows: any run.
  static func canonical(_ pattern: String) -> String {
    guard pattern.contains("${") else { return pattern }
    var text = ""
    var rest = pattern[...]
    while let start = rest.firstIndex(of: "$") {
      text += rest[..<start]
      let after = rest[start...]
      if after.hasPrefix("${"), let end = after.firstIndex(of: "}") {
        text += "*"
        rest = after[after.index(after: end)...]
      } else {
        text += "$"
        rest = after.dropFirst()
      }
    }
    return text + rest
  }

  /// What is left of regions under a ceiling, which is a union of regions itself.
  static func intersect(_ regions: [Region], with ceiling: [Region]) -> [Region] {
    var result: [Region] = []
    for region in regions {
      let whole = ceiling.first {
        $0.glob.covers(region.glob) && $0.except.isEmpty && $0.limits.isEmpty && $0.condition == nil
      }
      if whole != nil {
        result.append(region)
        continue
      }
      for bound in ceiling {
        guard let common = region.intersection(with: bound) else { continue }
        result.append(common)
      }
    }
    return result
  }

  private func intersection(with bound: Region) -> Region? {
    var common = self
    common.except.formUnion(bound.except)
    common.limits.formUnion(bound.limits)
    if common.condition == nil { common.condition = bound.condition }
    if !bound.glob.covers(glob) {
      if glob.covers(bound.glob) {
        common.glob = bound.glob
      } else if glob.intersects(bound.glob) {
        common.limits.insert(bound.glob)
      } else {
        return nil
      }
    }
    return common.trimmed()
  }

  /// Drops exceptions and limits that do not bear on the pattern; nil when nothing is left.
  func trimmed() -> Region? {
    var region = self
    if except.contains(where: { $0.covers(glob) }) { return nil }
    if limits.contains(where: { !$0.intersects(glob) }) { return nil }
    region.except = except.filter { $0.intersects(glob) }
    region.limits = limits.filter { !$0.covers(glob) }
    return region
  }

  /// What is left after a deny without condition on some patterns.
  static func subtract(_ regions: [Region], _ denied: [Glob]) -> [Region] {
    regions.compactMap { region in
      var region = region
      region.except.formUnion(denied)
      return region.trimmed()
    }
  }

  /// The scope of regions, and the condition of it where some maximal pattern has only conditional
  /// grants; nil when nothing is left.
  static func scope(of regions: [Region]) -> (scope: ResourceScope, condition: String?)? {
    guard !regions.isEmpty else { return nil }
    var unique: [Region] = []
    var seen: Set<Region> = []
    for region in regions where seen.insert(region).inserted { unique.append(region) }
    var maximal: [Region] = []
    for (index, region) in unique.enumerated() {
      let isCovered = unique.enumerated().contains { other, wider in
        guard other != index, wider.absorbs(region) else { return false }
        return !region.absorbs(wider) || other < index
      }
      if !isCovered { maximal.append(region) }
    }
    var condition: String?
    for region in maximal {
      guard let own = region.condition else { continue }
      let isFree = unique.contains { $0.condition == nil && $0.absorbs(region) }
      if !isFree, condition == nil || own < condition ?? own { condition = own }
    }
    func texts(_ globs: some Sequence<Glob>) -> [String] { Set(globs.map(\.text)).sorted() }
    let scope = ResourceScope(
      patterns: texts(maximal.map(\.glob)), granted: texts(unique.map(\.glob)),
      except: texts(maximal.flatMap(\.except)), limits: texts(maximal.flatMap(\.limits)))
    return (scope, condition)
  }

  /// Whether everything of another region lies in this one, whatever the conditions.
  private func absorbs(_ other: Region) -> Bool {
    guard glob.covers(other.glob) else { return false }
    guard
      limits.allSatisfy({ limit in
        other.limits.contains(limit) || limit.covers(other.glob)
      })
    else { return false }
    return except.allSatisfy { taken in
      !taken.intersects(other.glob) || other.except.contains { $0.covers(taken) }
    }
  }
}
