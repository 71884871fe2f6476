/// The attribute paths that policies name, sorted: what intake must keep of each event.
///
/// A path that begins with `#tokens:` asks for the distinctive tokens of the field that it names.
package func wantedAttributes(of policies: [Policy]) -> [String] {
  var paths: Set<String> = []
  for policy in policies {
    for field in policy.fields {
      switch field {
      case .attribute(let path): paths.insert(path)
      case .task(let path):
        if case .attribute(let own) = FieldPath(path) { paths.insert(own) }
      case .event, .outcome, .agent: break
      }
    }
    for flow in policy.chainSteps.compactMap(\.flows) {
      paths.insert(flow.resultPath)
      paths.formUnion(flow.intoPaths)
      if flow.isNotInRequest { paths.formUnion(flow.requestPaths) }
    }
  }
  return paths.sorted()
}

extension Policy {
  /// The steps of a chain, or the anchors of a limit; empty for other kinds.
  package var chainSteps: [Step] {
    switch rule {
    case .forbid(let steps): return steps
    case .limit(let limit): return limit.anchors
    case .require, .order, .scope: return []
    }
  }

  /// Every selector with the words for its place in the policy.
  package var selectors: [(place: String, selector: Selector)] {
    var selectors: [(String, Selector)] = []
    for step in chainSteps {
      selectors.append(("step `\(step.id)`", step.selector))
      for absent in step.absent { selectors.append(("`absent` of step `\(step.id)`", absent)) }
    }
    switch rule {
    case .forbid: break
    case .limit(let limit):
      selectors.append(("step `\(limit.aggregate.stepID)`", limit.aggregate.of))
    case .require(let requirement):
      for named in [requirement.trigger] + requirement.needed {
        selectors.append(("`\(named.id)`", named.selector))
      }
    case .order(let order):
      for named in order.selectors { selectors.append(("action `\(named.id)`", named.selector)) }
    case .scope(let scope): selectors.append(("`of`", scope.of.selector))
    }
    for selector in excuse?.selectors ?? [] { selectors.append(("`unless`", selector)) }
    if let until { selectors.append(("`until`", until)) }
    return selectors
  }

  /// Every field that it names, with repetitions.
  var fields: [FieldPath] {
    var fields = key.flatMap(\.firstOf)
    for (_, selector) in selectors { fields += selector.fields }
    switch rule {
    case .forbid, .require, .order: break
    case .limit(let limit):
      switch limit.aggregate.measure {
      case .count: break
      case .sum(let field), .distinct(let field): fields.append(field)
      }
    case .scope(let scope):
      fields += scope.bind.map(\.field)
      for allowed in scope.allow {
        fields.append(allowed.field)
        for case .field(let field) in allowed.bounds { fields.append(field) }
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
