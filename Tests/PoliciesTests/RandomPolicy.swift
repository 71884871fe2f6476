import Policies

/// Random policies as text: what every kind has, chains, and limits.
extension RandomCase {
  mutating func makePolicy() {
    var lines = [
      "policy: random", "version: 1", "title: t", "severity: low", "kind: \(kind)",
      "themes: [destruction]",
    ]
    lines += keyLines()
    lines += chainLines()
    lines += ["because: b", "falsePositives: [f]", "remedy: r"]
    policyText = lines.joined(separator: "\n") + "\n"
  }

  mutating func keyLines() -> [String] {
    if random.chance(70) { return ["per: task"] }
    return random.pick([
      ["per: {first: [task, session]}"], ["per: [session, color]"], ["per: session"],
      ["per: [task, agent]"],
      ["per: agent", "delegation: {follow: delegated-by, depth: \(random.pick([1, 2, 8]))}"],
      ["per: task", "delegation: {follow: parent, depth: \(random.pick([1, 2, 8]))}"],
      ["per: root-task"],
    ])
  }

  /// The lines of `forbid` and `limit`.
  private mutating func chainLines() -> [String] {
    let isLimit = kind == "limit"
    var lines: [String] = []
    let count = isLimit ? random.pick([0, 0, 1, 1, 2]) : random.pick([1, 2, 2, 2, 3, 3, 3, 4, 5])
    usesFlows = random.chance(18)
    let usesRegisters = random.chance(usesFlows ? 20 : 50)
    if count > 0 { lines.append("steps:") }
    for number in 0..<count {
      lines.append("  - \(step(number, of: count, usesRegisters: usesRegisters))")
    }
    if isLimit { lines.append("aggregate: \(aggregate())") }
    if random.chance(75) { lines.append("within: \(random.pick(["0", "2m", "4m", "6m", "9m"]))") }
    if random.chance(45) { lines.append("unless: \(excuse(isLimit: isLimit))") }
    if random.chance(25) {
      let all = bound
      bound = boundFirst
      lines.append("until: {\(selector(["cap.y", "cap.y", "cap.x", "cap.b"], tests: 40))}")
      bound = all
    }
    return lines
  }

  private mutating func excuse(isLimit: Bool) -> String {
    let usesOnce = bound.isEmpty && !isLimit && random.chance(16)
    var tail = usesOnce ? ", uses: 1" : ""
    let before = random.pick(["", "", "0", "0", "1m", "3m"])
    if !before.isEmpty { tail += ", before: \(before)" }
    let count = usesOnce ? 1 : random.pick([1, 1, 1, 1, 2, 2, 3])
    let texts = (0..<count).map { number in
      let words = number == 0 ? ["cap.x", "cap.x", "cap.y", "cap.b"] : ["cap.y", "cap.c", "cap.x"]
      return "{\(selector(words, tests: 55))\(tail)}"
    }
    return count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]"
  }

  /// The parts of a selector, joined by commas.
  mutating func selector(_ words: [String], tests: Int) -> String {
    var parts: [String] = []
    let first = random.pick(words)
    if random.chance(15) {
      let second = random.pick(words)
      parts.append(first == second ? "does: \(first)" : "does: [\(first), \(second)]")
    } else if random.chance(6) {
      parts.append("action: \(random.pick([first.uppercased(), "\"\(first.dropLast())*\""]))")
    } else {
      parts.append("does: \(first)")
    }
    if random.chance(16) { parts.append("where: \(condition())") }
    if random.chance(8) {
      parts.append("outcome: \(random.pick(["any", "denied", "[allowed, failed]"]))")
    }
    for (register, field) in bound.sorted(by: { $0.key < $1.key }) where random.chance(tests) {
      // Mostly the field that was bound; sometimes another one.
      let other = field == "agent" || random.chance(85) ? field : random.pick(["x", "y"])
      let word = random.pick(["same", "same", "differs"])
      if !parts.contains(where: { $0.hasPrefix(word) }) {
        parts.append("\(word): {\(register): \(other)}")
      }
    }
    return parts.joined(separator: ", ")
  }

  private mutating func condition() -> String {
    random.pick([
      "{color: red}", "{not: {color: red}}", "{color: [red, blue]}", "{amount: {ge: 2}}",
      "{any: [{color: blue}, {amount: {lt: 1}}]}", "{color: {exists: true}}",
      "{color: {exists: false}}", "{amount: {gt: 0, le: 2}}", "{color: {like: \"r*\"}}",
      "{color: {re: \"^.l\"}}", "{x: {field: y}}", "{agent.kind: user}",
      "{not: {agent.kind: user}}",
      "{amount: 2}", "{all: [{color: red}, {x: p}]}", "{color: red, amount: {not: {ge: 2}}}",
      "{agent.kind: {in: [agent, role]}}",
    ])
  }

  mutating func step(_ number: Int, of count: Int, usesRegisters: Bool) -> String {
    var parts = ["id: s\(number)"]
    var absent = ""
    if number > 0, random.chance(25) {
      absent = "{\(selector(["cap.x", "cap.y", "cap.b", "cap.a"], tests: 40))}"
      if random.chance(20) { absent = "[\(absent), {\(selector(["cap.c", "cap.y"], tests: 40))}]" }
    }
    parts.append(selector(["cap.a", "cap.a", "cap.b", "cap.b", "cap.c"], tests: 60))
    if !absent.isEmpty { parts.append("absent: \(absent)") }
    if number > 0, random.chance(30) {
      parts.append("gap: \(random.pick(["0", "1m", "2m", "4m"]))")
    }
    if number > 0, usesFlows, random.chance(60) {
      let into = random.pick(["args.to", "args", "[args.to, args.cc]", "args.cc"])
      let notIn = random.chance(50) ? ", notIn: task.request" : ""
      parts.append(
        "flows: {from: s\(Int.random(in: 0..<number, using: &random)), into: \(into)\(notIn)}")
    }
    let bindings = usesRegisters ? registers(number) : [:]
    if !bindings.isEmpty {
      bound.merge(bindings) { old, _ in old }
      if number == 0 { boundFirst = bound }
      let texts = bindings.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
      parts.append("bind: {\(texts.joined(separator: ", "))}")
    } else if random.chance(15), !usesFlows {
      parts.append("repeat: any")
    }
    return "{\(parts.joined(separator: ", "))}"
  }

  /// The registers that a step binds: at most two in a policy.
  private mutating func registers(_ number: Int) -> [String: String] {
    if bound.isEmpty, number == 0 || random.chance(50) {
      let first = random.pick(["x", "x", "x", "agent"])
      return random.chance(15) ? ["r": first, "q": "y"] : ["r": first]
    }
    if bound.count == 1, random.chance(15) { return ["q": random.pick(["x", "y"])] }
    return [:]
  }

  private mutating func aggregate() -> String {
    var parts = ["of: {\(selector(["cap.b", "cap.c"], tests: 50))}"]
    switch random.pick([0, 1, 2]) {
    case 0: parts += ["count: true", random.pick(["ge: 2", "ge: 3", "gt: 1", "ge: 1"])]
    case 1: parts += ["sum: amount", random.pick(["ge: 3", "gt: 2", "ge: 5", "gt: 0", "ge: -1"])]
    default: parts += ["distinct: x", random.pick(["ge: 2", "gt: 1", "ge: 3"])]
    }
    if random.chance(60) { parts.append("window: \(random.pick(["0", "1m", "3m", "6m"]))") }
    return "{\(parts.joined(separator: ", "))}"
  }
}
