import Policies

/// Random policies of the kinds `require`, `order` and `scope`.
extension RandomCase {
  mutating func requireLines() -> [String] {
    let isPrecondition = random.chance(50)
    var trigger = selector(["cap.a", "cap.a", "cap.b"], tests: 0)
    if random.chance(45) {
      let field = random.pick(["x", "x", "agent"])
      bound = ["r": field]
      boundFirst = bound
      trigger += ", bind: {r: \(field)}"
    }
    let count = random.pick([1, 1, 1, 2])
    let needed = (0..<count).map { _ in
      "{\(selector(["cap.b", "cap.c", "cap.x", "cap.y"], tests: 75))}"
    }
    let list = count == 1 ? needed[0] : "[\(needed.joined(separator: ", "))]"
    var lines = ["\(isPrecondition ? "before" : "after"): {\(trigger)}"]
    lines.append("\(isPrecondition ? "needs" : "then"): \(list)")
    if !isPrecondition || random.chance(75) {
      lines.append("within: \(random.pick(["0", "1m", "2m", "4m", "7m"]))")
    }
    if random.chance(35) { lines.append("unless: \(excuse(canUseOnce: false))") }
    if random.chance(30) {
      lines.append("until: {\(selector(["cap.y", "cap.x", "cap.c"], tests: 40))}")
    }
    return lines
  }

  mutating func orderLines() -> [String] {
    let states = Array(["idle", "open", "busy", "done"].prefix(random.pick([2, 3, 3, 4])))
    var lines = ["start: \(random.pick([states[0], states[0], states[1]]))", "states:"]
    for state in states {
      let words = ["cap.a", "cap.b", "cap.c", "task.end"].filter { word in
        random.chance(word == "task.end" ? 10 : 45)
      }
      if random.chance(40) {
        let entries = words.map { word in
          "{\(selector([word], tests: 0)), to: \(random.pick(states))}"
        }
        lines.append("  \(state): [\(entries.joined(separator: ", "))]")
      } else {
        let entries = words.map { "\($0): \(random.pick(states))" }
        lines.append("  \(state): {\(entries.joined(separator: ", "))}")
      }
    }
    let ignores = random.chance(25)
    if ignores || random.chance(60) {
      let accepting = states.filter { _ in random.chance(50) }
      lines.append(
        "accept: [\((accepting.isEmpty ? [states[0]] : accepting).joined(separator: ", "))]")
    }
    if ignores || random.chance(30) {
      lines.append("otherwise: \(ignores ? "ignore" : "violation")")
    }
    if random.chance(25) { lines.append("unless: \(excuse(canUseOnce: false))") }
    if random.chance(25) { lines.append("until: {\(selector(["cap.y", "cap.x"], tests: 0))}") }
    return lines
  }

  mutating func scopeLines() -> [String] {
    var lines: [String] = []
    if random.chance(60) {
      lines.append("of: {\(selector(["cap.a", "cap.b", "cap.c"], tests: 0))}")
    }
    let binds = random.chance(40)
    if binds { lines.append("bind: {r: x}") }
    var entries: [String] = []
    if random.chance(60) {
      entries.append("color: \(random.pick(["red", "\"r*\"", "[blue, green]", "[red, blue]"]))")
    }
    if binds || random.chance(40) {
      let own = binds ? "{same: r}" : "p"
      entries.append("x: \(random.pick([own, "[\(own), q]", "[\(own), {field: y}]"]))")
    }
    if random.chance(25) || entries.isEmpty {
      entries.append(
        "y: \(random.pick(["[{field: task.scope}]", "[p, q]", "{field: x}", "[p, {field: task.scope}]"]))"
      )
    }
    lines.append("allow: {\(entries.joined(separator: ", "))}")
    if random.chance(25) { lines.append("unless: \(excuse(canUseOnce: false))") }
    return lines
  }
}
