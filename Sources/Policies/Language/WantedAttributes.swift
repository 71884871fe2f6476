/// The attribute paths that policies name, sorted: what intake must keep of each event.
package func wantedAttributes(of policies: [Policy]) -> [String] {
  var paths: Set<String> = []
  for policy in policies {
    for field in policy.fields {
      if case .attribute(let path) = field { paths.insert(path) }
    }
  }
  return paths.sorted()
}

extension Policy {
  /// Every selector with the words for its place in the policy.
  package var selectors: [(place: String, selector: Selector)] {
    var selectors: [(String, Selector)] = []
    let steps: [Step]
    switch rule {
    case .forbid(let chain): steps = chain
    case .limit(let limit): steps = limit.anchors
    }
    for step in steps {
      selectors.append(("step `\(step.id)`", step.selector))
      for absent in step.absent { selectors.append(("`absent` of step `\(step.id)`", absent)) }
    }
    if case .limit(let limit) = rule {
      selectors.append(("step `\(limit.aggregate.stepID)`", limit.aggregate.of))
    }
    for selector in excuse?.selectors ?? [] { selectors.append(("`unless`", selector)) }
    if let until { selectors.append(("`until`", until)) }
    return selectors
  }

  /// Every field that it names, with repetitions.
  var fields: [FieldPath] {
    var fields = key.flatMap(\.firstOf)
    for (_, selector) in selectors { fields += selector.fields }
    if case .limit(let limit) = rule {
      switch limit.aggregate.measure {
      case .count: break
      case .sum(let field), .distinct(let field): fields.append(field)
      }
    }
    return fields
  }
}

extension Selector {
  /// Every field that it names, with repetitions.
  var fields: [FieldPath] {
    condition.fields + (bind + same + differs).map(\.field)
  }
}
