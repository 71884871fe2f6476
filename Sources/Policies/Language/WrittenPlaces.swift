internal import Documents

/// Where the parts of a policy are written, for warnings about a policy that is well-formed.
extension PolicyReader {
  /// The places by the words that warnings use: top-level keys, and the selectors of `Policy.selectors`.
  func places(of policy: Policy) -> [String: WrittenPlace] {
    var places: [String: WrittenPlace] = [:]
    func add(_ subject: String, _ place: Place?) {
      guard let place, places[subject] == nil, document.lines.indices.contains(place.line - 1)
      else { return }
      places[subject] = WrittenPlace(
        line: place.line, column: place.column, text: document.lines[place.line - 1])
    }
    for entry in document.root.mapping ?? [] { add("`\(entry.key)`", entry.keyPlace) }
    for node in document.root["steps"]?.sequence ?? [] {
      let step = "step `\(node["id"]?.text ?? "")`"
      add(step, node["id"]?.place ?? node.place)
      for entry in node.mapping ?? [] { add("`\(entry.key)` of \(step)", entry.keyPlace) }
    }
    switch policy.rule {
    case .forbid, .scope: break
    case .limit(let limit):
      add("step `\(limit.aggregate.stepID)`", document.root["aggregate"]?["of"]?.place)
      add("`window`", document.root["aggregate"]?["window"]?.place)
    case .require(let requirement):
      add("`\(requirement.trigger.id)`", (document.root["before"] ?? document.root["after"])?.place)
      let needed = document.root["needs"] ?? document.root["then"]
      for named in requirement.needed { add("`\(named.id)`", needed?.place) }
    case .order(let order): addStates(order, add)
    }
    let fields = Set(policy.fields.map(\.text))
    for entry in document.root.mapping ?? [] where entry.key != "examples" {
      visit(entry.value) { text, place in
        if fields.contains(text) { add("field `\(text)`", place) }
      }
    }
    return places
  }

  /// Every key and text below a node, in order.
  private func visit(_ node: Node, _ body: (String, Place) -> Void) {
    if let text = node.text { body(text, node.place) }
    for element in node.sequence ?? [] { visit(element, body) }
    for entry in node.mapping ?? [] {
      body(entry.key, entry.keyPlace)
      visit(entry.value, body)
    }
  }

  private func addStates(_ order: StateOrder, _ add: (String, Place?) -> Void) {
    for entry in document.root["states"]?.mapping ?? [] {
      add("state `\(entry.key)`", entry.keyPlace)
      for word in entry.value.mapping ?? [] { add("action `\(word.key)`", word.keyPlace) }
      for node in entry.value.sequence ?? [] {
        let id = node["id"]?.text
        let words = ["does", "action"].flatMap { key in
          (node[key]?.oneOrMany ?? []).compactMap(\.text)
        }
        add("action `\(id ?? words.joined(separator: " or "))`", node.place)
      }
    }
    for named in order.selectors { add("action `\(named.id)`", document.root["states"]?.place) }
  }
}
