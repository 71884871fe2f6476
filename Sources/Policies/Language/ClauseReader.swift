internal import Documents

/// Reading `unless`, `until` and `aggregate`.
extension PolicyReader {
  /// `unless`: one selector or a list of them, with `before` and `uses`.
  mutating func readExcuse(_ node: Node, within: Int64?) -> Excuse? {
    var selectors: [Selector] = []
    var befores: [(Int64, Place)] = []
    var uses: Int?
    for element in node.oneOrMany {
      let fields = Fields(
        element, of: document, what: "`unless`", keys: Self.selectorKeys + ["before", "uses"],
        problems: &problems)
      selectors.append(readSelector(fields, binds: false))
      if let before = duration("before", fields) {
        befores.append((before, fields.place(of: "before")))
      }
      if let number = fields.number("uses", problems: &problems) {
        if number == 1 {
          uses = 1
        } else {
          note(fields.place(of: "uses"), "`uses` must be 1: good for one chain")
        }
      }
    }
    if selectors.isEmpty { note(node.place, "`unless` needs at least one selector") }
    if let first = befores.first {
      for (before, place) in befores.dropFirst() where before != first.0 {
        note(place, "`before` must be the same in every selector of `unless`")
      }
    }
    // Without `within` the chain reaches back over the whole key, and so does its excuse.
    let before = befores.first?.0 ?? within ?? Int64.max
    return Excuse(selectors: selectors, beforeNanoseconds: before, uses: uses)
  }

  /// `until`: a selector that sees only what the first step binds.
  mutating func readUntil(_ node: Node) -> Selector {
    let all = registers
    registers = firstStepRegisters
    defer { registers = all }
    return readPlainSelector(node, what: "`until`")
  }

  private var firstStepRegisters: [String] {
    let root = document.root
    let first = root["steps"]?.sequence?.first ?? root["before"] ?? root["after"]
    return first?["bind"]?.mapping?.map(\.key) ?? []
  }

  /// `aggregate: {of: ..., count: true, ge: n, window: 24h}`.
  mutating func readAggregate(_ node: Node, steps: [Step]) -> Limit? {
    let fields = Fields(
      node, of: document, what: "`aggregate`",
      keys: ["of", "count", "sum", "distinct", "ge", "gt", "window"], problems: &problems)
    guard node.mapping != nil else { return nil }
    guard let (anchors, stepID, selector) = readAggregated(fields, steps: steps) else { return nil }
    let measure = readMeasure(fields)
    let bounds = ["ge", "gt"].filter { fields.node($0) != nil }
    if bounds.count != 1 { note(node.place, "`aggregate` needs one of `ge` and `gt`") }
    guard let bound = bounds.first, let measure else { return nil }
    let threshold = fields.number(bound, problems: &problems) ?? 1
    let isInclusive = bound == "ge"
    switch measure {
    case .count, .distinct:
      if isInclusive ? threshold < 1 : threshold < 0 {
        note(fields.place(of: bound), "the bound is reached before any event")
      }
    case .sum: break
    }
    return Limit(
      anchors: anchors,
      aggregate: Aggregate(
        stepID: stepID, of: selector, measure: measure, threshold: threshold,
        thresholdIsInclusive: isInclusive, windowNanoseconds: duration("window", fields)))
  }

  private mutating func readAggregated(
    _ fields: Fields, steps: [Step]
  ) -> (anchors: [Step], stepID: String, selector: Selector)? {
    guard let of = fields.node("of") else {
      note(fields.place, "`of` is missing: what `aggregate` adds up")
      return nil
    }
    if let id = of.text {
      guard let last = steps.last, steps.contains(where: { $0.id == id }) else {
        note(of.place, "no step `\(shown(id))`\(didYouMean(id, among: steps.map(\.id)))")
        return nil
      }
      if last.id != id { note(of.place, "the aggregated step must be the last") }
      let isPlain = last.gapNanoseconds == nil && last.absent.isEmpty && last.flows == nil
      if !isPlain || !last.selector.bind.isEmpty {
        note(of.place, "the aggregated step has no `gap`, `absent`, `flows` or `bind`")
      }
      return (Array(steps.dropLast()), last.id, last.selector)
    }
    let inline = Fields(
      of, of: document, what: "`of`", keys: ["id"] + Self.selectorKeys, problems: &problems)
    let id = inline.text("id", problems: &problems) ?? "aggregated"
    if steps.contains(where: { $0.id == id }) {
      note(of.place, "step id `\(shown(id))` is used twice")
    }
    return (steps, id, readSelector(inline, binds: false))
  }

  private mutating func readMeasure(_ fields: Fields) -> Aggregate.Measure? {
    let given = ["count", "sum", "distinct"].filter { fields.node($0) != nil }
    guard given.count == 1, let word = given.first, let node = fields.node(word) else {
      note(fields.place, "`aggregate` needs one of `count: true`, `sum` and `distinct`")
      return nil
    }
    switch word {
    case "count":
      if node.bool != true { note(node.place, "`count` must be true") }
      return .count
    case "sum": return fieldPath(node).map { .sum($0) }
    default: return fieldPath(node).map { .distinct($0) }
    }
  }
}
