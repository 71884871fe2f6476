/// The attribute paths that policies name, sorted: what intake must keep of each event.
///
/// A path that begins with `#tokens:` asks for the distinctive tokens of the field that it names.
package func wantedAttributes(of policies: [Policy]) -> [String] {
  var paths: Set<String> = []
  for policy in policies {
    let flows = policy.chainSteps.compactMap(\.flows)
    let followed = Set(flows.flatMap { $0.into + ["result"] }.map { FieldPath.attribute($0) })
    // Whether a field is there is told by its tokens: its content need not be kept for that.
    for field in policy.fields(inConditions: \.readFields)
      + policy.fields(inConditions: \.soughtFields).filter({ !followed.contains($0) })
    {
      switch field {
      case .attribute(let path): paths.insert(path)
      case .task(let path):
        if case .attribute(let own) = FieldPath(path) { paths.insert(own) }
      case .event, .outcome, .agent: break
      }
    }
    for flow in flows {
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
  var fields: [FieldPath] { fields(inConditions: \.fields) }

  /// Every field that it names, with repetitions, of its conditions those given.
  func fields(inConditions named: (Predicate) -> [FieldPath]) -> [FieldPath] {
    var fields = key.flatMap(\.firstOf)
    for (_, selector) in selectors {
      fields += named(selector.condition)
      fields += (selector.bind + selector.same + selector.differs).map(\.field)
    }
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

extension Predicate {
  /// The fields whose values it reads.
  var readFields: [FieldPath] { fields { if case .exists = $0 { false } else { true } } }

  /// The fields that it asks to be there, whatever they hold.
  var soughtFields: [FieldPath] { fields { if case .exists = $0 { true } else { false } } }
}
