package import Model

/// How far one resource pattern reaches.
enum Breadth: Hashable, Sendable {
  /// Every resource, or every resource of a kind.
  case every
  /// Some part of the names: a prefix or any other wildcard.
  case part
  /// One named resource; the name without what lies inside it (`bucket` for `bucket/key`).
  case named(String)
}

/// The rules by which resource patterns are weighed, from `mappings/scoring.yaml`.
package struct ReachNumbers: Sendable, Equatable {
  /// Every resource.
  package var every: Double
  /// `manyCount` or more named resources.
  package var many: Double
  package var manyCount: Int
  /// A part of the names, or `severalCount` or more named resources.
  package var several: Double
  package var severalCount: Int
  /// One named resource, and up to `severalCount` of them.
  package var one: Double
  /// At least this, when the name has a word of `labels`.
  package var labelled: Double
  /// Words of a name that label a resource as production or sensitive, lower case.
  package var labels: [String]
  /// Services whose resource names begin with the name itself and not with a kind of resource:
  /// `arn:aws:s3:::bucket/key` lies in one resource, `...:role/*` is every role.
  package var nameFirstServices: [String]

  /// The reach of a scope given by all its patterns, 0 when there are none.
  ///
  /// Named resources are counted as written, also where a wider pattern beside them covers them:
  /// else a grant of `a-*` would weigh less than the list of the fifty names that it swallows.
  func reach(of patterns: [String]) -> Double {
    var widest = 0.0
    var names: Set<String> = []
    for pattern in patterns {
      switch breadth(of: pattern) {
      case .every: return every
      case .part: widest = max(widest, several)
      case .named(let name): names.insert(name)
      }
      if isLabelled(pattern) { widest = max(widest, labelled) }
    }
    return max(widest, reach(ofNames: names.count))
  }

  /// The reach of a number of named resources.
  func reach(ofNames count: Int) -> Double {
    if count >= manyCount { return many }
    if count >= severalCount { return several }
    return count > 0 ? one : 0
  }

  /// Whether a word of the pattern labels it as production or sensitive.
  func isLabelled(_ pattern: String) -> Bool {
    guard !labels.isEmpty else { return false }
    let words = pattern.lowercased().split { !$0.isLetter && !$0.isNumber }
    return words.contains { word in labels.contains { $0 == word } }
  }

  /// Tells the names of resources, for tallies of what was used.
  package var resourceNames: ResourceNames { ResourceNames(nameFirst: nameFirstServices) }

  /// How far one pattern reaches.
  func breadth(of pattern: String) -> Breadth {
    guard pattern.hasPrefix("arn:") else { return ReachNumbers.breadthOfPlain(pattern) }
    let parts = pattern.split(
      separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6 else { return pattern.hasSuffix("*") ? .every : .named(pattern) }
    let resource = parts[5]
    if ReachNumbers.isOnlyWildcards(resource) { return .every }
    if nameFirstServices.contains(String(parts[2])) {
      let end = resource.firstIndex(of: "/") ?? resource.endIndex
      if resource[..<end].contains(where: ReachNumbers.isWildcard) { return .part }
      return .named(String(pattern[..<end]))
    }
    guard let separator = resource.firstIndex(where: { $0 == "/" || $0 == ":" }) else {
      return resource.contains(where: ReachNumbers.isWildcard) ? .part : .named(pattern)
    }
    let name = resource[resource.index(after: separator)...]
    guard let wildcard = resource.firstIndex(where: ReachNumbers.isWildcard) else {
      return .named(pattern)
    }
    if wildcard > separator, ReachNumbers.isOnlyWildcards(name) { return .every }
    // `log-group:name:*` is all of one resource.
    if wildcard > name.startIndex, ReachNumbers.isOnlyWildcards(resource[wildcard...]) {
      let before = resource.index(before: wildcard)
      if before > name.startIndex, resource[before] == ":" {
        return .named(String(pattern[..<before]))
      }
    }
    return .part
  }

  private static func breadthOfPlain(_ pattern: String) -> Breadth {
    if isOnlyWildcards(pattern[...]) { return .every }
    return pattern.contains(where: isWildcard) ? .part : .named(pattern)
  }

  private static func isWildcard(_ character: Character) -> Bool {
    character == "*" || character == "?"
  }

  private static func isOnlyWildcards(_ text: Substring) -> Bool {
    text.contains("*") && text.allSatisfy { $0 == "*" || $0 == "/" || $0 == ":" }
  }
}
