internal import Documents
internal import Model

/// Reading `order`: states and what leads from one to the next.
extension PolicyReader {
  mutating func readOrder(_ fields: Fields) -> StateOrder? {
    guard let node = fields.node("states"), let entries = node.mapping, !entries.isEmpty else {
      let place = fields.node("states")?.place ?? fields.place
      note(place, "`states` must be a mapping of state to the actions that leave it")
      return nil
    }
    let names = entries.map(\.key)
    var order = StateOrder(
      states: names, start: 0, selectors: [], transitions: [], accepting: nil,
      otherwise: .violation)
    if let start = fields.text("start", problems: &problems) {
      order.start = state(start, at: fields.node("start")?.place ?? fields.place, names)
    } else if fields.node("start") == nil {
      note(fields.place, "`start` is missing: the state before any action")
    }
    for entry in entries { order.transitions.append(readTransitions(entry, names, &order)) }
    if let node = fields.node("accept") {
      var accepting = [Bool](repeating: false, count: names.count)
      for element in node.oneOrMany {
        let word = element.text ?? element.kindWord
        accepting[state(word, at: element.place, names)] = true
      }
      order.accepting = accepting
      // The task's end is a selector that the policy need not write.
      selectorCount += 1
    }
    let words = StateOrder.Otherwise.allCases.map(\.rawValue)
    if let word = fields.word("otherwise", of: words, problems: &problems) {
      order.otherwise = StateOrder.Otherwise(rawValue: word) ?? .violation
    }
    if order.otherwise == .ignore, order.accepting == nil {
      note(fields.place, "with `otherwise: ignore` and no `accept` nothing can ever be broken")
    }
    if names.count > Self.statesMax {
      note(node.place, "an `order` has at most \(Self.statesMax) states, this \(names.count)")
      return nil
    }
    return order
  }

  /// One bit each in the engine's sets of states.
  static let statesMax = 64

  private mutating func state(_ name: String, at place: Place, _ names: [String]) -> Int {
    if let index = names.firstIndex(of: name) { return index }
    note(place, "no state `\(shown(name))`\(didYouMean(name, among: names))")
    return 0
  }

  /// A mapping of capability or action to the next state, or a list of selectors with `to`.
  private mutating func readTransitions(
    _ entry: Node.Entry, _ names: [String], _ order: inout StateOrder
  ) -> [StateOrder.Transition] {
    if entry.value.isNull { return [] }
    if let nodes = entry.value.sequence {
      return nodes.compactMap { readTransition($0, names, &order) }
    }
    guard let words = entry.value.mapping else {
      note(
        entry.value.place,
        "a state needs a mapping of action to next state, or a list of selectors with `to`")
      return []
    }
    return words.map { word in
      let next = state(
        word.value.text ?? word.value.kindWord, at: word.value.place, names)
      var selector = Selector(
        does: [], actions: [], condition: .always, outcomes: [.allowed], bind: [], same: [],
        differs: [])
      let glob = Glob(word.key)
      if capabilities.contains(where: { glob.matches($0) }) {
        selector.does = [word.key]
      } else {
        if glob.isLiteral, let near = nearest(to: word.key, among: capabilities) {
          note(
            word.keyPlace,
            "unknown capability `\(shown(word.key))`; did you mean `\(near)`? "
              + "An action of that name is written as a list: [{action: ..., to: ...}]")
        }
        selector.actions = [word.key]
      }
      return StateOrder.Transition(
        selector: index(of: selector, id: word.key, &order), next: next)
    }
  }

  private mutating func readTransition(
    _ node: Node, _ names: [String], _ order: inout StateOrder
  ) -> StateOrder.Transition? {
    let fields = Fields(
      node, of: document, what: "an action of a state", keys: ["id", "to"] + Self.selectorKeys,
      problems: &problems)
    guard node.mapping != nil else { return nil }
    for key in ["bind", "same", "differs"] where fields.node(key) != nil {
      note(fields.place(of: key), "an `order` has no registers: put the field into `per`")
    }
    let count = selectorCount
    let selector = readSelector(fields, binds: false)
    selectorCount = count
    if selector.does.isEmpty, selector.actions.isEmpty {
      note(node.place, "an action of a state needs `does` or `action`")
    }
    let next = fields.requiredText("to", problems: &problems)
    let given = fields.text("id", problems: &problems)
    let id = given ?? (selector.does + selector.actions).joined(separator: " or ")
    return StateOrder.Transition(
      selector: index(of: selector, id: id, &order),
      next: next.isEmpty ? 0 : state(next, at: fields.node("to")?.place ?? node.place, names))
  }

  /// The index of a selector; equal ones are one, and names are made unique.
  private mutating func index(
    of selector: Selector, id: String, _ order: inout StateOrder
  ) -> Int {
    if let known = order.selectors.firstIndex(where: { $0.selector == selector }) { return known }
    var name = id
    var number = 2
    while order.selectors.contains(where: { $0.id == name }) {
      name = "\(id) \(number)"
      number += 1
    }
    order.selectors.append(NamedSelector(id: name, selector: selector))
    selectorCount += 1
    return order.selectors.count - 1
  }
}
