import Model
import Policies

/// A small generator whose seed can be printed (splitmix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &self)]
  }
}

/// A random policy, as its text, and a random trace.
struct RandomCase {
  private(set) var policyText = ""
  private(set) var events: [BruteEvent] = []
  private(set) var isTimed = true
  private var random: SeededGenerator
  private var isLimit = false
  private var usesRegisters = false
  private var usesOnce = false
  private var hasBound = false
  private var boundFirst = false

  static let capabilities = ["cap.a", "cap.b", "cap.c", "cap.x", "cap.y"]

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
    isLimit = random.chance(30)
    usesRegisters = random.chance(45)
    usesOnce = !usesRegisters && !isLimit && random.chance(8)
    isTimed = random.chance(92)
    makePolicy()
    makeTrace()
  }

  /// The text of the case, for a report of a mismatch.
  var text: String { policyText + "\n" + events.map(\.exampleLine).joined(separator: "\n") }

  // MARK: The policy

  private mutating func makePolicy() {
    var lines = [
      "policy: random", "version: 1", "title: t", "severity: low",
      "kind: \(isLimit ? "limit" : "forbid")", "themes: [destruction]", "per: task",
    ]
    let count = isLimit ? random.pick([0, 0, 1, 1, 2]) : random.pick([1, 2, 2, 2, 3, 3, 3, 4])
    if count > 0 { lines.append("steps:") }
    for number in 0..<count { lines.append("  - \(step(number, of: count))") }
    if isLimit { lines.append("aggregate: \(aggregate())") }
    if random.chance(75) { lines.append("within: \(random.pick(["0", "2m", "4m", "6m", "9m"]))") }
    if random.chance(45) {
      var parts = selector(["cap.x", "cap.x", "cap.y", "cap.b"], tests: 50)
      if usesOnce {
        parts.append("uses: 1")
      }
      let before = random.pick(["", "", "0", "0", "1m", "3m"])
      if !before.isEmpty { parts.append("before: \(before)") }
      if random.chance(15), !usesOnce {
        var other = selector(["cap.y", "cap.c"], tests: 50)
        if !before.isEmpty { other.append("before: \(before)") }
        lines.append(
          "unless: [{\(parts.joined(separator: ", "))}, {\(other.joined(separator: ", "))}]")
      } else {
        lines.append("unless: {\(parts.joined(separator: ", "))}")
      }
    }
    if random.chance(25) {
      let all = hasBound
      hasBound = boundFirst
      let parts = selector(["cap.y", "cap.y", "cap.x", "cap.b"], tests: 40)
      hasBound = all
      lines.append("until: {\(parts.joined(separator: ", "))}")
    }
    lines += ["because: b", "falsePositives: [f]", "remedy: r"]
    policyText = lines.joined(separator: "\n") + "\n"
  }

  private mutating func selector(_ words: [String], tests: Int) -> [String] {
    var parts: [String] = []
    if random.chance(15) {
      let first = random.pick(words)
      let second = random.pick(words)
      parts.append(first == second ? "does: \(first)" : "does: [\(first), \(second)]")
    } else {
      parts.append("does: \(random.pick(words))")
    }
    if random.chance(14) {
      parts.append(
        "where: "
          + random.pick([
            "{color: red}", "{not: {color: red}}", "{color: [red, blue]}", "{amount: {ge: 2}}",
            "{any: [{color: blue}, {amount: {lt: 1}}]}", "{color: {exists: true}}",
          ]))
    }
    if random.chance(8) { parts.append("outcome: \(random.pick(["any", "denied"]))") }
    if hasBound, random.chance(tests) {
      parts.append("\(random.pick(["same", "same", "differs"])): {r: x}")
    }
    return parts
  }

  private mutating func step(_ number: Int, of count: Int) -> String {
    var parts = ["id: s\(number)"]
    var absent = ""
    if number > 0, random.chance(25) {
      absent =
        "{\(selector(["cap.x", "cap.y", "cap.b", "cap.a"], tests: 40).joined(separator: ", "))}"
      if random.chance(20) {
        let other = selector(["cap.c", "cap.y"], tests: 40).joined(separator: ", ")
        absent = "[\(absent), {\(other)}]"
      }
    }
    parts += selector(["cap.a", "cap.a", "cap.b", "cap.b", "cap.c"], tests: 60)
    if !absent.isEmpty { parts.append("absent: \(absent)") }
    if number > 0, random.chance(30) {
      parts.append("gap: \(random.pick(["0", "1m", "2m", "4m"]))")
    }
    if usesRegisters, !hasBound, number == 0 || random.chance(50) {
      hasBound = true
      boundFirst = number == 0
      parts.append("bind: {r: x}")
    } else if random.chance(15) {
      parts.append("repeat: any")
    }
    return "{\(parts.joined(separator: ", "))}"
  }

  private mutating func aggregate() -> String {
    let of = selector(["cap.b", "cap.c"], tests: 50).joined(separator: ", ")
    var parts = ["of: {\(of)}"]
    switch random.pick([0, 1, 2]) {
    case 0: parts += ["count: true", random.pick(["ge: 2", "ge: 3", "gt: 1", "ge: 1"])]
    case 1: parts += ["sum: amount", random.pick(["ge: 3", "gt: 2", "ge: 5"])]
    default: parts += ["distinct: x", random.pick(["ge: 2", "gt: 1", "ge: 3"])]
    }
    if random.chance(60) { parts.append("window: \(random.pick(["0", "1m", "3m", "6m"]))") }
    return "{\(parts.joined(separator: ", "))}"
  }

  // MARK: The trace

  private mutating func makeTrace() {
    let count = random.pick([4, 6, 7, 8, 9, 10, 11, 12])
    var time = 0
    let isOrdered = random.chance(20)
    let hasParents = !isOrdered && random.chance(20)
    let hasDuplicates = !hasParents && random.chance(15)
    let steps =
      usesOnce
      ? [1, 1, 2] : random.pick([[0, 1, 1], [0, 1, 1, 2], [0, 1, 1, 1, 1], [1, 1, 2]])
    for line in 0..<count {
      time += random.pick(steps)
      var event = BruteEvent(
        line: line, id: "e\(line)", time: isTimed ? time : nil,
        action: random.pick(
          [
            "cap.a", "cap.a", "cap.a", "cap.b", "cap.b", "cap.b", "cap.b", "cap.c", "cap.c",
            "cap.x", "cap.y",
          ]))
      if random.chance(96) { event.task = random.pick(["T1", "T1", "T1", "T1", "T2"]) }
      if hasDuplicates, line > 0, random.chance(20) {
        event.id = "e\(Int.random(in: 0..<line, using: &random))"
      }
      if isOrdered, isTimed, random.chance(70) {
        event.order = Int.random(in: 0..<4, using: &random)
      }
      if hasParents, line > 0, random.chance(40) {
        event.parent = "e\(Int.random(in: 0..<line, using: &random))"
      }
      if random.chance(8) { event.outcome = random.pick([.denied, .failed, .unknown]) }
      if random.chance(80) { event.fields["color"] = [.text(random.pick(["red", "red", "blue"]))] }
      if random.chance(85) {
        event.fields["amount"] = [.number(Double(random.pick([-2, -1, 0, 1, 2, 2, 3])))]
      }
      if random.chance(88) {
        event.fields["x"] = random.pick([
          [.text("p")], [.text("p")], [.text("q")], [.text("q")], [.text("p"), .text("q")],
        ])
      }
      events.append(event)
    }
    events.sort {
      ($0.time ?? 0, isTimed ? $0.order : 0, $0.line) < (
        $1.time ?? 0, isTimed ? $1.order : 0, $1.line
      )
    }
  }

  /// The number of orders that a brute force would have to try, roughly.
  var orderCount: Int {
    BruteForce.groups(of: events, isTimed: isTimed).reduce(1) { product, group in
      group.isEmpty ? product : min(1_000_000, product * (1...group.count).reduce(1, *))
    }
  }

  /// The events by key, in the table's order.
  var keys: [[BruteEvent]] {
    ["T1", "T2"].map { task in events.filter { $0.task == task } }
  }
}

extension BruteEvent {
  /// The event in the syntax of examples.
  var exampleLine: String {
    var parts: [String] = []
    if let time {
      let minute = time % 60 < 10 ? "0\(time % 60)" : "\(time % 60)"
      parts.append("1\(time / 60):\(minute)")
    } else {
      parts.append("-")
    }
    parts += ["bot", action, "outcome=\(outcome.word)"]
    if let id { parts.append("id=\(id)") }
    if let task { parts.append("task=\(task)") }
    if let parent { parts.append("parent=\(parent)") }
    if order >= 0 { parts.append("order=\(order)") }
    if time == nil { parts.append("run=1") }
    for (name, values) in fields.sorted(by: { $0.key < $1.key }) {
      let texts = values.map { value in
        switch value {
        case .text(let text): return text
        case .number(let number): return String(Int(number))
        }
      }
      parts.append(
        "\(name)=" + (texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ","))]"))
    }
    return parts.joined(separator: " ")
  }
}
